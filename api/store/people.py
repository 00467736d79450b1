"""People: who has an account, what lets them in, and how often somebody tried in vain. No secret is kept, only hashes."""

from __future__ import annotations

from datetime import datetime

from sanchoi.api.store.columns import Moment
from sanchoi.api.store.models import Base, Document, new_id, now
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column


class User(Base):
    """An account.

    Attributes
    ----------
    login : as it is typed, folded to small letters. role : viewer, commune, reviewer, administrator.
    communes : codes of the communes it may propose for, of one `vintage` (a date as text).
    password : argon2 hash; null = cannot log in with one. subject : "issuer subject" of OpenID Connect, or null.
    epoch : sessions of an earlier one are void. erased : when the person's data were taken away.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(16))
    communes: Mapped[list[str]] = mapped_column(Document, default=list)
    vintage: Mapped[str] = mapped_column(String(10), default="")
    password: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text, unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    seen: Mapped[datetime | None] = mapped_column(Moment)
    erased: Mapped[datetime | None] = mapped_column(Moment)


class Session(Base):
    """A browser that somebody has logged in with: the hash of its cookie, and what its forms must carry."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_expires", "expires"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    epoch: Mapped[int]
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    seen: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)


class Token(Base):
    """A key for programs, shown once: its hash, what it may do and until when."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Document)
    epoch: Mapped[int]
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)
    revoked: Mapped[datetime | None] = mapped_column(Moment)


class Invitation(Base):
    """A link that works once: to make an account, or to set a new password for one (`user_id`)."""

    __tablename__ = "invitations"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    communes: Mapped[list[str]] = mapped_column(Document, default=list)
    vintage: Mapped[str] = mapped_column(String(10), default="")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)


class Attempt(Base):
    """A log-in that failed; `key` is a hash of the login or of the address it came from."""

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

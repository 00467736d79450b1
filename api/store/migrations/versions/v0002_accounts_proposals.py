"""Accounts, proposals with their versions and remarks, and the audit log, which nobody can change."""

import sqlalchemy as sa
from alembic import op
from sanchoi.api.store.columns import Moment

revision = "0002"
down_revision = "0001"

TABLES = (
    "replays",
    "attachments",
    "remarks",
    "proposal_versions",
    "proposals",
    "audit",
    "attempts",
    "invitations",
    "tokens",
    "sessions",
    "users",
)
KEPT = {
    "audit": "TRUE",
    "remarks": "NEW.id <> OLD.id OR NEW.proposal_id <> OLD.proposal_id OR NEW.at <> OLD.at OR NEW.author_id <> OLD.author_id"
    " OR NEW.kind <> OLD.kind OR NEW.from_state <> OLD.from_state OR NEW.to_state <> OLD.to_state"
    " OR NEW.audit_id <> OLD.audit_id OR NEW.text <> '' OR NEW.salt <> ''",
    "proposal_versions": "NEW.version <> OLD.version OR NEW.proposal_id <> OLD.proposal_id OR NEW.at <> OLD.at"
    " OR NEW.author_id <> OLD.author_id OR NEW.digest <> OLD.digest OR NEW.erased IS NULL OR NEW.salt <> ''",
}
"""Tables whose rows stay, and which change of a row is refused (all but erasing a person's words)."""


def _user() -> sa.ForeignKey:
    return sa.ForeignKey("users.id")


def _gone(name: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{name}.id", ondelete="CASCADE")


def upgrade() -> None:
    """Make the tables."""
    _people()
    _proposals()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgres()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("login", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("communes", sa.JSON, nullable=False),
        sa.Column("vintage", sa.String(10), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("subject", sa.Text, unique=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("seen", Moment),
        sa.Column("erased", Moment),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(32), _gone("users"), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
    )
    op.create_index("sessions_expires", "sessions", ["expires"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), _gone("users"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("used", Moment),
        sa.Column("revoked", Moment),
    )
    op.create_table(
        "invitations",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(32), _gone("users")),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("communes", sa.JSON, nullable=False),
        sa.Column("vintage", sa.String(10), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("used", Moment),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("attempts_key_at", "attempts", ["key", "at"])


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("result_id", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("vintage", sa.String(10), nullable=False),
        sa.Column("commune_id", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("author_id", sa.String(32), _user(), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.Column("submitted", Moment),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("origin", sa.String(64), unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parcel_id", sa.Text),
        sa.Column("gained", sa.Float),
        sa.Column("cost", sa.Float),
        sa.Column("scenario_id", sa.String(32)),
    )
    op.create_index("proposals_result_state", "proposals", ["result_id", "state"])
    op.create_index("proposals_commune", "proposals", ["commune_id", "vintage"])
    op.create_table(
        "proposal_versions",
        sa.Column("proposal_id", sa.String(32), _gone("proposals"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("author_id", sa.String(32), _user(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("worth", sa.JSON),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("erased", Moment),
    )
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("proposal_id", sa.String(32), _gone("proposals"), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("author_id", sa.String(32), _user(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=False),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("internal", sa.Boolean, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("audit_id", sa.Integer, nullable=False),
    )
    op.create_index("remarks_proposal", "remarks", ["proposal_id", "id"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("proposal_id", sa.String(32), _gone("proposals"), nullable=False, index=True),
        sa.Column("author_id", sa.String(32), _user(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("removed", Moment),
    )
    op.create_table(
        "replays",
        sa.Column("actor", sa.String(80), primary_key=True),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("proposal_id", sa.String(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_object", "audit", ["object", "id"])


def _sqlite() -> None:
    for name in ("proposals", "proposal_versions"):
        op.execute(f"ALTER TABLE {name} ADD COLUMN geometry BLOB")
    op.execute("CREATE VIRTUAL TABLE proposal_boxes USING rtree(id, west, east, south, north)")
    op.execute(
        "CREATE TRIGGER proposal_gone AFTER DELETE ON proposals"
        " BEGIN DELETE FROM proposal_boxes WHERE id = OLD.number; END"
    )
    for name, refused in KEPT.items():
        stay = f"BEGIN SELECT RAISE(ABORT, 'rows of {name} stay as they are'); END"
        op.execute(f"CREATE TRIGGER {name}_undeleted BEFORE DELETE ON {name} {stay}")
        op.execute(f"CREATE TRIGGER {name}_unchanged BEFORE UPDATE ON {name} WHEN {refused} {stay}")


def _postgres() -> None:
    for name in ("proposals", "proposal_versions"):
        op.execute(f"ALTER TABLE {name} ADD COLUMN geometry geometry(Geometry,4326)")
    op.execute("CREATE INDEX proposals_geometry ON proposals USING gist (geometry)")
    op.execute(
        "CREATE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'rows of % stay as they are', TG_TABLE_NAME; END $$"
    )
    for name, refused in KEPT.items():
        op.execute(f"CREATE TRIGGER {name}_undeleted BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION rows_stay()")
        op.execute(
            f"CREATE TRIGGER {name}_unemptied BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()"
        )
        op.execute(
            f"CREATE TRIGGER {name}_unchanged BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({refused})"
            " EXECUTE FUNCTION rows_stay()"
        )


def downgrade() -> None:
    """Take the tables away."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("DROP TRIGGER proposal_gone")
        op.execute("DROP TABLE proposal_boxes")
    for name in TABLES:
        op.drop_table(name)
    if not sqlite:
        op.execute("DROP FUNCTION rows_stay()")

"""`sanchoi user`: accounts from the command line. It prints links that work once and keys, never passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text
from sanchoi.api.own_state import FOLDER, Data, Database, opened
from sanchoi.api.show import out, print_json
from sanchoi.gis.errors import UnknownId

if TYPE_CHECKING:
    from sanchoi.api.store import User
    from sqlalchemy.orm import Session

BY = "system"
"""Whoever can read the database's files may do all this; the audit log names them so."""
app = typer.Typer(help="Accounts of the service: who may come in, and what they may do.", no_args_is_help=True)
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The name that is typed to log in.")]
Role = Annotated[str, typer.Option(help="viewer, commune, reviewer or administrator.")]
Communes = Annotated[
    list[str] | None, typer.Option("--commune", metavar="CODE", help="A commune of an official; may be repeated.")
]
Vintage = Annotated[str, typer.Option(metavar="DATE", help="Date of the boundaries that the codes are of.")]
Base = Annotated[str, typer.Option(metavar="URL", help="Address that the link begins with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
LOCAL = "http://127.0.0.1:8000"


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="Name of the person.")],
    role: Role = "viewer",
    commune: Communes = None,
    vintage: Vintage = "",
    base_url: Base = LOCAL,
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make an account, and print the link with which its person sets the password."""
    with _writing(data, database, new=True) as session:
        from sanchoi.api.accounts import invitations, register

        made = register.make(session, BY, login, name, register.post(role, commune or (), vintage), None)
        secret = invitations.reset(session, BY, made)
        told = _record(made)
    _print_link(base_url, secret, as_json, told)


@app.command("list")
def every(data: Data = FOLDER, database: Database = "", as_json: AsJson = False) -> None:
    """List the accounts."""
    with opened(data, database) as (_, store), store.reading() as session:
        from sanchoi.api.accounts import register

        found = [_record(each) for each in register.every(session)]
    if as_json:
        print_json({"users": found})
        return
    for each in found:
        state = "" if each["active"] else " · locked"
        places = f" · {', '.join(each['communes'])} ({each['vintage']})" if each["communes"] else ""
        out.print(Text(f"{each['login']} · {each['name']} · {each['role']}{places}{state}"), soft_wrap=True)


@app.command()
def role(
    login: Login,
    to: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, commune, reviewer or administrator.")],
    commune: Communes = None,
    vintage: Vintage = "",
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Give an account another role or other communes; whoever is logged in with it must log in again."""
    with _writing(data, database) as session:
        from sanchoi.api.accounts import register

        duty = register.post(to, commune or (), vintage)
        told = _record(register.change(session, BY, _of(session, login).id, duty))
    _print(told, as_json)


@app.command()
def lock(login: Login, data: Data = FOLDER, database: Database = "", as_json: AsJson = False) -> None:
    """Lock an account: its sessions and keys end at once."""
    _bar(login, data, database, active=False, as_json=as_json)


@app.command()
def unlock(login: Login, data: Data = FOLDER, database: Database = "", as_json: AsJson = False) -> None:
    """Let an account in again, and forget the log-ins that failed."""
    _bar(login, data, database, active=True, as_json=as_json)


def _bar(login: str, data: Any, database: str, *, active: bool, as_json: bool) -> None:  # noqa: ANN401 - a path
    with _writing(data, database) as session:
        from sanchoi.api.accounts import register, throttle

        found = _of(session, login)
        if active:
            throttle.forget(session, [found.login])
        told = _record(register.bar(session, BY, found.id, active))
    _print(told, as_json)


@app.command()
def reset(
    login: Login, base_url: Base = LOCAL, data: Data = FOLDER, database: Database = "", as_json: AsJson = False
) -> None:
    """Print a link with which somebody sets a new password."""
    with _writing(data, database) as session:
        from sanchoi.api.accounts import invitations

        found = _of(session, login)
        secret, told = invitations.reset(session, BY, found), _record(found)
    _print_link(base_url, secret, as_json, told)


@app.command()
def token(
    login: Login,
    scope: Annotated[list[str], typer.Option(help="read, propose, review, export or administer; may be repeated.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int, typer.Option(help="Days until it ends, at most 366.")] = 90,
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Print a key for a program, this once."""
    with _writing(data, database) as session:
        from sanchoi.api.accounts import tokens

        made, secret = tokens.make(session, BY, _of(session, login), name, scope, days)
        told = {"token": secret, "scopes": made.scopes, "expires": made.expires.isoformat()}
    if as_json:
        print_json(told)
    else:
        out.print(Text(secret), soft_wrap=True)


@app.command()
def link(
    role: Role = "administrator",
    commune: Communes = None,
    vintage: Vintage = "",
    base_url: Base = LOCAL,
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Print a link with which somebody makes an account of a role."""
    with _writing(data, database, new=True) as session:
        from sanchoi.api.accounts import invitations, register

        duty = register.post(role, commune or (), vintage)
        secret = invitations.invite(session, BY, duty)
    _print_link(
        base_url, secret, as_json, {"role": duty.role, "communes": list(duty.communes), "vintage": duty.vintage}
    )


@contextmanager
def _writing(data: Any, database: str, *, new: bool = False) -> Iterator[Session]:  # noqa: ANN401 - a path
    with opened(data, database, new) as (_, store), store.session() as session:
        yield session


def _of(session: Session, login: str) -> User:
    from sanchoi.api.accounts import register

    found = register.of_login(session, login)
    if found is None:
        raise UnknownId(f"account {login[:60]}", "the login of an account", "see sanchoi user list")
    return found


def _record(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "communes": list(user.communes),
        "vintage": user.vintage,
        "active": user.active,
        "seen": user.seen.isoformat() if user.seen else None,
    }


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        out.print(Text(f"{told['login']} · {told['role']} · {'open' if told['active'] else 'locked'}"), soft_wrap=True)


def _print_link(base: str, secret: str, as_json: bool, told: dict[str, Any]) -> None:
    address = f"{base.rstrip('/')}/vi/account/invited/{secret}"
    if as_json:
        print_json({**told, "link": address})
    else:
        out.print(Text(address), soft_wrap=True)

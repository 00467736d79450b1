"""People in tests: accounts in a store, and actors for them.

official = people.add(store, "commune", ["90101"])
people.acting(client, official)  # every request of the client is theirs, without a log-in
"""

import re

from pwdlib.hashers.argon2 import Argon2Hasher
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.accounts.passwords import Hasher
from sanchoi.api.store import User

VINTAGE = "2024-04-01"


def add(store, role, communes=(), vintage=VINTAGE, login=None, name="Người thử"):
    """An account, and the actor that it is."""
    with store.session() as session:
        made = User(
            login=login or f"{role}-{len(communes)}-{id(session)}", name=name, role=role, communes=list(communes)
        )
        made.vintage = vintage if communes else ""
        session.add(made)
        session.flush()
        return Actor(f"user:{made.id}", made.id, name, role, frozenset(communes), made.vintage)


def acting(client, actor):
    """Let every request of a client be one of this actor's."""
    client.app.state.who = lambda request: actor


PASSWORD = "sông Ba chảy xiết 7"


QUICK = Hasher(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
"""Passwords that cost little: the work of argon2 is not what most tests are about."""


def logged_in(client, role="commune", communes=(), vintage=VINTAGE, login=None, name="Người thử", password=PASSWORD):
    """A new account whose session the client has, by the real log-in form; `csrf(client)` gives what its forms must carry."""
    client.app.state.hasher = QUICK
    store = client.app.state.store
    known = add(store, role, communes, vintage, login, name)
    with store.session() as session:
        found = session.get(User, known.user_id)
        found.password, login = QUICK.make(password), found.login
    answer = log_in(client, login, password)
    assert answer.status_code == 303, answer.text
    return known


def log_in(client, login, password=PASSWORD, **more):
    """The answer of the log-in form."""
    return client.post("/vi/account/login", data={"login": login, "password": password, **more})


def csrf(client):
    """What the forms of the client's session must carry."""
    return re.search(r'name="csrf" content="([^"]+)"', client.get("/vi/account/login").text)[1]

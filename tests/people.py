"""People in tests: accounts in a store, and actors for them.

official = people.add(store, "commune", ["90101"])
people.acting(client, official)  # every request of the client is theirs, without a log-in
"""

from sanchoi.api.accounts.actor import Actor
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

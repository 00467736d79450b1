"""A service over the small result, and the people who hand files in."""

from types import SimpleNamespace

import people
import pytest
import service
from offline_file import AWAY, HOME, VINTAGE


@pytest.fixture
def site():
    """A service over the small result, and its people: `act(person)` makes every request theirs."""
    with service.client() as client:
        store = client.app.state.store
        cast = {
            "official": people.add(store, "commune", [HOME], VINTAGE, login="a"),
            "colleague": people.add(store, "commune", [HOME], VINTAGE, login="b"),
            "neighbour": people.add(store, "commune", [AWAY], VINTAGE, login="c"),
            "reviewer": people.add(store, "reviewer", login="d"),
            "viewer": people.add(store, "viewer", login="e"),
        }
        people.acting(client, cast["official"])
        entry = client.app.state.library.first()
        yield SimpleNamespace(
            client=client,
            store=store,
            entry=entry,
            act=lambda name: people.acting(client, cast[name]),
            cast=cast,
            send=lambda *files, lang="vi", **form: client.post(
                f"/{lang}/proposals/import",
                files=[("files", (f"{n}.sanchoi.json", data)) for n, data in enumerate(files)],
                data=form,
                headers={"accept": "text/html"},
            ),
        )

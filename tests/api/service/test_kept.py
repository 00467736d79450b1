"""What is kept is given again as it was, and forgotten when a result changes."""

import asyncio
import json
import re
import shutil

import service
from sanchoi.api import library
from sanchoi.api.kept import Kept


class App:
    """Counts how often it is asked; answers with what it was told to."""

    def __init__(self, status=200, headers=(("etag", '"a"'), ("cache-control", "no-cache")), body=b"x" * 10):
        self.asked, self.status, self.headers, self.body = 0, status, headers, body

    async def __call__(self, scope, receive, send):
        self.asked += 1
        scope["route"] = "the route"
        raw = [(name.encode(), value.encode()) for name, value in self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[5:], "more_body": False})


def ask(app, path="/vi/", method="GET", query=b"", **headers):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": raw, "scheme": "http"}
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, None, send))
    return scope, b"".join(message.get("body", b"") for message in sent)


def test_the_second_is_given_from_what_was_kept_with_its_route():
    inner = App()
    kept = Kept(inner, lambda: 1)
    first, second = ask(kept), ask(kept)
    assert inner.asked == 1
    assert first[1] == second[1] == b"x" * 10
    assert second[0]["route"] == "the route"


def test_another_address_header_or_state_is_another_answer():
    inner, state = App(), [1]
    kept = Kept(inner, lambda: list(state))
    for more in (
        {},
        {"path": "/en/"},
        {"query": b"a=1"},
        {"accept_language": "en"},
        {"accept": "text/html"},
        {"host": "b"},
    ):
        before = inner.asked
        ask(kept, **more)
        assert inner.asked == before + 1, more
        ask(kept, **more)
        assert inner.asked == before + 1, more
    state[0] = 2
    before = inner.asked
    ask(kept)
    assert inner.asked == before + 1


def test_what_does_not_say_so_is_not_kept():
    for inner, more in (
        (App(status=404), {}),
        (App(headers=(("cache-control", "no-cache"),)), {}),
        (App(headers=(("etag", '"a"'),)), {}),
        (App(headers=(("etag", '"a"'), ("cache-control", "no-store"))), {}),
        (App(), {"method": "HEAD"}),
        (App(), {"method": "POST"}),
        (App(), {"range": "bytes=0-1"}),
        (App(), {"path": "/r/x/files/run.json"}),
    ):
        kept = Kept(inner, lambda: 1)
        ask(kept, **more)
        ask(kept, **more)
        assert inner.asked == 2


def test_limits_exactly_at_and_just_over():
    for largest, asked in ((10, 1), (9, 2)):
        inner = App()
        kept = Kept(inner, lambda: 1, largest=largest)
        ask(kept)
        ask(kept)
        assert inner.asked == asked
    inner = App()
    kept = Kept(inner, lambda: 1, most=20)
    for path in ("/a", "/b", "/c", "/b", "/c"):  # the third drives the first out
        ask(kept, path=path)
    assert inner.asked == 3
    ask(kept, path="/a")
    assert inner.asked == 4


def test_a_result_that_is_made_anew_is_shown_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "FRESH_S", 0.0)
    folder = shutil.copytree(service.result(), tmp_path / service.RESULT)
    with service.client(folder) as asked:
        one = asked.get("/vi/")
        assert asked.get("/vi/").content == one.content
        path = folder / "run.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told["study"]["name"] = "Tên mới"
        path.write_text(json.dumps(told), encoding="utf-8")
        asked.app.state.library.entries(fresh=True)
        two = asked.get("/vi/")
        assert "Tên mới" in two.text
        assert two.headers["etag"] != one.headers["etag"]


def counted(asked):
    """How often /vi/ was answered, over all tests of this process."""
    found = re.search(r'route="/{lang:lang}/",status="200"} ([\d.]+)', asked.get("/metrics").text)
    return float(found[1]) if found else 0.0


def test_the_counts_know_the_route_of_what_was_kept():
    with service.client() as asked:
        before = counted(asked)
        for _ in range(3):
            asked.get("/vi/")
        assert counted(asked) == before + 3

"""Kills a real service with SIGKILL at random moments while people save proposals, and looks what is left of them.

python tests/api/record/kill.py FOLDER TIMES      # with tests/ in PYTHONPATH; about 8 s a time

Every other time one worker is killed, which the service starts anew; else all of it, and it is started again. The clients send each
proposal again, with its key, until it is acknowledged; so in the end there must be exactly one for each key.
"""

import contextlib
import hashlib
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import people
import proposing
import service
from sanchoi.api.accounts import tokens
from sanchoi.api.proposals import files_kept, record
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment, Proposal, Store, User
from sqlalchemy import func, select

CLIENTS, PATIENCE_S = 4, 400.0
LOST = (OSError, http.client.HTTPException, ValueError)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Server:
    """`sanchoi serve` in a process group of its own, on the port it had before."""

    def __init__(self, data, port=0):
        self.data, self.port = data, port
        self.start()

    def start(self):
        command = [str(Path(sys.executable).with_name("sanchoi")), "serve", str(service.result())]
        command += ["--data", str(self.data), "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        for line in self.process.stdout:
            if found := re.search(r"Sân Chơi: http://[\d.]+:(\d+)/", line):
                self.port = int(found[1])
                return
        raise RuntimeError("the service did not start")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def kill_worker(self, rng):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(rng.choice(workers[:2])), signal.SIGKILL)

    def stop(self):
        os.kill(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()


class Client:
    """Saves proposals one after the other; every third with a file, and submits them."""

    def __init__(self, server, token, stop, seed):
        self.server, self.token, self.stop, self.rng = server, token, stop, random.Random(seed)
        self.saved, self.submitted, self.files = {}, set(), {}

    def run(self):
        while not self.stop.is_set():
            self.one()

    def one(self):
        key = uuid.uuid4().hex
        body = proposing.body(proposing.land(self.rng.uniform(500, 700), self.rng.uniform(460, 520), 20))
        code, found, _ = self.insist("POST", "/api/v1/proposals", body, {"Idempotency-Key": key})
        assert code in (200, 201), (code, found)
        self.saved[key] = found["id"]
        here = f"/api/v1/proposals/{found['id']}"
        if len(self.saved) % 3 == 1:
            data = PDF + key.encode()
            with contextlib.suppress(*LOST):
                code, made, _ = self.ask("POST", here + "/attachments", data, {"Content-Type": "application/pdf"})
                if code == 201:
                    self.files[made["id"]] = hashlib.sha256(data).hexdigest()
        move = {"to": "submitted", "reason": "xin gửi"}
        code, told, _ = self.insist("POST", here + "/moves", move, {"If-Match": '"1"'})
        assert code in (200, 409, 412), (code, told)  # it was there already when the answer was lost
        self.submitted.add(found["id"])

    def insist(self, *asked):
        until = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(*LOST):
                got = self.ask(*asked)
                if got[0] not in (429, 503):
                    return got
            if time.monotonic() > until:
                raise TimeoutError(asked[1])
            time.sleep(0.05)

    def ask(self, method, path, body, headers):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=90)
        with contextlib.closing(line):
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            own = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "X-File-Name": "a.pdf"}
            line.request(method, path, data, own | headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read()), answer.headers


def run(folder, times, whole=True, pause=(0.3, 1.5)):
    """Kill so often, and compare what was acknowledged with what is there; a summary.

    Parameters
    ----------
    whole : every other time the whole service, else only workers.
    """
    rng = random.Random(7)
    settings = Settings((), Path(folder))
    store = Store(settings.url)
    store.migrate()
    official = people.add(store, "commune", [proposing.HOME], proposing.VINTAGE, login="official")
    with store.session() as session:
        _, token = tokens.make(session, "system", session.get(User, official.user_id), "k", ["read", "propose"], 2)
    server, stop = Server(folder), threading.Event()
    clients = [Client(server, token, stop, seed) for seed in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        try:
            going = [pool.submit(each.run) for each in clients]
            for k in range(times):
                before, until = sum(len(each.saved) for each in clients), time.monotonic() + PATIENCE_S
                while sum(len(each.saved) for each in clients) <= before and time.monotonic() < until:
                    time.sleep(0.02)  # something is acknowledged between any two
                time.sleep(rng.uniform(*pause))
                if whole and k % 2:
                    server.kill()
                    server.start()
                else:
                    server.kill_worker(rng)
            time.sleep(1)
            stop.set()
            [each.result(PATIENCE_S) for each in going]
        finally:
            stop.set()
            server.stop()
    saved = {key: value for each in clients for key, value in each.saved.items()}
    files = {key: value for each in clients for key, value in each.files.items()}
    with store.reading() as session:
        checked = record.check(session)
        assert checked.whole, checked
        assert len(set(saved.values())) == len(saved)  # no two keys are one proposal
        assert set(session.scalars(select(Proposal.id))) == set(saved.values())  # none lost, none twice
        numbers = sorted(session.scalars(select(Proposal.number)))
        assert numbers == list(range(1, len(saved) + 1))
        drafts = set(session.scalars(select(Proposal.id).where(Proposal.state != "submitted")))
        assert not drafts
        kept = dict(session.execute(select(Attachment.id, Attachment.sha256)).all())
        assert files.items() <= kept.items()
        assert files_kept.faults(session, settings) == []
        count = session.scalar(select(func.count()).select_from(Attachment))
    store.close()
    return {
        "killed": times,
        "proposals": len(saved),
        "files": len(files),
        "files_there": count,
        "rows": checked.verdict.rows,
    }


if __name__ == "__main__":
    print(run(Path(sys.argv[1]), int(sys.argv[2])))

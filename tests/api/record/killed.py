"""Saves proposals with files without end in a child process, kills it at a random moment, and prints what it had acknowledged.

python killed.py URL DATA USER COMMUNE VINTAGE TIMES

The child is forked from this small process, which has no thread and no connection. The next child begins with the key that the one
before had not acknowledged, as a browser does that sends its form again.
"""

import hashlib
import os
import random
import signal
import sys
import time
from pathlib import Path

import shapely
from sanchoi.api.accounts.actor import COMMUNE, Actor
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.desk import Content, Place
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment, Proposal, Store, trail
from sanchoi.api.uploads import Kept, attachments


def save(url, data, user, commune, vintage, first, sink):
    """What the service does for one proposal, acknowledged when all of it is done."""
    store, settings = Store(url, migrated=True), Settings((), Path(data), url)
    actor = Actor(f"user:{user}", user, "", COMMUNE, frozenset({commune}), vintage)
    number = first
    while True:
        kept = Kept(f"%PDF {number}".encode() * 500, "application/pdf", "pdf", None, None)
        land = shapely.box(108 + number / 1e3, 15, 108.0005 + number / 1e3, 15.0005)
        content = Content(name=f"Khu {number}", geometry=land, note="ghi chú " * 50)
        with store.session() as session:
            made, _ = desk.create(
                session, actor, Place("small", "e", commune, vintage), content, {"a": 1}, key=f"k{number}"
            )
        sha256 = attachments.put(settings, kept)
        with store.session() as session:
            trail.lock(session)
            one = Attachment(
                proposal_id=made.id, author_id=user, kind="document", name="a.pdf", media_type="application/pdf"
            )
            one.size, one.sha256 = len(kept.bytes), sha256
            session.add(one)
            session.flush()
            detail = {"attachment": one.id, "sha256": sha256}
            trail.note(session, actor.id, "attachment.add", f"proposal:{made.id}", detail)
        with store.session() as session:
            fresh = session.get(Proposal, made.id)
            if fresh.state == "draft":
                desk.move(session, actor, made.id, fresh.revision, "submitted", "xin gửi")
        os.write(sink, f"{number} {made.id} {hashlib.sha256(kept.bytes).hexdigest()}\n".encode())
        number += 1


def main(url, data, user, commune, vintage, times):
    rng = random.Random(11)
    first = 0
    for _ in range(int(times)):
        source, sink = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(source)
            save(url, data, user, commune, vintage, first, sink)
        os.close(sink)
        said = os.read(source, 128)  # the first is saved
        time.sleep(rng.random() * 0.08)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(source, 65536):
            said += more
        os.close(source)
        sys.stdout.write(said.decode())
        first = int(said.decode().splitlines()[-1].split()[0]) + 1


if __name__ == "__main__":
    main(*sys.argv[1:])

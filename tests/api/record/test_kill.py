"""Kill -9 while proposals are saved: whatever was acknowledged is there once, with its file, and the chain verifies."""

import collections
import subprocess
import sys
from pathlib import Path

import people
import postgres
from sanchoi.api.proposals import files_kept, record
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment, Proposal
from sqlalchemy import select

TIMES = 6
"""`killed.py` does it fifty times and more in some seconds; `kill.py` does it to a whole service."""


def test_what_was_acknowledged_is_there_once(store, url, tmp_path):
    official = people.add(store, "commune", ["90101"], login="a")
    store.close()
    program = Path(__file__).with_name("killed.py")
    asked = [url, str(tmp_path), official.user_id, "90101", people.VINTAGE, str(TIMES)]
    done = subprocess.run(
        [sys.executable, str(program), *asked], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    postgres.settled(url)
    said = [line.split() for line in done.stdout.splitlines()]
    assert len(said) >= TIMES
    assert [int(number) for number, *_ in said] == list(range(len(said)))
    with store.reading() as session:
        found = record.check(session)
        assert found.whole, found
        names = collections.Counter(session.scalars(select(Proposal.name)))
        assert set(names.values()) == {1}
        assert len(names) - len(said) in (0, 1)  # one at most that the last kill left without an answer
        for number, key, sha256 in said:
            one = session.get(Proposal, key)
            assert (one.name, one.state) == (f"Khu {number}", "submitted")
            assert sha256 in session.scalars(select(Attachment.sha256).where(Attachment.proposal_id == key)).all()
        assert files_kept.faults(session, Settings((), tmp_path, url)) == []

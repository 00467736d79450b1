"""Saves scenarios without end in a child process, kills it at a random moment, and prints the ids that it had acknowledged.

The child is forked from this small process, which has no thread and no connection, so that fifty of them take seconds.
"""

import os
import random
import signal
import sys
import time

from sanchoi.api.store import Store, scenarios

CHANGES = [{"n": k, "geometry": {"type": "Point", "coordinates": [108 + k / 10, 15]}} for k in range(3)]


def save(url, sink):
    store = Store(url, migrated=True)
    while True:
        with store.session() as session:
            made = scenarios.create(session, "demo", "e", "x", CHANGES)
        os.write(sink, made.id.encode() + b"\n")


def main(url, times):
    rng = random.Random(7)
    for _ in range(times):
        source, sink = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(source)
            save(url, sink)
        os.close(sink)
        said = os.read(source, 33)  # the first is saved
        time.sleep(rng.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(source, 65536):
            said += more
        os.close(source)
        sys.stdout.write(said.decode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

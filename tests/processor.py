"""Seconds of the processor: what a thing costs, however busy the machine is that it runs on."""

import contextlib
import resource
import time


class Spent:
    seconds = float("nan")


def _now():
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + gone.ru_utime + gone.ru_stime


@contextlib.contextmanager
def counted():
    """Of this thread and of the processes it started that ended meanwhile: `spent.seconds` once the block is left."""
    spent, before = Spent(), _now()
    yield spent
    spent.seconds = _now() - before

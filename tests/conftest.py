"""What holds for every test: the same examples each time; a log that one opened is closed.

`SANCHOI_EXAMPLES=new` lets hypothesis take others, to look for faults. How long one example takes says nothing on a busy machine.
"""

import logging
import os

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=os.environ.get("SANCHOI_EXAMPLES") != "new")
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _logs_as_they_were():
    """A command that logs is called in the process of the tests: what the next one writes must not show its log."""
    root, own = logging.getLogger(), logging.getLogger("sanchoi")
    handlers, levels = list(root.handlers), (root.level, own.level)
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    for handler in [handler for handler in handlers if handler not in root.handlers]:
        root.addHandler(handler)
    root.setLevel(levels[0])
    own.setLevel(levels[1])

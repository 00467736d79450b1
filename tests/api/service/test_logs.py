"""The log of the service: its own lines, and of the libraries it uses only what went wrong."""

import json
import logging

from sanchoi.api import logs


def test_own_lines_are_logged_and_of_libraries_only_what_went_wrong(capsys):
    logs.configure()
    logging.getLogger("sanchoi.service").info("started", extra={"facts": {"port": 8000}})
    logging.getLogger("pyogrio._io").info("Created 1 records")
    logging.getLogger("a_library.sockets").warning("a client sent rubbish")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["message"]) for line in told] == [
        ("info", "started"),
        ("warning", "a client sent rubbish"),
    ]
    assert told[0]["port"] == 8000


def test_quiet_tells_only_what_went_wrong(capsys):
    logs.configure(quiet=True)
    logging.getLogger("sanchoi.service").info("started")
    logging.getLogger("sanchoi.jobs").warning("a job was lost")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == ["a job was lost"]


def test_what_the_tests_before_opened_is_closed(capsys):
    logging.getLogger("sanchoi.service").info("nobody asked")
    logging.getLogger("pyogrio._io").info("Created 1 records")
    assert capsys.readouterr().err == ""

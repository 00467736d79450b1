"""A real PostgreSQL with PostGIS for the tests, started from Debian's packages on a socket in a folder of its own."""

import atexit
import contextlib
import functools
import itertools
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

import psycopg
import pytest
from sanchoi.api.store import Store
from sqlalchemy import make_url

WHY = "needs PostgreSQL with PostGIS (on Debian: apt-get install postgresql postgresql-15-postgis-3, or: make postgres)"
SET = {
    "listen_addresses": "''",
    "fsync": "off",  # the machine does not lose power in a test; a killed process loses nothing by this
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


class Server:
    """One cluster; `stop` and `start` are for the tests that take the database away."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sanchoi-pg-"))
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.numbers = itertools.count(1)
        self.process = None
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as sink:
            sink.writelines(f"{name} = {value}\n" for name, value in SET.items())
            sink.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()
        with self.connection("template1") as connection:
            connection.execute("CREATE EXTENSION postgis")

    @property
    def data(self):
        return self.folder / "data"

    def _as_user(self, program, *arguments):
        command = [str(self.programs / program), *arguments]
        return ["runuser", "-u", self.user, "--", *command] if os.geteuid() == 0 else command

    def _run(self, program, *arguments):
        done = subprocess.run(
            self._as_user(program, *arguments), cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", "60", "start")

    def stop(self):
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def end(self):
        with contextlib.suppress(AssertionError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self, database):
        return psycopg.connect(host=str(self.folder), user=self.user, dbname=database, autocommit=True)

    def database(self):
        """URL of a new, empty database with PostGIS."""
        name = f"t{next(self.numbers)}"
        with self.connection("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template1")
        return f"postgresql://{self.user}@/{name}?host={self.folder}"


def programs():
    """Folder of PostgreSQL's programs where PostGIS is there too, the newest first; None where there is none."""
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (pathlib.Path("/usr/share/postgresql") / folder.parent.name / "extension" / "postgis.control").is_file():
            return folder
    return None


@functools.cache
def server():
    """The cluster of this test session, or the reason for none."""
    found = programs()
    if found is None or (os.geteuid() == 0 and shutil.which("runuser") is None):
        return None
    made = Server(found)
    atexit.register(made.end)
    return made


def running():
    """The cluster, or skip with the reason."""
    found = server()
    if found is None:
        pytest.skip(WHY)
    return found


DATABASES = ("sqlite", "postgres")


def fresh(kind, folder):
    """URL of a new, empty database of a kind."""
    return f"sqlite:///{folder / 'sanchoi.db'}" if kind == "sqlite" else running().database()


def settled(url):
    """Wait until the server has done with what processes that were killed had sent it; who asks has no connection open."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return
    until = time.monotonic() + 120
    with running().connection("postgres") as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s"
        while connection.execute(asked, [found.database]).fetchone()[0]:
            assert time.monotonic() < until, "a connection stays open"
            time.sleep(0.02)


@contextlib.contextmanager
def opened(url):
    """A store with its tables."""
    store = Store(url)
    store.migrate()
    yield store
    store.close()

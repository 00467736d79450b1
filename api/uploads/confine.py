"""Confine: what a worker gives up before it looks at a file: memory, time, the network, other programs, other files.

Whatever the machine does not offer is left out; `seal` says what is in force. The limits hold everywhere; the network is closed
three times over (a name space of its own, a filter of system calls, Python's own hooks).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

from sanchoi.api.uploads.limits import Limits

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_ARCHITECTURES = {
    "x86_64": (
        0xC000003E,
        "41 42 43 44 46 49 50 53 57 58 59 62 101 109 112 155 "
        "165 166 248 250 272 288 298 304 307 308 310 311 321 322 323 425 434 438",
    ),
    "aarch64": (
        0xC00000B7,
        "39 40 41 97 117 129 154 157 "
        "198 199 200 201 202 203 206 211 217 219 221 241 242 265 268 269 270 271 280 281 282 425 434 438",
    ),
}
"""Audit number of a machine, and its system calls that are refused: sockets, other programs and processes, mounts, keys."""
_DENY, _ALLOW = 0x00050000 | 1, 0x7FFF0000
_READ = 0b1100  # read file, read directory


def limit(limits: Limits) -> None:
    """Set limits of memory, time, files and what may be written; end with the parent."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, max(limits.answer_bytes, limits.inflated_bytes)),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def apart() -> bool:
    """Leave the network and the rights of the user behind, where the machine allows it. Before any thread is started."""
    if sys.platform != "linux":
        return False
    return bool(_libc().unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0)


def seal(folder: Path) -> list[str]:
    """Close what is still open: files beside those of Python and `folder`, sockets, other programs. Says what is in force."""
    held = []
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if sys.platform == "linux":
        libc = _libc()
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            if _landlock(libc, folder):
                held.append("landlock")
            if _seccomp(libc):
                held.append("seccomp")
    sys.addaudithook(_refuse)
    held.append("audit")
    return held


def _refuse(event: str, arguments: object) -> None:
    """Python's own calls that have no business here."""
    if event.startswith(
        ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "ftplib.", "smtplib.")
    ):
        raise PermissionError(event)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _seccomp(libc: ctypes.CDLL) -> bool:
    """A filter of system calls, which no later code can take away."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    number, refused = known
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    lines = [(load, 0, 0, 4), (equal, 1, 0, number), (answer, 0, 0, _DENY), (load, 0, 0, 0)]
    lines += [(at_least, 0, 1, 0x40000000), (answer, 0, 0, _DENY)]
    for call in map(int, refused.split()):
        lines += [(equal, 0, 1, call), (answer, 0, 0, _DENY)]
    lines.append((answer, 0, 0, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("HL", len(lines), ctypes.addressof(code)))
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0) == 0)


def _landlock(libc: ctypes.CDLL, folder: Path) -> bool:
    """Files of Python and this program may be read, those in `folder` also written; no others are there."""
    create, add, restrict = 444, 445, 446
    version = libc.syscall(create, None, 0, 1)
    if version < 1:
        return False
    every = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    attributes = struct.pack("QQ", every, 0b11) if version >= 4 else struct.pack("Q", every)
    ruleset = libc.syscall(create, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    own = Path(__file__).resolve().parents[1]
    readable = {
        Path(each).resolve() for each in (*sys.path, sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64") if each
    }
    readable = {each for each in readable if each != own.parent} | {own}
    rules = [(each, _READ) for each in readable] + [(folder, every)]
    for path, allowed in [
        *rules,
        (Path("/etc/ld.so.cache"), 0b100),
        (Path("/dev/urandom"), 0b100),
        (Path("/dev/null"), 0b110),
    ]:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        if not path.is_dir():
            allowed &= 0b110
        libc.syscall(add, ruleset, 1, struct.pack("=Qi", allowed, handle), 0)
        os.close(handle)
    done = bool(libc.syscall(restrict, ruleset, 0) == 0)
    os.close(ruleset)
    return done

"""A port of the loopback for a server that must be told its number."""

import contextlib
import socket


@contextlib.contextmanager
def held():
    """One that the system gives nobody else meanwhile: it is bound here and not listened at, so that the server told of it may."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]

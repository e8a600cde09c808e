"""Ports for bots that are started as processes of their own.

A port that the system gives away is free again once it is closed, and whoever opens a connection in the meantime may
be given it: with several test processes a bot then finds its port taken. So the ports here lie below those that the
system gives away, and each process begins somewhere else among them.
"""

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

FIRST: Final = 12_000
COUNT: Final = 20_000
STEP: Final = 397
"""How far apart two processes begin that were started one after the other."""


def ports_of_this_process() -> Iterator[int]:
    begin = os.getpid() * STEP
    return (FIRST + (begin + number) % COUNT for number in itertools.count())


_ports: Final = ports_of_this_process()


def free_port() -> int:
    """A port of this machine on which nothing listens, never the same twice in a row."""
    for port in _ports:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("the ports never end")

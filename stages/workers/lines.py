"""Lines from the process that trains to its workers: a call on one takes a quarter of what it takes through Dask.

Both ends know a key, which Dask has brought to the worker: nothing is read from who does not.
"""

import pickle
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from threading import Thread
from typing import Any
from weakref import WeakMethod

from stages.workers.waiting import bounded

NEAR = 5  # seconds until a worker counts as one that cannot be reached, or that nobody calls
LIFE = {"TCP_KEEPIDLE": 5, "TCP_KEEPALIVE": 5, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 5}  # 30 s until a lost machine is one
CUT = (OSError, EOFError, AuthenticationError, ValueError)  # nobody at the other end, or not who should be; no MD5 here

Address = tuple[str, int]
Method = Callable[[Any], Any]


class Lines:
    """The lines to some workers."""

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)
        self.to: dict[str, Connection] = {}

    def open(self, worker: str, address: Address) -> bool:
        """Open a line to where a worker listens; tell whether that can be reached from here."""
        with suppress(*CUT):
            line = line_on(socket.create_connection(address, timeout=NEAR))
            bounded(lambda: prove(line, self.key), NEAR)
            self.to[worker] = line
        return worker in self.to

    def ask(self, workers: Sequence[str], question: Any) -> "list[Answer]":
        """Send workers a question; return what waits for their answers. Raises OSError if a line is cut."""
        sent = pickle.dumps(question)
        for worker in workers:
            self.to[worker].send_bytes(sent)
        return [Answer(self.to[worker]) for worker in workers]

    def forget(self) -> None:
        """Forget all lines: on some there may still come an answer to an old question."""
        self.to.clear()


class Answer:
    """An answer that is to come on a line."""

    def __init__(self, line: Connection) -> None:
        self.line = line

    def result(self, timeout: float) -> Any:
        """Return the answer. Raises what the worker did, TimeoutError if it is late, OSError if the line is cut."""
        if not self.line.poll(timeout):
            raise TimeoutError
        try:
            received = self.line.recv()
        except EOFError as error:
            raise ConnectionError("a worker has hung up") from error
        if isinstance(received, Exception):
            raise received
        return received


def prove(line: Connection, key: bytes) -> None:
    """Show who listens that the key is known here, and let that be shown. Raises AuthenticationError."""
    answer_challenge(line, key)
    deliver_challenge(line, key)


def line_on(connected: socket.socket) -> Connection:
    """Return a line that is cut half a minute after the machine at its other end is no more."""
    connected.settimeout(None)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in LIFE.items():
        if hasattr(socket, name):  # they are called otherwise, or not there, on some systems
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return Connection(connected.detach())


def listen(host: str, key: bytes, method: Method) -> Address:
    """Answer the questions on a line with what a method returns, while there is its object; return where to open it.

    Raises OSError where there is no such host here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.create_server((host, 0), family=family)
    port: int = server.getsockname()[1]
    Thread(target=serve, args=(server, key, WeakMethod(method)), daemon=True).start()
    return host, port


def serve(server: socket.socket, key: bytes, method: WeakMethod[Method]) -> None:
    """Answer what comes on the line that somebody opens soon, until it is cut."""
    with suppress(*CUT), accepted(server) as line:
        deliver_challenge(line, key)
        answer_challenge(line, key)
        while True:
            line.send(answer(line.recv_bytes(), method()))


def accepted(server: socket.socket) -> Connection:
    """Return the line that somebody opens."""
    with server:
        server.settimeout(2 * NEAR)
        return line_on(server.accept()[0])


def answer(question: bytes, method: Method | None) -> Any:
    """Return what the method returns, or the error that it raises."""
    try:
        return method(pickle.loads(question)) if method else OSError("what was asked is no more")
    except Exception as error:
        return error

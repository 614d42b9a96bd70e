"""A fake web for tests: a proxy on 127.0.0.1, with its own certificate authority, that plays every host.

What is tested asks for its real addresses; the environment variables that every HTTP library heeds tell it of the proxy
and of the authority.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

FILE = "application/octet-stream"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One connection through the proxy: a tunnel to a host, then its requests."""

    server: "Web"
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:
        """Open the tunnel, unless the test wants otherwise, and act as the host at its end."""
        self.host = self.path.partition(":")[0]
        if self.host in self.server.tunnels:
            self.close_connection = True
            return self.server.tunnels[self.host](self)
        self.send_response_only(200)
        self.end_headers()
        self.connection = self.server.context_of(self.host).wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False
        return None

    def do_GET(self) -> None:
        """Answer as the test wants; the last answer of a list is used again and again."""
        self.server.asked.append(f"{self.host}{self.path}")
        self.close_connection = True
        answers = self.server.answers.get(self.host, [status(404)])
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def finish(self) -> None:
        """Close the tunnel; the server closes only what it opened itself."""
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Web(ThreadingHTTPServer):
    """The proxy. `answers`: for each host, what it does at each request. `asked`: what was asked for.

    `tunnels`: for each host that there is no tunnel to, what comes instead.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.tunnels: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.stopped = threading.Event()
        self.authority = trustme.CA()
        self.certificate = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.certificate))

    def context_of(self, host: str) -> ssl.SSLContext:
        """Return the TLS context for a host."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        return context

    def handle_error(self, *_: object) -> None:
        """Print nothing: tests make clients disconnect."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that make a process use this proxy."""
        address = f"http://127.0.0.1:{self.server_port}"
        return {"https_proxy": address, "http_proxy": address, "REQUESTS_CA_BUNDLE": str(self.certificate)}


@contextmanager
def serving(folder: Path) -> Iterator[Web]:
    """Run the proxy."""
    web = Web(folder)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield web
    web.stopped.set()
    web.shutdown()
    web.server_close()


def body(
    content: bytes, kind: str = "application/octet-stream", announced: int | None = None, code: int = 200
) -> Answer:
    """Send a body; `announced` is a wrong Content-Length."""

    def answer(handler: Handler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) if announced is None else announced))
        if kind == FILE:
            handler.send_header("Content-Disposition", 'attachment; filename="file"')
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def page(html: str, code: int = 200) -> Answer:
    """Send an HTML page."""
    return body(html.encode(), "text/html; charset=utf-8", code=code)


def status(code: int) -> Answer:
    """Send an error."""
    return body(b"no", "text/plain", code=code)


def silence(handler: Handler) -> None:
    """Send nothing until the test is over."""
    handler.server.stopped.wait(60)


def drip(handler: Handler) -> None:
    """Begin a long body, and send a little of it now and then."""
    begin(handler, 10_000_000)
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b"x" * 1000)


def drip_header(handler: Handler) -> None:
    """Begin a header, and send a little of it now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b"x")


def stall(handler: Handler) -> None:
    """Send a part of a body, and then nothing."""
    begin(handler, 10_000_000)
    handler.wfile.write(b"x" * 100_000)
    silence(handler)


def begin(handler: Handler, size: int) -> None:
    """Send the headers of a file."""
    handler.send_response(200)
    handler.send_header("Content-Type", FILE)
    handler.send_header("Content-Disposition", 'attachment; filename="file"')
    handler.send_header("Content-Length", str(size))
    handler.end_headers()


def bare(handler: Handler) -> None:
    """Answer without a Content-Type."""
    handler.send_response(200)
    handler.send_header("Content-Length", "2")
    handler.end_headers()
    handler.wfile.write(b"no")


def hang_up(handler: Handler) -> None:
    """Close the connection without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)

"""Downloads files. A file arrives complete and as expected, or there is one reason why not."""

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.request import getproxies

import requests

from stages.storage.errors import DamagedError, StageError, UnavailableError

TIMEOUT = (10, 10)  # seconds to connect, seconds of silence
TRIES = 3  # of a transfer; a host that cannot be reached is tried once
PAUSE = 1  # seconds between tries
PIECE = 2**16  # bytes
LONGEST = 300  # characters of an error's words
NO_PASSWORD = re.compile(r"(\w+://)?([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?/?")  # the address of a proxy without a password
NOT_REACHED = {"NewConnectionError", "NameResolutionError"}  # of urllib3
HUNG_UP = {"RemoteDisconnected", "ConnectionResetError"}  # of Python; behind a proxy, requests blames the proxy
# Called before each request and after each piece, with the number of bytes so far and, if known, of all bytes.
# An error that it raises ends the transfer.
Progress = Callable[[int, int | None], object]


class Expected(NamedTuple):
    """What a file must be: its size in bytes and its sha256 in hexadecimal."""

    size: int
    sha256: str


def fetch_url(url: str, expected: Expected, progress: Progress) -> bytes:
    """Return the file at a URL.

    Raises UnavailableError if it cannot be downloaded, DamagedError if it is another file.
    """
    content = with_retries(lambda: read_url(url, expected.size, progress))
    check(content, expected)
    return content


def fetch_drive(drive_id: str, most: int, progress: Progress) -> bytes:
    """Return a file on Google Drive, of at most `most` bytes. Raises UnavailableError, DamagedError."""
    content = with_retries(lambda: read_drive(drive_id, most, progress))
    check_not_html(content)
    return content


def read_url(url: str, most: int, progress: Progress) -> bytes:
    """Return the content of one response, and stop after the first piece beyond `most` bytes."""
    content = bytearray()
    progress(0, most)
    with requests.get(url, stream=True, timeout=TIMEOUT) as response:
        response.raise_for_status()
        for piece in response.iter_content(PIECE):
            content += piece
            progress(len(content), most)
            if len(content) > most:
                break
    return bytes(content)


def read_drive(drive_id: str, most: int, progress: Progress) -> bytes:
    """Return what gdown downloads."""
    import gdown

    def watch(so_far: int, total: int | None) -> None:
        if so_far > most:
            raise DamagedError(f"got more than {most} bytes, expected a zip of MNIST")
        progress(so_far, total)

    content = io.BytesIO()
    watch(0, None)
    try:
        gdown.download(id=drive_id, output=content, quiet=True, use_cookies=False, timeout=TIMEOUT, progress=watch)
    except gdown.exceptions.FileURLRetrievalError as error:  # its context has the page's reason, without gdown's advice
        raise UnavailableError(
            f"Drive sends a page instead of the file: {safe_words(error.__context__ or error)}"
        ) from error
    except gdown.exceptions.DownloadError as error:
        raise requests.ConnectionError(error) from error
    return content.getvalue()


def with_retries(read: Callable[[], bytes]) -> bytes:
    """Return the result of the first try that succeeds. Raise UnavailableError with the last try's reason."""
    tries = 0
    while True:
        try:
            return read()
        except StageError:
            raise
        except Exception as error:  # gdown passes on any error of requests and of its page parser
            tries += 1
            reason, may_help = diagnosis(error)
            if tries == TRIES or not may_help:
                raise UnavailableError(reason) from error
        time.sleep(PAUSE)


def diagnosis(error: Exception) -> tuple[str, bool]:
    """Return a short reason, and whether another try may help: the host was reached, and may recover."""
    exceptions, (*_, first) = requests.exceptions, causes(error)
    names = {type(cause).__name__ for cause in causes(error)}
    detail = safe_words(first)
    match error:
        case exceptions.HTTPError():
            return f"HTTP status {error.response.status_code}", error.response.status_code >= 500
        case _ if names & HUNG_UP:
            return "the host hung up", True
        case exceptions.SSLError():
            return f"TLS failure: {detail}", False
        case exceptions.ProxyError():
            return f"proxy failure: {detail}", False
        case exceptions.ConnectTimeout():
            return f"no connection within {TIMEOUT[0]} s", False
        case exceptions.ReadTimeout():
            return f"silent for {TIMEOUT[1]} s", True
        case exceptions.ConnectionError() if names & NOT_REACHED:
            return f"no connection: {detail}", False
        case exceptions.ConnectionError() | exceptions.ChunkedEncodingError():
            return f"the transfer broke off: {detail}", True
    return f"an answer that makes no sense ({type(error).__name__}: {safe_words(error)})", False


def safe_words(error: BaseException) -> str:
    """Return the message of an error in one line, shortened, without passwords.

    A message may contain parts of a proxy's password, cut at a / or a #. So if a proxy may have one, nothing is shown.
    """
    if not all(NO_PASSWORD.fullmatch(proxy) for name, proxy in getproxies().items() if proxy and name != "no"):
        return "details are hidden because they may show a proxy's password"
    line = " ".join(str(error).split()) or type(error).__name__
    return re.sub(r"//\S*@", "//", line)[:LONGEST]


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = [part for part in (*seen.args, getattr(seen, "reason", None)) if isinstance(part, BaseException)]
        seen = inner[0] if inner else seen.__cause__ or seen.__context__


def check(content: bytes, expected: Expected) -> None:
    """Raise DamagedError unless the content has the expected digest."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected.sha256:
        check_not_html(content)
        size = len(content) if len(content) <= expected.size else f"more than {expected.size}"
        raise DamagedError(
            f"got {size} bytes with sha256 {found}, expected {expected.size} bytes with sha256 {expected.sha256}"
        )


def check_not_html(content: bytes) -> None:
    """Raise UnavailableError if the content is an HTML page."""
    if content[:1000].lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<head")):
        raise UnavailableError(f"got an HTML page ({len(content)} bytes) instead of a file")

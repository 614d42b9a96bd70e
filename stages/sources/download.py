"""Bytes from the network: whole and as expected, or one reason why not."""

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.request import getproxies

import requests

from stages.storage.errors import DamagedError, StageError, UnavailableError

TIMEOUT = (10, 10)  # seconds: to connect, and of silence
TRIES = 3  # of a transfer that began; a host that cannot be reached is not tried again
PAUSE = 1  # seconds between tries
PIECE = 2**16  # bytes
LONGEST = 300  # letters of what libraries and hosts say
NO_PASSWORD = re.compile(r"(\w+://)?([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?/?")  # a proxy's address that has none
NOT_REACHED = {"NewConnectionError", "NameResolutionError"}  # of urllib3
HUNG_UP = {"RemoteDisconnected", "ConnectionResetError"}  # of Python; behind a proxy, requests calls them the proxy's
# Called before each request and after each piece, with the bytes so far, and with all there are to be, if known.
# What it raises ends the transfer.
Progress = Callable[[int, int | None], object]


class Expected(NamedTuple):
    """What a file must be: its size in bytes, and its sha256 in hexadecimal."""

    size: int
    sha256: str


def fetch_url(url: str, expected: Expected, progress: Progress) -> bytes:
    """Return the file at a URL.

    Raises UnavailableError where it cannot be had, DamagedError where it is another file.
    """
    content = persistently(lambda: read_url(url, expected.size, progress))
    check(content, expected)
    return content


def fetch_drive(drive_id: str, most: int, progress: Progress) -> bytes:
    """Return the file of this id on Google Drive, of at most so many bytes; raise UnavailableError, DamagedError."""
    content = persistently(lambda: read_drive(drive_id, most, progress))
    check_no_page(content)
    return content


def read_url(url: str, most: int, progress: Progress) -> bytes:
    """Return what one request brings, and no more bytes than there should be, but for one piece."""
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
    """Return what gdown brings."""
    import gdown

    def watch(so_far: int, total: int | None) -> None:
        if so_far > most:
            raise DamagedError(f"got more than {most} bytes, expected a zip of MNIST")
        progress(so_far, total)

    content = io.BytesIO()
    watch(0, None)
    try:
        gdown.download(id=drive_id, output=content, quiet=True, use_cookies=False, timeout=TIMEOUT, progress=watch)
    except gdown.exceptions.FileURLRetrievalError as error:  # a page that says why, which gdown wraps in advice
        raise UnavailableError(
            f"Drive sends a page instead of the file: {words_of(error.__context__ or error)}"
        ) from error
    except gdown.exceptions.DownloadError as error:
        raise requests.ConnectionError(error) from error
    return content.getvalue()


def persistently(read: Callable[[], bytes]) -> bytes:
    """Return what one of a few tries brings; raise UnavailableError with the last one's reason."""
    tries = 0
    while True:
        try:
            return read()
        except StageError:
            raise
        except Exception as error:  # gdown lets through whatever requests and the page's parser raise
            tries += 1
            reason, may_help = diagnosis(error)
            if tries == TRIES or not may_help:
                raise UnavailableError(reason) from error
        time.sleep(PAUSE)


def diagnosis(error: Exception) -> tuple[str, bool]:
    """Return in a few words what went wrong, and whether another try may help: the host was reached, and may mend."""
    exceptions, (*_, first) = requests.exceptions, causes(error)
    names = {type(cause).__name__ for cause in causes(error)}
    detail = words_of(first)
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
    return f"an answer that makes no sense ({type(error).__name__}: {words_of(error)})", False


def words_of(error: BaseException) -> str:
    """Return what may be printed of what an error says: in one line, not too much, and no password.

    A proxy's password may stand there in parts, cut where it has a / or a #. So where there may be one, nothing is.
    """
    if not all(NO_PASSWORD.fullmatch(proxy) for name, proxy in getproxies().items() if proxy and name != "no"):
        return "more is not shown, as it may name a proxy's password"
    line = " ".join(str(error).split()) or type(error).__name__
    return re.sub(r"//\S*@", "//", line)[:LONGEST]


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and those it comes from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = [part for part in (*seen.args, getattr(seen, "reason", None)) if isinstance(part, BaseException)]
        seen = inner[0] if inner else seen.__cause__ or seen.__context__


def check(content: bytes, expected: Expected) -> None:
    """Raise DamagedError unless these are the bytes that they should be."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected.sha256:
        check_no_page(content)
        size = len(content) if len(content) <= expected.size else f"more than {expected.size}"
        raise DamagedError(
            f"got {size} bytes with sha256 {found}, expected {expected.size} bytes with sha256 {expected.sha256}"
        )


def check_no_page(content: bytes) -> None:
    """Raise UnavailableError if these bytes are a page for people."""
    if content[:1000].lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<head")):
        raise UnavailableError(f"got an HTML page ({len(content)} bytes) instead of a file")

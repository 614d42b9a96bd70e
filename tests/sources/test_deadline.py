"""Sources that send, and never enough: each is given up in time."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.sources import deadline, download
from stages.sources.deadline import TICK, WINDOW, with_deadline
from stages.sources.download import PAUSE, TIMEOUT, TRIES, Progress
from stages.sources.hosts import SOURCES, from_source
from stages.storage.errors import UnavailableError
from tests.sources import web
from tests.sources.test_hosts import AMAZON, DRIVE, GITHUB, GOOGLE, nothing
from tests.sources.web import Web

HOSTS = dict(zip(SOURCES, (DRIVE, GITHUB, GOOGLE, AMAZON), strict=True))
ANSWERS = {"header": web.drip_header, "body": web.drip, "a body, then silence": web.stall}


@pytest.fixture
def internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(deadline, "WINDOW", 0.6)
    monkeypatch.setattr(deadline, "SLOWEST", 200_000)
    monkeypatch.setattr(download, "TIMEOUT", (1, 0.5))
    monkeypatch.setattr(download, "PAUSE", 0)
    with web.serving(tmp_path) as served:
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        yield served


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("where", ["tunnel", *ANSWERS])
def test_a_byte_now_and_then_is_not_enough(internet: Web, source: str, where: str) -> None:
    if where == "tunnel":
        internet.tunnels[HOSTS[source]] = web.drip_header
    else:
        internet.answers[HOSTS[source]] = [ANSWERS[where]]
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"too slow: \d+ bytes in 0\.6 s, expected 120000\.0 or more$"):
        from_source(source, nothing)
    assert time.monotonic() - began < 5


def test_a_slow_source_that_is_fast_enough_has_its_time(internet: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SLOWEST", 1000)
    monkeypatch.setattr(deadline, "LONGEST", 2)
    monkeypatch.setattr(download, "PIECE", 1000)
    internet.answers[GITHUB] = [web.drip]
    with pytest.raises(UnavailableError, match=r"too slow: \d{5} bytes in 2 s, and more to come$"):
        from_source("amplab", nothing)


def test_a_name_that_is_looked_up_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "WINDOW", 0.2)
    stopped = threading.Event()
    with pytest.raises(UnavailableError, match="too slow: 0 bytes"):
        with_deadline(lambda _: stopped.wait(60), nothing)
    stopped.set()


def test_what_was_given_up_ends_at_its_next_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "WINDOW", 0.2)
    ended = threading.Event()

    def drip(progress: Progress) -> None:
        try:
            for so_far in range(1000):
                progress(so_far, None)
                time.sleep(0.05)
        finally:
            ended.set()

    with pytest.raises(UnavailableError, match="too slow: "):
        with_deadline(drip, nothing)
    assert ended.wait(1)


@pytest.mark.parametrize("source", SOURCES)
def test_what_was_given_up_asks_no_more(internet: Web, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TIMEOUT", (1, 1))
    internet.answers[HOSTS[source]] = [web.stall]
    with pytest.raises(UnavailableError, match="too slow: "):
        from_source(source, nothing)
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(5)
    assert len(internet.asked) == 1


def test_each_try_counts_what_it_brings() -> None:
    received = deadline.Received()
    for so_far in (10, 25, 5, 10):  # the second try begins anew
        received.take(so_far, 100)
    assert (received.bytes, received.latest) == (35, (10, 100))


def test_four_that_send_nothing_end_within_three_minutes() -> None:
    assert len(SOURCES) * (WINDOW + 2 * TICK) < 180
    assert len(SOURCES) * TRIES * (TIMEOUT[1] + PAUSE) < 180  # after a little of a body

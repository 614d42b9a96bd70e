"""Lines: questions and answers, to who has the key alone, and for no longer than somebody is at both ends."""

import gc
import os
import socket
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client

import pytest

from stages.workers import lines
from stages.workers.lines import Answer, Lines, listen

HERE = "127.0.0.1"


class Doubler:
    """Somebody who is asked."""

    def double(self, number: int) -> int:
        """Return twice a number."""
        return 2 * number


@pytest.fixture
def doubler() -> Doubler:
    return Doubler()


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """See to it that in the end nobody waits any more."""
    monkeypatch.setattr(lines, "NEAR", 0.2)
    before = threading.active_count()
    yield
    for _ in range(100):
        if threading.active_count() == before:
            return
        gc.collect()
        time.sleep(0.05)
    raise AssertionError(threading.enumerate())


def opened(*doublers: Doubler) -> Lines:
    found = Lines()
    for number, doubler in enumerate(doublers):
        assert found.open(str(number), listen(HERE, found.key, doubler.double))
    return found


def test_each_is_asked_as_often_as_one_likes(doubler: Doubler) -> None:
    to_both = opened(doubler, Doubler())
    with pytest.raises(OSError, match="what was asked is no more"):
        to_both.ask(["1"], 1)[0].result(timeout=5)
    for number in (1, 2):
        assert to_both.ask(["0"], number)[0].result(timeout=5) == 2 * number


def test_what_the_method_raises_is_raised(doubler: Doubler) -> None:
    line = opened(doubler)
    with pytest.raises(TypeError, match="unsupported operand"):
        line.ask(["0"], None)[0].result(timeout=5)
    assert line.ask(["0"], 4)[0].result(timeout=5) == 8


def test_a_line_that_is_cut_is_told(doubler: Doubler) -> None:
    to_both = opened(doubler, doubler)
    with socket.socket(fileno=os.dup(to_both.to["1"].fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
    with pytest.raises(OSError, match="a worker has hung up"):
        Answer(to_both.to["1"]).result(timeout=5)
    with pytest.raises(OSError, match="Broken pipe"):
        to_both.ask(["0", "1"], 7)
    assert Answer(to_both.to["0"]).result(timeout=5) == 14


def test_an_answer_that_is_late(doubler: Doubler) -> None:
    with pytest.raises(TimeoutError):
        Answer(opened(doubler).to["0"]).result(timeout=0.1)


def test_nobody_else_is_answered(doubler: Doubler) -> None:
    address = listen(HERE, b"the key", doubler.double)
    with pytest.raises(lines.AuthenticationError):
        Client(address, authkey=b"another key")
    assert not Lines().open("worker", listen(HERE, b"the key", doubler.double))


def test_who_cannot_be_reached() -> None:
    with socket.create_server((HERE, 0)) as mute:
        assert not Lines().open("worker", mute.getsockname())
    assert not Lines().open("worker", (HERE, 9))


def test_where_nobody_calls(doubler: Doubler) -> None:
    host, port = listen(HERE, b"key", doubler.double)
    with pytest.raises(OSError, match="in use"):
        socket.create_server((host, port))


def test_a_host_that_is_elsewhere(doubler: Doubler) -> None:
    with pytest.raises(OSError, match="assign"):
        listen("192.0.2.1", b"key", doubler.double)

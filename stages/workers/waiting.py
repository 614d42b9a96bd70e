"""Calls that are waited for only so long."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def started(call: Callable[[], T]) -> Future[T]:
    """Let a call begin, in a thread that nobody need await; return what tells of its end."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer


def bounded(call: Callable[[], T], seconds: float) -> T:
    """Return what a call returns; TimeoutError if it takes too long: it stays behind."""
    return started(call).result(timeout=seconds)

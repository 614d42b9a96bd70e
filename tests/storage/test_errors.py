"""An error is one line."""

from stages.storage.errors import DamagedError


def test_a_name_of_several_lines_is_told_in_one() -> None:
    assert str(DamagedError("a\nb\r\nc/images.npy: is  damaged")) == "a b c/images.npy: is  damaged"

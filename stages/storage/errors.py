"""What can go wrong that a user can mend: each error is one line that says what was found, expected, and what to do."""

LONGEST = 2000  # letters of a message


class StageError(Exception):
    """A stage cannot do its work; `exit_code` is how its process ends."""

    exit_code = 1

    def __str__(self) -> str:
        """Return the message, in one line that a terminal shows, whatever a file's name or a word in a file has."""
        line = " ".join(super().__str__().splitlines())[:LONGEST]
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class ParameterError(StageError):
    """A parameter is out of range for these data."""

    exit_code = 2


class UnavailableError(StageError):
    """A file or a source that the stage needs cannot be had, or a place cannot be written to."""

    exit_code = 3


class DamagedError(StageError):
    """Bytes are there, but they are not what they should be."""

    exit_code = 4


class TrainingError(StageError):
    """The descent cannot start, or does not descend."""

    exit_code = 5


class RenderingError(StageError):
    """The video could not be written whole."""

    exit_code = 6

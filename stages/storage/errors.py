"""The errors that a user can fix. A message says what was found, what was expected, and what to do, in one line."""

LONGEST = 2000  # characters of a message


class StageError(Exception):
    """A stage cannot do its work. `exit_code` is the exit code of its process."""

    exit_code = 1

    def __str__(self) -> str:
        """Return the message as one printable line, even if it quotes a file's name or content."""
        line = " ".join(super().__str__().splitlines())[:LONGEST]
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class ParameterError(StageError):
    """A parameter is out of range for these data."""

    exit_code = 2


class UnavailableError(StageError):
    """A file or a source cannot be read, or a file cannot be written."""

    exit_code = 3


class DamagedError(StageError):
    """The data exist, but they are not what they should be."""

    exit_code = 4


class TrainingError(StageError):
    """The descent cannot start, or it diverges."""

    exit_code = 5


class RenderingError(StageError):
    """The video could not be written completely."""

    exit_code = 6

"""How a command starts, before any slow import: with the same settings for everybody, and with enough resources.

A user's settings for libraries are meant for other work. Here they might change bytes or cause a library's own errors.
"""

import errno
import gc
import os
import sys
import warnings

from stages.command.signals import cleanups, end_at_signals

TYPE_CHECKING = False  # importing typing takes longer than all of this
if TYPE_CHECKING:
    from types import TracebackType

UNAVAILABLE, LITTLE_MEMORY = 3, 7  # exit codes
MB = 10**6
NEEDED = {  # by limit: how much is needed, of what, and the exit code with less, when C libraries would crash
    "RLIMIT_AS": (1000 * MB, "bytes of memory", LITTLE_MEMORY),
    "RLIMIT_DATA": (600 * MB, "bytes of memory", LITTLE_MEMORY),
    "RLIMIT_FSIZE": (MB, "bytes in a file", UNAVAILABLE),
    "RLIMIT_NOFILE": (64, "open files", UNAVAILABLE),
}
LIBRARIES = (
    *("AV_", "FREETYPE_", "GOTO_", "IMAGEIO_", "JPEGMEM", "LLVMLITE_", "MATPLOTLIB", "MPL", "NPY_", "NUMBA_", "NUMPY_"),
    *("OPENBLAS_", "OPENCV_", "PANDAS_", "PILLOW_", "SCIPY_", "SEABORN_", "SOURCE_DATE_EPOCH", "TQDM_"),
)
KEPT = {"NUMBA_CACHE_DIR": None, "NUMBA_DISABLE_JIT": "1"}  # with the only value that is kept; None for any
OURS = {
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": f"{__file__.rpartition('command')[0]}drawing/__pycache__",
    "MPL_IGNORE_SYSTEM_FONTS": "1",
    "NETRC": os.devnull,  # no source of images needs a password
    "OPENBLAS_NUM_THREADS": "1",  # it multiplies nothing that takes time
    "OPENCV_LOG_LEVEL": "SILENT",  # what matters is raised as an error
}
MEMORY_WORDS = ("Cannot allocate memory", "failed to map segment", "can't start new thread", "Insufficient memory")


def start() -> None:
    """Let a command be interrupted from now on, also during imports. End it if a limit is too low."""
    end_at_signals()
    gc.disable()  # during imports, which leave no garbage
    warnings.simplefilter("ignore")  # meant for programmers; the tests turn them into errors
    sys.excepthook = end_at_error
    clean_environment()
    check_limits()


def clean_environment() -> None:
    """Remove the variables of libraries from this process, except those that are kept. Set ours."""
    for name in [name for name in os.environ if name.startswith(LIBRARIES)]:
        if name not in KEPT or KEPT[name] not in (None, os.environ[name]):
            del os.environ[name]
    os.environ.update(OURS)


def check_limits() -> None:
    """End this process if its limits are below what it needs."""
    if sys.platform == "win32":
        return
    import resource

    for name, (needed, of_what, code) in NEEDED.items():
        most, _ = resource.getrlimit(getattr(resource, name))
        if most != resource.RLIM_INFINITY and most < needed:
            end(code, f"too few {of_what}: the limit is {most:,}, expected {needed:,} or more ({name}; see ulimit)")


def shortage(error: BaseException | None) -> tuple[int, str]:
    """Return the exit code and the line for a shortage of memory or of open files; 0 for any other error.

    Libraries wrap these errors in their own, so all causes of an error are searched.
    """
    while error:
        number, said = getattr(error, "errno", None), " ".join(str(error).split())
        if isinstance(error, MemoryError) or number == errno.ENOMEM or any(word in said for word in MEMORY_WORDS):
            needed, *_ = NEEDED["RLIMIT_AS"]
            return LITTLE_MEMORY, f"not enough memory ({said[:200] or 'none is left'}), needs {needed:,} bytes or more"
        if number in (errno.EMFILE, errno.ENFILE) or "Too many open files" in said:
            return UNAVAILABLE, "too many open files; see ulimit -n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return 0, ""


def end_at_error(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    """End this process at an error outside `run`, as in an import: at a shortage with one line, others as usual."""
    code, line = shortage(error)
    if code:
        end(code, line)
    sys.__excepthook__(kind, error, trace)


def end(code: int, line: str) -> None:
    """End this process at once, with one line."""
    for clean_up in cleanups:
        clean_up()
    words = sys.orig_argv[1:]
    name = words[words.index("-m") + 1].rpartition(".")[2] if "-m" in words else "stages"
    try:
        os.write(2, f"{name}: {line}\n".encode())
    finally:
        os._exit(code)

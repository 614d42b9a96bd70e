"""How a command starts, before it imports anything that takes time: alike for everybody, and not on too little memory.

What users set for libraries is meant for other work. Here it might change bytes, or end in a library's own words.
"""

import errno
import gc
import os
import sys
import warnings

from stages.command.signals import end_at_signals, last_things

TYPE_CHECKING = False  # to import typing takes longer than all of this
if TYPE_CHECKING:
    from types import TracebackType

UNAVAILABLE, LITTLE_MEMORY = 3, 7  # exit codes
MB = 10**6
NEEDED = {  # of what a process may have: how much, of what, and how it ends with less, where C libraries would crash
    "RLIMIT_AS": (1000 * MB, "bytes of memory", LITTLE_MEMORY),
    "RLIMIT_DATA": (600 * MB, "bytes of memory", LITTLE_MEMORY),
    "RLIMIT_FSIZE": (MB, "bytes in a file", UNAVAILABLE),
    "RLIMIT_NOFILE": (64, "open files", UNAVAILABLE),
}
LIBRARIES = (
    *("AV_", "FREETYPE_", "GOTO_", "IMAGEIO_", "LLVMLITE_", "MATPLOTLIB", "MPL", "NPY_", "NUMBA_", "NUMPY_"),
    *("OPENBLAS_", "OPENCV_", "PANDAS_", "PILLOW_", "SCIPY_", "SEABORN_", "TQDM_"),
)
KEPT = {"NUMBA_CACHE_DIR": None, "NUMBA_DISABLE_JIT": "1"}  # and the value for which alone it is, if not for any
OURS = {
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": f"{__file__.rpartition('command')[0]}drawing/__pycache__",
    "MPL_IGNORE_SYSTEM_FONTS": "1",
    "NETRC": os.devnull,  # no source of images wants a password
    "OPENBLAS_NUM_THREADS": "1",  # nothing that takes time is multiplied by it
    "OPENCV_LOG_LEVEL": "SILENT",  # what matters is raised
}
OF_MEMORY = ("Cannot allocate memory", "failed to map segment", "can't start new thread", "Insufficient memory")


def start() -> None:
    """Let a command be interrupted from here on, also while it imports; end it where it may have too little."""
    end_at_signals()
    gc.disable()  # until all is imported, of which nothing is garbage
    warnings.simplefilter("ignore")  # they are for who writes programs; the tests make errors of them
    sys.excepthook = end_for_want
    set_aside()
    end_with_too_little()


def set_aside() -> None:
    """Take this process's variables for libraries away, but for those that are kept; set ours."""
    for name in [name for name in os.environ if name.startswith(LIBRARIES)]:
        if name not in KEPT or KEPT[name] not in (None, os.environ[name]):
            del os.environ[name]
    os.environ.update(OURS)


def end_with_too_little() -> None:
    """End this process where its limits leave it less than it takes."""
    if sys.platform == "win32":
        return
    import resource

    for name, (needed, of_what, code) in NEEDED.items():
        most, _ = resource.getrlimit(getattr(resource, name))
        if most != resource.RLIM_INFINITY and most < needed:
            end(code, f"too few {of_what}: may have {most:,}, takes {needed:,} or more ({name}, see ulimit)")


def want(error: BaseException | None) -> tuple[int, str]:
    """Return how a command ends for want of memory, or of files that it may open: exit code and line; else 0.

    Libraries wrap that in errors of their own: so it is looked for in all that an error comes from.
    """
    while error:
        number, said = getattr(error, "errno", None), " ".join(str(error).split())
        if isinstance(error, MemoryError) or number == errno.ENOMEM or any(word in said for word in OF_MEMORY):
            needed, *_ = NEEDED["RLIMIT_AS"]
            return LITTLE_MEMORY, f"not enough memory ({said[:200] or 'none is left'}), takes {needed:,} bytes or more"
        if number in (errno.EMFILE, errno.ENFILE) or "Too many open files" in said:
            return UNAVAILABLE, "too many open files; see ulimit -n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return 0, ""


def end_for_want(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    """End this process for want of something, as where an import meets it; for any other error as Python does."""
    code, line = want(error)
    if code:
        end(code, line)
    sys.__excepthook__(kind, error, trace)


def end(code: int, line: str) -> None:
    """End this process at once, with one line."""
    for do in last_things:
        do()
    words = sys.orig_argv[1:]
    name = words[words.index("-m") + 1].rpartition(".")[2] if "-m" in words else "stages"
    try:
        os.write(2, f"{name}: {line}\n".encode())
    finally:
        os._exit(code)

"""A program that asks the server beside it for a process like itself, and is that process's stand-in until it ends.

Where the process would differ from one that starts from nothing, this becomes such a one.
"""

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

# what Python and libraries read once, when they begin
AT_IMPORT = ("NUMBA_CPU_", "NPY_", "OMP_", "OPENBLAS_", "MPL", "DASK_CONFIG", "GLIBC_", "LD_PRELOAD", "PYTHON")
MODULES = ("stages", "report", "show", "classify", "dask", "tests")
PASSED_ON = {number: number for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT)}
PASSED_ON |= {signal.SIGTSTP: signal.SIGSTOP}  # which nobody can catch
HERE = Path(__file__).parent


def module_and_words() -> tuple[str, list[str]]:
    """Return the module that is to be run, if the server has what it imports, and its words."""
    words = sys.argv[1:]
    if Path(__file__).name == "dvc":
        return "dvc", words
    if len(words) > 1 and words[0] == "-m" and words[1].partition(".")[0] in MODULES:
        return words[1], words[2:]
    return "", words


def as_imported() -> bool:
    """Tell whether libraries would be imported as the server has imported them."""
    known = json.loads((HERE / "environment.json").read_text()) | {"PYTHONPATH": os.environ.get("PYTHONPATH")}
    return all(known.get(name) == os.environ.get(name) for name in known | os.environ if name.startswith(AT_IMPORT))


def ask(module: str, words: list[str]) -> int:
    """Let the server fork; pass signals on; return how the process ended."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.connect(str(HERE / "server"))
        wish = json.dumps([module, words, str(Path.cwd()), dict(os.environ)])
        socket.send_fds(server, [wish.encode()], [0, 1, 2])
        for number in PASSED_ON:
            signal.signal(number, lambda number, _: server.send(bytes([PASSED_ON[number]])))
        return int(server.recv(9))


def end(code: int) -> None:
    """End as the process did: with its code, or by its signal."""
    if code < 0:
        with suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


module, words = module_and_words()
if module and as_imported():
    end(ask(module, words))
real = Path(sys.executable).with_name(Path(__file__).name)
os.execv(real, [real, *sys.argv[1:]])

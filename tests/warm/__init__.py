"""`dvc`, the stages, Dask and what else tests start, forked from a process that has already imported what they import.

A pipeline is fifteen processes, whose imports take most of its time on the sample. That a stage starts from nothing is
for `stage_process`, and for `make reproduce`.
"""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = ("dvc", "python")


def start(environment: Mapping[str, str]) -> str:
    """Start a process that forks others, until this one ends; return a folder with the programs that ask it to."""
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    atexit.register(shutil.rmtree, folder)  # after the server's end
    command = [sys.executable, str(HERE / "server.py"), str(folder)]
    server = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(server.communicate)  # it ends where it can read no more
    assert server.stdout
    assert server.stdout.readline() == b"listens\n"
    (folder / "environment.json").write_text(json.dumps(dict(environment)))
    for name in PROGRAMS:
        (folder / name).write_text(f"#!{sys.executable} -IS\n{(HERE / 'client.py').read_text()}")
        (folder / name).chmod(0o755)
    return str(folder)

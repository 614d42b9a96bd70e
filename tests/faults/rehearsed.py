"""Run a stage once elsewhere, stop, and run it again: the system calls after the stop are its own, not of imports."""

import contextlib
import importlib
import io
import os
import shutil
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path

from stages.command.process import run
from stages.command.signals import end_at_signals

if __name__ == "__main__":
    _, module, *words = sys.argv
    sys.argv[0] = f"{module.replace('.', '/')}.py"
    stage = importlib.import_module(module).main
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.chdir(shutil.copytree(".", Path(folder, "here"))))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stage(words)
    end_at_signals()
    os.kill(os.getpid(), signal.SIGSTOP)
    run(partial(stage, words))

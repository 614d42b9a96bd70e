"""Whether the metrics are of what is here: after a stage that failed they may be those of an earlier run."""

import json
import subprocess
import sys

from stages.storage.errors import UnavailableError

EVALUATE = "evaluate"  # the stage that writes the metrics; those behind it do not count


def stages_to_run() -> set[str]:
    """Return the stages up to the metrics that have not run with the code, the data and the parameters that are here.

    Raises UnavailableError where DVC cannot say.
    """
    status = [sys.executable, "-m", "dvc", "status", "--json", "--with-deps", EVALUATE]
    result = subprocess.run(status, capture_output=True, text=True, check=False)
    if result.returncode:
        last = (result.stderr.strip() or "it says nothing").splitlines()[-1]
        raise UnavailableError(f"dvc status failed: {last}")
    return {stage.partition("@")[0] for stage in json.loads(result.stdout)}


def check_of_this_run() -> None:
    """Raise UnavailableError where the metrics are of an earlier run."""
    if stages := stages_to_run():
        named = ", ".join(sorted(stages))
        raise UnavailableError(f"metrics/: are of an earlier run, these stages have to run: {named}; run 'dvc repro'")

"""Check that the metrics are up to date: after a stage has failed, they may belong to an earlier run."""

import json
import subprocess
import sys

from report.results import reason
from stages.storage.errors import UnavailableError

EVALUATE = "evaluate"  # the stage that writes the metrics; later stages do not count


def stages_to_run() -> set[str]:
    """Return the stages, up to the metrics, that have not yet run with the present code, data and parameters.

    Raises UnavailableError if DVC fails, DamagedError if a file that it reads is damaged.
    """
    from report.dvc_files import check_files  # imported here, because it is not always needed and imports slowly

    check_files()
    status = [sys.executable, "-m", "dvc", "status", "--json", "--with-deps", EVALUATE]
    result = subprocess.run(status, capture_output=True, text=True, check=False)
    if result.returncode:
        raise UnavailableError(f"dvc status failed: {reason(result.stderr)}")
    return {stage.partition("@")[0] for stage in json.loads(result.stdout)}


def check_of_this_run() -> None:
    """Raise UnavailableError if the metrics belong to an earlier run."""
    if stages := stages_to_run():
        named = ", ".join(sorted(stages))
        raise UnavailableError(f"metrics/: from an earlier run; still to run: {named}. Run 'dvc repro'")

"""The code that is sent to workers: they need the packages of this project, and no clone of it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

STAGES = Path(__file__).parents[1]
ROOMS = ("core", "storage", "workers")  # what a worker runs


def packed() -> bytes:
    """Return the source of the rooms that a worker runs, as a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [STAGES / "__init__.py", *(path for room in ROOMS for path in (STAGES / room).glob("[!.]*.py"))]:
            archive.write(path, path.relative_to(STAGES.parent))
    return content.getvalue()


def installer(archive: bytes) -> Callable[..., str]:
    """Return a function that, on a worker, sees to it that there is this code; it returns the digest of what there is.

    Code that a worker found by itself, in a clone, it keeps; code that was sent before it exchanges, unless somebody
    trains with it. Dask sends a function within a function as it is, to where this project may be unknown.
    """

    def install(digest: str) -> str:
        import importlib
        import io
        import sys
        import zipfile
        from pathlib import Path

        from distributed import get_worker

        folder = get_worker().local_directory
        place = Path(folder, f"code-{digest}")
        try:
            share = importlib.import_module("stages.workers.share")
            sent = Path(str(share.__file__)).is_relative_to(folder)
            if digest == share.CODE or not sent or share.in_use:
                return str(share.CODE)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "stages":
                raise
        for name in [name for name in sys.modules if name.partition(".")[0] == "stages"]:
            del sys.modules[name]
        zipfile.ZipFile(io.BytesIO(archive)).extractall(place)
        sys.path.insert(0, str(place))
        importlib.invalidate_caches()
        return str(importlib.import_module("stages.workers.share").CODE)

    return install

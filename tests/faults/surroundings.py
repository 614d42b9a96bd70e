"""What users have set for other programs, which may change nothing, and what their machines allow.

Whatever is made here is made below the folder that the stage runs in.
"""

import random
import resource
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.helpers import ROOT

Environment = Mapping[str, str]
RC = ["text.hinting: none", "text.color: red", "axes.linewidth: 9", "font.size: 30", "lines.linewidth: 9", "backend: x"]
RC += ["axes.prop_cycle: cycler('color', ['r'])", "image.cmap: hot", "figure.dpi: 30", "path.simplify: True", "words"]
RC += ["font.family: serif", "axes.formatter.use_locale: True", "\udcff", "interactive: True", "savefig.dpi: 7"]
PLACES = {  # of a matplotlibrc, and the variables for which it is read there
    ".": {},
    "mine": {"MATPLOTLIBRC": "mine/matplotlibrc"},
    "config": {"MPLCONFIGDIR": "config"},
    "home/.config/matplotlib": {"HOME": "home", "XDG_CONFIG_HOME": ""},
    "xdg/matplotlib": {"XDG_CONFIG_HOME": "xdg", "XDG_CACHE_HOME": "xdg"},
}
LIBRARIES = {  # the variables that they read, less how these begin
    "NUMBA_": (
        "NUM_THREADS COLOR_SCHEME OPT CPU_NAME DEBUG CPU_FEATURES BOUNDSCHECK THREADING_LAYER DISABLE_JIT "
        "CACHE_LOCATOR_CLASSES DUMP_IR FUNCTION_CACHE_SIZE DEVELOPER_MODE CAPTURED_ERRORS"
    ),
    "NPY_": "DISABLE_CPU_FEATURES ENABLE_CPU_FEATURES PROMOTION_STATE",
    "NUMPY_": "MADVISE_HUGEPAGE",
    "OPENBLAS_": "CORETYPE VERBOSE NUM_THREADS",
    "OMP_": "NUM_THREADS",
    "OPENCV_": "IO_MAX_IMAGE_PIXELS LOG_LEVEL CPU_DISABLE OPENCL_RUNTIME FOR_THREADS_NUM",
    "LC_": "ALL",
    "FREETYPE_": "PROPERTIES",
    "PILLOW_": "BLOCK_SIZE ALIGNMENT",
    "SCIPY_": "ARRAY_API",
    "PANDAS_": "COPY_ON_WRITE FUTURE_INFER_STRING",
    "IMAGEIO_": "FORMAT_ORDER USERDIR",
    "TQDM_": "MININTERVAL DISABLE",
    "SEABORN_": "DATA",
    "SOURCE_": "DATE_EPOCH",
    "LLVMLITE_": "ENABLE_IR_LAYER_TYPED_POINTERS",
    "": "MPLBACKEND MPLCONFIGDIR MATPLOTLIBRC TZ LANG PYTHONWARNINGS PYTHONDEVMODE PYTHONHASHSEED PYTHONOPTIMIZE NETRC",
}
VARIABLES = [f"{begin}{rest}" for begin, rests in LIBRARIES.items() for rest in rests.split()]
VALUES = [
    "",
    "0",
    "1",
    "-1",
    "nonsense",
    "abc",
    "generic",
    "True",
    "/proc/nowhere",
    "error",
    "AVX2",
    "DEBUG",
    "10**400",
]
VALUES += ["truetype:interpreter-version=35"]
PYTHONS_OWN = {"PYTHONHASHSEED": "7", "PYTHONWARNINGS": "error"}  # other values Python itself refuses, or speaks of
CUSTOM = """\
import matplotlib, numpy, pandas, seaborn
numpy.set_printoptions(precision=1, legacy="1.13", threshold=1, suppress=True)
pandas.set_option("display.precision", 1, "display.float_format", "{:.1f}".format)
seaborn.set_theme(style="dark", palette="hls", font_scale=3)
matplotlib.rcParams.update({"text.color": "red", "axes.linewidth": 9, "text.hinting": "none"})
"""
LIMITS = {  # what a process may have: from how much on Python itself starts, and what a command takes; how it ends
    resource.RLIMIT_AS: ((60 * 10**6, 10**9), 7, "bytes of memory"),
    resource.RLIMIT_DATA: ((60 * 10**6, 600 * 10**6), 7, "bytes of memory"),
    resource.RLIMIT_NOFILE: ((8, 64), 3, "open files"),
}


def matplotlibrc(folder: Path, rng: random.Random) -> Environment:
    """Write lines that change what is drawn, and some that are none."""
    place = rng.choice(list(PLACES))
    (folder / place).mkdir(parents=True, exist_ok=True)
    text = "\n".join(rng.sample(RC, rng.randint(1, len(RC))))
    (folder / place / "matplotlibrc").write_bytes(text.encode("utf-8", "surrogateescape"))
    return PLACES[place]


def variables(_: Path, rng: random.Random) -> Environment:
    """Set some of the variables that libraries read."""
    names = rng.sample(VARIABLES, rng.randint(1, 9))
    chosen = {name: rng.choice(VALUES) for name in names}
    chosen |= {name: value for name, value in PYTHONS_OWN.items() if name in names}
    return {name: value for name, value in chosen.items() if (name, value) != ("NUMBA_DISABLE_JIT", "1")}


def numbas_file(folder: Path, rng: random.Random) -> Environment:
    """Write numba's own file of settings."""
    lines = ["num_threads: 0", "opt: nonsense", "dump_ir: 1", "disable_jit: 1", "- x", "color_scheme: x", "debug: 1"]
    (folder / ".numba_config.yaml").write_text("\n".join(rng.sample(lines, rng.randint(1, 3))))
    return {}


def customised(folder: Path, _: random.Random) -> Environment:
    """Let Python begin with settings of how numbers are printed and pictures drawn."""
    (folder / "custom").mkdir()
    (folder / "custom/sitecustomize.py").write_text(CUSTOM)
    return {"PYTHONPATH": f"custom:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}


SETTINGS: dict[str, Callable[[Path, random.Random], Environment]] = {
    "a matplotlibrc": matplotlibrc,
    "variables of libraries": variables,
    "a file of numba's": numbas_file,
    "a sitecustomize": customised,
}

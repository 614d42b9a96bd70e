"""Write one page with the metrics, the charts, the pictures and the film: `make show`.

The page holds all that it shows and asks for nothing: it opens from the file system, without a network.
"""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGE = Path("show.html")
TEMPLATES = Path(__file__).parent
VEGA_LITE = "v5.20"
KINDS = {".png": "image/png", ".gif": "image/gif", ".mp4": "video/mp4"}
PICTURES = ["accuracy", "confusion_matrix", "cost", "weights", "predictions", "mistakes", "samples"]


def embedded(path: Path) -> str:
    """Return a file as a data URI, nothing if it is not there."""
    if not path.exists():
        return ""
    return f"data:{KINDS[path.suffix]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def read_json(path: str) -> Any:
    """Return what a metrics file holds."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def charts() -> dict[str, str]:
    """Return DVC's charts as SVG, by name."""
    printed = subprocess.run(["dvc", "plots", "show", "--json"], capture_output=True, text=True, check=True).stdout
    plots = json.loads(printed)["data"]
    return {name: chart(plot[0]["content"]) for name, plot in plots.items() if plot[0]["type"] == "vega"}


def chart(content: Any) -> str:
    """Return one chart as SVG."""
    svg: str = vl_convert.vegalite_to_svg(content, vl_version=VEGA_LITE)
    return svg


def page() -> str:
    """Return the page."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("show.html.jinja").render(
        data=read_json("metrics/data.json"),
        ova=read_json("metrics/ova.json"),
        digits=read_json("metrics/digits.json"),
        charts=charts(),
        pictures={name: embedded(Path("plots", f"{name}.png")) for name in PICTURES},
        film=embedded(Path("plots/predictions.mp4")),
        animation=embedded(Path("plots/predictions.gif")),
    )


def main() -> None:
    """Write the page, and print where it is."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.absolute())


if __name__ == "__main__":
    main()

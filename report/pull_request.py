"""Print what a change does to the model, as Markdown for a pull request."""

import os
import subprocess
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report import comparison, noise, tables
from report.markdown import code, cut, fenced, shown
from stages.command.flags import Parser
from stages.command.process import run

TEMPLATES = Path(__file__).parent
METRICS = ["metrics/data.json", "metrics/ova.json", "metrics/digits.json"]
ANSWERS = "metrics/answers.txt"
PAIRS = 5  # pairs of classes that are shown, of those confused more often and of those confused less often


def complaint(at_work: bool, made: bool) -> str:
    """Return the errors of the first failed check of the results, or an empty text if all pass.

    at_work: there are uncommitted changes, so the results need not be committed yet. made: all files are as dvc.lock
    says, so dvc.lock cannot be stale.
    """
    for check in [".ci/check-results"] * (not at_work) + [".ci/check-lock"] * (not made):
        result = subprocess.run([check], capture_output=True, text=True, check=False)
        if result.returncode:
            return result.stderr.rstrip()
    return ""


def everything_is_here() -> bool:
    """Tell whether all files are here as dvc.lock says."""
    try:
        comparison.printed_by("dvc", "status", "--quiet")
    except comparison.CommandError:
        return False
    return True


def place() -> str:
    """Return the start of the address of a commit's files on GitHub, or an empty text outside GitHub."""
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    return f"{server}/{repository}/blob" if server and repository else ""


def folder() -> str:
    """Return this project's folder in its repository: an empty text for the root, else a path with a slash behind."""
    return comparison.printed_by("git", "rev-parse", "--show-prefix")


def report(name: str) -> str:
    """Return the report against a commit, by any of its names."""
    base = comparison.base_of(name)
    data, ova, digits = comparison.metrics(base, METRICS)
    uncommitted = comparison.uncommitted()  # after the files have been read: git would read one of a terabyte whole
    answers, parameters = comparison.answers(base, ANSWERS), comparison.parameters(base)
    made = everything_is_here()  # after the others have read their files: DVC would wait forever for a named pipe
    right = noise.right_answers(*answers) if answers else None
    models = max(len({name.rpartition(".")[0] for name in digits}), 1)
    confusions = sorted(noise.confusions(*answers) if answers else [], key=lambda pair: pair.change)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"code": code, "fenced": fenced, "shown": shown}
    text = environment.get_template("pull_request.md.jinja").render(
        name=name,
        base=base,
        head=comparison.commit_of("HEAD"),
        place=place(),
        folder=folder(),
        uncommitted=uncommitted,
        complaint=complaint(bool(uncommitted), made),
        made=made,
        tables=tables,
        parameters=parameters,
        data=comparison.where_differing(data),
        metrics=comparison.where_differing(ova),
        digits=comparison.where_differing(digits),
        right=right,
        confidence=f"{100 - 100 * noise.NOISE / models:g}",
        findings=noise.accuracies(ova, data, noise.NOISE) | ({"accuracy": noise.by_p(right.p)} if right else {}),
        findings_of_digits=noise.digits(*answers) if answers else noise.accuracies(digits, data, noise.NOISE / models),
        more=[pair for pair in reversed(confusions) if pair.change > 0][:PAIRS],
        less=[pair for pair in confusions if pair.change < 0][:PAIRS],
        pictures=comparison.pictures(base, "plots"),
    )
    return cut(text)


def main() -> None:
    """Print the report."""
    parser = Parser(__doc__)
    parser.prog = "python -m report.pull_request"
    parser.add_argument("base", metavar="BASE", help="the commit to compare with: a branch, a tag, a hash")
    print(report(parser.parse_args().base), end="")


if __name__ == "__main__":
    run(main)

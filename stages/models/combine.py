"""Combines the models of the classes into one record."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stages.models.records import DigitModel, OneVsAll, digit_path, read_digit_model
from stages.storage.errors import DamagedError
from stages.storage.files import paths_in


def read_digit_models(folder: Path, digits: Sequence[int]) -> list[DigitModel]:
    """Return the models of these digits in a folder. Raise DamagedError unless all exist and belong together."""
    check_names(folder, digits)
    models = [read_digit_model(folder, digit) for digit in digits]
    described = [training_facts(model) for model in models]
    usual = max(described, key=described.count)
    for model, found in zip(models, described, strict=True):
        odd = [key for key in usual if found[key] != usual[key]]
        if odd:
            with_what = f"{odd[0]} {found[odd[0]]}, expected {usual[odd[0]]}"
            raise DamagedError(f"{digit_path(folder, model.digit)}: was trained with {with_what}; run 'dvc repro'")
    return models


def training_facts(model: DigitModel) -> dict[str, object]:
    """Return what all models must have in common: the digest of the set, its width, and the settings."""
    digest = model.training_set.tobytes().hex()
    same = {"features": model.features, "columns": model.weights.size, "the set": digest[:16]}
    return same | model.settings._asdict()


def check_names(folder: Path, digits: Sequence[int]) -> None:
    """Raise DamagedError if a folder lacks a model of these digits or has another file."""
    found = {path.stem for path in paths_in(folder, "[!.]*")}
    wrong = found.symmetric_difference(map(str, digits))
    if wrong:
        name = min(wrong)
        there, do = ("an extra model", "remove it") if name in found else ("no model", "run 'dvc repro'")
        raise DamagedError(
            f"{folder / name}.npy: found {there}, expected only those of {', '.join(map(str, digits))}; {do}"
        )


def combine(models: Sequence[DigitModel], names: Sequence[str]) -> OneVsAll:
    """Return models as one, in the order of their names, with the iterations that each kept or had ended before."""
    kept = np.unique(np.concatenate([model.kept_at for model in models]))
    known = [np.isin(kept, model.kept_at) | (kept > model.kept_at[-1]) for model in models]
    kept = kept[np.all(known, axis=0)]
    rows = [np.searchsorted(model.kept_at, kept, side="right") - 1 for model in models]
    iterations = [model.cost_history.size for model in models]
    longest = max(iterations)
    return OneVsAll(
        weights=np.stack([model.weights for model in models], axis=1),
        bias=np.array([model.bias for model in models]),
        costs=np.stack([np.pad(m.cost_history, (0, longest - m.cost_history.size), mode="edge") for m in models]),
        iterations=np.array(iterations),
        ended=np.array([model.ended for model in models]),
        kept_at=kept,
        weights_history=np.stack([m.weights_history[row] for m, row in zip(models, rows, strict=True)], axis=1),
        bias_history=np.stack([m.bias_history[row] for m, row in zip(models, rows, strict=True)], axis=1),
        features=models[0].features,
        training_set=models[0].training_set,
        settings=models[0].settings,
        classes=tuple(names),
        scale=models[0].scale,
    )

"""The stages' command lines: each flag's range, one line an error, the exit codes."""

import argparse
import re
from collections.abc import Callable

import pytest

from stages.command.flags import (
    above_zero,
    below_one,
    fraction,
    frame_rate,
    iterations,
    join_negative_values,
    label,
    seed,
    shown,
    whole_above_zero,
    zero_or_more,
)
from tests.helpers import ROOT, SPLIT_FLAGS, TRAIN_FLAGS, VIDEO_FLAGS, Run, finished, flags_of, refused

STAGES = ["fetch", "normalize_split", "train_digit", "combine_ova", "evaluate", "render_video"]
SHARE = "must be a number between 0 and 1, or 'own'"
ABOVE_0 = "must be a finite number above 0"
ITERATIONS = "must be a whole number from 1 to 1000000000"
WHOLE = "must be a whole number above 0"


@pytest.mark.parametrize(
    ("name", "flags", "flag", "wanted", "values"),
    [
        ("train_digit", TRAIN_FLAGS, "alpha", ABOVE_0, ["0", "-1", "nan", "inf", "-inf", "fast"]),
        ("train_digit", TRAIN_FLAGS, "max_iter", ITERATIONS, ["0", "-5", "10.5", "1e3", "many", "1" * 20]),
        ("train_digit", TRAIN_FLAGS, "rmse_threshold", "must be a finite number, 0 or more", ["-1e-5", "nan", "None"]),
        ("train_digit", TRAIN_FLAGS, "momentum", "must be a number from 0 to below 1", ["1", "-0.1", "nan"]),
        ("train_digit", TRAIN_FLAGS, "l2", "must be a finite number, 0 or more", ["-0.1", "inf", "some"]),
        ("train_digit", TRAIN_FLAGS, "batch", "must be a whole number from 0 to 1000000000", ["-1", "0.5", "all"]),
        ("train_digit", TRAIN_FLAGS, "digit", "must be a whole number from 0 to 255", ["256", "-1", "three"]),
        ("normalize_split", SPLIT_FLAGS, "test_size", SHARE, ["0", "1", "1.5", "-0.2"]),
        ("normalize_split", SPLIT_FLAGS, "seed", "must be a whole number from 0 to 4294967295", ["-1", "4294967296"]),
        ("render_video", VIDEO_FLAGS, "examples", WHOLE, ["0", "2.5"]),
        ("render_video", VIDEO_FLAGS, "fps", "must be a number from 0.1 to 50", ["0", "-2", "0.001", "60", "nan"]),
    ],
)
def test_a_wrong_parameter_is_one_line_and_exit_code_2(
    stage: Run, name: str, flags: dict[str, str], flag: str, wanted: str, values: list[str]
) -> None:
    for value in values:
        result = stage(name, *flags_of(flags, **{flag: value}))
        assert result.returncode == 2
        assert result.stderr == f"{name}: --{flag}: {wanted}, got {value}\n"


@pytest.mark.parametrize(
    ("kind", "allowed", "refused"),
    [
        (above_zero, ["5e-324", "1e308"], ["0", "-5e-324"]),
        (zero_or_more, ["0", "-0.0", "0.5", "2"], ["-5e-324"]),
        (below_one, ["0", "0.5", "0.9999999999999999"], ["-5e-324", "1"]),
        (fraction, ["5e-324", "0.9999999999999999"], ["0", "1"]),
        (whole_above_zero, ["1", "2"], ["0"]),
        (iterations, ["1", "2", "1000000000"], ["0", "1000000001"]),
        (frame_rate, ["0.1", "0.5", "1", "50"], ["0.09999999999999999", "50.00000000000001"]),
        (seed, ["0", "1", "4294967295"], ["-1", "4294967296"]),
        (label, ["0", "1", "255"], ["-1", "256"]),
    ],
)
def test_each_range_has_its_ends(kind: Callable[[str], float], allowed: list[str], refused: list[str]) -> None:
    assert [kind(value) for value in allowed] == [float(value) for value in allowed]
    for value in refused:
        with pytest.raises(argparse.ArgumentTypeError, match=f", got {value}$"):
            kind(value)


def test_minus_zero_is_zero_to_the_bit() -> None:
    assert [str(zero_or_more("-0.0")), str(below_one("-0")), str(label("-0"))] == ["0.0", "0.0", "0"]


@pytest.mark.parametrize(("name", "flags"), [("train_digit", TRAIN_FLAGS), ("render_video", VIDEO_FLAGS)])
def test_two_dashes_are_no_value(stage: Run, name: str, flags: dict[str, str]) -> None:
    for flag in flags:
        result = stage(name, *flags_of(flags, **{flag: "--"}))
        assert (result.returncode, result.stderr) == (2, f"{name}: --{flag}: must be a value, got --\n")


def test_a_value_is_shown_whole_up_to_sixty_letters() -> None:
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == f"{'x' * 60}... (61 characters)"


@pytest.mark.parametrize("digits", [309, 400, 5000])
def test_a_number_of_many_digits_is_one_short_line(stage: Run, digits: int) -> None:
    for name, flags, flag in [
        ("train_digit", TRAIN_FLAGS, "max_iter"),
        ("train_digit", TRAIN_FLAGS, "digit"),
        ("normalize_split", SPLIT_FLAGS, "seed"),
        ("render_video", VIDEO_FLAGS, "examples"),
    ]:
        result = stage(name, *flags_of(flags, **{flag: "9" * digits}))
        assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
        assert result.stderr.endswith(f", got {'9' * 60}... ({digits} characters)\n")


def test_a_negative_value_in_a_word_of_its_own_is_a_value(stage: Run) -> None:
    result = stage("train_digit", *flags_of(TRAIN_FLAGS)[:-1], "--l2", "-inf")
    assert result.stderr.endswith(", got -inf\n")


def test_a_sign_belongs_to_the_flag_before_it_and_a_word_to_none() -> None:
    words = ["-1", "--alpha", "-inf", "--digit", "-3", "5", "-5", "--help", "--seed"]
    assert join_negative_values(words) == ["-1", "--alpha=-inf", "--digit=-3", "5", "-5", "--help", "--seed"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seed=7"], "--seed: given 2 times, expected once"),
        (["--seed", "7", "--seed", "8"], "--seed: given 3 times, expected once"),
        (["--help"], "--help: given with other flags, expected alone; is 'help' a key in params.yaml?"),
        (["--help", "--help"], "--help: given 2 times, expected once"),
        (["0.5", "more\n\nlines"], "unrecognized arguments: 0.5 more lines"),
        (
            ["--se\ned"],
            "--se ed: no such flag, expected "
            "--features, --help, --labels, --names, --seed, --stratified, --test_size, --validation_size",
        ),
    ],
)
def test_words_that_are_too_many_are_refused_in_one_line(stage: Run, words: list[str], said: str) -> None:
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS), *words)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"normalize_split: {said}\n")


@pytest.mark.parametrize(("value", "shown"), [("0.1\n0.2", "0.1 0.2"), ("", "nothing"), (" \n", "nothing")])
def test_a_value_of_several_lines_or_none_is_shown_in_one(stage: Run, value: str, shown: str) -> None:
    assert stage("train_digit", *flags_of(TRAIN_FLAGS, alpha=value)).stderr.endswith(f", got {shown}\n")


@pytest.mark.parametrize("method", ["barzilai_borwein", "lbfgs"])
@pytest.mark.parametrize(("name", "value"), [("momentum", "0.9"), ("batch", "128")])
def test_a_setting_with_a_method_that_has_none_is_refused(stage: Run, method: str, name: str, value: str) -> None:
    result = stage("train_digit", *flags_of(TRAIN_FLAGS, method=method, **{name: value}))
    assert result.returncode == 2
    assert result.stderr == f"train_digit: --{name}: must be 0 with the method {method}, got {value}\n"


def test_sgd_without_a_batch_is_refused(stage: Run) -> None:
    result = stage("train_digit", *flags_of(TRAIN_FLAGS, method="sgd"))
    assert result.returncode == 2
    assert result.stderr == "train_digit: --batch: must be 1 or more with the method sgd, got 0\n"


@pytest.mark.parametrize("name", STAGES)
def test_an_unknown_flag_is_an_error(stage: Run, name: str) -> None:
    refused(stage(name, "--alfa", "1"), 2, "--alfa: ")


@pytest.mark.parametrize(
    ("name", "words", "named"),
    [
        ("combine_ova", ["--help", "7"], "--help: "),
        ("train_digit", flags_of(TRAIN_FLAGS, method="newton"), "--method: "),
        ("train_digit", ["--max_iter", *flags_of(TRAIN_FLAGS)], "--max_iter: "),  # as DVC passes `true` on
        ("train_digit", [flag.replace("alpha", "alhpa") for flag in flags_of(TRAIN_FLAGS)], "--alhpa: "),  # not --alpha
        ("train_digit", flags_of(TRAIN_FLAGS)[:-1], "--l2"),  # which is missing
    ],
)
def test_a_wrong_line_is_refused_by_the_flag_that_is_wrong(stage: Run, name: str, words: list[str], named: str) -> None:
    refused(stage(name, *words), 2, named)


@pytest.mark.parametrize("name", STAGES)
def test_help_says_how_it_is_called_and_what_it_does(name: str) -> None:
    result = finished(ROOT, "python", "-m", f"stages.{name}", "--help")
    assert result.returncode == 0
    assert re.match(rf"usage: python -m stages\.{name} .*\n\n[A-Z].*\.\n", result.stdout, re.DOTALL)


@pytest.mark.parametrize(
    ("name", "flags", "missing"),
    [
        ("normalize_split", flags_of(SPLIT_FLAGS), "data/mnist/SHA256SUMS"),
        ("train_digit", flags_of(TRAIN_FLAGS), "data/train/SHA256SUMS"),
        ("evaluate", [], "data/models/ova.npy"),
        ("render_video", flags_of(VIDEO_FLAGS), "data/models/ova.npy"),
    ],
)
def test_a_missing_input_is_named(stage: Run, name: str, flags: list[str], missing: str) -> None:
    refused(stage(name, *flags), 4, f"{missing}: ")

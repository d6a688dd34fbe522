"""`python -m shapecheck MODEL`: the table of a file is Keras's, and that of load_model(); what is said of the file is right."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tinyseq
from shapecheck import check_file
from shapecheck.__main__ import main
from shapecheck.findings import FileReport
from shapecheck.layers.families import PLACES
from shapecheck.report import guide
from tests.saving import call_cases

ORACLE = Path(__file__).parents[1] / "oracle"
KERAS: dict[str, Any] = json.loads((ORACLE / "model_files.json").read_text(encoding="utf-8"))
"""The rows that Keras 3.15 has of each file."""
ARCHIVES = ("model_files.zip", "keras_files.zip", "old_files.zip")


@cache
def archive(name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(ORACLE / name)


def members() -> list[tuple[str, str]]:
    found = [(zipped, name) for zipped in ARCHIVES for name in archive(zipped).namelist()]
    models = [(zipped, name) for zipped, name in found if name.endswith((".keras", ".h5", ".json")) and not name.endswith(".weights.h5")]
    return [(zipped, name) for zipped, name in models if name != "refused.json"]  # what Keras said of files that it could not write


FILES = [pytest.param(zipped, name, id=name) for zipped, name in members()]
LOADED = [pytest.param(zipped, name, id=name) for zipped, name in members() if zipped != "model_files.zip"]


def unpacked(zipped: str, name: str, folder: Path) -> str:
    path = folder / name
    path.write_bytes(archive(zipped).read(name))
    return str(path)


def checked(path: str) -> FileReport:
    (report,) = check_file(path).files
    return report


def facts(report: FileReport) -> dict[str, str]:
    return dict(report.facts)


def row(one: Any) -> list[Any]:
    return [guide.SHOWN_CLASSES.get(one.class_name, one.class_name), [list(shape.dims or ()) for shape in one.outputs], one.params]


@pytest.mark.parametrize("zipped, name", [pytest.param(zipped, name, id=name) for zipped, name in members() if name in KERAS])
def test_every_row_is_that_of_keras(zipped: str, name: str, tmp_path: Path) -> None:
    """Name, class, output shapes and parameters of each layer, and the totals; a layer without a rule is unknown, and said to be."""
    report = checked(unpacked(zipped, name, tmp_path))
    (stack,) = report.stacks
    table = stack.table
    sequential = type(stack.graph).__name__ == "Sequential"
    ours = {one.name: one for one in table.once if not (sequential and one.class_name == "InputLayer")}
    theirs = {layer: [kind, shapes, params] for layer, kind, shapes, params in KERAS[name]["rows"]}
    if zipped == "keras_files.zip":  # which is recorded again for each new layer: then Keras's automatic names are others
        assert sorted(map(str, map(row, ours.values()))) == sorted(map(str, theirs.values()))
        return
    assert ours.keys() == theirs.keys()
    without = [layer for layer, (kind, _, _) in theirs.items() if "unknown" in ours[layer].verdict and kind in WITHOUT_RULE]
    for layer, expected in theirs.items():
        assert layer in without or (row(ours[layer]) == expected and ours[layer].verdict == "proved")
    assert bool(without) == any("is not one of Keras's" in finding.words for finding in report.findings)
    if not without:
        assert (table.params, table.trainable_params) == (KERAS[name]["params"], KERAS[name]["trainable"])


WITHOUT_RULE = ("EinsumDense", "GroupedQueryAttention", "HashedCrossing")
"""Classes of Keras in the recorded files for which there may be no rule."""


def test_the_recorded_files_have_every_class_with_a_rule() -> None:
    """In Keras 3 there is no file with the other ones: a Lambda is code, the last three are of Keras 2."""
    found = {kind for file in KERAS.values() for _, kind, _, _ in file["rows"]}
    for zipped, name in members():  # layers inside other layers, which have no row: cells, and Equalization
        if name.endswith(".keras"):
            with zipfile.ZipFile(io.BytesIO(archive(zipped).read(name))) as file:
                found |= set(re.findall(r'"class_name": "(\w+)"', file.read("config.json").decode()))
    assert PLACES.keys() - found <= {"Lambda", "RandomHeight", "RandomWidth", "ThresholdedReLU"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("zipped, name", LOADED)
def test_the_table_is_the_summary_of_the_loaded_model(zipped: str, name: str, tmp_path: Path) -> None:
    path = unpacked(zipped, name, tmp_path)
    model = tinyseq.models.load_model(path, compile=False)
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    report = checked(path)
    assert guide.render(report.stacks[0].table, str(model.name), None, None, model._functional) == "\n".join(lines)
    assert facts(report)["loads in tinyseq"].startswith("yes") and not report.findings


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", call_cases.CASES)
def test_calls_with_masks_states_and_options_have_the_table_of_the_model(name: str, tmp_path: Path) -> None:
    call_cases.CASES[name](tinyseq).save(tmp_path / "model.keras")
    model = tinyseq.models.load_model(tmp_path / "model.keras")
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    stack = checked(str(tmp_path / "model.keras")).stacks[0]
    assert guide.render(stack.table, stack.name, None, None, model._functional) == "\n".join(lines)


@pytest.mark.parametrize("zipped, name", [pytest.param(zipped, name, id=name) for zipped, name in members() if zipped == ARCHIVES[0]])
@pytest.mark.filterwarnings("ignore")
def test_what_is_said_of_loading_is_what_load_model_does(zipped: str, name: str, tmp_path: Path) -> None:
    path = unpacked(zipped, name, tmp_path)
    said = facts(checked(path))["loads in tinyseq"]
    try:
        if name.endswith(".json"):
            tinyseq.models.model_from_json(Path(path).read_text(encoding="utf-8"))
        else:
            tinyseq.models.load_model(path, compile=False)
    except (ValueError, NotImplementedError) as error:
        assert not said.startswith("yes"), error
    else:
        assert said.startswith("yes")


# ---------------------------------------------------------------------- facts of a file


@pytest.mark.parametrize(
    "zipped, name, version",
    [("old_files.zip", "1.2.2-convnet.h5", "Keras 1.2.2"), ("old_files.zip", "2.12.0-convnet.h5", "Keras 2.12.0 on tensorflow"),
     ("keras_files.zip", "Dense.keras", "Keras 3.15.1, 20")],
)  # fmt: skip
def test_the_version_that_wrote_it_is_in_the_report(zipped: str, name: str, version: str, tmp_path: Path) -> None:
    assert facts(checked(unpacked(zipped, name, tmp_path)))["written by"].startswith(version)


CODE = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x"}}
    return {"class_name": "Sequential", "config": {"name": "net", "layers": [first, *layers]}, "keras_version": "3.15.1"}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": "evil", **config}}


UNSAFE = {
    "lambda of Keras 3": (layer("Lambda", function=CODE), "machine code"),
    "lambda of Keras 2": (layer("Lambda", function=["4wEAAAA=", None, None], function_type="lambda"), "machine code"),
    "saved model": (layer("TFSMLayer", filepath="/tmp/evil"), "loads a TensorFlow program from a folder"),
    "torch": (layer("TorchModuleWrapper", module="gASV"), "contains a pickle"),
    "vocabulary": (layer("StringLookup", vocabulary="/etc/passwd"), "reads its vocabulary from '/etc/passwd'"),
    "module": ({**layer("system", command="touch /tmp/executed"), "module": "os"}, "is of the module os"),
    "initializer": (layer("Dense", units=3, kernel_initializer={"module": "os", "class_name": "__import__", "config": {}}), "module os"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_unsafe_is_named_with_its_layer(name: str, tmp_path: Path) -> None:
    entry, words = UNSAFE[name]
    path = tmp_path / "model.json"
    path.write_text(json.dumps(sequential(entry)), encoding="utf-8")
    report = checked(str(path))
    (found,) = [finding for finding in report.findings if finding.code == "SC001"]
    assert words in found.words and found.words.startswith("evil: ")
    assert words in facts(report)["unsafe"] and not facts(report)["loads in tinyseq"].startswith("yes")
    assert main(["--no-config", str(path)]) == 1
    with pytest.raises(ValueError, match=r"."):
        tinyseq.models.model_from_json(path.read_text(encoding="utf-8"))


HIDDEN = {
    "in a model of the user's own class": {"class_name": "Net", "module": "nets", "registered_name": "Net", "config": {"f": CODE}},
    "in a damaged file": sequential(layer("Lambda", function=CODE), {"class_name": "Dense", "config": 3}),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_what_is_unsafe_is_named_where_there_is_no_table(where: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(HIDDEN[where]), encoding="utf-8")
    report = checked(str(path))
    assert not report.stacks and any(finding.code == "SC001" and "machine code" in finding.words for finding in report.findings)


def test_what_is_unsafe_in_the_settings_of_compile_is_named(tmp_path: Path) -> None:
    """In an .h5 file they are an attribute of their own."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "model.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(sequential(layer("Dense", units=3)))
        file.attrs["training_config"] = json.dumps({"loss": CODE})
    report = checked(str(tmp_path / "model.h5"))
    assert [finding.code for finding in report.findings] == ["SC001"] and "machine code" in facts(report)["unsafe"]


@pytest.mark.parametrize(
    "left_out, added, words",
    [("model.weights.h5", (), "the file has no weights: save the model again, where they are"),
     ("", ("a.txt", "b.txt"), "the file holds 'a.txt' and 1 more, which no model has: save the model again, without it")],
)  # fmt: skip
def test_members_that_keep_a_file_from_being_loaded_are_named(left_out: str, added: tuple[str, ...], words: str, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(io.BytesIO(archive("keras_files.zip").read("Dense.keras"))) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name != left_out:
                new.writestr(name, old.read(name))
        for name in added:
            new.writestr(name, "x")
    report = checked(str(path))
    (found,) = [f"{finding.diagnostic.message()}: {finding.diagnostic.help()}" for finding in report.findings]
    assert found == f"tinyseq does not load this file: {words}" and facts(report)["loads in tinyseq"].startswith("no: ")
    with pytest.raises(ValueError, match=r"a\.txt|no model\.weights\.h5"):
        tinyseq.models.load_model(path)


def test_a_class_of_the_users_has_the_shape_that_the_file_says_and_is_asked_for(tmp_path: Path) -> None:
    own = {"class_name": "Twice", "module": "nets", "registered_name": "nets>Twice", "config": {"name": "twice"}}
    after = {"class_name": "Dense", "config": {"name": "out", "units": 3}, "build_config": {"input_shape": [None, 8]}}
    path = tmp_path / "model.json"
    path.write_text(json.dumps(sequential(own, after, layer("Dense", units=2, activation="mine"))), encoding="utf-8")
    report = checked(str(path))
    (stack,) = report.stacks
    assert [str(row.output) for row in stack.rows[1:]] == ["(None, 8)", "(None, 3)", "(None, 2)"]
    assert stack.rows[2].params == 27
    assert facts(report)["needs"] == "custom_objects={'Twice': ..., 'mine': ...}"
    assert [finding.name for finding in report.findings] == ["twice", "evil"]
    assert [finding.code for finding in report.findings] == ["SC002", "SC002"] and main(["--no-config", str(path)]) == 0


@pytest.mark.filterwarnings("ignore")
def test_a_layer_called_with_options_is_counted_once(tmp_path: Path) -> None:
    model = call_cases.used_twice(tinyseq)
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    assert model.count_params() == 288 and "Total params: 288" in lines[0]


def test_a_model_of_the_users_own_class_has_no_table_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"class_name": "Net", "module": "nets", "registered_name": "Net", "config": {"units": 3}}), encoding="utf-8")
    report = checked(str(path))
    assert [finding.code for finding in report.findings] == ["SC002", "SC005"] and not report.stacks
    assert "'Net'" in report.findings[0].words and "your own class" in report.findings[1].words


def test_a_broken_stack_in_a_file_is_a_finding_of_its_layer(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(sequential(layer("Conv2D", filters=3, kernel_size=[3, 3]))), encoding="utf-8")
    report = checked(str(path))
    assert [finding.code for finding in report.findings] == ["SC201"] and report.findings[0].name == "evil"
    assert facts(report)["loads in tinyseq"].startswith("no: evil: ")


# ---------------------------------------------------------------------- the command


@pytest.mark.parametrize("format", ("text", "concise", "json", "github", "gitlab", "junit", "sarif", "html"))
def test_every_format_takes_model_files(format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "a.keras"
    good.write_bytes(archive("keras_files.zip").read("Dense.keras"))
    (tmp_path / "b.json").write_text(json.dumps(sequential(layer("Lambda", function=CODE))), encoding="utf-8")
    source = "from keras import Sequential, Input, layers\nSequential([Input((4,)), layers.Dense(3)])\n"
    (tmp_path / "c.py").write_text(source, encoding="utf-8")
    assert main(["--no-config", "--format", format, str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "machine code" in printed and "b.json" in printed
    if format == "json":
        files = json.loads(printed)["files"]
        assert [Path(file["path"]).name for file in files] == ["a.keras", "b.json", "c.py"]
        assert files[0]["model_file"]["loads in tinyseq"].startswith("yes") and "model_file" not in files[2]
    if format == "html":
        assert "<p>written by: Keras 3.15.1, " in printed
    if format == "text":
        assert "3 of 3 layers proved" not in printed and "written by:       Keras 3.15.1" in printed


def test_two_model_files_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, units in (("a", 3), ("b", 5)):
        (tmp_path / f"{name}.json").write_text(json.dumps(sequential(layer("Dense", units=units))), encoding="utf-8")
    main(["--no-config", "diff", str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    assert "(None, 3)" in (printed := capsys.readouterr().out) and "(None, 5)" in printed


def test_a_budget_and_a_baseline_hold_for_model_files(tmp_path: Path) -> None:
    path = str(tmp_path / "a.json")
    Path(path).write_text(json.dumps(sequential(layer("Dense", units=3))), encoding="utf-8")
    assert main(["--no-config", "--max-params", "10", path]) == 1
    assert main(["--no-config", "--max-params", "15", path]) == 0
    assert main(["--no-config", "--max-params", "10", "--baseline", str(tmp_path / "baseline.json"), path]) == 0
    assert main(["--no-config", "--input", "7", path]) == 2

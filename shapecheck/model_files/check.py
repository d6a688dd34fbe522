"""The report of a model file: its table, who wrote it, what it needs, what is unsafe in it, and whether tinyseq loads it."""

from __future__ import annotations

import io
import os

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.model_files import CustomClass, DamagedModel, ForeignFile, NotSupported, UnsafeCode, WithoutModel
from shapecheck.findings import FileReport, Finding, Stack
from shapecheck.model_files import keras_archive, recognise
from shapecheck.model_files.bounded_json import DamagedFile, parse
from shapecheck.model_files.functions import Operation
from shapecheck.model_files.hdf5 import Hdf5Structure, ReaderMissing
from shapecheck.model_files.keras_archive import KerasFile
from shapecheck.model_files.old_forms import Dialect
from shapecheck.model_files.rules import Rules
from shapecheck.model_files.tensorflow_js import Topology
from shapecheck.model_files.unsafe import unsafe_parts
from shapecheck.propagate import propagate
from shapecheck.reader.source import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.diagnostics.base import Diagnostic

    Json = Any

REFUSED = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError)
"""What reading a configuration raises if it is not one of Keras."""
TOO_DEEP = "its models are nested too deeply: the file is damaged"


class Content:
    """What was found in a file: the configuration of its model (None: there is none), and who wrote it."""

    __slots__ = ("backend", "compiled", "config", "lacks_weights", "load", "others", "saved", "version", "without", "writer")

    def __init__(self, config: Json = None, version: Any = None, backend: Any = None) -> None:
        self.config = config
        self.version = version if isinstance(version, str) else None
        self.backend = backend if isinstance(backend, str) else None
        self.writer = ""
        """What wrote the file, if not Keras."""
        self.compiled: Json = None
        """The settings of compile()."""
        self.saved = ""
        """When."""
        self.lacks_weights = False
        self.others: list[str] = []
        """Names of members that no model has."""
        self.load = "tinyseq.models.load_model({path!r})"
        self.without: tuple[str, str] | None = None
        """What the file contains in place of a model, and what can be done with it."""


def check_model(path: str, kind: str, data: bytes | None = None) -> FileReport:
    """The report of a file or folder of that kind (see recognise.py). `data`: its bytes, if they are not in a file."""
    report = FileReport(path)
    if kind not in recognise.READ:
        _add(report, ForeignFile(recognise.with_article(kind), *recognise.advice(kind, path)))
        return report
    try:
        content = _content(path, kind, data)
    except ReaderMissing as missing:
        report.error = str(missing).removeprefix(f"{path} is ")
        return report
    except OSError as error:
        report.error = error.strerror or type(error).__name__
        return report
    except REFUSED as error:
        _add(report, DamagedModel(_told(error, path)))
        return report
    if content.without is not None:
        what, advice = content.without
        _add(report, WithoutModel(what, advice.replace("{path!r}", repr(path))))
        return report
    _judge(report, content, kind)
    return report


def check_bytes(data: bytes, path: str) -> FileReport | None:
    """The report of a model in memory; None if it is none."""
    kind = recognise.kind_of_bytes(data[: recognise.HEAD], path, io.BytesIO(data), len(data))
    return check_model(path, kind, data) if kind in (recognise.JSON, recognise.TENSORFLOW_JS, recognise.SHARDS, "YAML") else None


# ---------------------------------------------------------------------- what is in it


def _content(path: str, kind: str, data: bytes | None) -> Content:
    if kind == recognise.KERAS:
        return _of_archive(path)
    if kind == recognise.HDF5:
        return _of_hdf5(path)
    if data is None:
        data = _bytes(path)
    return _of_json(parse(data, path), kind)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > keras_archive.LARGEST_CONFIG:
            raise DamagedFile(f"{path}: is {size:,} bytes, at most {keras_archive.LARGEST_CONFIG:,} are read")
        return file.read(keras_archive.LARGEST_CONFIG)


def _of_archive(path: str) -> Content:
    archive = KerasFile(path, structure_only=True)
    try:
        found = Content(archive.config, archive.version)
        saved = archive.metadata.get("date_saved")
        found.saved = saved if isinstance(saved, str) else ""
        found.others = archive.others
        found.lacks_weights = not archive.has_weights
        found.compiled = archive.config.get("compile_config") if isinstance(archive.config, dict) else None
        return found
    finally:
        archive.close()


def _of_hdf5(path: str) -> Content:
    file = Hdf5Structure.open(path)
    config = file.attribute("/", "model_config")
    version, backend = file.first_text("keras_version"), file.first_text("backend")
    if isinstance(config, str):
        found = Content(parse(config.encode(), f"{path}, model_config"), version or "1", backend)
        training = file.attribute("/", "training_config")
        found.compiled = parse(training.encode(), f"{path}, training_config") if isinstance(training, str) else None
        return found
    found = Content(None, version, backend)
    members = file.members("/") or []
    names = file.attribute("/", "layer_names")
    weights = names is not None or bool({"layers", "vars", "_layer_checkpoint_dependencies"} & {*members})
    weights = weights or file.attribute("/", "layer_names0") is not None
    found.without = ("weights", recognise.WEIGHTS) if weights else ("HDF5 data", "pass the file that model.save(...) wrote")
    return found


def _of_json(data: Json, kind: str) -> Content:
    if not isinstance(data, dict):
        raise DamagedFile(f"a model is an object, this is a {type(data).__name__}")
    if kind == recognise.SHARDS:
        found = Content()
        found.without = ("a list of sharded weights", recognise.WEIGHTS)
        return found
    if kind == recognise.TENSORFLOW_JS:
        return _of_tensorflow_js(data)
    found = Content(data, data.get("keras_version"), data.get("backend"))
    found.compiled = data.get("compile_config")
    found.load = "tinyseq.models.model_from_json(open({path!r}).read()), without weights"
    return found


def _of_tensorflow_js(data: dict[str, Any]) -> Content:
    topology = Topology(data)
    found = Content(topology.config, topology.version, topology.backend)
    found.writer = topology.writer
    found.compiled = topology.compiled
    if topology.config is None:
        found.without = ("a list of TensorFlow.js weights", "pass the model.json that tf.js's model.save(...) wrote")
    return found


# ---------------------------------------------------------------------- what follows from it


def _judge(report: FileReport, content: Content, kind: str) -> None:
    rules = Rules(Dialect(content.version, content.backend))
    unsafe = unsafe_parts([content.config, content.compiled])
    stack = _stack(report, content, rules)
    if stack is None:
        for diagnostic, layer in unsafe:
            _add(report, diagnostic, None, layer)
        return
    stack.has_input = stack.input_shape.known or stack.rows[0].verdict == "broken"
    report.stacks.append(stack)
    for position, row in enumerate(stack.rows):
        if row.diagnostic is not None:
            report.findings.append(Finding(row.diagnostic, whole(report.path), stack, position))
    problems = [*unsafe, *rules.problems, *_of_the_file(content, stack)]
    for diagnostic, layer in problems:
        _add(report, diagnostic, stack, layer)
    report.facts = _facts(report, content, rules, kind)


def _stack(report: FileReport, content: Content, rules: Rules) -> Stack | None:
    """The model; None if there is no table, and the report says why."""
    try:
        graph = rules.model(content.config)
        if graph is not None:
            return Stack(1, graph.name or graph.class_name.replace("Graph", "functional").lower(), graph, propagate(graph), None)
        _of_a_program(report, rules)
    except RecursionError:
        _add(report, DamagedModel(TOO_DEEP))
    except ShapeError as error:
        _add(report, error.diagnostic)
    except REFUSED as error:
        _add(report, DamagedModel(_told(error, report.path)))
    return None


def _of_a_program(report: FileReport, rules: Rules) -> None:
    """A model of the user's own class: its layers are in the program, so that there is no table."""
    for diagnostic, layer in rules.problems:
        _add(report, diagnostic, None, layer)
    _add(report, WithoutModel("the weights and arguments of a model of your own class", "check the program with that class"))


def _of_the_file(content: Content, stack: Stack) -> list[tuple[Diagnostic, str]]:
    found: list[tuple[Diagnostic, str]] = []
    if content.lacks_weights:
        found.append((NotSupported("the file has no weights", "save the model again, where they are"), ""))
    if content.others:
        first, count = content.others[0], len(content.others)
        what = f"the file holds {first!r}{f' and {count - 1} more' if count > 1 else ''}, which no model has"
        found.append((NotSupported(what, "save the model again, without it"), ""))
    if not stack.has_input:
        found.append((NotSupported("the model has no input shape", "add keras.Input(shape=...) as its first layer, and save it again"), ""))
    return found


def _facts(report: FileReport, content: Content, rules: Rules, kind: str) -> list[tuple[str, str]]:
    """What is said of the file, by name."""
    rows = report.stacks[0].rows
    backend = f" on {content.backend}" if content.backend else ""
    saved = f", {content.saved.replace('@', ' ')}" if content.saved else ""
    keras = f"Keras {content.version}" if content.version else "an unknown version of Keras"
    writer = content.writer if content.writer and not content.writer[:1].isdecimal() else keras
    unsafe = [finding.words for finding in report.findings if isinstance(finding.diagnostic, UnsafeCode)]
    custom = {finding.diagnostic.key for finding in report.findings if isinstance(finding.diagnostic, CustomClass)}
    keys = sorted(custom | {finding.name for finding in report.findings if isinstance(finding.diagnostic, UnsafeCode) and finding.name})
    needs = f"custom_objects={{{', '.join(f'{key!r}: ...' for key in keys)}}}" if keys else "nothing but Keras's own classes"
    facts = [("file", kind), ("written by", f"{writer}{backend}{saved}"), ("needs", needs),
             ("unsafe", "; ".join(unsafe) or "nothing found")]  # fmt: skip
    if rules.dtypes:
        facts.append(("dtype", f"{', '.join(rules.dtypes)}: tinyseq computes it in float32"))
    refusals = [finding.words for finding in report.findings if isinstance(finding.diagnostic, NotSupported)]
    broken = [finding.words for finding in report.findings if finding.severity == "error"]
    load = content.load.replace("{path!r}", repr(report.path))
    if broken or refusals:
        first = (broken or refusals)[0].replace("tinyseq does not load this file: ", "")
        facts.append(("loads in tinyseq", f"no: {first}"))
    elif unclear := next((row for row in rows if isinstance(row.node.rule, Operation) and row.verdict == "unknown" and row.inputs), None):
        facts.append(("loads in tinyseq", f"cannot tell: {unclear.name}: {unclear.reason}"))
    else:
        facts.append(("loads in tinyseq", f"{f'with {needs}: ' if keys else 'yes: '}{load}"))
    return facts


def whole(path: str) -> Place:
    """The place of a finding that is about the whole file."""
    return Place(path, None, 1, 1, 1, 1)


def _add(report: FileReport, diagnostic: Diagnostic, stack: Stack | None = None, layer: str = "") -> None:
    finding = Finding(diagnostic, whole(report.path), stack)
    finding.name = layer if layer not in ("?", "None") else ""
    rows = stack.rows if stack is not None else []
    finding.layer = next((place for place, row in enumerate(rows) if row.name == layer), None)
    report.findings.append(finding)


def _told(error: BaseException, path: str) -> str:
    """The sentence of an error, without the path at its beginning, which a report has already."""
    if not isinstance(error, ValueError):
        return f"its configuration is not one of Keras ({type(error).__name__}: {str(error)[:100]}): the file is damaged"
    text = str(error)
    for start in (f"{path}: ", f"{path}, ", f"{path} "):
        text = text.removeprefix(start)
    return f"the file {text}" if text.startswith(("is ", "has ", "holds ", "contains ", "does ")) else text

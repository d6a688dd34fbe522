"""The report of a model file: its table, who wrote it, what it needs, what is unsafe in it, and whether tinyseq loads it."""

from __future__ import annotations

import io
import os

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.model_files import CustomClass, DamagedModel, ForeignFile, NotSupported, UnsafeCode, WithoutModel
from shapecheck.findings import FileReport, Finding, Stack
from shapecheck.languages import Phrase, because, system
from shapecheck.model_files import keras_archive, recognise
from shapecheck.model_files.bounded_json import DamagedFile, parse, words_of
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
TOO_DEEP = because("its models are nested too deeply: the file is damaged")


class Content:
    """What was found in a file: the configuration of its model (None: there is none), and who wrote it."""

    __slots__ = ("backend", "compiled", "config", "lacks_weights", "load", "only_layers", "others", "saved", "version", "without", "writer")

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
        self.only_layers = False
        """Whether that loads no weights."""
        self.without: tuple[Phrase, Phrase] | None = None
        """What the file contains in place of a model, and what can be done with it."""


def check_model(path: str, kind: str, data: bytes | None = None) -> FileReport:
    """The report of a file or folder of that kind (see recognise.py). `data`: its bytes, if they are not in a file."""
    report = FileReport(path)
    if kind not in recognise.READ:
        _add(report, ForeignFile(*recognise.advice(kind, path)))
        return report
    try:
        content = _content(path, kind, data)
    except ReaderMissing as missing:
        report.error = _told(missing, path)
        return report
    except OSError as error:
        report.error = system(error)
        return report
    except REFUSED as error:
        _add(report, DamagedModel(_told(error, path)))
        return report
    if content.without is not None:
        what, advice = content.without
        _add(report, WithoutModel(what, recognise.with_path(advice, path)))
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
            raise DamagedFile(
                because("{where} is {size:,} bytes, at most {most:,} are read", where=path, size=size, most=keras_archive.LARGEST_CONFIG)
            )
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
    found.without = (because("HDF5 data"), because("pass the file that {code} wrote", code="model.save(...)"))
    if weights:
        found.without = (because("weights"), recognise.WEIGHTS)
    return found


def _of_json(data: Json, kind: str) -> Content:
    if not isinstance(data, dict):
        raise DamagedFile(because("a model is an object, this is a {kind}", kind=type(data).__name__))
    if kind == recognise.SHARDS:
        found = Content()
        found.without = (because("a list of sharded weights"), recognise.WEIGHTS)
        return found
    if kind == recognise.TENSORFLOW_JS:
        return _of_tensorflow_js(data)
    found = Content(data, data.get("keras_version"), data.get("backend"))
    found.compiled = data.get("compile_config")
    found.load = "tinyseq.models.model_from_json(open({path!r}).read())"
    found.only_layers = True
    return found


def _of_tensorflow_js(data: dict[str, Any]) -> Content:
    topology = Topology(data)
    found = Content(topology.config, topology.version, topology.backend)
    found.writer = topology.writer
    found.compiled = topology.compiled
    if topology.config is None:
        found.without = (
            because("a list of TensorFlow.js weights"),
            because("pass the model.json that tf.js's {code} wrote", code="model.save(...)"),
        )
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
    _add(
        report,
        WithoutModel(because("the weights and arguments of a model of your own class"), because("check the program with that class")),
    )


def _of_the_file(content: Content, stack: Stack) -> list[tuple[Diagnostic, str]]:
    found: list[tuple[Diagnostic, str]] = []
    if content.lacks_weights:
        found.append((NotSupported(because("the file has no weights"), because("save the model again, where they are")), ""))
    if content.others:
        first, count = content.others[0], len(content.others)
        what = because("the file holds {name!r}, which no model has", name=first)
        if count > 1:
            what = because("the file holds {name!r} and {count} more, which no model has", name=first, count=count - 1)
        found.append((NotSupported(what, because("save the model again, without it")), ""))
    if not stack.has_input:
        found.append(
            (
                NotSupported(
                    because("the model has no input shape"),
                    because("add {code} as its first layer, and save it again", code="keras.Input(shape=...)"),
                ),
                "",
            )
        )
    return found


def _facts(report: FileReport, content: Content, rules: Rules, kind: str) -> list[tuple[str, str]]:
    """What is said of the file, by name."""
    unsafe = [finding.diagnostic.what for finding in report.findings if isinstance(finding.diagnostic, UnsafeCode)]
    custom = {finding.diagnostic.key for finding in report.findings if isinstance(finding.diagnostic, CustomClass)}
    keys = sorted(custom | {finding.name for finding in report.findings if isinstance(finding.diagnostic, UnsafeCode) and finding.name})
    objects = f"custom_objects={{{', '.join(f'{key!r}: ...' for key in keys)}}}" if keys else ""
    facts: list[tuple[str, str]] = [
        ("file", recognise.KINDS[kind]), ("written by", _writer(content)),
        ("needs", objects or because("nothing but Keras's own classes")),
        ("unsafe", _listed(unsafe) if unsafe else because("nothing found")),
    ]  # fmt: skip
    if rules.dtypes:
        facts.append(("dtype", because("{names}: tinyseq computes it in float32", names=", ".join(rules.dtypes))))
    return [*facts, ("loads in tinyseq", _loads(report, content, objects))]


class _Message:
    """What a finding says, put into words when it is printed."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding

    def __str__(self) -> str:
        return self.finding.words


def _writer(content: Content) -> str:
    """Which program wrote the file, on which backend, when."""
    keras: str = f"Keras {content.version}" if content.version else because("an unknown version of Keras")
    writer = content.writer if content.writer and not content.writer[:1].isdecimal() else keras
    saved = content.saved.replace("@", " ")
    if content.backend and saved:
        return because("{writer} on {backend}, {saved}", writer=writer, backend=content.backend, saved=saved)
    if content.backend:
        return because("{writer} on {backend}", writer=writer, backend=content.backend)
    return because("{writer}, {saved}", writer=writer, saved=saved) if saved else writer


def _loads(report: FileReport, content: Content, objects: str) -> str:
    """Whether tinyseq loads the file, and how, or why not."""
    refusals = [finding.diagnostic.what for finding in report.findings if isinstance(finding.diagnostic, NotSupported)]
    broken = [_Message(finding) for finding in report.findings if finding.severity == "error"]
    if broken or refusals:
        return because("no: {why}", why=(broken or refusals)[0])
    rows = report.stacks[0].rows
    unclear = next((row for row in rows if isinstance(row.node.rule, Operation) and row.verdict == "unknown" and row.inputs), None)
    if unclear is not None:
        return because("cannot tell: {name}: {why}", name=unclear.name, why=unclear.reason)
    load = content.load.replace("{path!r}", repr(report.path))
    if objects:
        if content.only_layers:
            return because("with {objects}: {load}, without weights", objects=objects, load=load)
        return because("with {objects}: {load}", objects=objects, load=load)
    return because("yes: {load}, without weights", load=load) if content.only_layers else because("yes: {load}", load=load)


def _listed(items: list[str]) -> str:
    """Texts with ; between them."""
    found = items[0]
    for item in items[1:]:
        found = because("{first}; {second}", first=found, second=item)
    return found


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
    if not isinstance(error, (ValueError, ImportError)):
        return because(
            "its configuration is not one of Keras ({kind}: {error}): the file is damaged",
            kind=type(error).__name__,
            error=str(error)[:100],
        )
    said = words_of(error)
    where = said.said.get("where") if isinstance(said, Phrase) else None
    if not isinstance(said, Phrase) or not isinstance(where, str):
        return said
    return said.changed(where=because("the file") if where == path else where.removeprefix(f"{path}, "))

"""The calls of a functional model from its JSON: which layer is called on which tensors, in the formats of Keras 1, 2 and 3."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import short, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    Json = Any
    Place = tuple[str, int, int]
    """A layer's name, the number of its call, the number of the output."""

    class Maker(Protocol):
        """What makes layers and tensors of a configuration."""

        def layer(self, entry: Json) -> Any:
            """A layer of its object."""

        def value(self, value: Json, kind: str = "") -> Any:
            """A value of its JSON."""

        def start(self, layer: Any) -> Any:
            """The tensor of an input; None for any other layer."""

        def seen(self, tensor: Any, config: dict[str, Any]) -> None:
            """A call names a tensor, with what the file says of it."""

        def call(self, name: str, layer: Any, arguments: list[Any], keywords: dict[str, Any]) -> list[Any]:
            """The outputs of a layer, one by one."""


class NotYet(Exception):
    """A call needs a tensor that no call has made yet: that of the layer named by its argument."""


class Calls:
    """Layers made, and their calls repeated in an order in which every tensor exists when it is needed."""

    def __init__(self, config: dict[str, Any], maker: Maker) -> None:
        self._config = config
        self._maker = maker
        self._made: dict[str, list[list[Any]]] = {}
        """The outputs of every call, by layer."""
        self._first: dict[str, int] = {}
        """The number of a layer's first call: Keras counts a nested model's own graph as call 0."""
        waiting: list[tuple[str, Any, list[Json]]] = []
        for entry in config["layers"]:
            name, nodes = name_of(entry), entry.get("inbound_nodes", [])
            if not isinstance(nodes, list) or name in self._made:
                raise ValueError(because("layer {name}: is in the file twice, or without its calls: the file is damaged", name=name))
            self._made[name] = []
            waiting.append((name, maker.layer(entry), nodes))
        self._count_from(waiting)
        self._run(waiting)

    def _count_from(self, waiting: list[tuple[str, Any, list[Json]]]) -> None:
        """Calls of nested models are numbered from 1 if their last number shows it."""
        last: dict[str, int] = {}
        for place in (*_places([nodes for _, _, nodes in waiting]), *_places([self._config.get("output_layers")])):
            last[place[0]] = max(last.get(place[0], 0), place[1])
        for name, _, nodes in waiting:
            self._first[name] = max(0, last.get(name, 0) - max(len(nodes), 1) + 1)

    def _run(self, waiting: list[tuple[str, Any, list[Json]]]) -> None:
        """Each layer's calls as far as possible; the others once the layer that they wait for has been called again."""
        ready = [(name, layer, nodes or [None]) for name, layer, nodes in reversed(waiting)]
        blocked: dict[str, list[tuple[str, Any, list[Json]]]] = {}
        while ready:
            name, layer, nodes = ready.pop()
            rest, wanted = self._calls(name, layer, nodes)
            if rest:
                blocked.setdefault(wanted, []).append((name, layer, rest))
            if len(rest) < len(nodes):
                ready += reversed(blocked.pop(name, []))
        for (name, _, _), *_ in blocked.values():
            raise ValueError(because("layer {name}: is fed by what follows it, or by nothing: the file is damaged", name=name))

    def _calls(self, name: str, layer: Any, nodes: list[Json]) -> tuple[list[Json], str]:
        """Repeats what can be repeated now; returns the rest, and the layer that the first of it waits for."""
        for done, node in enumerate(nodes):
            try:
                self._made[name].append(self._call(name, layer, node))
            except NotYet as wait:
                return nodes[done:], str(wait)
        return [], ""

    def _call(self, name: str, layer: Any, node: Json) -> list[Any]:
        start = self._maker.start(layer)
        if start is not None:
            return [start]
        if node is None:
            raise ValueError(because("layer {name}: nothing feeds it: the file is damaged", name=name))
        if isinstance(node, dict) and not _tensors_in(node):
            raise ValueError(because("layer {name}: its call in the file has no tensor: the file is damaged", name=name))
        arguments, keywords = self._arguments(node)
        keywords = {key: value for key, value in keywords.items() if value is not None}
        try:
            return self._maker.call(name, layer, arguments, keywords)
        except TypeError as error:
            raise ValueError(
                because("layer {name}: its call in the file is not supported: {error}", name=name, error=words_of(error))
            ) from error

    def _arguments(self, node: Json) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a call: {"args", "kwargs"} of Keras 3, or a list of [layer, call, output, keywords] of Keras 1 and 2."""
        if isinstance(node, dict):
            given, named = node.get("args", []), node.get("kwargs", {})
            if not isinstance(given, list) or not isinstance(named, dict):
                raise ValueError(because("a call in the file is {value}: the file is damaged", value=short(node)))
            return [self._read(one) for one in given], {key: self._read(one) for key, one in named.items()}
        if not isinstance(node, list) or not node:
            raise ValueError(because("a call in the file is {value}: the file is damaged", value=short(node)))
        places = [node] if isinstance(node[0], str) else node
        tensors = [self._tensor(_place(one)) for one in places]
        keywords = places[0][3] if len(places[0]) > 3 and isinstance(places[0][3], dict) else {}
        given = {key: self._old_keyword(value) for key, value in keywords.items()}
        return [tensors[0] if len(tensors) == 1 else tensors], given

    def _old_keyword(self, value: Json) -> Any:
        """A keyword of Keras 2: ["lstm", 0, 1] is a tensor, and so is each of a list of such."""
        if _is_place(value):
            return self._tensor(_place(value))
        if isinstance(value, list) and value and all(map(_is_place, value)):
            return [self._tensor(_place(one)) for one in value]
        return self._maker.value(value)

    def _read(self, value: Json) -> Any:
        """An argument of Keras 3: tensors, lists and dictionaries of tensors, or plain values."""
        if isinstance(value, list):
            return [self._read(one) for one in value]
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            found = value.get("config")
            config = found if isinstance(found, dict) else {}
            tensor = self._tensor(_place(config.get("keras_history")))
            self._maker.seen(tensor, config)
            return tensor
        if isinstance(value, dict) and "class_name" not in value:
            return {key: self._read(one) for key, one in value.items()}
        return self._maker.value(value)

    def _tensor(self, place: Place) -> Any:
        name, call, port = place
        if name not in self._made:
            raise ValueError(because("the file names a layer {name!r} that it does not hold: it is damaged", name=name))
        calls, number = self._made[name], call - self._first[name]
        if number >= len(calls):
            raise NotYet(name)
        if number < 0 or not 0 <= port < len(calls[number]):
            raise ValueError(
                because("layer {name}: has no output {port} of call {call}: the file is damaged", name=name, port=port, call=call)
            )
        return calls[number][port]

    def ends(self) -> tuple[Any, Any]:
        """The input tensors of the model and its outputs: one, a list, or a dictionary."""
        try:
            return self._nested(self._config.get("input_layers")), self._nested(self._config.get("output_layers"))
        except NotYet:
            raise ValueError(because("an output of the model is made by no layer: the file is damaged")) from None

    def _nested(self, value: Json) -> Any:
        if _is_place(value):
            return self._tensor(_place(value))
        if isinstance(value, list):
            return [self._nested(one) for one in value]
        if isinstance(value, dict):
            return {key: self._nested(one) for key, one in value.items()}
        raise ValueError(because("the model's inputs or outputs are {value}: the file is damaged", value=short(value)))


def name_of(entry: Json) -> str:
    """Keras names a layer beside its configuration, too."""
    name = entry.get("name") if isinstance(entry, dict) else None
    if name is None and isinstance(entry, dict) and isinstance(entry.get("config"), dict):
        name = entry["config"].get("name")
    if not isinstance(name, str):
        raise ValueError(because("a layer of the file has no name: {value}: the file is damaged", value=short(entry)))
    return name


def _is_place(value: Json) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value[1:3])
    )


def _place(value: Json) -> Place:
    if not _is_place(value):
        raise ValueError(
            because("a tensor of the file is {value}, expected [layer, call, output]: the file is damaged", value=short(value))
        )
    return value[0], value[1], value[2]


def _places(values: Any) -> list[Place]:
    """Every place named in calls, however deep."""
    found: list[Place] = []
    waiting = list(values) if isinstance(values, list) else [values]
    while waiting:
        value = waiting.pop()
        if _is_place(value):
            found.append(_place(value))
            waiting += value[3:]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return found


def _tensors_in(node: Json) -> bool:
    """Whether a call of Keras 3 names a tensor."""
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False

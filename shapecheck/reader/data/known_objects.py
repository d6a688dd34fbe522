"""Objects of other libraries whose numbers the file determines: options of a command line, namespaces, the spaces of gym, hyperparameters
of a tuner, and builders that scikit-learn's wrappers call."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.python.functions import run
from shapecheck.reader.values import Class, Function, Instance, Items, Library, Opaque, Table, is_constant, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

SPACES: dict[str, tuple[tuple[int, ...] | int, tuple[int, ...] | int]] = {
    "CartPole": ((4,), 2), "MountainCar": ((2,), 3), "MountainCarContinuous": ((2,), (1,)), "Acrobot": ((6,), 3), "Pendulum": ((3,), (1,)),
    "LunarLander": ((8,), 4), "LunarLanderContinuous": ((8,), (2,)), "BipedalWalker": ((24,), (4,)), "CarRacing": ((96, 96, 3), (3,)),
    "FrozenLake": (16, 4), "FrozenLake8x8": (64, 4), "CliffWalking": (48, 4), "Taxi": (500, 6),
    "Breakout": ((210, 160, 3), 4), "Pong": ((210, 160, 3), 6), "SpaceInvaders": ((210, 160, 3), 6), "MsPacman": ((210, 160, 3), 9),
}  # fmt: skip
"""What is observed and what can be done: a shape, or how many cases. Source: the pages of gymnasium's environments."""
SAME_SPACES = frozenset({"Monitor", "TimeLimit", "RecordVideo", "RecordEpisodeStatistics", "OrderEnforcing", "PassiveEnvChecker"})
"""Wrappers of an environment that leave what is observed and done as it is."""
WRAPPERS = ("KerasClassifier", "KerasRegressor")


def namespace(kind: str, attributes: dict[str, Any]) -> Instance:
    """An object with these attributes."""
    made = Instance(Class(kind, [], {}, None))
    made.attributes.update(attributes)
    return made


def call(reader: Reader, path: str, call: Call) -> Any:
    """A function or class of one of these libraries."""
    last = path.rpartition(".")[2]
    if last in ("SimpleNamespace", "Namespace", "EasyDict", "Munch") and not call.hidden:
        given = call.args[0] if call.args and isinstance(call.args[0], Table) and not call.args[0].why else {}
        return namespace(last, {**{key: value for key, value in given.items() if isinstance(key, str)}, **call.keywords})
    if last == "ArgumentParser":
        return Opaque(path, call.args, {"@options": Table()})
    if last.startswith("DEFINE_"):
        _flag(reader, call)
        return None
    if last == "make" and path.startswith("gym"):
        return _environment(call)
    if last in SAME_SPACES and path.startswith("gym") and call.args:
        return call.args[0]
    if last == "HyperParameters":
        return Opaque("keras_tuner.HyperParameters", [], {})
    if path.startswith(("keras_tuner", "kerastuner")) and isinstance(call.get(0, "hypermodel"), Function):
        return _tuned(reader, path, call)
    if last in WRAPPERS:
        return wrapped(reader, path, call)
    reader.passed_on(call)
    return unknown(last, because("{path}() is not in the file", path=path))


def wrapped(reader: Reader, path: str, call: Call) -> Any:
    """KerasClassifier(build_fn=create, units=8): calls create(units=8)."""
    builder = call.get(0, "model", call.keywords.get("build_fn"))
    if isinstance(builder, Function):
        spec = builder.node.args
        names = {argument.arg for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
        given = {key.removeprefix("model__"): value for key, value in call.keywords.items()}
        run(reader, builder, [], {key: value for key, value in given.items() if key in names}, call)
    return Opaque(path, call.args, call.keywords)


def _tuned(reader: Reader, path: str, call: Call) -> Any:
    """RandomSearch(build_model, ...) calls build_model(hp)."""
    run(reader, call.get(0, "hypermodel"), [Opaque("keras_tuner.HyperParameters", [], {})], {}, call)
    return Opaque(path, call.args, call.keywords)


def method(reader: Reader, owner: Opaque, name: str, call: Call) -> Any:
    """parser.add_argument(...), hp.Int(...): MISSING methods are unknown."""
    if owner.path.startswith("argparse"):
        return _parser(owner, name, call)
    if owner.last == "HyperParameters":
        return _hyperparameter(name, call)
    return unknown(name, because("the result of {last}.{name}() is unknown", last=owner.last, name=name))


def _parser(owner: Opaque, name: str, call: Call) -> Any:
    options = owner.keywords["@options"]
    if name == "add_argument" and not call.hidden:
        flags = [flag for flag in call.args if isinstance(flag, str)]
        written = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
        key = call.keywords.get("dest", written.lstrip("-").replace("-", "_"))
        if isinstance(key, str) and key:
            options[key] = _default(written, call)
        return None
    if name in ("add_argument_group", "add_mutually_exclusive_group"):
        return owner
    if name == "set_defaults":
        options.update(call.keywords)
        return None
    if name in ("parse_args", "parse_known_args"):
        made = namespace("Namespace", dict(options))
        return made if name == "parse_args" else (made, Items())
    return unknown(name, because("the result of parser.{name}() is unknown", name=name))


def _default(flag: str, call: Call) -> Any:
    """The value of an option that is not given on the command line."""
    action = call.keywords.get("action")
    if action in ("store_true", "store_false"):
        return call.keywords.get("default", action == "store_false")
    if "default" not in call.keywords:
        return unknown("option", because("{flag} is given on the command line", flag=flag))
    default, kind = call.keywords["default"], call.keywords.get("type")
    if isinstance(default, str) and isinstance(kind, Library) and kind.path in ("builtins.int", "builtins.float"):
        try:
            return int(default) if kind.path == "builtins.int" else float(default)
        except ValueError:
            return unknown("option", because("the default of {flag} is no number", flag=flag))
    return default


def _flag(reader: Reader, call: Call) -> None:
    name = call.get(0, "name")
    if isinstance(name, str):
        reader.flags[name] = call.get(1, "default")


def _environment(call: Call) -> Any:
    name = call.get(0, "id")
    known = SPACES.get(name.rpartition("/")[2].partition("-")[0].removesuffix("NoFrameskip")) if isinstance(name, str) else None
    if known is None:
        return unknown("environment", because("what the environment {name!r} shows is unknown", name=name) if isinstance(name, str) else "")
    spaces = [namespace("Space", {"n": space} if isinstance(space, int) else {"shape": space}) for space in known]
    made = namespace("Environment", {"observation_space": spaces[0], "action_space": spaces[1]})
    made.attributes["unwrapped"] = made
    return made


def _hyperparameter(name: str, call: Call) -> Any:
    """The value that a tuner begins with. Source: keras_tuner 1.4, engine/hyperparameters: default, else the least, the first, False."""
    if "default" in call.keywords and call.keywords["default"] is not None:
        return call.keywords["default"]
    if name in ("Int", "Float"):
        return call.get(1, "min_value", unknown(name))
    if name == "Choice":
        values = call.get(1, "values")
        found = list(values) if isinstance(values, (Items, tuple)) and not getattr(values, "why", "") else []
        return found[0] if found and is_constant(found[0]) else unknown(name)
    if name == "Fixed":
        return call.get(1, "value", unknown(name))
    return False if name == "Boolean" else unknown(name, because("the result of hp.{name}() is unknown", name=name))

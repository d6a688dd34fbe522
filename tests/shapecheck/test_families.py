"""What editors see of shapecheck.layers is what it holds."""

from __future__ import annotations

import ast
from pathlib import Path

from shapecheck import layers


def test_the_stub_names_every_layer_and_its_file() -> None:
    stub = ast.parse(Path(layers.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    seen = {
        alias.name: (node.module or "").removeprefix("shapecheck.layers.")
        for node in stub.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shapecheck.layers.")
        for alias in node.names
    }
    assert {name: seen.get(name) for name in layers.PLACES} == layers.PLACES, "edit shapecheck/layers/__init__.pyi"

"""The order of the house as data: a module may import what stands in an earlier entry, or in its own without a circle.

An entry is a module, or a room with all its modules but those that have an entry of their own. Packages without an order here are
not held to one yet.
"""

from __future__ import annotations

ORDERS: dict[str, tuple[str, ...]] = {
    "shapecheck": (
        # facts without a graph: sizes, text, words, pages
        *("version", "languages"),
        *("did_you_mean", "naming", "shapes", "reader.source", "reader.children", "reader.comments", "reader.declared"),
        *("reader.beside",),
        *("diagnostics.base", "diagnostics", "known_names", "pages"),
        *("migration.recorded_names", "migration.tables"),
        # rules, and graphs of them
        *("layers.families", "layers.arguments", "layers.descriptions", "layers.base", "layers"),
        *("nodes", "table", "memory", "propagate", "graph", "any_size.formulas", "any_size.numbers", "any_size", "applications"),
        # what reading a file collects, what a report is made of, how source is edited
        *("reader.values", "reader.advice", "reader.call", "reader.records", "findings", "repairs.edits", "reader.keras.unseen", "live"),
        # the reader, from what every handler needs up to the interpreter, which hands the handlers in
        *("reader.state", "reader.keras.paths", "reader.python.iteration", "reader.python.texts", "reader.python.functions"),
        *("reader.python.builtins",),
        *("reader.keras.dialects", "reader.keras.inferred", "reader.keras.stacks", "reader.keras.versions", "reader.data"),
        *("reader.code", "reader.keras", "reader.python", "reader"),
        *("suppression", "what_if", "checks", "migration", "model_files", "file_report"),
        *("repairs.candidates", "repairs", "other_files"),
        *("report", "teaching", "api", "single_file", "notebook", "cli", "__main__", ""),
    ),
    "tinyseq": (),
}
"""The room "" is the package's own __init__. Where DESIGN's order differs: drawing stands below the public calls, which offer it
in notebooks; what is written into a report about one file (file_report) stands between the checks and the repairs."""

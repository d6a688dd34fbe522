"""The fields of a syntax tree's nodes that contain other nodes: walks over a whole file skip names, operators and positions.

>>> CHILDREN[ast.Call], CHILDREN[ast.Attribute], CHILDREN[ast.Constant]
(('func', 'args', 'keywords'), ('value',), ())
"""

from __future__ import annotations

import _ast as ast

WITHOUT_NODES = frozenset((
    "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level", "module", "name", "names", "op", "ops",
    "rest", "simple", "tag", "type_comment", "type_ignores",
))  # fmt: skip
"""Fields without expressions and statements: `names` are those of an import, which walks read from the import itself."""
CHILDREN: dict[type, tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in WITHOUT_NODES)
    for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)
}  # fmt: skip
"""By class; the value of a field is a node, a list of nodes, or None."""
CHILDREN[ast.Constant] = CHILDREN[ast.MatchSingleton] = ()
if hasattr(ast, "TypeAlias"):
    CHILDREN[ast.TypeAlias] = ("name", "type_params", "value")

"""Operations between layers: a + b, x[:, 0], torch.exp(x)."""

from __future__ import annotations

from tinyseq.saving.code_text import OPERATORS, index, infix, literal
from tinyseq.saving.torch_code.use import Use, Value, writes

FUNCTIONS = {name: f"torch.{name}" for name in ("abs", "exp", "log", "maximum", "minimum", "sqrt", "square", "tanh", "sigmoid")}
FUNCTIONS["negative"] = "torch.neg"
LIMITS = {"maximum": "min", "minimum": "max"}
"""torch.maximum takes no numbers: maximum(x, 0.5) is torch.clamp(x, min=0.5)."""


@writes("Operation")
def operation(use: Use) -> Value:
    """By its function; refused with its name if it is not one of these."""
    rule = use.layer
    values = [use.as_keras(use.inputs[one.number]) if hasattr(one, "number") else one for one in rule.template]
    if rule.function == "getitem":
        return Value(f"{values[0]}[{index(values[1])}]", use.outputs[0])
    texts = [literal(one) if isinstance(one, (int, float)) else one for one in values]
    if not all(isinstance(one, str) for one in texts) or rule.function not in {*OPERATORS, *FUNCTIONS}:
        raise use.refuse(f"{rule.function}(...) is not written: write that part with layers")
    if rule.function in OPERATORS and len(texts) == 2:
        return Value(infix(rule.function, *texts), use.outputs[0])
    if rule.function in LIMITS and texts != values:
        x, number = texts if texts[0] == values[0] else reversed(texts)
        return Value(f"torch.clamp({x}, {LIMITS[rule.function]}={number})", use.outputs[0])
    return Value(f"{FUNCTIONS[rule.function]}({', '.join(texts)})", use.outputs[0])

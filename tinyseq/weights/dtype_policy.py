"""DTypePolicy: the dtypes of weights and of values, which are float32."""

from __future__ import annotations

from typing import Any

FLOATS = ("bfloat16", "float16", "float32", "float64")
POLICIES = (*FLOATS, "mixed_float16", "mixed_bfloat16")


class DTypePolicy:
    """The dtypes of weights and of values.

    Arguments:
        name: "float32"; Keras's other policies are refused by name
    """

    def __init__(self, name: str = "float32") -> None:
        if name not in POLICIES:
            raise ValueError(f"Cannot convert {name!r} to a dtype policy: expected one of {', '.join(POLICIES)}")
        if name != "float32":
            raise NotImplementedError(f"dtype policy {name!r} is not computed: weights and values are float32: leave it out")
        self.name = name

    @property
    def compute_dtype(self) -> str:
        """The dtype of values."""
        return self.name

    variable_dtype = compute_dtype

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        """A new one with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'

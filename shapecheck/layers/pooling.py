"""Pooling: (batch, *spatial, channels) -> (batch, *positions, channels), or (batch, channels) for the global ones."""

from __future__ import annotations

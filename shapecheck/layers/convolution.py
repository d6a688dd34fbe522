"""Convolutions: (batch, *spatial, channels) -> (batch, *positions, filters)."""

from __future__ import annotations

"""shapecheck: what shape comes out of each layer, which weights it needs and what it costs, before anything runs."""

from __future__ import annotations

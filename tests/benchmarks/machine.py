"""On what was measured: processor, its features, cores, versions, date."""

from __future__ import annotations

import os
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import tinyseq
from tests.benchmarks.peers import PEERS

FEATURES = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve")
"""Those that decide how fast float32 is computed."""


def machine() -> dict[str, Any]:
    """For the head of the table and of the JSON file."""
    return {
        "processor": processor(),
        "features": [name for name in FEATURES if name in _flags()],
        "cores": cores(),
        "system": f"{platform.system()} {platform.release()}",
        "date": time.strftime("%Y-%m-%d"),
        "versions": versions(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """Its name."""
    return _cpuinfo().get("model name") or platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Of Python, of what tinyseq stands on, and of the peers that are here."""
    found = {"python": platform.python_version(), "tinyseq": tinyseq.__version__, "numba": metadata.version("numba")}
    for peer in PEERS:
        if not peer.missing:
            found.update(peer.versions)
    return found


def busy_seconds() -> float | None:
    """Seconds for which all cores together were busy since the start, with whatever process; None where Linux is not."""
    path = Path("/proc/stat")
    if not path.exists():
        return None
    user, nice, system, _, _, interrupts, soft, stolen = map(int, path.read_text("ascii").split()[1:9])
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def _flags() -> list[str]:
    """Features as Linux calls them; numba's names, which differ in a dot only, elsewhere."""
    info = _cpuinfo()
    told = (info.get("flags") or info.get("Features") or "").split()
    if told:
        return told
    from numba.core.codegen import get_host_cpu_features

    return [word[1:].replace(".", "_") for word in get_host_cpu_features().split(",") if word.startswith("+")]


def _cpuinfo() -> dict[str, str]:
    """The first processor of /proc/cpuinfo; nothing where there is no such file."""
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

"""What follows from a record: ratios, operations a second, fractions of what the machine can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OURS = "tinyseq"


@dataclass(frozen=True)
class Figures:
    """Of one row with one number of threads. A ratio is a peer's time over ours: above 1 we are faster."""

    record: dict[str, Any]
    peaks: dict[str, float]

    @property
    def row(self) -> str:
        """The row's name."""
        return str(self.record["row"])

    @property
    def threads(self) -> int:
        """How many."""
        return int(self.record["threads"])

    @property
    def failed(self) -> dict[str, str]:
        """Why a contender was not timed."""
        return dict(self.record["failed"])

    @property
    def ours(self) -> float | None:
        """Our seconds, the median."""
        found = self.record["seconds"].get(OURS)
        return None if found is None else float(found)

    @property
    def peers(self) -> dict[str, float]:
        """The peers' seconds, fastest first."""
        found = {name: seconds for name, seconds in self.record["seconds"].items() if name != OURS}
        return dict(sorted(found.items(), key=lambda item: float(item[1])))

    @property
    def best_peer(self) -> str | None:
        """The fastest, by its median."""
        return next(iter(self.peers), None)

    @property
    def ratios(self) -> dict[str, float]:
        """To each peer, by medians; the smallest first."""
        return {name: seconds / self.ours for name, seconds in self.peers.items()} if self.ours else {}

    @property
    def ratio(self) -> float | None:
        """To the best peer."""
        return next(iter(self.ratios.values()), None)

    @property
    def best_of(self) -> float | None:
        """The fastest call of all peers' over our fastest call: what is left when disturbances are not counted."""
        best = dict(self.record["best_seconds"])
        mine = best.pop(OURS, None)
        return min(best.values()) / mine if mine and best else None

    @property
    def flops(self) -> float | None:
        """Operations a second, counted as the definition does them; None if there are no multiply-adds."""
        return self.record["operations"] / self.ours if self.ours and self.record["multiply_adds"] else None

    @property
    def fraction(self) -> float | None:
        """Of the measured peak of multiply-adds. Winograd's method may go above 1."""
        return self.flops / self.peaks["flops"] if self.flops else None

    @property
    def bandwidth(self) -> float | None:
        """Bytes a second, if each layer's arrays went once between memory and processor."""
        return self.record["bytes"] / self.ours if self.ours and self.record["bytes"] else None

    @property
    def intensity(self) -> float | None:
        """Operations for each byte."""
        return self.record["operations"] / self.record["bytes"] if self.record["bytes"] else None

    @property
    def rate(self) -> float | None:
        """Operations a second, comparisons too."""
        return self.record["operations"] / self.ours if self.ours and self.record["operations"] else None

    @property
    def processor_seconds(self) -> dict[str, float]:
        """Of a fresh process to its first prediction."""
        return dict(self.record.get("processor_seconds", {}))

    @property
    def crowded(self) -> dict[str, float]:
        """Contenders that kept more cores busy than they were given threads, and how many."""
        return {name: cores for name, cores in self.record.get("cores", {}).items() if cores > self.threads + 0.3}

    @property
    def disturbed(self) -> float:
        """How many cores other processes kept busy meanwhile, if that is worth a word."""
        others = float(self.record.get("others") or 0)
        return others if others > 0.2 else 0.0


def figures(run: dict[str, Any]) -> list[Figures]:
    """All rows of a run, in its order."""
    return [Figures(record, run["peaks"][str(record["threads"])]) for record in run["rows"]]


def milliseconds(seconds: float) -> str:
    """Three digits, or as many as stand before the point: 0.0123, 1.23, 12.3, 123, 1234."""
    value = seconds * 1e3
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def head(run: dict[str, Any]) -> str:
    """One line: machine, date, and how much else was going on."""
    machine = run["machine"]
    features = " ".join(machine["features"])
    most = max((row.disturbed for row in figures(run)), default=0.0)
    also = f"; other processes kept up to {most:.1f} cores busy meanwhile" if most else ""
    return f"{machine['processor']} ({features}), {machine['cores']} cores, {machine['system']}, {machine['date']}{also}"


def peaks(run: dict[str, Any]) -> str:
    """One line: what the machine can do."""
    parts = [
        f"{found['flops'] / 1e9:.0f} GFLOP/s and {found['bandwidth'] / 1e9:.0f} GB/s with {threads} thread{'s' * (threads != '1')}"
        for threads, found in run["peaks"].items()
    ]
    return f"Measured peaks: {'; '.join(parts)}"


def versions(run: dict[str, Any]) -> str:
    """One line."""
    return ", ".join(f"{name} {version}" for name, version in run["machine"]["versions"].items())

"""What a part of the bench found: rows of figures, and promises kept or broken. Written beside the
bench as JSON, a part at a time, and printed as Markdown.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Row:
    """`figures` by column, in the order they are shown."""

    name: str
    figures: dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Promise:
    """`point` of the list of promises on speed, 0 for one made elsewhere. Kept where `measured` is
    at most `limit`, or at least where `at_least`. `not_judged` says why it cannot be judged on this
    machine.
    """

    point: int
    words: str
    measured: float
    limit: float
    at_least: bool = False
    not_judged: str = ""

    @property
    def kept(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def verdict(self) -> str:
        if self.not_judged:
            return f"not judged: {self.not_judged}"
        return "kept" if self.kept else "BROKEN"


@dataclass(slots=True)
class Part:
    name: str
    how: str
    """One line: what was done, so that a reader knows what the figures are of."""
    rows: list[Row] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        return any(not p.kept and not p.not_judged for p in self.promises)


def machine() -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def written(part: Part, file: Path = FILE) -> None:
    """In place of what this part found before; other parts keep what they have."""
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    found[part.name] = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": machine(),
        "repeat": f"python -m tests.bench {part.name}",
        **{k: v for k, v in asdict(part).items() if k != "name"},
        "promises": [{**asdict(p), "verdict": p.verdict} for p in part.promises],
    }
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def markdown(part: Part) -> str:
    columns = list(dict.fromkeys(c for row in part.rows for c in row.figures))
    lines = [f"### {part.name}", "", part.how, ""]
    if part.rows:
        lines += [_line(["", *columns]), _line(["---", *("---:" for _ in columns)])]
        lines += [
            _line([r.name, *(_cell(r.figures.get(c, "")) for c in columns)]) for r in part.rows
        ]
        lines.append("")
    if part.promises:
        lines += [_line(["Point", "Promise", "Measured", "Limit", ""]), _line(["---"] * 5)]
        lines += [_promised(p) for p in part.promises]
        lines.append("")
    return "\n".join([*lines, *(f"- {note}" for note in part.notes)])


def _promised(p: Promise) -> str:
    sign = "at least" if p.at_least else "at most"
    cells = [str(p.point or ""), p.words, _cell(p.measured), f"{sign} {_cell(p.limit)}", p.verdict]
    return _line(cells)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

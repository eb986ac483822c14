"""Promises made before, of a week's figures and of waiting for Microsoft, as parts of the bench."""

from __future__ import annotations

from tests.bench import waiting, week
from tests.bench.results import Part, Promise, Row


async def waited() -> Part:
    """What presses feel while an email and a role wait."""
    line = await waiting.measured()
    part = Part("waiting", str(line))
    gap, press = line.added
    part.promises = [
        Promise(0, "added to the loop's longest gap, ms", gap, waiting.LIMIT_MS),
        Promise(0, "added to the slowest press, ms", press, waiting.LIMIT_MS),
    ]
    return part


async def weeks() -> Part:
    """A week's figures with little and with much history."""
    part = Part("week", f"{week.ROUNDS} rounds in turn, the middle one.")
    for line in (await week.on_sqlite(1_000, 100_000), await week.on_azurite(1_000, 10_000)):
        if isinstance(line, str):
            part.notes.append(line)
            continue
        figures: dict[str, float | str] = {
            f"after {line.little:,} ms": line.little_ms,
            f"after {line.much:,} ms": line.much_ms,
        }
        part.rows.append(Row(line.store, figures))
        words = f"a week's figures on {line.store}, with much history against little"
        part.promises.append(Promise(0, words, line.ratio, week.LIMIT))
    return part

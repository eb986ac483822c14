"""What was wrong with a file, in sentences."""

from __future__ import annotations

from bot.exchange.importing import Brought
from bot.exchange.reading import LONGEST_CELL, BadRow, Unreadable
from cards import import_words, wording as w


def sentence(fault: BadRow | Unreadable) -> str:
    """What happened and what to do. A bad row begins with its line and column."""
    if isinstance(fault, Unreadable):
        return w.IMPORT_FAULTS[fault.code].format(**fault.params)
    words = w.IMPORT_FAULTS[fault.code].format(most=f"{LONGEST_CELL:,}")
    template = w.IMPORT_BAD_CELL if fault.column else w.IMPORT_BAD_ROW
    return template.format(line=fault.line, column=fault.column, fault=words)


def outcome_lines(brought: Brought, name: str, *, most: int | None) -> list[str]:
    """How many rows counted, then the first bad ones: `most` of them, all where it is None."""
    return import_words.brought_lines(
        name,
        brought.kind,
        read=brought.read,
        new=brought.new,
        known=brought.known,
        bad=[sentence(row) for row in brought.bad],
        dates_only=brought.dates_only,
        most=most,
    )

"""What became of a file somebody brought, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import wording as w


def brought_lines(
    name: str,
    kind: str,
    *,
    read: int,
    new: int,
    known: int,
    bad: Sequence[str],
    dates_only: Mapping[str, int],
    most: int | None,
) -> list[str]:
    """`bad` are sentences; `most` of them are told, all where it is None."""
    said = w.IMPORT_KINDS[kind]
    if not read:
        return [w.IMPORT_NO_ROWS.format(name=name, kind=said)]
    lines = [
        w.IMPORT_DONE.format(
            name=name,
            kind=said,
            read=f"{read:,}",
            new=f"{new:,}",
            known=f"{known:,}",
            bad=f"{len(bad):,}",
        )
    ]
    lines += [
        w.IMPORT_DATES_ONLY.format(column=column, n=f"{n:,}")
        for column, n in dates_only.items()
        if n
    ]
    lines += bad[:most]
    if most is not None and len(bad) > most:
        lines.append(w.IMPORT_BAD_MORE.format(n=f"{len(bad) - most:,}"))
    return [*lines, w.IMPORT_BAD_NEXT] if bad else lines

"""The page of definitions in `docs/measures.md`, from the same table as cards and files."""

from __future__ import annotations

from itertools import groupby

from bot.domain.measures import MEASURES
from cards import wording as w
from cards.figure_words import definition_of


def measures_page() -> str:
    """Markdown."""
    lines = [f"# {w.MEASURES_HEAD}", "", w.MEASURES_INTRO]
    for section, measures in groupby(MEASURES, key=lambda m: m.section):
        lines += ["", f"## {section}"]
        for measure in measures:
            lines += ["", f"### {measure.title}", "", f"`{measure.key}`", ""]
            lines += [f"- {label} {words}" for label, words in definition_of(measure)]
    return "\n".join(lines) + "\n"

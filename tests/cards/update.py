"""Writes card samples, the golden case note, the feedback drafts and `docs/measures.md`:
`python -m tests.cards.update`.

Read the difference first.
"""

from __future__ import annotations

from cards.measures_page import measures_page
from tests.cards import feedback_drafts, samples
from tests.cards.gallery import cards
from tests.cards.story import World


def main() -> None:
    drawn = cards()
    samples.FOLDER.mkdir(exist_ok=True)
    for path in samples.FOLDER.glob("*.json"):
        if path.stem not in drawn:
            path.unlink()
    for name, card in drawn.items():
        samples.path_of(name).write_text(samples.as_text(card), encoding="utf-8")
    samples.MEASURES.write_text(measures_page(), encoding="utf-8")
    samples.NOTE.write_text(samples.note_text(World()), encoding="utf-8")
    write_feedback()


def write_feedback() -> None:
    texts = feedback_drafts.texts(World())
    samples.FEEDBACK.mkdir(exist_ok=True)
    for path in samples.FEEDBACK.glob("*.txt"):
        if path.stem not in texts:
            path.unlink()
    for name, text in texts.items():
        (samples.FEEDBACK / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

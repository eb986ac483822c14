"""Every page of the project, taken apart: links, pictures, headings, and paths it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^ *```.*?^ *```[^\S\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_PATH = re.compile(
    r"(?:tests|bot|cards|docs|infra|manifest)/[\w./-]*\w/?|(?:Makefile|Dockerfile|app\.py)"
)


@dataclass(frozen=True, slots=True)
class Link:
    """`shown`: a picture. `text`: its words, or what a picture says to whoever cannot see it."""

    shown: bool
    text: str
    to: str


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def words(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """Without blocks of code."""
        return _FENCE.sub("", self.words)

    @property
    def links(self) -> list[Link]:
        found = _LINK.findall(_CODE.sub("`code`", self.prose))
        # Words of a link may be code: that is read apart from what the link leads to.
        return [Link(bool(mark), text, to) for mark, text, to in found]

    @cached_property
    def anchors(self) -> set[str]:
        """As GitHub makes them: the second heading of the same words ends in -1."""
        seen: dict[str, int] = {}
        found = set()
        for heading in _HEADING.findall(self.prose):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            found.add(f"{slug}-{count}" if count else slug)
        return found

    @property
    def paths(self) -> set[str]:
        """Paths of the project that stand in code, such as `bot/domain/`."""
        spans = (span.strip("`") for span in _CODE.findall(self.prose))
        return {span for span in spans if _PATH.fullmatch(span)}


def pages() -> list[Page]:
    """README.md, infra/README.md and all below docs/."""
    found = [ROOT / "README.md", ROOT / "infra" / "README.md", *(ROOT / "docs").rglob("*.md")]
    return [Page(path) for path in sorted(found)]

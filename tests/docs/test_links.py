"""Links lead somewhere, pictures are there and used, and paths that pages name exist."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import ROOT, Page, pages

PAGES = pages()
BY_PATH = {page.path: page for page in PAGES}
PICTURES = ROOT / "docs" / "pictures"
_PLACEHOLDERS = {"manifest/package.env", "bot/council.toml"}
"""What a reader makes."""
pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def _local(page: Page) -> list[tuple[str, Path, str]]:
    """Each link within the project: as written, the file it names, and the anchor."""
    found = []
    for link in page.links:
        parts = urlsplit(link.to)
        if parts.scheme:
            continue
        target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        found.append((link.to, target, parts.fragment))
    return found


def test_every_relative_link_leads_to_a_file_and_a_heading(page: Page) -> None:
    for written, target, anchor in _local(page):
        assert target.is_relative_to(ROOT), f"{written} leaves the project"
        assert target.exists(), f"{written}: no such file"
        if anchor:
            assert target in BY_PATH, f"{written}: not a page whose headings are known"
            assert anchor in BY_PATH[target].anchors, f"{written}: no such heading"


def test_links_outside_are_https(page: Page) -> None:
    outside = [link.to for link in page.links if urlsplit(link.to).scheme]
    assert [to for to in outside if not to.startswith("https://")] == []


def test_every_picture_says_what_it_shows(page: Page) -> None:
    assert [link.to for link in page.links if link.shown and len(link.text) < 10] == []


def test_every_path_that_is_named_exists(page: Page) -> None:
    for path in sorted(page.paths - _PLACEHOLDERS):
        assert (ROOT / path).exists(), f"`{path}` is not there"
        assert (ROOT / path).is_dir() == path.endswith("/"), f"`{path}`: a folder ends in /"

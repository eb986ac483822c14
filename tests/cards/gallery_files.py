"""The gallery's cards about files."""

from __future__ import annotations

import datetime as dt

from bot.domain.periods import TEST, Period
from cards.downloads import download_card
from tests.cards.exhibit import Gallery


def _downloads(gallery: Gallery) -> None:
    test = Period(TEST, dt.date(2026, 11, 24), dt.date(2026, 12, 3), "first_test")
    gallery.add("download", download_card, test)


ROOMS = (_downloads,)

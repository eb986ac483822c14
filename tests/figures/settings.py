"""The settings of the made-up desk: tests over weekends, bank holidays and both clock changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from bot import configuration
from bot.configuration import DEFAULT_FILE
from bot.domain.partnership import Partnership, TestWindow

WINDOWS = (
    ("first_test", dt.date(2026, 10, 19), dt.date(2026, 10, 30)),  # clocks go back on the 25th
    ("first_test", dt.date(2026, 12, 17), dt.date(2027, 1, 6)),  # three bank holidays
    ("second_test", dt.date(2027, 1, 5), dt.date(2027, 1, 13)),  # two days of both tests
    ("second_test", dt.date(2027, 1, 15), dt.date(2027, 1, 15)),
    ("second_test", dt.date(2027, 3, 24), dt.date(2027, 4, 2)),  # Easter; clocks go forward
)
TAKEN_BUT_NOT_COUNTED = dt.date(2027, 1, 14)
"""A test day when it was taken, and none by the settings the figures are read with."""
HOLIDAYS = "2026-12-25, 2026-12-28, 2027-01-01, 2027-03-26, 2027-03-29"


def settings_text() -> str:
    """The fictional partnership's own file, with other test days."""
    text = DEFAULT_FILE.read_text("utf-8")
    start = text.index("[[test_windows]]")
    end = text.index("# Times before something waiting", start)
    windows = "".join(
        f'[[test_windows]]\ntest = "{code}"\nfirst_day = {first}\nlast_day = {last}\n\n'
        for code, first, last in WINDOWS
    )
    text = text[:start] + windows + text[end:]
    text = text.replace('["tue", "wed", "thu"]', '["mon", "tue", "wed", "thu", "fri"]')
    return text.replace("2026-12-25, 2026-12-28, 2027-01-01", HOLIDAYS)


def write_settings(folder: Path) -> Path:
    path = folder / "partnership.toml"
    path.write_text(settings_text(), "utf-8")
    return path


def read_settings(path: Path) -> Partnership:
    return configuration.load(path)


def while_taken(partnership: Partnership) -> Partnership:
    """As it stood while referrals were taken: one test day more."""
    day = TAKEN_BUT_NOT_COUNTED
    more = TestWindow("second_test", day, day)
    return replace(partnership, test_windows=(*partnership.test_windows, more))

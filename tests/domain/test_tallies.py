"""Which days of the pulse are shown by themselves."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.tallies import PulseTally, hidden_days

TUESDAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("replies", "hidden"),
    [
        ((6, 6, 5), ""),
        ((6, 4, 9), "01"),
        ((4, 4, 9), "01"),
        ((4, 0, 9), "02"),
        ((2, 1, 9), "012"),
        ((3, 2, 9), "01"),
        ((4,), "0"),
        ((0, 0), ""),
    ],
)
def test_a_day_of_few_is_hidden_with_as_many_as_make_five(replies, hidden):
    days = tuple(PulseTally(TUESDAY + dt.timedelta(days=n), r) for n, r in enumerate(replies))

    found = hidden_days(days)

    assert {(d - TUESDAY).days for d in found} == {int(n) for n in hidden}

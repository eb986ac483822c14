"""The report as data: the phone line by day and by half hour."""

from __future__ import annotations

import datetime as dt
import json

from bot.domain.call_figures import call_figures
from bot.domain.calls import Call, CallCount, CallOutcome
from bot.domain.counting import Material
from bot.domain.measures import Report, report_of
from bot.exchange.report_json import report_json
from cards.figure_words import Hide
from tests.exchange import weeks
from tests.exchange.weeks import AS_AT, PARTNERSHIP, VIEW, WEEK

ANSWERED, ABANDONED, _OTHER = CallOutcome
TUESDAY_AT_NINE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def phoned() -> Report:
    """Six calls on Tuesday, nine of an hourly report on Wednesday, a referral on Friday."""
    asked = ((ANSWERED, 12.0), (ANSWERED, 20.0), (ANSWERED, 33.25), (ANSWERED, 40), (ANSWERED, 99))
    records = [
        Call(f"k{n}", TUESDAY_AT_NINE + dt.timedelta(minutes=n), "MASH", outcome, wait, None, "")
        for n, (outcome, wait) in enumerate((*asked, (ABANDONED, 4.0)))
    ]
    counts = [CallCount("c", TUESDAY_AT_NINE + dt.timedelta(days=1), "MASH", 9, 7, 2, None)]
    taken = [TUESDAY_AT_NINE + dt.timedelta(days=3, minutes=45)]
    calls = call_figures(
        records,
        counts,
        taken,
        first_day=WEEK.first,
        last_day=WEEK.last,
        target_s=60,
        calendar=PARTNERSHIP.calendar,
    )
    return report_of(Material(WEEK, AS_AT, (), calls=calls), PARTNERSHIP)


def line(*numbers: int | float | None) -> dict[str, int | float | None]:
    names = ("offered", "answered", "abandoned", "referrals", "in_target", "in_target_of")
    return dict(zip((*names, "median_seconds"), numbers, strict=True))


def test_the_phone_line_is_told_by_day_and_by_half_hour_where_something_was():
    phone = report_json(phoned(), VIEW)["phone"]

    assert phone == {
        "target_seconds": 60,
        "by_day": [
            {"day": "2026-11-24", **line(6, 5, 1, 0, 4, 6, 33.2)},
            {"day": "2026-11-25", **line(9, 7, 2, 0, 0, 0, None)},
            {"day": "2026-11-27", **line(0, 0, 0, 1, 0, 0, None)},
        ],
        "by_half_hour": [
            {"half_hour": "09:00", **line(6, 5, 1, 0, 4, 6, 33.2)},
            {"half_hour": "09:30", **line(0, 0, 0, 1, 0, 0, None)},
        ],
    }
    assert json.loads(json.dumps(phone)) == phone


def test_its_days_add_up_to_the_measures():
    data = report_json(weeks.report(40), VIEW)

    days, measures = data["phone"]["by_day"], data["measures"]
    assert sum(d["offered"] for d in days) == measures["calls_answered"]["of"]
    assert sum(d["abandoned"] for d in days) == measures["calls_abandoned"]["n"]
    assert sum(d["in_target"] for d in days) == measures["calls_in_target"]["n"]
    assert sum(d["in_target_of"] for d in days) == measures["calls_in_target"]["of"]


def test_where_no_calls_were_brought_the_phone_line_is_null():
    assert report_json(weeks.empty(), VIEW)["phone"] is None


def test_where_small_numbers_are_hidden_the_phone_line_is_left_out():
    assert "phone" not in report_json(phoned(), VIEW, hide=Hide.TO_SHARE)

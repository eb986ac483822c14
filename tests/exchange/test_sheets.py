"""The tables of a report: the same figures as the card and the JSON, and nothing hidden told."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain.baseline import BaselineRow
from bot.domain.baseline_figures import compare
from bot.domain.call_figures import call_figures
from bot.domain.calls import Call, CallOutcome
from bot.domain.counting import Material
from bot.domain.measures import MEASURES, Report, report_of
from bot.domain.tallies import PulseTally, SurveyTally
from bot.exchange.report_json import report_json
from bot.exchange.sheet import Sheet
from bot.exchange.sheet_splits import charts
from bot.exchange.sheets import sheets_of
from cards import wording as w
from cards.figure_words import Hide, is_hidden, value_of
from tests.exchange import weeks
from tests.exchange.weeks import AS_AT, PARTNERSHIP, VIEW, WEEK, row

MANY = [weeks.report(n, seed) for n in (0, 1, 2, 3, 6, 9, 14, 25, 60) for seed in (1, 2, 3)]
TUESDAY, WEDNESDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 25)


def sheets(report: Report, *, hide: Hide = Hide.NOTHING, **more: object) -> dict[str, Sheet]:
    found = sheets_of(report, VIEW, hide=hide, **more)  # type: ignore[arg-type]
    return {s.name: s for s in found}


def lines(sheet: Sheet) -> dict[object, tuple[object, ...]]:
    """Rows by measure on the Figures sheet, by first cell elsewhere."""
    at = 1 if sheet.name in ("Figures", "Definitions") else 0
    return {r[at]: r[at + 1 :] for r in sheet.rows}


def made(*referrals: object, **more: object) -> Report:
    return report_of(Material(WEEK, AS_AT, referrals, **more), PARTNERSHIP)  # type: ignore[arg-type]


@pytest.mark.parametrize("hide", list(Hide))
@pytest.mark.parametrize("report", MANY)
def test_every_figure_reads_as_on_the_card(report, hide):
    found = lines(sheets(report, hide=hide)["Figures"])

    for m in MEASURES:
        assert found[m.title][0] == value_of(m, report[m.key], VIEW, hide=hide)


@pytest.mark.parametrize("report", MANY)
def test_every_number_is_the_number_of_the_json(report):
    found, data = lines(sheets(report)["Figures"]), report_json(report, VIEW)["measures"]

    for m in MEASURES:
        n, of, missing, middle, p90, mean = found[m.title][1:]
        told = data[m.key]
        assert (n, of, missing) == (told["n"], told.get("of"), told.get("missing", 0))
        assert mean == told.get("mean")
        for shown, exact in ((middle, told.get("median")), (p90, told.get("p90"))):
            assert (shown is None) == (exact is None)
            assert shown is None or abs(shown - exact) <= 0.55  # words round half up


def test_a_week_counted_by_hand():
    times = (30, 40, 50.5, 60, 70, 80)
    report = made(
        *(
            row(i, minutes_received_to_decision=t, children=2 if i == 1 else 1)
            for i, t in enumerate(times, 1)
        )
    )

    found = lines(sheets(report)["Figures"])

    assert found["Referrals"] == ("6", 6, None, 0, None, None, None)
    assert found["Children"][1] == 7
    assert found["Decided by the duty team"] == ("6 of 6 (100%)", 6, 6, 0, None, None, None)
    # between 50.5 and 60: 55.25; no 90th percentile under ten
    assert found["Minutes from call to decision"][1:] == (6, None, 0, 55.2, None, None)
    assert found["Decisions by outcome: Early help"][:2] == ("6", 6)
    assert found["Actions in a plan"][1:] == (6, None, 0, None, None, 2)


def test_fewer_than_five_values_have_no_average_anywhere():
    found = lines(sheets(made(*(row(i) for i in range(1, 5))))["Figures"])

    assert found["Minutes from call to decision"][1:] == (4, None, 0, None, None, None)
    assert found["Plan score out of 10"][4:] == (None, None, None)


def test_days_are_dates_and_lines_have_the_cards_labels():
    report = made(row(1), row(2, received_at=AS_AT - dt.timedelta(days=2), district="South"))

    found = sheets(report)

    assert [r[0] for r in found["By day"].rows] == [TUESDAY, WEDNESDAY, "All"]
    assert lines(found["By district"])["South"] == (1, 1, 1, 1, 1, 1, 1, None)
    assert lines(found["By lead agency"])["Police"][:3] == (2, 2, 2)
    assert lines(found["By district"])["All"][:3] == (2, 2, 2)


def test_the_top_of_a_sheet_says_when_and_whether_small_numbers_are_hidden():
    report = weeks.report(6)

    for hide in Hide:
        for sheet in sheets(report, hide=hide).values():
            assert sheet.notes[0] == "Monday 23 November to Sunday 29 November"
            assert sheet.notes[1].startswith("As at Fri 27 Nov 17:00.")
            assert (w.FILE_HIDDEN in sheet.notes) == bool(hide)


def test_a_hidden_figure_leaves_its_numbers_empty():
    report = made(*(row(i, handed_over=i <= 3) for i in range(1, 13)), row(13, immediate=True))

    found = lines(sheets(report, hide=Hide.TO_SHARE)["Figures"])

    assert found["Handed over"] == ("not shown", None, None, None, None, None, None)
    assert found["Immediate referrals"] == ("fewer than 6", None, None, None, None, None, None)
    assert found["Minutes to the Assessment Team"][1:] == (None, None, None, None, None, None)


def test_no_small_count_is_in_any_cell_where_small_numbers_are_hidden():
    for report in MANY:
        found = sheets(report, hide=Hide.TO_SHARE)
        for line in found["Figures"].rows:
            assert not [n for n in line[3:6] if n is not None and 0 < n <= 5], line
        for sheet in found.values():
            if sheet.name in ("Figures", "Definitions"):
                continue
            for line in sheet.rows:
                assert not [n for n in line if isinstance(n, int) and 0 < n <= 5], line
        for chart in charts(report, VIEW, Hide.TO_SHARE):
            assert not [n for _, n in chart.points if n is not None and 0 < n <= 5]


def test_a_hidden_figure_shows_only_what_it_is_out_of():
    for report in MANY:
        found = lines(sheets(report, hide=Hide.TO_SHARE)["Figures"])
        for m in MEASURES:
            if is_hidden(m, report[m.key], hide=Hide.TO_SHARE):
                n, of, *others = found[m.title][1:]
                assert (n, *others) == (None,) * 5
                assert of is None or of > 5


_RANGE = {w.S_HIDDEN: range(1, 6), w.S_NOT_SHOWN: None}


def _possible(cells: list[object], total: int) -> list[set[int]]:
    """Every value that each cell may have, for a reader who knows the total of all."""
    allowed = [
        [c] if isinstance(c, int) else list(_RANGE[str(c)] or range(1, total + 1)) for c in cells
    ]
    found: list[set[int]] = []
    for i, own in enumerate(allowed):
        sums = {0}
        for other in allowed[:i] + allowed[i + 1 :]:
            sums = {s + n for s in sums for n in other if s + n <= total}
        found.append({n for n in own if total - n in sums})
    return found


@pytest.mark.parametrize("by", ["By who called", "By district", "By day"])
def test_no_hidden_count_of_a_split_can_be_worked_out_from_the_total(by):
    for report in MANY:
        *found, last = sheets(report, hide=Hide.TO_SHARE)[by].rows or ((None, 0),)
        if 0 < report["referrals"].n <= 5:  # then their number is hidden too
            continue
        cells, total = [r[1] for r in found], last[1]
        if not isinstance(total, int):  # beside what all know lies what was not decided
            cells, total = [*cells, w.S_NOT_SHOWN], report["referrals"].n
        for shown, values in zip(cells, _possible(cells, total), strict=True):
            assert isinstance(shown, int) or len(values) > 1


def test_a_split_that_others_see_has_no_second_column():
    """Beside exact totals, two counts a line would now and then tell a small one."""
    assert len(sheets(weeks.report(25), hide=Hide.TO_SHARE)["By day"].headings) == 2


def test_where_every_split_would_tell_there_is_none():
    found = sheets(made(row(1), row(2, district="South")), hide=Hide.TO_SHARE)

    assert found["By district"].rows == ()
    assert w.FILE_SPLIT_TOO_FEW in found["By district"].notes
    assert charts(made(row(1)), VIEW, Hide.TO_SHARE)[1].points == ()


def test_nothing_about_one_referral_leaves_where_small_numbers_are_hidden():
    report = weeks.report(30)
    comparison = _compared(report)

    found = sheets(report, hide=Hide.TO_SHARE, comparison=comparison)

    assert set(found) == {
        *("Figures", "By who called", "By district", "By day", "Callers"),
        *("Phone line by day", "Phone line by half hour", "Definitions"),
    }
    texts = [c for s in found.values() for r in s.rows for c in r if isinstance(c, str)]
    assert not [t for t in texts if "REF-" in t or "call-" in t]


def test_a_referral_is_a_line_of_codes_and_times():
    back = row(2, received_at=AS_AT - dt.timedelta(days=1), mosaic_ids=("9900001",))
    found = sheets(made(row(1, mosaic_ids=("9900001",)), back))["Referrals"]

    assert found.rows[0] == (
        *("REF-2026-00001", TUESDAY, dt.time(10, 0), 1, "First test", "North"),
        *("School or college", "Police"),
        *("Early help", TUESDAY, dt.time(11, 0), 60, "yes", "no", "no"),
        *(TUESDAY, dt.time(11, 30), "yes", 2, 8, "no", "yes"),
    )
    assert found.rows[1][-1] == "not known"  # its ten working days are not over


def test_what_has_not_happened_is_empty():
    nothing = {
        "outcome": "",
        "decided_at": None,
        "decided_by_duty_team": False,
        "minutes_received_to_decision": None,
        "feedback_at": None,
        "feedback_done": False,
        "plan_actions": 0,
        "plan_score": None,
        "lead_agency": "",
        "outcomes_of_children": (),
    }
    line = sheets(made(row(1, **nothing)))["Referrals"].rows[0]

    assert line[7:13] == ("No lead yet", "No outcome yet", None, None, None, "no")
    assert line[15:20] == (None, None, "no", 0, None)


def test_the_came_back_column_adds_up_to_the_measure():
    four_times = [r for seed in range(4) for r in weeks.rows(12, seed)]
    shared = tuple(
        dataclasses.replace(r, case_id=f"c{i}", reference=f"REF-2026-{i:05d}")
        for i, r in enumerate(four_times)
    )
    report = made(*shared)

    column = [r[-1] for r in sheets(report)["Referrals"].rows]

    assert column.count("yes") == report["came_back"].n > 0
    assert column.count("not known") == report["came_back"].missing


def test_no_word_that_could_name_a_child_or_a_person_is_in_any_table():
    report = weeks.report(30)
    ids = {i for r in report.facts.cohort for i in r.mosaic_ids}
    names = {p.name for p in PARTNERSHIP.people}

    for sheet in sheets(report, comparison=_compared(report)).values():
        texts = {str(c) for r in sheet.rows for c in r}
        assert not texts & ids
        assert not texts & names


def _pulse(day: dt.date, replies: int) -> PulseTally:
    tally = PulseTally(day, on_roll=8)
    for i in range(replies):
        tally = tally.with_answers((4, 5, 4 if i < 3 else 2, 1))
    return tally


def test_the_team_has_a_line_a_day_with_five_replies_or_more():
    days = (_pulse(TUESDAY, 4), _pulse(WEDNESDAY, 5), _pulse(dt.date(2026, 11, 26), 6))

    found = sheets(made(row(1), pulses=days))["Team"]

    # Wednesday is hidden too, or the week would tell Tuesday
    assert found.rows == ((dt.date(2026, 11, 26), 6, 8, 100, 100, 50, 0),)
    assert found.notes[-1] == "2 days not shown by themselves: too few replies."


def test_callers_are_counted_by_test_over_the_weeks_and_a_group_of_few_is_not_shown():
    weeks_of = [
        SurveyTally(week, "first_test", "professional").with_answers(answers)
        for week, answers in (("2026-W48", (5, None, 2)), ("2026-W49", (3, 4, 4)))
    ]

    found = sheets(made(row(1), surveys=tuple(weeks_of)))["Callers"]

    assert found.rows == (
        ("First test", "All", 2, 2, 1, 2, 1, 1, 1, 2),
        ("All", "A professional", None, "not shown", *(None,) * 6),
    )


def test_the_phone_line_has_its_days_half_hours_and_calls_to_return():
    report = weeks.report(10)
    calls = report.facts.material.calls
    found = sheets(report)

    days = found["Phone line by day"].rows
    assert [r[0] for r in days] == list(WEEK.days)
    assert sum(r[1] for r in days) == calls.offered == 20
    assert sum(r[1] for r in found["Phone line by half hour"].rows) == 20
    assert [r[0] for r in found["Calls to return"].rows] == [c.call_id for c in calls.call_backs]


HALF_PAST_NINE = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)


def phoned(*calls: tuple[CallOutcome, float | None], target_s: float = 60) -> Report:
    """Calls of one half-hour, a minute apart, and no referral."""
    records = [
        Call(f"k{n}", HALF_PAST_NINE + dt.timedelta(minutes=n), "MASH", outcome, wait, None, "")
        for n, (outcome, wait) in enumerate(calls)
    ]
    days = {"first_day": TUESDAY, "last_day": TUESDAY}
    calendar = PARTNERSHIP.calendar
    found = call_figures(records, (), (), **days, target_s=target_s, calendar=calendar)
    return made(calls=found)


ANSWERED, ABANDONED, _OTHER = CallOutcome


@pytest.mark.parametrize("name", ["Phone line by day", "Phone line by half hour"])
def test_the_phone_line_says_how_many_gave_up_and_how_long_callers_waited(name):
    waits = (10, 20.25, 60, 61, 90)
    report = phoned(*((ANSWERED, w) for w in waits), (ABANDONED, 5.0), (ANSWERED, None))

    found = sheets(report)[name]

    assert found.headings[1:] == (
        *("Calls offered", "Answered", "Given up", "Referrals taken", "Given up (%)"),
        *("Answered within 60 seconds", "Out of", "Typical seconds waited"),
    )
    assert found.rows[0][1:] == (7, 6, 1, 0, 14, 3, 6, 60)


def test_under_five_waits_the_phone_line_has_no_typical_wait_and_no_calls_no_percentage():
    report = phoned(*[(ANSWERED, 10.0)] * 4, target_s=1)

    found = sheets(report)["Phone line by day"]

    assert "Answered within 1 second" in found.headings
    assert found.rows == ((TUESDAY, 4, 4, 0, 0, 0, 0, 4, None),)
    no_day = sheets(weeks.report(10))["Phone line by day"].rows[-1]  # a Sunday
    assert no_day[1:] == (0, 0, 0, 0, None, 0, 0, None)


def test_the_typical_wait_has_one_decimal():
    report = phoned(*((ANSWERED, w) for w in (1, 2, 20.26, 30, 40)))

    assert sheets(report)["Phone line by day"].rows[0][-1] == 20.3


def test_where_others_see_the_phone_line_has_its_calls_alone():
    report = phoned(*[(ANSWERED, 10.0)] * 9)

    found = sheets(report, hide=Hide.TO_SHARE)

    for name in ("Phone line by day", "Phone line by half hour"):
        assert found[name].headings[1:] == ("Calls offered",)
        assert [r[1:] for r in found[name].rows] == [(9,)]


def test_a_week_without_anything_has_its_figures_and_says_so():
    found = sheets(weeks.empty())

    assert lines(found["Figures"])["Referrals"][:2] == ("0", 0)
    assert w.S_NONE in found["By district"].notes
    assert found["Referrals"].rows == ()
    assert not {"Team", "Callers", "Phone line by day", "Calls to return"} & set(found)
    assert [c.points for c in charts(weeks.empty(), VIEW, Hide.TO_SHARE)] == [(), (), ()]


def test_what_each_measure_counts_is_on_a_sheet_of_its_own():
    found = lines(sheets(weeks.empty())["Definitions"])

    assert set(found) == {m.title for m in MEASURES}
    assert found["Minutes from briefing to a lead"] == (
        "Referrals.",
        "",
        "The briefing is posted",
        "Somebody first has the lead",
        "Those without a lead.",
        w.FIG_RULES["minutes"],
    )


def _compared(report: Report):
    at = dt.datetime(2026, 10, 6, 10, tzinfo=dt.UTC)
    before = [
        BaselineRow(
            key=f"k{i}",
            received_on=at.date(),
            received_at=at,
            children=1,
            district="North",
            referrer_group="school",
            outcome="ehu",
            lead_agency="police",
            decided_at=at + dt.timedelta(minutes=100 * i),
            immediate=False,
            assessment_taken_at=None,
            feedback_at=None,
            lead_at=None,
            re_referral=None,
            plan=None,
            actions=None,
        )
        for i in range(1, 8)
    ]
    return compare(before, (), report, PARTNERSHIP)


def test_before_and_after_stand_side_by_side_where_numbers_are_exact():
    report = made(*(row(i) for i in range(1, 7)))

    found = sheets(report, comparison=_compared(report))["Before and after"]

    assert found.rows[0] == ("Referrals", "7", "6", 7, None, 6, None, "")
    assert lines(found)["Minutes from call to decision"] == (
        "typically 400 minutes (7 counted).",
        "typically 60 minutes (6 counted).",
        *(7, None, 6, None, w.COMPARE_TOO_FEW),
    )
    assert "Before and after" not in sheets(report, comparison=weeks.nothing_before(report))

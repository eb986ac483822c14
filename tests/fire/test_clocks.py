"""What is due comes at its time and once: over closings, both clock changes and holidays, with the
bot stopped and started again before everything that is due.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import configuration
from bot.domain.partnership import Partnership, TestWindow
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.world import BOT
from tests.wire.acting import Acting, words_of

LONDON = ZoneInfo("Europe/London")
EASTER = (dt.date(2027, 3, 26), dt.date(2027, 3, 29))
"""Good Friday and Easter Monday: the clocks go forward on the Sunday between."""


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


def every_working_day_a_test_day() -> Partnership:
    default = configuration.load()
    window = TestWindow(default.test_windows[0].code, dt.date(2026, 10, 1), dt.date(2027, 4, 30))
    calendar = default.calendar
    holidays = calendar.bank_holidays | frozenset(EASTER)
    return replace(
        default,
        test_windows=(window,),
        test_days=frozenset(range(5)),
        calendar=replace(calendar, bank_holidays=holidays),
    )


class Restarting(Acting):
    """Everything that falls due does so right after a restart."""

    restarts = 0

    async def restart(self) -> None:
        await self.r.front_door.stop()
        await self.r._start_bot()
        self.restarts += 1

    async def to_local(self, text: str) -> None:
        to = local(text)
        while True:
            due = await self.desk.ticker.next_due()
            if due is None or due > to:
                break
            self.r.clock.move_to(due)
            await self.restart()
            await self.desk.ticker.tick()
            await self.r.settled()
        self.r.clock.move_to(to)
        await self.restart()
        await self.desk.ticker.tick()
        await self.r.settled()

    async def at(self, kind: str) -> list[str]:
        """When events of this kind happened, by the clock on the wall."""
        stream = await self.r.front_door.log.load(self.case_id)
        found = [r for c in stream.commits for r in c.recorded if kind == r.event.TYPE]
        return [f"{r.at.astimezone(LONDON):%a %d %b %H:%M}" for r in found]

    def cards(self, person_id: str, words: str) -> Counter[str]:
        """The bot's cards in somebody's chat that hold these words, by day."""
        chat = self.r.world.chat(self.r.world.person(person_id))
        return Counter(
            f"{m.at.astimezone(LONDON):%a %d %b %H:%M}"
            for m in chat
            if m.author == BOT and words in words_of(m.card or {})
        )


@pytest.mark.parametrize(
    ("called", "first", "second", "lead", "decide_by"),
    [
        pytest.param(
            "2026-10-23 16:15",
            "Fri 23 Oct 16:25",
            "Mon 26 Oct 08:35",
            "Mon 26 Oct 08:45",
            "Mon 26 Oct 16:15",
            id="the clocks go back",
        ),
        pytest.param(
            "2027-03-25 16:45",
            "Thu 25 Mar 16:55",
            "Tue 30 Mar 08:35",
            "Tue 30 Mar 08:45",
            "Tue 30 Mar 16:45",
            id="the clocks go forward at Easter",
        ),
        pytest.param(
            "2026-12-24 16:45",
            "Thu 24 Dec 16:55",
            "Tue 29 Dec 08:35",
            "Tue 29 Dec 08:45",
            "Tue 29 Dec 16:45",
            id="Christmas",
        ),
    ],
)
async def test_nudges_and_a_default_lead_come_by_the_clock_on_the_wall_once(
    tmp_path: Path, called: str, first: str, second: str, lead: str, decide_by: str
) -> None:
    rehearsal = Rehearsal(
        store=str(tmp_path / "store.db"),
        partnership=every_working_day_a_test_day(),
        clock=RehearsalClock(local(called)),
    )
    await rehearsal.start()
    acting = Restarting(rehearsal)
    await acting.brief(safe_now="not_sure")
    assert f"Decide by {decide_by}" in await acting.shown("pol-1")
    after = dt.datetime.strptime(f"{lead} {rehearsal.clock.now():%Y}", "%a %d %b %H:%M %Y")
    await acting.to_local(f"{after + dt.timedelta(minutes=5):%Y-%m-%d %H:%M}")
    try:
        assert await acting.at("nudge.sent") == [first, second]
        assert await acting.at("lead.defaulted") == [lead]
        posts = [m.text for m in acting.thread(await acting.briefing()) if "no lead" in m.text]
        assert len(posts) == 2
        assert acting.restarts > 3
    finally:
        await rehearsal.stop()


@pytest.mark.parametrize(
    ("monday", "friday"),
    [("2026-10-19", "Fri 23 Oct 15:00"), ("2027-03-22", "Thu 25 Mar 15:00")],
    ids=["the clocks go back", "the clocks go forward at Easter"],
)
async def test_the_week_and_the_roll_come_at_their_hour_once_however_often_it_restarts(
    tmp_path: Path, monday: str, friday: str
) -> None:
    rehearsal = Rehearsal(
        store=str(tmp_path / "store.db"),
        partnership=every_working_day_a_test_day(),
        clock=RehearsalClock(local(f"{monday} 07:00")),
    )
    await rehearsal.start()
    acting = Restarting(rehearsal)
    week_on = dt.date.fromisoformat(monday) + dt.timedelta(days=8)
    await acting.to_local(f"{week_on} 12:00")
    try:
        title = f"{dt.date.fromisoformat(monday):%A %-d %B} to "
        assert acting.cards("man-1", title) == Counter([friday])
        rolls = acting.cards("mgr-1", "Who is not here today")
        assert set(rolls.values()) == {1}
        days = [dt.date.fromisoformat(monday) + dt.timedelta(days=n) for n in range(9)]
        opened = [d for d in days if rehearsal.partnership.calendar.hours(d)]
        assert list(rolls) == [f"{d:%a %d %b} 08:30" for d in opened]
    finally:
        await rehearsal.stop()

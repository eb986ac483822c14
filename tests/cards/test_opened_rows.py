"""A list of several referrals draws each under the configuration it was opened under."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.next_step import next_step
from cards import lists, wording as w
from tests.cards import referrals as tell, walk
from tests.cards.story import World


def test_each_row_has_its_own_calendar() -> None:
    world = World()
    p = world.partnership
    there = replace(p.calendar, zone=ZoneInfo("Europe/Helsinki"))
    p.earlier["old"] = replace(p.terms, calendar=there)
    told = tell.briefed(world).referral
    old = replace(told, configuration="old")
    rows = [(r, next_step(told, p, world.today), "") for r in (told, old)]
    drawn = lists.list_card(w.LIST_OPEN, rows, world.view("eh-1"))
    shown = " ".join(walk.plain_of(drawn))

    assert "Wed 25 Nov 10:30" in shown
    assert "Wed 25 Nov 12:30" in shown

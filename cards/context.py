"""What every builder needs: the partnership, the viewer, and local time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bot.domain.partnership import Partnership, Person, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import TO_FOLLOW
from cards import wording as w
from cards.kit import Json


@dataclass(frozen=True, slots=True)
class View:
    """`viewer` None is the card everyone shares. `now` is aware UTC."""

    partnership: Partnership
    today: Today
    now: dt.datetime
    viewer: Person | None = None
    watchers: tuple[str, ...] = ()
    """Teams user ids whose clients may ask for their own view (at most 60)."""

    def of(self, referral: Referral) -> View:
        """The same viewer looking at this referral, with what it was opened under."""
        return replace(self, partnership=self.partnership.as_opened(referral.configuration))

    def local(self, at: dt.datetime) -> dt.datetime:
        return self.partnership.calendar.local(at)

    def when(self, at: dt.datetime) -> str:
        """In full, because a card outlives the day it was drawn on."""
        local = self.local(at)
        return f"{w.short_day(local.date())} {w.clock(local)}"

    def time(self, at: dt.datetime) -> str:
        return w.clock(self.local(at))

    def day(self) -> dt.date:
        return self.partnership.calendar.day_of(self.now)

    def name(self, person_id: str) -> str:
        return self.partnership.name_of(person_id)

    def agency(self, code: str) -> str:
        found = self.partnership.agency.find(code)
        return found.label if found else code

    def need(self, code: str) -> str:
        found = self.partnership.need.find(code)
        return found.label if found else code

    def need_short(self, code: str) -> str:
        return self.need(code).split(":")[0]

    def outcome_short(self, code: str) -> str:
        found = self.partnership.outcome.find(code)
        return found.short if found else code

    def outcome(self, code: str) -> str:
        found = self.partnership.outcome.find(code)
        return found.label if found else code

    def district(self, code: str) -> str:
        found = self.partnership.district.find(code)
        return found.label if found else code

    def due(self, referral: Referral) -> dt.datetime:
        return self.partnership.calendar.one_working_day_after(referral.clock_starts_at)

    def danger(self) -> str:
        return w.DANGER.format(emergency=self.partnership.emergency_number)


def ring_words(referral: Referral, view: View) -> str:
    """Who to ring for an immediate referral: the district's team, or who is there when closed."""
    p = view.partnership
    if not p.calendar.is_open(view.now):
        return w.IMMEDIATE_HEAD_CLOSED.format(
            emergency=p.emergency_number, edt=p.out_of_hours_name, phone=p.out_of_hours_phone
        )
    team = p.assessment_team_for(referral.asked.district)
    if team is None:
        return w.IMMEDIATE_HEAD_NO_TEAM.format(emergency=p.emergency_number)
    return w.IMMEDIATE_HEAD.format(team=team.name, phone=team.phone)


def data_of(referral: Referral) -> Json:
    """What a button carries: which referral, and the version it was drawn from. Nothing else."""
    return {"case": referral.case_id, "v": referral.version}


def children_words(referral: Referral) -> str:
    """'9900101 (5 to 9), to follow (under 1)'."""
    return ", ".join(
        f"{'ID ' if c.mosaic_id == TO_FOLLOW else ''}{c.mosaic_id} ({w.AGE_BANDS[c.age_band]})"
        for c in referral.asked.children
    )

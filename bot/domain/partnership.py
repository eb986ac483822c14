"""What one partnership decides for itself, as values. Loaded and checked by `bot.configuration`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from bot.domain.file_settings import FileSettings
from bot.domain.terms import (
    Agency,
    Codes,
    District,
    Need,
    Outcome,
    ReferrerGroup,
    SharingBasis,
    Terms,
    Timers,
)
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.domain.working_time import Calendar


@dataclass(frozen=True, slots=True)
class AssessmentTeam:
    name: str
    phone: str
    channel: str = ""
    """Teams conversation id of the team's own channel; empty: its people are told one by one."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    role: Role
    agency: str
    tenant: str
    object_id: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """A security group of the host tenant whose members hold `role` for `agency`."""

    group_id: str
    role: Role
    agency: str


BOT = Person("bot", "Front Door", Role.BOT, "-", "host", "")


@dataclass(frozen=True, slots=True)
class TestWindow:
    __test__ = False
    code: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Partnership:
    """The whole configuration. Lookups raise KeyError for a code the configuration never had."""

    name: str
    host_domain: str
    desk_channel: str
    mosaic_id_pattern: str
    emergency_number: str
    out_of_hours_name: str
    out_of_hours_phone: str
    mash_phone: str
    adult_mash_phone: str
    lado_phone: str
    thread_link: str
    """Link to a thread, with {channel} and {message}."""
    disagreement_url: str
    outcome_agreement: str
    default_sharing_basis: str
    default_sharing_reason: str
    roll_call_at: dt.time
    """When the duty manager is asked who is here, on the morning of a test day (local)."""
    roll_call_by: dt.time
    weekly_card_at: dt.time
    """When managers get the week, on its last working day (local)."""
    phone_target_s: int
    """The wait within which the partnership wants calls answered."""
    survey_form_url: str
    """The council's own form, empty where it has none."""
    export_at: dt.time
    """When the day's export of the log is made (local), whatever day it is."""
    words_days_after_closing: int
    """How long people's words are kept after a referral closed; facts and measures stay."""
    record_thread: bool
    """Replies in a thread join the record by themselves: Teams delivers them all."""
    agencies: tuple[Agency, ...]
    needs: tuple[Need, ...]
    referrer_groups: tuple[ReferrerGroup, ...]
    outcomes: tuple[Outcome, ...]
    districts: tuple[District, ...]
    assessment_teams: tuple[AssessmentTeam, ...]
    sharing_bases: tuple[SharingBasis, ...]
    people: tuple[Person, ...]
    """Who has their role from this configuration; `everyone` has the others too."""
    tenants: dict[str, str]
    tenant_labels: dict[str, str]
    calendar: Calendar
    test_days: frozenset[int]
    test_windows: tuple[TestWindow, ...]
    timers: Timers = field(default_factory=Timers)
    files: FileSettings = field(default_factory=FileSettings)
    mailbox: str = ""
    """The service mailbox feedback is emailed from; empty where there is none."""
    groups: tuple[RoleGroup, ...] = ()
    """Where roles of the host tenant come from; somebody in several has the first one's."""
    whole_list: tuple[Person, ...] = ()
    """Where there are groups: everybody on the list with the role it gives them, which serves in
    rehearsal alone.
    """
    found: dict[str, Person] = field(default_factory=dict, compare=False)
    """By person id: people of the host tenant whose roles come from groups, as last known. The
    desk's directory keeps it; without groups it stays empty.
    """
    rostered: dict[str, Person] = field(default_factory=dict, compare=False)
    """By person id, what was said in Teams of who is on the roster: it goes before `people`, with
    Role.NONE whoever was taken off. The desk's roster keeps it.
    """
    version: str = ""
    """Short hash of the file this came from; each commit keeps it."""
    earlier: dict[str, Terms] = field(default_factory=dict, compare=False)
    """By version: what referrals keep that were opened under it. The desk fills it in."""
    current: Partnership | None = field(default=None, compare=False, repr=False)
    """Today's, where this is as an earlier version had it."""

    def by_the_list(self) -> Partnership:
        """As if there were no groups: everybody has the role the list gives them."""
        people = self.whole_list or self.people
        return replace(self, people=people, groups=(), whole_list=(), found={})

    def as_configured(self, configured: Partnership) -> Partnership:
        """With `configured`'s people and groups, apart from what anybody has found out since."""
        c = configured
        found = dict(c.found)
        return replace(self, people=c.people, groups=c.groups, whole_list=c.whole_list, found=found)

    @property
    def terms(self) -> Terms:
        """What a referral that is opened now keeps."""
        return Terms(**{f.name: getattr(self, f.name) for f in fields(Terms)})

    def as_opened(self, version: str) -> Partnership:
        """What serves a referral opened under `version`: the terms of then, with the people, places
        and numbers of today. Today's alone where the version is not known.

        Bank holidays are then's and today's: one that is announced later is a fact, and one that
        an old list had stays, so that figures counted once do not change.
        """
        today = self.current or self
        terms = today.earlier.get(version)
        if version == today.version or terms is None:
            return today
        if version not in today._opened:
            kept = {f.name: getattr(terms, f.name) for f in fields(Terms)}
            holidays = terms.calendar.bank_holidays | today.calendar.bank_holidays
            kept["calendar"] = replace(terms.calendar, bank_holidays=holidays)
            today._opened[version] = replace(today, version=version, current=today, **kept)
        return today._opened[version]

    @cached_property
    def _opened(self) -> dict[str, Partnership]:
        return {}

    def _others(self, name: str) -> Callable[[], Iterator[Any]]:
        """Entries of that field in today's version and every other known one."""
        today = self.current or self

        def others() -> Iterator[Any]:
            for version in (today, *today.earlier.values()):
                yield from getattr(version, name)

        return others

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {p.id: p for p in self.people} | {BOT.id: BOT}

    @cached_property
    def _by_object(self) -> dict[str, Person]:
        return {p.object_id.lower(): p for p in self.people}

    @cached_property
    def tenant_by_code(self) -> dict[str, str]:
        """Entra's ids by our codes, in lower case: Teams writes them either way."""
        return {code: tenant.lower() for code, tenant in self.tenants.items()}

    @cached_property
    def tenant_ids(self) -> frozenset[str]:
        return frozenset(self.tenant_by_code.values())

    @cached_property
    def partners_tenant_ids(self) -> frozenset[str]:
        return frozenset(t for code, t in self.tenant_by_code.items() if code != HOST_TENANT)

    @cached_property
    def agency(self) -> Codes[Agency]:
        return Codes(self.agencies, self._others("agencies"))

    @cached_property
    def need(self) -> Codes[Need]:
        return Codes(self.needs, self._others("needs"))

    @cached_property
    def group(self) -> Codes[ReferrerGroup]:
        return Codes(self.referrer_groups, self._others("referrer_groups"))

    @cached_property
    def outcome(self) -> Codes[Outcome]:
        return Codes(self.outcomes, self._others("outcomes"))

    @cached_property
    def district(self) -> Codes[District]:
        return Codes(self.districts, self._others("districts"))

    @cached_property
    def basis(self) -> Codes[SharingBasis]:
        return Codes(self.sharing_bases, self._others("sharing_bases"))

    @cached_property
    def core_agencies(self) -> tuple[Agency, ...]:
        return tuple(a for a in self.agencies if a.core)

    @property
    def everyone(self) -> tuple[Person, ...]:
        """Everybody who has a role now: the configuration's in its order, then by name."""
        if not (self.found or self.rostered):
            return self.people
        listed = [self.rostered.get(p.id, p) for p in self.people]
        others = [*self._added, *self.found.values()]
        everybody = (*listed, *sorted(others, key=lambda p: (p.name, p.id)))
        return tuple(p for p in everybody if p.role is not Role.NONE)

    @property
    def _added(self) -> list[Person]:
        """Put on the roster in Teams alone."""
        return [p for i, p in self.rostered.items() if i not in self._people]

    def on_the_list(self, person_id: str) -> Person | None:
        """As the configuration has them, whatever was said in Teams since."""
        return self._people.get(person_id)

    def person(self, person_id: str) -> Person | None:
        """Also somebody who lost their role: by name, with Role.NONE."""
        if listed := self._people.get(person_id):
            return self.rostered.get(person_id, listed)
        return self.found.get(person_id) or self.rostered.get(person_id)

    def name_of(self, person_id: str) -> str:
        """The name to show; a person nobody knows any more shows as their id."""
        found = self.person(person_id)
        return found.name if found else person_id

    def person_of_object(self, object_id: str) -> Person | None:
        """By Entra object id alone: whose words these are. Who may act is told by tenant too."""
        wanted = object_id.lower()
        if listed := self._by_object.get(wanted):
            return self.rostered.get(listed.id, listed)
        others = (*self.found.values(), *self._added)
        return self.found.get(wanted) or next((p for p in others if p.object_id == wanted), None)

    def listed(self, object_id: str) -> Person | None:
        """Who has their role from the configuration or the roster, by Entra object id."""
        wanted = object_id.lower()
        found = self._by_object.get(wanted)
        if found:
            found = self.rostered.get(found.id, found)
        else:
            found = next((p for p in self._added if p.object_id == wanted), None)
        return found if found and found.role is not Role.NONE else None

    def with_role(self, *roles: Role) -> tuple[Person, ...]:
        return tuple(p for p in self.everyone if p.role in roles)

    def assessment_team_for(self, district: str) -> AssessmentTeam | None:
        """Today's team of that name; where there is none any more, today's for the district."""
        by_name = {t.name: t for t in self.assessment_teams}
        for version in (self, self.current or self):
            found = version.district.find(district)
            if found and found.assessment_team in by_name:
                return by_name[found.assessment_team]
        return None

    def bases_on(self, day: dt.date) -> tuple[SharingBasis, ...]:
        """Legal bases in force on `day`: each has its own start date."""
        return tuple(b for b in self.sharing_bases if b.start is None or b.start <= day)

    def tests_on(self, day: dt.date) -> tuple[str, ...]:
        """Codes of the tests that take referrals on `day`, empty on any other day."""
        if day.weekday() not in self.test_days or not self.calendar.hours(day):
            return ()
        return tuple(
            dict.fromkeys(w.code for w in self.test_windows if w.first_day <= day <= w.last_day)
        )


@dataclass(frozen=True, slots=True)
class Today:
    """What the desk knows of today: who is here, and whether intake is paused."""

    absent: frozenset[str] = frozenset()
    called: bool = False
    paused: str | None = None
    rolls: int = 0
    """How often the roll was called today."""

    def here(self, people: Iterable[Person]) -> tuple[Person, ...]:
        return tuple(p for p in people if p.id not in self.absent)

"""What one partnership decides for itself, as values. Loaded and checked by `bot.configuration`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.domain.file_settings import FileSettings
from bot.domain.vocabulary import Role
from bot.domain.working_time import Calendar


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    label: str
    core: bool


@dataclass(frozen=True, slots=True)
class Need:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ReferrerGroup:
    code: str
    label: str
    kind: str
    cin: str
    feedback_level: str


@dataclass(frozen=True, slots=True)
class Outcome:
    code: str
    label: str
    short: str
    tests: tuple[str, ...]
    needs_strategy_note: bool
    plan_first: bool


@dataclass(frozen=True, slots=True)
class AssessmentTeam:
    name: str
    phone: str
    channel: str = ""
    """Teams conversation id of the team's own channel; empty: its people are told one by one."""


@dataclass(frozen=True, slots=True)
class District:
    code: str
    label: str
    assessment_team: str | None


@dataclass(frozen=True, slots=True)
class SharingBasis:
    code: str
    label: str
    start: dt.date | None


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
class Timers:
    """Units are in the names; `working_minutes` run only while the MASH is open."""

    claim_nudge_1_working_minutes: int = 10
    claim_nudge_2_working_minutes: int = 20
    default_lead_working_minutes: int = 30
    immediate_nudge_1_minutes: int = 2
    immediate_nudge_2_minutes: int = 5
    immediate_default_lead_minutes: int = 5
    immediate_not_taken_every_minutes: int = 10
    immediate_not_taken_most: int = 12
    agree_nudge_working_minutes: int = 15
    agree_duty_manager_working_minutes: int = 30
    due_warning_minutes: int = 60
    before_closing_minutes: int = 45
    pulse_before_closing_minutes: int = 30
    undo_minutes: int = 5
    withdraw_minutes: int = 15
    reopen_working_days: int = 10
    re_referral_months: int = 12


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
    version: str = ""
    """Short hash of the file this came from; each commit keeps it."""

    def by_the_list(self) -> Partnership:
        """As if there were no groups: everybody has the role the list gives them."""
        people = self.whole_list or self.people
        return replace(self, people=people, groups=(), whole_list=(), found={})

    def as_configured(self, configured: Partnership) -> Partnership:
        """With `configured`'s people and groups, apart from what anybody has found out since."""
        c = configured
        found = dict(c.found)
        return replace(self, people=c.people, groups=c.groups, whole_list=c.whole_list, found=found)

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {p.id: p for p in self.people} | {BOT.id: BOT}

    @cached_property
    def _by_object(self) -> dict[str, Person]:
        return {p.object_id.lower(): p for p in self.people}

    @cached_property
    def agency(self) -> dict[str, Agency]:
        return {a.code: a for a in self.agencies}

    @cached_property
    def need(self) -> dict[str, Need]:
        return {n.code: n for n in self.needs}

    @cached_property
    def group(self) -> dict[str, ReferrerGroup]:
        return {g.code: g for g in self.referrer_groups}

    @cached_property
    def outcome(self) -> dict[str, Outcome]:
        return {o.code: o for o in self.outcomes}

    @cached_property
    def district(self) -> dict[str, District]:
        return {d.code: d for d in self.districts}

    @cached_property
    def basis(self) -> dict[str, SharingBasis]:
        return {b.code: b for b in self.sharing_bases}

    @cached_property
    def core_agencies(self) -> tuple[Agency, ...]:
        return tuple(a for a in self.agencies if a.core)

    @property
    def everyone(self) -> tuple[Person, ...]:
        """Everybody who has a role now: the configuration's in its order, then by name."""
        if not self.found:
            return self.people
        held = [p for p in self.found.values() if p.role is not Role.NONE]
        return (*self.people, *sorted(held, key=lambda p: (p.name, p.id)))

    def person(self, person_id: str) -> Person | None:
        """Also somebody who lost their role: by name, with Role.NONE."""
        return self._people.get(person_id) or self.found.get(person_id)

    def name_of(self, person_id: str) -> str:
        """The name to show; a person nobody knows any more shows as their id."""
        found = self.person(person_id)
        return found.name if found else person_id

    def person_of_object(self, object_id: str) -> Person | None:
        """By Entra object id alone: whose words these are. Who may act is told by tenant too."""
        wanted = object_id.lower()
        listed = self._by_object.get(wanted) or self.found.get(wanted)
        return listed or next((p for p in self.found.values() if p.object_id == wanted), None)

    def listed(self, object_id: str) -> Person | None:
        """Who has their role from the configuration, by Entra object id."""
        return self._by_object.get(object_id.lower())

    def with_role(self, *roles: Role) -> tuple[Person, ...]:
        return tuple(p for p in self.everyone if p.role in roles)

    def assessment_team_for(self, district: str) -> AssessmentTeam | None:
        found = self.district.get(district)
        name = found.assessment_team if found else None
        return next((t for t in self.assessment_teams if t.name == name), None)

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

    def here(self, people: Iterable[Person]) -> tuple[Person, ...]:
        return tuple(p for p in people if p.id not in self.absent)

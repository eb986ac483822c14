"""Given events, when a command, then events or a refusal.

    given(*BRIEFED).when(ClaimLead(), by="pol-1", at="10:05").then(LeadClaimed())

Times are London clock times on the first test day, a Tuesday, unless a day is given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from bot import configuration
from bot.domain import events as ev
from bot.domain.commands import AbsorbReferral, Command, OtherReferral
from bot.domain.decide import decide
from bot.domain.decision import Decided, Refused, Scene
from bot.domain.evolve import fold
from bot.domain.intake import Child, Intake
from bot.domain.pairs import absorbed
from bot.domain.partnership import BOT, Partnership, Person, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import TO_FOLLOW, Role, State

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (dt.date(2026, 11, 23 + n) for n in range(5))

MASHO, SOCIAL_WORKER, MANAGER, SECOND_MANAGER = "masho-1", "sw-1", "mgr-1", "mgr-2"
POLICE, HEALTH, EDUCATION, EARLY_HELP, HOUSING = "pol-1", "hlt-1", "edu-1", "eh-1", "hou-1"
ASSESSMENT, HEAD_OF_SERVICE, RECORDS = "axt-1", "man-1", "rec-1"
LEFT = "left-1"
LEAD = EARLY_HELP
DUTY_TEAM = (MASHO, SOCIAL_WORKER, MANAGER, POLICE)


def _partnership() -> Partnership:
    """The configured partnership, with a records officer so that every role has somebody, and
    somebody who had a role and lost it.
    """
    loaded = configuration.load()
    officer = Person(
        RECORDS, "Olu B.", Role.RECORDS_OFFICER, "social_care", "host", "00000000-0000-0000-0000-01"
    )
    left = Person(LEFT, "Lee V.", Role.NONE, "early_help", "host", "00000000-0000-0000-0000-02")
    return replace(loaded, people=(*loaded.people, officer), found={LEFT: left})


PARTNERSHIP = _partnership()
EVERYBODY = (*(p.id for p in PARTNERSHIP.people), BOT.id)


def at(clock: str, day: dt.date = TUESDAY) -> dt.datetime:
    """UTC instant of a London clock time."""
    return PARTNERSHIP.calendar.instant(day, dt.time.fromisoformat(clock))


def person(person_id: str) -> Person:
    found = PARTNERSHIP.person(person_id)
    assert found is not None, person_id
    return found


def intake(**answers: Any) -> Intake:
    """A whole form: one child in the North, one need, everything asked."""
    complete = Intake(
        received_at=at("09:00"),
        children=(Child("9900101", "5_to_9"),),
        district="North",
        child_location="school_or_nursery",
        seen_heard="He came in with no coat for the third day.",
        safe_now="yes",
        referrer_group="school",
        needs=("daily_care",),
        contact_method="phone",
        safe_contact="yes",
        child_view="Wants to stay with Nan at weekends",
        told_family="yes_agree",
    )
    return replace(complete, **answers)


def action(text: str = "Visit mum at home and agree mornings", **changes: Any) -> ev.Action:
    row = ev.Action(text, "daily_care", EARLY_HELP, "", "early_help", WEDNESDAY)
    return replace(row, **changes)


def plan(*actions: ev.Action) -> ev.PlanSaved:
    return ev.PlanSaved(actions or (action(),), "Ring Femi if he is away again", "Mum agrees")


def did(event: ev.Event, by: str, clock: str, day: dt.date = TUESDAY) -> ev.Recorded:
    return ev.Recorded(event, at(clock, day), by)


SHARED = ev.Sharing("shared", "duty_16la", "Helps the team work out what the child needs")


REFERENCE, SECOND_REFERENCE = "REF-2026-00001", "REF-2026-00002"


def submitted(
    form: Intake | None = None, clock: str = "09:06", reference: str = REFERENCE
) -> tuple[ev.Recorded, ...]:
    """Steps one to three: the call was taken and the form sent, nothing posted yet."""
    form = form or intake()
    received = ev.Recorded(ev.ReferralReceived(form.received_at), form.received_at, MASHO)
    return received, did(ev.IntakeSubmitted(form, reference), MASHO, clock)


def briefed(
    form: Intake | None = None, clock: str = "09:06", reference: str = REFERENCE
) -> tuple[ev.Recorded, ...]:
    posted = ev.BriefingPosted("19:desk", "msg-1", "https://example.test/", False, ())
    return (*submitted(form, clock, reference), did(posted, BOT.id, clock))


def in_discussion(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    return (*briefed(form), did(ev.LeadClaimed(), LEAD, "09:10"))


def planned(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    return (*in_discussion(form), did(plan(), LEAD, "09:20"))


def proposed(
    form: Intake | None = None,
    code: str = "ehu",
    by: str = LEAD,
    per_child: tuple[tuple[str, str], ...] = (),
) -> tuple[ev.Recorded, ...]:
    pick = ev.OutcomeProposed(code, "He needs warm mornings; mum agrees.", per_child)
    return (*planned(form), did(pick, by, "09:30"))


def agreed(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    endorsed = ev.OutcomeEndorsed("second_person")
    return (*proposed(form), did(endorsed, SOCIAL_WORKER, "09:40"))


FEEDBACK = ev.FeedbackSent("school", "professional_full", "phone", "Thank you for ringing.")


def closed(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    children = tuple(c.mosaic_id for c in (form or intake()).children)
    return (
        *agreed(form),
        did(FEEDBACK, LEAD, "10:00"),
        did(ev.CaseNoteExported(children), LEAD, "10:05"),
        did(ev.ReferralClosed(), BOT.id, "10:05"),
    )


def handed_over(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    over = ev.ReferralHandedOver("mash_bau", "Jo at the MASH", "Not finished by closing")
    return (*in_discussion(form), did(over, SOCIAL_WORKER, "09:50"))


def merged(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    into = ev.ReferralMerged(SECOND_REFERENCE, "case-2")
    return (*in_discussion(form), did(into, MASHO, "09:14"))


def withdrawn(form: Intake | None = None) -> tuple[ev.Recorded, ...]:
    return (*in_discussion(form), did(ev.ReferralWithdrawn("Wrong child"), MASHO, "09:14"))


NOBODY_CALLED = Today()

BY_STATE: dict[State, tuple[ev.Recorded, ...]] = {
    State.DRAFT: (),
    State.BRIEFED: briefed(),
    State.IN_DISCUSSION: planned(),
    State.OUTCOME_PROPOSED: proposed(),
    State.OUTCOME_AGREED: agreed(),
    State.CLOSED: closed(),
    State.HANDED_OVER: handed_over(),
    State.MERGED: merged(),
    State.WITHDRAWN: withdrawn(),
}

UNSEEN_CHILD = intake(children=(Child(TO_FOLLOW, "5_to_9"),))
TWO_CHILDREN = intake(children=(Child("9900101", "5_to_9"), Child("9900102", "1_to_4")))


@dataclass(frozen=True)
class Answer:
    """What came back, and the story it makes if somebody goes on from there."""

    before: Story
    decided: Decided

    @property
    def events(self) -> tuple[ev.Event, ...]:
        assert not isinstance(self.decided, Refused), f"refused: {self.decided}"
        return tuple(r.event for r in self.decided)

    @property
    def recorded(self) -> tuple[ev.Recorded, ...]:
        assert not isinstance(self.decided, Refused), f"refused: {self.decided}"
        return self.decided

    @property
    def refusal(self) -> Refused:
        assert isinstance(self.decided, Refused), f"not refused: {self.decided}"
        return self.decided

    @property
    def story(self) -> Story:
        return replace(self.before, log=(*self.before.log, *self.recorded))

    @property
    def referral(self) -> Referral:
        return self.story.referral

    def then(self, *expected: ev.Event) -> Story:
        """Exactly these events, in this order; none: already so, nothing is written."""
        assert self.events == expected, f"\nexpected {expected}\nbut got  {self.events}"
        return self.story

    def then_refused(self, code: str, **facts: str) -> Story:
        """Refused with this code and at least these facts; the story goes on unchanged."""
        assert self.refusal.code == code, self.refusal
        held = dict(self.refusal.facts)
        assert {k: held.get(k) for k in facts} == facts, self.refusal
        return self.before


@dataclass(frozen=True)
class Story:
    log: tuple[ev.Recorded, ...] = ()
    partnership: Partnership = PARTNERSHIP
    today: Today = NOBODY_CALLED
    case_id: str = "case-1"

    @property
    def referral(self) -> Referral:
        return fold(Referral(self.case_id), self.log)

    def under(self, **settings: Any) -> Story:
        """The same story under other settings of the partnership."""
        return replace(self, partnership=replace(self.partnership, **settings))

    def on(self, today: Today) -> Story:
        """The same story on a day with this roll, or with intake paused."""
        return replace(self, today=today)

    def when(
        self, command: Command, *, by: str, at: str | dt.datetime = "10:00", day: dt.date = TUESDAY
    ) -> Answer:
        now = _instant(at, day)
        referral = self.referral
        who = self.partnership.person(by)
        assert who is not None, by
        decided = decide(referral, command, Scene(self.partnership, self.today, now, who))
        assert referral == self.referral, "deciding must not change the referral"
        return Answer(self, decided)


def _instant(when: str | dt.datetime, day: dt.date) -> dt.datetime:
    return at(when, day) if isinstance(when, str) else when


def given(*log: ev.Recorded, case_id: str = "case-1") -> Story:
    return Story(log, case_id=case_id)


POLICE_CALL = intake(
    received_at=at("09:12"),
    children=(Child("9900101", "5_to_9"), Child("9900102", "1_to_4")),
    referrer_group="police",
    seen_heard="Two children at home alone when we called.",
)


def second(form: Intake = POLICE_CALL, clock: str = "09:18") -> Story:
    """Another referral, of the same morning: the police rang about the first one's child too."""
    return given(*briefed(form, clock, SECOND_REFERENCE), case_id="case-2")


def other(story: Story) -> OtherReferral:
    found = story.referral
    return OtherReferral(found.case_id, found.reference, found.state, found.asked)


def taking_in(story: Story, merged_by: str = MASHO) -> AbsorbReferral:
    """What the one that goes on is given of the merged one."""
    return AbsorbReferral(absorbed(story.referral, merged_by))


def flagged(clock: str = "09:15", by: str = POLICE, day: dt.date = TUESDAY) -> ev.Recorded:
    return did(ev.ImmediateFlagged(), by, clock, day)

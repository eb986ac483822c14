"""A whole rehearsal with referrals in every state, where each commit is judged as it is made."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from bot import configuration
from bot.configuration import fictional_object_id
from bot.desk.ports import AlreadyThere, Commit
from bot.desk.service import Done
from bot.domain import commands as cmd, events as ev
from bot.domain.desk_day import PAUSE_STREAM
from bot.domain.evolve import evolve
from bot.domain.intake import Child
from bot.domain.partnership import BOT, Person
from bot.domain.referral import Referral
from bot.domain.roster import KEEPS_THE_ROSTER, ROSTER_STREAM
from bot.domain.transitions import actor_allowed, state_allows
from bot.domain.vocabulary import HOST_TENANT, Role, State
from bot.rehearsal.rehearsal import Rehearsal
from bot.teams.who_may import CALLS_THE_ROLL, PAUSES
from tests.domain.story import SHARED, action, intake

Json = dict[str, Any]
ELSEWHERE = "99999999-9999-4999-8999-999999999999"
"""A tenant that is no partner's."""
CANARY = "Petronella"
"""Said about every child here, and nobody's business outside the duty team."""
RECORDS = Person(
    "rec-1",
    "Olu B.",
    Role.RECORDS_OFFICER,
    "social_care",
    HOST_TENANT,
    fictional_object_id("rec-1"),
)
STRANGER = Person(
    "stranger", "Sam Q.", Role.NONE, "", HOST_TENANT, fictional_object_id("somebody-else")
)
DESK_EVENTS = {
    "roll.called": CALLS_THE_ROLL,
    "test.paused": PAUSES,
    "test.resumed": PAUSES,
    "roster.added": KEEPS_THE_ROSTER,
    "roster.changed": KEEPS_THE_ROSTER,
    "roster.removed": KEEPS_THE_ROSTER,
}
KEPT_OUT = frozenset({PAUSE_STREAM, ROSTER_STREAM})
"""Judged, and never kept: after a pause nobody is pressed, after a removal nobody presses."""
BY_CONFIRMING = ("intake.amended", "casenote.exported")
"""A social worker who confirms the notes fills in the Mosaic IDs that were to follow."""


class Faults(logging.Handler):
    """Everything that was logged with a stack trace or as a fault: none is expected. A message that
    cannot be sent, because an activity named a chat that is not there, is none.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.exc_info and "fault" not in str(record.msg):
            return
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.found.append(f"{record.name}: {record.msg}\n{trace[-1500:]}")


@dataclass
class Ground:
    """`keeps` False: what a press would log is judged and not kept, so that every press meets the
    referrals as they were laid out.
    """

    r: Rehearsal
    keeps: bool
    cases: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    sender: Person | None = None
    logged: list[str] = field(default_factory=list)
    """Types of what the press that is going on logged in its sender's name."""
    commits: int = 0
    _laying: bool = True
    _laid: dict[str, int] = field(default_factory=dict)
    _states: dict[str, Referral] = field(default_factory=dict)
    _now: dict[str, Referral] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None

    # Judging ------------------------------------------------------------------------

    def watch(self) -> None:
        desk, log = self.r.front_door.desk, self.r.front_door.log
        append = log.append

        async def judged(commit: Commit) -> None:
            if self._stands_on_nothing(commit):
                desk.cases._warm.pop(commit.stream, None)
                raise AlreadyThere
            self.judge(commit)
            if self.keeps or self._laying or commit.by == BOT.id:
                await self._kept(append, commit)

        log.append = judged  # type: ignore[method-assign]
        pulse, survey = desk.tallies.add_pulse, desk.tallies.add_survey

        async def add_pulse(*given: Any, **named: Any) -> Any:
            self._expect(self.sender is not None and self.sender.role in _TEAM, "a pulse")
            return await pulse(*given, **named)

        async def add_survey(*given: Any, **named: Any) -> Any:
            self._expect(self.sender is not None and self.sender.role in _TEAM, "a survey")
            return await survey(*given, **named)

        desk.tallies.add_pulse = add_pulse  # type: ignore[method-assign]
        desk.tallies.add_survey = add_survey  # type: ignore[method-assign]

    def _stands_on_nothing(self, commit: Commit) -> bool:
        """On what an earlier press logged and was not kept: work behind the answer can remember it
        for a moment longer. The desk is told that the log is another by now, and reads it.
        """
        if self.keeps or self._laying:
            return False
        kept = self._states.get(commit.stream)
        known = kept if commit.by == BOT.id else self._now.get(commit.stream, kept)
        return known is not None and commit.n > known.version + 1

    async def _kept(self, append: Callable[[Commit], Awaitable[None]], commit: Commit) -> None:
        if commit.stream in KEPT_OUT and not self._laying:
            return
        try:
            await append(commit)
        except BaseException:
            self._now.pop(commit.stream, None)
            raise
        if commit.stream in self._now:
            self._states[commit.stream] = self._now[commit.stream]

    def _expect(self, holds: bool, what: str) -> None:
        if not holds and not self._laying:
            who = self.sender.id if self.sender else "nobody"
            self.wrong.append(f"{what} in the name of {who}")

    def judge(self, commit: Commit) -> None:
        """Every event of a commit against who acted, by the table alone."""
        self.commits += 1
        if commit.stream.startswith("desk"):
            for recorded in commit.recorded:
                self._judge_desk(recorded)
            return
        known = self._now.get(commit.stream) or self._states.get(commit.stream)
        referral = known or Referral(commit.stream)
        types = tuple(r.event.TYPE for r in commit.recorded)
        for recorded in commit.recorded:
            self._judge_event(referral, recorded, types)
            referral = evolve(referral, recorded)
        self._now[commit.stream] = replace(referral, version=commit.n)

    def _judge_desk(self, recorded: ev.Recorded) -> None:
        kind = recorded.event.TYPE
        if recorded.by == BOT.id:
            return
        self.logged.append(kind)
        person = self.r.front_door.partnership.person(recorded.by)
        allowed = DESK_EVENTS.get(kind, frozenset())
        mine = self.sender is not None and self.sender.id == recorded.by
        self._expect(mine and person is not None and person.role in allowed, kind)

    def _judge_event(
        self, referral: Referral, recorded: ev.Recorded, types: tuple[str, ...]
    ) -> None:
        kind = recorded.event.TYPE
        if recorded.by == BOT.id:
            self._expect(actor_allowed(kind, referral, BOT), f"{kind} by the bot")
            return
        self.logged.append(kind)
        person = self.r.front_door.partnership.person(recorded.by)
        mine = self.sender is not None and self.sender.id == recorded.by
        self._expect(mine and person is not None, f"{kind} by {recorded.by}")
        allowed = person is not None and actor_allowed(kind, referral, person)
        if types[:2] == BY_CONFIRMING:
            allowed = person is not None and actor_allowed(BY_CONFIRMING[1], referral, person)
        self._expect(allowed, f"{kind}, not theirs")
        own = person is not None and _for_whom(recorded.event) in ("", person.agency)
        self._expect(own, f"{kind} for another agency")
        self._expect(state_allows(kind, referral.state), f"{kind} while {referral.state}")

    # Laying out ---------------------------------------------------------------------

    async def act(self, case_id: str, by: str, *commands: cmd.Command) -> None:
        service = self.r.front_door.desk.service
        for command in commands:
            person = self.r.front_door.partnership.person(by)
            assert person is not None
            result = await service.act(case_id, command, person)
            assert isinstance(result, Done), (command, result)

    async def lay(self, state: str) -> str:
        """One more referral in this state. Returns its id."""
        self._laying = True
        case_id = uuid.uuid4().hex
        child = Child(f"99{len(self._states):05}", "5_to_9")
        form = intake(children=(child,), seen_heard=f"{CANARY} came in with no coat.")
        await self.act(case_id, "masho-1", cmd.SubmitIntake(form, immediate=state == "immediate"))
        await self.r.settled()
        for by, command in _STEPS[state]:
            await self.act(case_id, by, command)
        await self.r.settled()
        self._states[case_id] = (await self.r.front_door.desk.cases.fresh(case_id)).referral
        self.cases[case_id] = state
        self._laid[case_id] = self._states[case_id].version
        self._now.clear()
        self._laying = False
        return case_id

    def thread(self, case_id: str) -> str:
        briefing = self._states[case_id].briefing
        assert briefing is not None
        return briefing.conversation_id

    async def lay_again(self) -> None:
        """One more referral for each state that none is in any more."""
        there = {self._stands(case_id) for case_id in self.cases}
        for state in STATES:
            if state not in there:
                await self.lay(state)
        self.cases = {c: s for c, s in self.cases.items() if self._stands(c) in STATES}

    def _stands(self, case_id: str) -> str:
        """The state it was laid in, while nothing has happened to it since."""
        laid, version = self.cases[case_id], self._laid[case_id]
        return laid if self._states[case_id].version == version else ""

    def message(self, case_id: str) -> str:
        briefing = self._states[case_id].briefing
        return briefing.activity_id if briefing else ""

    def version(self, case_id: str) -> int:
        return self._states[case_id].version

    def state(self, case_id: str) -> State:
        return self._states[case_id].state

    def reference(self, case_id: str) -> str:
        return self._states[case_id].reference

    # Pressing -----------------------------------------------------------------------

    def token(self, service_url: Any) -> str:
        url = service_url if isinstance(service_url, str) and len(service_url) < 500 else ""
        if url not in self._tokens:
            try:
                self._tokens[url] = self.r.signer.activity_token(self.r.app_id, url)
            except UnicodeEncodeError:
                return self.token("")
        return self._tokens[url]

    async def post(self, body: bytes, sender: Person | None, service_url: Any) -> tuple[int, str]:
        """Status and text of the answer to these bytes, with a good token for that service URL."""
        self.sender, self.logged = sender, []
        assert self._session is not None
        async with self._session.post(
            f"{self.r.bot_url}/api/messages",
            data=io.BytesIO(body),
            headers={
                "Authorization": f"Bearer {self.token(service_url)}",
                "Content-Type": "application/json",
            },
        ) as answer:
            text = await answer.text()
        self._after()
        return answer.status, text

    def _after(self) -> None:
        if not self.keeps:
            for case_id in self._now:
                self.r.front_door.desk.cases._warm.pop(case_id, None)
        self._now.clear()

    async def send(self, activity: Json, sender: Person | None) -> tuple[int, Any]:
        status, text = await self.post(
            json.dumps(activity).encode(), sender, activity.get("serviceUrl")
        )
        return status, json.loads(text) if text else None


def _for_whom(event: ev.Event) -> str:
    """The agency that must be the actor's own: what is said in the room may be another's."""
    match event:
        case ev.ContributionAdded(source="thread", known=known) if known != "no_rep_today":
            return event.agency
        case ev.ContributionConfirmed() | ev.MessageAdded() | ev.LeadClaimed():
            return event.agency
    return ""


_TEAM = frozenset({Role.MASHO, Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER})
_CLAIMED = (
    ("eh-1", cmd.ClaimLead()),
    ("pol-1", cmd.AddContribution("police", "known", "Known to us.", sharing=SHARED)),
)
_PICKED = (
    *_CLAIMED,
    ("eh-1", cmd.SavePlan((action(),), "Ring Femi", "Mum agrees")),
    ("eh-1", cmd.ProposeOutcome("ehu", "Mum wants help.")),
)
_AGREED = (*_PICKED, ("sw-1", cmd.EndorseOutcome()))
_TOLD = (*_AGREED, ("eh-1", cmd.SendFeedback("phone", "Thank you for ringing.")))
_STEPS: dict[str, tuple[tuple[str, cmd.Command], ...]] = {
    "briefed": (),
    "immediate": (),
    "asked": (("hou-1", cmd.AskIdentity()),),
    "talked": _CLAIMED,
    "room": (
        *_CLAIMED,
        (
            "mgr-1",
            cmd.AddContribution("health", "known", "Her nurse.", source="room", sharing=SHARED),
        ),
    ),
    "offered": (*_CLAIMED, ("eh-1", cmd.OfferLead("hlt-1", "Her nurse"))),
    "picked": _PICKED,
    "agreed": _AGREED,
    "told": _TOLD,
    "closed": (*_TOLD, ("masho-1", cmd.ConfirmNotes((), ""))),
    "handed_over": (("mgr-1", cmd.HandOverReferral("mash_bau", "Kim", "Section 47")),),
    "withdrawn": (("masho-1", cmd.WithdrawReferral("Wrong child")),),
}
STATES = tuple(_STEPS)


@asynccontextmanager
async def ground(folder: Path, *, keeps: bool) -> AsyncIterator[Ground]:
    """With one referral in each state."""
    loaded = configuration.load()
    made = Rehearsal(
        store=str(folder / "hostile.db"),
        partnership=replace(loaded, people=(*loaded.people, RECORDS)),
        hears_everything=True,
    )
    await made.start()
    there = Ground(made, keeps)
    root = logging.getLogger()
    root.addHandler(there.faults)
    try:
        there.watch()
        async with aiohttp.ClientSession() as there._session:
            for state in STATES:
                await there.lay(state)
            yield there
            await made.settled()
    finally:
        root.removeHandler(there.faults)
        await made.stop()

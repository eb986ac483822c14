"""A referral as people act it out; each step can be done again by somebody who got no answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.referral import Referral
from bot.domain.vocabulary import State
from bot.rehearsal.hands import Refusal
from bot.rehearsal.people import Answer
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import BOT, Dialog
from cards import wording as w
from tests.wire.acting import BRIEF, PLAN, REST, Acting, words_of

SAID = "He told me he walks himself to school."
HELD = "Nothing held since 2024."
_NOT_TAKEN = tuple(w.REFUSALS[code].partition("{")[0] for code in ("store", "slow", "fault"))


class Caller:
    """The people of one referral, and what they have in front of them."""

    def __init__(self, acting: Acting) -> None:
        self.acting = acting
        self.form: Dialog | None = None
        self.rest_of: Dialog | None = None

    async def brief(self) -> None:
        """The form stays open on the officer's screen until it is answered."""
        if self.form is None:
            self.form = await self.acting.form()
            data = Screen(self.form.card).press("intake.brief")[0]["data"]
            self.acting.case_id = data["case"]
        answer = await self.acting.hands("masho-1").in_dialog(self.form, "intake.brief", BRIEF)
        opened = answer.dialog
        if opened is not None and not Screen(opened.card).has("intake.rest"):
            raise Refusal(words_of(opened.card))
        self.rest_of = opened

    async def rest(self) -> None:
        opened = self.rest_of
        if opened is None:
            briefing = await self.acting.briefing()
            opened = await self.acting.hands("masho-1").open(briefing, "intake.carry_on")
        self.rest_of = None
        await self.acting.hands("masho-1").finish(opened, "intake.rest", REST)

    async def tap(self, person_id: str, verb: str, **fill: str) -> None:
        hands = self.acting.hands(person_id)
        answer = await hands.do(await self.acting.briefing(), verb, fill)
        _must_be_taken(answer)

    async def dialog(self, person_id: str, opener: str, verb: str, **fill: str) -> None:
        hands = self.acting.hands(person_id)
        opened = await hands.open(await self.acting.briefing(), opener)
        await hands.finish(opened, verb, fill)

    async def say(self) -> None:
        """What the bot answers is said in the thread."""
        briefing = await self.acting.briefing()
        before = {m.id for m in self.acting.thread(briefing)}
        taken = await self.acting.hands("hlt-1").say(f"@Front Door {SAID}", thread=briefing.id)
        heard = [m for m in self.acting.thread(briefing) if m.author == BOT and m.id not in before]
        if not taken or any(m.text.startswith(_NOT_TAKEN) for m in heard):
            raise Refusal("not taken")


def _must_be_taken(answer: Answer) -> None:
    """Words, or a dialog that stays open, say why it was not. Raises Refusal."""
    if answer.kind in ("message", "dialog"):
        raise Refusal(answer.text or words_of(answer.dialog.card if answer.dialog else {}))


@dataclass(frozen=True, slots=True)
class Step:
    """`act` raises Refusal, NotOnScreen or AssertionError unless it was answered as taken. `done`:
    whether somebody who looks at the referral sees that it need not be done again.
    """

    name: str
    act: Callable[[Caller], Awaitable[object]]
    done: Callable[[Referral], bool]


OUTCOME = {**PLAN, "outcome": "ehu", "rationale": "Mum wants help."}

STEPS = (
    Step("brief now", Caller.brief, lambda r: r.version > 0),
    Step("the rest", Caller.rest, lambda r: r.asked.contact_method == "phone"),
    Step(
        "a contribution",
        lambda c: c.tap("pol-1", "add", words=HELD),
        lambda r: "police" in r.heard(),
    ),
    Step("the lead is claimed", lambda c: c.tap("eh-1", "claim"), lambda r: r.lead == "eh-1"),
    Step("a message", Caller.say, lambda r: bool(r.messages)),
    Step(
        "an outcome is picked",
        lambda c: c.dialog("eh-1", "outcome.open", "outcome.pick", **OUTCOME),
        lambda r: r.pick is not None,
    ),
    Step("it is agreed", lambda c: c.tap("sw-1", "agree"), lambda r: r.agreed),
    Step(
        "the caller hears back",
        lambda c: c.dialog("eh-1", "feedback.open", "feedback.sent"),
        lambda r: r.feedback_done,
    ),
    Step(
        "the notes are confirmed",
        lambda c: c.dialog("masho-1", "notes.open", "notes.confirm"),
        lambda r: r.state is State.CLOSED,
    ),
)

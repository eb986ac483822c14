"""Effects and state into posts, through the card builders. No people's words in notifications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.desk import effects as fx
from bot.desk.card_bytes import card_bytes
from bot.desk.cases import Cases
from bot.desk.days import Days
from bot.desk.delivering import Target
from bot.desk.ports import Channel, Clock, Effect, Mention, Post
from bot.desk.stats import Stats
from bot.desk.unsent import UnsentFinder
from bot.domain.measures import Report
from bot.domain.partnership import Partnership, Person
from bot.domain.periods import week_of
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM, Role
from cards import asking, desk_cards, intake_rest, putting_right, wording as w
from cards.briefing import briefing_card, erased_card
from cards.context import View, ring_words
from cards.figure_words import Hide
from cards.kit import Json
from cards.stats import stats_card

MOST_CARD_BYTES = 40_000
_LIVE = frozenset({fx.ASSESSMENT, fx.IDENTITY, fx.RING_BACK, fx.CARRY_ON, fx.SAME_CHILD})
"""Cards that are drawn again when their referral changes."""


_ONLY_FOR = {
    fx.WEEK: frozenset({Role.MANAGER}),
    fx.CLOSING: frozenset({Role.DUTY_MANAGER}),
    fx.ROLL: frozenset({Role.DUTY_MANAGER}),
    fx.PULSE: DUTY_TEAM,
}
"""Who may still be sent what the desk owed them: a role may have changed on the way."""


def within_size(
    referral: Referral,
    view: View,
    *,
    top: str = "",
    answers: Mapping[str, str] | None = None,
    may_pass: str = "",
) -> Json:
    """The briefing; where it would be too large to send, without older detail."""
    for brief in (False, True):
        drawn = briefing_card(
            referral, view, brief=brief, top=top, answers=answers, may_pass=may_pass
        )
        if len(card_bytes(drawn)) <= MOST_CARD_BYTES:
            break
    return drawn


class CardRenderer:
    """`unsent` is set once there is an outbox that knows."""

    def __init__(
        self,
        partnership: Partnership,
        clock: Clock,
        days: Days,
        cases: Cases,
        channel: Channel,
        stats: Stats,
    ) -> None:
        self._p = partnership
        self._clock = clock
        self._days = days
        self._cases = cases
        self._channel = channel
        self._stats = stats
        self.unsent: UnsentFinder | None = None

    async def view(self, about: Referral | None, viewer: Person | None = None) -> View:
        """`about`: the referral that is shown, under the configuration it was opened under."""
        return View(
            self._p.as_opened(about.configuration) if about else self._p,
            await self._days.today(),
            self._clock.now(),
            viewer,
            await self._channel.viewers(),
        )

    def link(self, referral: Referral) -> str:
        """Link to the referral's thread, empty before it is posted."""
        if referral.briefing is None:
            return ""
        channel, _, message = referral.briefing.conversation_id.partition(";messageid=")
        return self._p.thread_link.format(channel=channel, message=message)

    async def briefing(self, referral: Referral) -> Post:
        card = within_size(referral, await self.view(referral))
        return Post(card=card, summary=w.UPDATED.format(ref=referral.reference))

    def is_live(self, effect: Effect) -> bool:
        return effect.kind in _LIVE

    async def target(self, referral: Referral, effect: Effect) -> Target | None:
        if effect.kind == fx.SAME_CHILD:
            earlier = (await self._cases.current(effect.data["case"])).referral
            b = earlier.briefing or referral.briefing
            return Target(b.conversation_id, b.service_url) if b else None
        if effect.kind in (fx.SAY, fx.IDENTITY):
            b = referral.briefing
            return Target(b.conversation_id, b.service_url) if b else None
        if channel := effect.data.get("channel"):
            b = referral.briefing
            return Target(channel, b.service_url) if b else None
        # A child who is not safe waits for nobody's role; nor does taking words off a card.
        urgent = effect.kind == fx.ASSESSMENT or referral.withdrawn is not None
        address = await self._channel.personal(effect.data["to"], by_last_role=urgent)
        person, roles = self._p.person(effect.data["to"]), _ONLY_FOR.get(effect.kind)
        if roles and (person is None or person.role not in roles):
            return None
        return Target(address.conversation_id, address.service_url) if address else None

    async def _going_on(self, referral: Referral) -> Referral:
        """The referral a merged one goes on in: the Assessment Team's card follows it."""
        seen = {referral.case_id}
        while referral.merged_into and referral.merged_into.case_id not in seen:
            referral = (await self._cases.current(referral.merged_into.case_id)).referral
            seen.add(referral.case_id)
        return referral

    async def effect(self, referral: Referral, effect: Effect) -> Post | None:
        view = await self.view(referral, self._p.person(str(effect.data.get("to", ""))))
        if effect.kind in fx.OF_THE_DESK:
            return await self._of_the_desk(effect, view)
        if referral.withdrawn and effect.kind != fx.SAME_CHILD:
            return self._emptied(referral, effect, view)
        if referral.words_gone and not referral.live and effect.kind in _LIVE - {fx.SAME_CHILD}:
            return Post(card=erased_card(referral, view))
        ref = w.UPDATED.format(ref=referral.reference)
        match effect.kind:
            case fx.CARRY_ON:
                return Post(card=intake_rest.carry_on_card(view, referral), summary=ref)
            case fx.ASSESSMENT:
                going_on = await self._going_on(referral)
                card = desk_cards.assessment_card(going_on, view.of(going_on))
                return Post(card=card, summary=ref)
            case fx.RING_BACK:
                return Post(
                    card=desk_cards.ring_back_card(referral, view, effect.data.get("for", "")),
                    summary=ref,
                )
            case fx.IDENTITY:
                masho = referral.taken_by
                user_id = await self._channel.user_id(masho)
                mention = (view.name(masho), user_id) if user_id else None
                asker = effect.data["asker"]
                card = desk_cards.identity_card(referral, view, asker, mention)
                return Post(card=card, summary=ref)
            case fx.SAME_CHILD:
                earlier = (await self._cases.current(effect.data["case"])).referral
                return Post(card=putting_right.same_child_card(earlier, referral, view))
            case _:
                return self._say(referral, effect, view)

    async def _of_the_desk(self, effect: Effect, view: View) -> Post | None:
        match effect.kind:
            case fx.CLOSING:
                found = effect.data
                return Post(card=await self.closing(found["cases"], found["notes"], view))
            case fx.ROLL:
                return Post(card=desk_cards.roll_card(view))
            case fx.PAUSE:
                return await self._pause(effect, view)
            case fx.PULSE | fx.PULSE_CHANNEL:
                return await self._pulse(effect, view)
            case fx.WEEK:
                return await self._week(effect, view)
            case _:
                raise AssertionError(effect.kind)

    async def _pause(self, effect: Effect, view: View) -> Post | None:
        """Nothing of a pause that is over by now."""
        now = await self._days.state()
        if not effect.data["paused"]:
            return Post(text=w.RESUMED_POST) if now.paused is None else None
        if now.paused is None:
            return None
        name, reason = view.name(now.paused_by), now.paused.rstrip(".")
        return Post(text=w.PAUSED_POST.format(name=name, reason=reason, mash=self._p.mash_phone))

    async def _pulse(self, effect: Effect, view: View) -> Post:
        day = dt.date.fromisoformat(effect.data["day"])
        if effect.kind == fx.PULSE:
            return Post(card=asking.pulse_card(day, "", dialog=False), summary=w.PULSE_SUMMARY)
        ids = [(p, await self._channel.user_id(p)) for p in effect.data["people"]]
        mentions = [(view.name(p), user_id) for p, user_id in ids if user_id]
        names = [f"<at>{view.name(p)}</at>" if u else view.name(p) for p, u in ids]
        card = asking.pulse_channel_card(day, w.join(names), mentions)
        return Post(card=card, summary=w.PULSE_SUMMARY)

    async def _week(self, effect: Effect, view: View) -> Post:
        """As a manager sees it in their own chat: exact, late ones with their links."""
        period = week_of(dt.date.fromisoformat(effect.data["monday"]))
        report = await self._stats.report(period)
        links = await self.late_links(report)
        card = stats_card(report, view, hide=Hide.NOTHING, links=links, may_download=True)
        return Post(card=card, summary=w.WEEK_SUMMARY)

    async def late_links(self, report: Report) -> dict[str, str]:
        """Reference to thread, for what is late."""
        late = [r for r in report.facts.cohort if r.reference in report.late]
        cases = [await self._cases.current(r.case_id) for r in late]
        return {c.referral.reference: self.link(c.referral) for c in cases}

    async def closing(self, cases: Sequence[str], notes: Sequence[str], view: View) -> Json:
        unsent = (await self.unsent.found()).shown() if self.unsent else None
        rows = await self._rows(cases), await self._rows(notes)
        unread = len(cases) + len(notes) - sum(map(len, rows))
        return desk_cards.closing_card(*rows, view, unsent, unread)

    async def _rows(self, case_ids: Sequence[str]) -> list[tuple[Referral, str]]:
        cases = await self._cases.each(case_ids)
        return [(case.referral, self.link(case.referral)) for case in cases]

    @staticmethod
    def _emptied(referral: Referral, effect: Effect, view: View) -> Post | None:
        """What a withdrawn referral said is taken off every card it had."""
        if effect.kind == fx.SAY:
            return None
        return Post(card=briefing_card(referral, view))

    def _say(self, referral: Referral, effect: Effect, view: View) -> Post:
        found = [p for i in effect.data["to"] if (p := self._p.person(i))]
        people = [p for p in found if p.role is not Role.NONE]
        words = self._words(referral, effect, view)
        mentions = tuple(Mention(p.id, p.name) for p in people)
        names = " ".join(f"<at>{p.name}</at>" for p in people)
        return Post(text=f"{names} {words}".strip(), mentions=mentions)

    def _words(self, referral: Referral, effect: Effect, view: View) -> str:
        what, level = effect.data["what"], effect.data["level"]
        ring = ring_words(referral, view)
        ref = referral.reference
        if what == "immediate":
            held = referral.handover
            to = w.HANDOVER[held.to] if held else ""
            holder = w.SAY_IMMEDIATE_HOLDER.format(to=to) if held else ""
            return f"{w.SAY_IMMEDIATE.format(ref=ref, ring=ring)} {holder}".strip()
        if what == "lead_offered":
            return w.SAY_LEAD_OFFERED.format(ref=ref)
        if what == "feedback_check":
            return w.SAY_CHECK.format(ref=ref)
        if what == "not_merged":
            return w.SAY_NOT_MERGED.format(ref=ref)
        if what == "disagreement":
            return w.SAY_DISAGREEMENT.format(ref=ref)
        if what == "immediate_not_taken":
            return w.NUDGE_IMMEDIATE.format(ref=ref, ring=ring)
        if what == "defaulted":
            return w.sentence(w.SAY_DEFAULTED, ref=ref, lead=view.name(effect.data["to"][0]))
        if what == "feedback_again":
            return w.NUDGE_AGAIN.format(ref=ref)
        return w.NUDGES[(what, level)].format(
            ref=ref,
            manager=view.name(effect.data["to"][0]) if effect.data["to"] else w.SOMEONE,
            time=self._default_at(referral, view),
            due=view.when(view.due(referral)),
            outcome=view.outcome_short(referral.pick.code) if referral.pick else "",
            picked=view.time(referral.pick.at) if referral.pick else "",
        )

    def _default_at(self, referral: Referral, view: View) -> str:
        if referral.briefing is None:
            return ""
        minutes = view.partnership.timers.default_lead_working_minutes
        add = view.partnership.calendar.add_working_minutes
        return view.time(add(referral.briefing.posted_at, minutes))

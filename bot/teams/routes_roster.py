"""The roster in a manager's own chat. Whom somebody may add is asked of Teams at every step."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk.ports import CannotDeliver, DeliveryUnknown, TryLater
from bot.desk.roster import Decide
from bot.domain import roster as rules
from bot.domain.decision import Refused, refused
from bot.domain.events import RosterEvent
from bot.domain.partnership import Partnership, Person
from bot.domain.referral import Referral
from bot.domain.roster import Member
from bot.domain.vocabulary import Role
from bot.teams.answering import log_refusal
from bot.teams.press import Press, Reply, ShowCard, Turn
from cards import roster as cards
from cards.context import View

_ROLES = {str(role): role for role in rules.GIVEN_IN_TEAMS}
_ID = 40


def may_not(turn: Turn) -> Refused | None:
    """Why this person is not shown the roster here; None where they are."""
    if turn.person.role not in rules.KEEPS_THE_ROSTER:
        return refused("not_allowed", event="roster.changed")
    return None if turn.inbound.personal else refused("roster_in_chat")


async def asked(turn: Turn, *, done: str = "", top: str = "") -> Reply:
    """The roster as it is now."""
    view = await turn.view(None)
    kept = await turn.desk.roster.read()
    lost = await _led(turn, lambda lead: lead is None or lead.role is Role.NONE)
    return ShowCard(cards.roster_card(view, kept, lost, done=done, top=top))


async def open_roster(turn: Turn, press: Press) -> Reply:
    return await asked(turn)


async def _led(turn: Turn, wanted: Callable[[Person | None], bool]) -> list[tuple[Referral, str]]:
    """Open referrals by their lead, each with the link to its thread."""
    desk, found = turn.desk, []
    for case in await desk.cases.each(sorted(await desk.log.open_cases())):
        referral = case.referral
        if referral.live and referral.lead and wanted(desk.partnership.person(referral.lead)):
            found.append((referral, desk.renderer.link(referral)))
    return sorted(found, key=lambda row: row[0].reference)


async def _members(turn: Turn) -> tuple[Member, ...] | Refused:
    try:
        return await turn.desk.channel.members()
    except (CannotDeliver, DeliveryUnknown, TryLater):
        return refused("roster_unread")


async def add(turn: Turn, press: Press) -> Reply:
    members = await _members(turn)
    if isinstance(members, Refused):
        return await _refused(turn, press, members)
    return await _add_again(turn, press, members)


async def _add_again(turn: Turn, press: Press, members: tuple[Member, ...], top: str = "") -> Reply:
    drawn = (await turn.desk.roster.read()).version
    may = rules.may_be_added(turn.desk.partnership, members)
    return ShowCard(cards.add_card(await turn.view(None), may, drawn, press.values, top=top))


async def save(turn: Turn, press: Press) -> Reply:
    """Who they are is what Teams says of the id that was chosen, never what the card says."""
    members = await _members(turn)
    if isinstance(members, Refused):
        return await _refused(turn, press, members)
    wanted, role = press.get("person", _ID).lower(), _ROLES.get(press.get("role", _ID))
    member = next((m for m in members if m.object_id == wanted), None)
    agency = press.get("agency", _ID)
    if not (wanted and role and agency):
        no = refused("roster_role" if press.get("role") and not role else "unknown_choice")
        await log_refusal(turn, press, no)
        return await _add_again(turn, press, members, await turn.say(no))

    def decide(p: Partnership) -> RosterEvent | Refused:
        return rules.add(p, turn.person, member, role, agency)

    result = await _act(turn, press, decide)
    assert result is not None
    return await _answer(turn, press, result)


async def pick(turn: Turn, press: Press) -> Reply:
    return ShowCard(cards.pick_card(await turn.view(None)))


async def person(turn: Turn, press: Press) -> Reply:
    """One person's form; somebody who cannot be changed here is answered why on saving."""
    drawn = (await turn.desk.roster.read()).version
    chosen = turn.desk.partnership.person(press.get("person", _ID))
    if chosen is None:
        words = await turn.say(refused("unknown_choice"))
        return ShowCard(cards.pick_card(await turn.view(None), top=words))
    if chosen not in rules.may_be_changed(turn.desk.partnership, turn.person):
        return await asked(turn)
    leads = await _led(turn, lambda lead: lead == chosen)
    return ShowCard(cards.person_card(await turn.view(None), chosen, leads, drawn, {}))


async def change(turn: Turn, press: Press) -> Reply:
    person_id, role = press.get("person", _ID), _ROLES.get(press.get("role", _ID))
    if role is None:
        return await _refused(turn, press, refused("roster_role"))
    agency = press.get("agency", _ID)
    result = await _act(
        turn, press, lambda p: rules.change(p, turn.person, person_id, role, agency)
    )
    if result is not None:
        return await _answer(turn, press, result)
    same = turn.desk.partnership.person(person_id)
    assert same is not None
    return await asked(turn, done=cards.same_words(same, await turn.view(None)))


async def remove(turn: Turn, press: Press) -> Reply:
    person_id = press.get("person", _ID)
    result = await _act(turn, press, lambda p: rules.remove(p, turn.person, person_id))
    assert result is not None
    return await _answer(turn, press, result)


async def _act(turn: Turn, press: Press, decide: Decide) -> RosterEvent | Refused | None:
    key, drawn = turn.key(press), press.version
    return await turn.desk.roster.act(turn.person, decide, press=key, drawn=drawn)


async def _answer(turn: Turn, press: Press, result: RosterEvent | Refused) -> Reply:
    if isinstance(result, Refused):
        return await _refused(turn, press, result)
    view: View = await turn.view(None)
    left = rules.without_reps(turn.desk.partnership)
    return await asked(turn, done=cards.done_words(result, view, left))


async def _refused(turn: Turn, press: Press, no: Refused) -> Reply:
    await log_refusal(turn, press, no)
    return await asked(turn, top=await turn.say(no))

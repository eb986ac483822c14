"""Where a press may be made: at home, about a referral this person may see, in its own thread."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.desk import Desk
from bot.domain.decision import Refused, refused
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed
from bot.domain.vocabulary import HOST_TENANT
from bot.teams.activities import Inbound
from bot.teams.press import Press, Turn
from bot.teams.routes import ROSTER
from bot.teams.routes_roster import may_not as roster_may_not
from bot.teams.who_may import FOLLOWS_A_MERGE, PRESSES, SHOWS_NOTHING, About, Rule, may_not


async def followed(turn: Turn, press: Press) -> Press:
    """A press about safety on a merged referral goes to the one that goes on."""
    if press.verb not in FOLLOWS_A_MERGE or not press.case_id:
        return press
    merged = (await turn.desk.cases.current(press.case_id)).referral.merged_into
    if merged is None:
        return press
    to = await turn.desk.between.surviving(press.case_id)
    return replace(press, case_id=to.case_id, followed=True)


async def wrong_place(turn: Turn, press: Press) -> Refused | None:
    """A press about a referral nobody knows, or from a thread that is not its own."""
    if not home(turn):
        return refused("other_place")
    rule = PRESSES.get(press.verb)
    if rule is None:
        return refused("unknown_verb")
    if no := may_not(rule, turn.person):
        return no
    if press.verb in ROSTER:
        return roster_may_not(turn)
    if rule.about is not About.REFERRAL:
        return None
    case = await turn.desk.cases.current(press.case_id) if press.case_id else None
    if case is None or case.referral.version == 0:
        return refused("unknown_case")
    briefing = case.referral.briefing
    here = turn.inbound.conversation_id
    in_channel = here.startswith(turn.desk.partnership.desk_channel + ";messageid=")
    if no := await _refused_first(turn, press, case.referral, rule):
        return no
    if press.followed:
        return None
    if briefing and in_channel and here != briefing.conversation_id:
        return refused("other_thread")
    return None


async def _refused_first(
    turn: Turn, press: Press, referral: Referral, rule: Rule
) -> Refused | None:
    """Refused before anything is drawn: what they may not press, and what is withdrawn."""
    if referral.withdrawn and press.verb not in SHOWS_NOTHING:
        return refused("withdrawn", ref=referral.reference)
    events = rule.events if rule.first else ()
    if events and not any(actor_allowed(e, referral, turn.person) for e in events):
        return refused("not_allowed", event=events[0], ref=referral.reference)
    if press.verb == "file.save":
        inbound = turn.inbound
        here = await case_here(turn.desk, inbound)
        if inbound.name != "composeExtension/submitAction" or here != referral.case_id:
            return refused("not_in_thread")
    return None


def home(turn: Turn) -> bool:
    """The desk's channel, an Assessment Team's own, or a host person's own chat."""
    p, inbound = turn.desk.partnership, turn.inbound
    if inbound.personal:
        return turn.person.tenant == HOST_TENANT
    base = inbound.conversation_id.partition(";messageid=")[0]
    teams = {t.channel for t in p.assessment_teams if t.channel}
    return base == p.desk_channel or base in teams


async def case_here(desk: Desk, inbound: Inbound) -> str:
    if inbound.personal:
        return ""
    for case in desk.cases.warm():
        briefing = case.referral.briefing
        if briefing and briefing.conversation_id == inbound.conversation_id:
            return case.referral.case_id
    return await desk.log.case_of_thread(inbound.conversation_id)

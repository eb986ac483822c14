"""`mine` and `open`, and for the duty manager what could not be posted."""

from __future__ import annotations

from bot.domain.events import MessagesTriedAgain
from bot.domain.next_step import next_step, waits_for
from bot.teams.press import Press, Reply, ShowCard, Turn
from bot.teams.who_may import TRIES_AGAIN
from cards import lists, wording as w
from cards.unsent import tried_again


async def listing(turn: Turn, which: str, *, done: str = "") -> Reply:
    """Late first, then by when it is due."""
    view = await turn.view(None)
    rows = []
    ids = await turn.desk.log.open_cases()
    cases = await turn.desk.cases.each(ids)
    for case in cases:
        referral = case.referral
        if not referral.live or referral.intake is None:
            continue
        p = turn.opened(referral)
        if which == "mine" and not waits_for(referral, turn.person, p, view.today):
            continue
        step = next_step(referral, p, view.today)
        rows.append((referral, step, turn.desk.renderer.link(referral)))
    rows.sort(key=lambda r: (r[1].due_at >= view.now, r[1].due_at, r[0].reference))
    title = w.LIST_MINE if which == "mine" else w.LIST_OPEN
    told = which == "open" and turn.person.role in TRIES_AGAIN
    unsent = (await turn.desk.unsent.found()).shown() if told else None
    unread = len(ids) - len(cases)
    return ShowCard(lists.list_card(title, rows, view, unsent, done=done, unread=unread))


async def try_again(turn: Turn, press: Press) -> Reply:
    """Who pressed is logged with the day; then all that was given up is owed again."""
    found = await turn.desk.unsent.found()
    cases = found.cases()
    if not cases and not found.own:
        return await listing(turn, "open")
    await turn.desk.days.record(MessagesTriedAgain((*cases, *found.own)), turn.person.id)
    for case_id in cases:
        await turn.desk.outbox.try_again(case_id)
    for stream in found.own:
        await turn.desk.desk_outbox.try_again(stream, turn.desk.clock.now())
    return await listing(turn, "open", done=tried_again(found.shown()))

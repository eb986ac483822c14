"""Lead, strategy, plan and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.hands import Hands
from bot.rehearsal.moves_base import briefing_of
from bot.rehearsal.scenario import Event

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


async def assign(play: Play, hands: Hands, event: Event) -> None:
    await play.draw_losers(event, await briefing_of(play))
    dialog = await hands.open(await briefing_of(play), "assign.open")
    fill = {"lead": event.data["lead"], "reason": event.data.get("reason", "")}
    await hands.finish(dialog, "assign.save", fill)


async def offer_lead(play: Play, hands: Hands, event: Event) -> None:
    await _offer(play, hands, event.data["to"], event.data.get("reason", ""))


async def _offer(play: Play, hands: Hands, to: str, reason: str) -> None:
    dialog = await hands.open(await briefing_of(play), "offer.open")
    await hands.finish(dialog, "offer.save", {"lead": to, "reason": reason})


async def hand_on_lead(play: Play, hands: Hands, event: Event) -> None:
    """Offered first where it is not yet; then the new lead accepts."""
    to, offer = event.data["to"], (await play.referral()).offer
    if offer is None or offer.to != to:
        await _offer(play, hands, to, event.data.get("reason", ""))
    await play.hands(to).do(await briefing_of(play), "lead.accept")


async def consider(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "strategy.open")
    needed = "yes" if event.data["needed"] else "no"
    fill = {"strategy_needed": needed, "strategy_why": event.data["reason"]}
    await hands.finish(dialog, "strategy.save", fill)


async def strategy_held(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "held.open")
    fill = {
        "attended": ",".join(event.data["attended"]),
        "also": event.data.get("also", ""),
        "where": event.data.get("decision_recorded_on", ""),
    }
    await hands.finish(dialog, "held.save", fill)


def _plan_values(play: Play) -> dict[str, str]:
    out: dict[str, str] = {}
    for n, row in enumerate(play.scenario.plan, 1):
        owner = row["owner"]
        configured = play.rehearsal.partnership.person(owner) is not None
        out |= {
            f"action_{n}": row["action"],
            f"need_{n}": row["need"],
            f"agency_{n}": row["owner_agency"],
            f"due_{n}": row["due_on"],
        }
        out[f"owner_{n}" if configured else f"owner_name_{n}"] = owner
    out["family_view"] = play.scenario.family_view
    out["next_step"] = play.scenario.next_steps_for_referrer
    return out


async def plan(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "outcome.open")
    await hands.finish(dialog, "outcome.plan", _plan_values(play))


async def propose(play: Play, hands: Hands, event: Event) -> None:
    outcome = play.scenario.outcome or {}
    dialog = await hands.open(await briefing_of(play), "outcome.open")
    fill = {
        "outcome": event.data.get("proposed_code") or outcome["code"],
        "rationale": outcome.get("rationale", ""),
    }
    fill |= {f"child_{c}": code for c, code in (outcome.get("per_child") or {}).items()}
    await hands.finish(dialog, "outcome.pick", fill)


async def undo(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await briefing_of(play), "undo", {"words": event.data.get("reason", "")})


async def endorse(play: Play, hands: Hands, event: Event) -> None:
    await hands.tap(await briefing_of(play), "agree", {"words": event.data.get("note", "")})


async def correct(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "correct.open")
    data = event.data
    fill = {
        "reason": data.get("reason", ""),
        "outcome": data.get("code", ""),
        "rationale": data.get("rationale", ""),
    }
    if "per_child" in data:
        ids = (await play.referral()).asked.mosaic_ids
        fill |= {f"child_{c}": (data["per_child"] or {}).get(c, "") for c in ids}
    await hands.finish(dialog, "correct.save", fill, clear=True)

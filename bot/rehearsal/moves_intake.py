"""Taking the call and filling the form in, and putting its answers right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.intake import TEXT_LIMITS
from bot.domain.vocabulary import TO_FOLLOW
from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.moves_base import briefing_of
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog
from cards import wording as w

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


async def receive(play: Play, hands: Hands, event: Event) -> None:
    """Picks up the call: opens the form beside the compose box."""
    play.form = await hands.compose("newReferral", "personal")


_CODES: dict[str, dict[str, str]] = {
    "scope": w.SCOPES,
    "safe_now": w.SAFE_NOW,
    "earlier": w.EARLIER,
    "safe_contact": w.SAFE_CONTACT,
    "contact_method": w.CONTACT,
    "told_family": w.TOLD_FAMILY,
    "child_location": w.LOCATIONS,
}


def code_of(name: str, value: Any) -> str:
    """A file may give an answer by its code or by its words."""
    text = str(value or "")
    codes = _CODES.get(name, {})
    if text in codes:
        return text
    return next((c for c, words in codes.items() if words.lower() == text.lower()), text)


def _brief_values(intake: Json, play: Play) -> dict[str, str]:
    intake = {k: code_of(k, v) if k in _CODES else v for k, v in intake.items()}
    out = {
        "safe_now": intake.get("safe_now", ""),
        "district": intake.get("district", ""),
        "child_location": intake.get("child_location", ""),
        "seen_heard": intake.get("seen_heard", ""),
        "needs": ",".join(intake.get("needs", [])),
        "referrer_group": intake.get("referrer_group", ""),
        "received_time": play.clock_words(play.at(intake["received_at"])),
        "scope": intake.get("scope", "child"),
    }
    for n, child in enumerate(intake["children"], 1):
        mosaic = child["mosaic_id"]
        out[f"mosaic_{n}"] = "" if mosaic == TO_FOLLOW else mosaic
        out[f"age_{n}"] = child["age_band"]
    return out


def _rest_values(intake: Json) -> dict[str, str]:
    intake = {k: code_of(k, v) if k in _CODES else v for k, v in intake.items()}
    names = [n for n in TEXT_LIMITS if n != "seen_heard"]
    names += ["contact_method", "safe_contact", "told_family", "earlier"]
    out = {n: str(intake.get(n) or "") for n in names}
    if intake.get("position_of_trust"):
        out["position_of_trust"] = "true"
    return out


async def submit(play: Play, hands: Hands, event: Event) -> None:
    """Brief now, then the rest while still on the call."""
    if play.form is None:
        raise Refusal("no form is open")
    intake = play.scenario.intake
    if not all(intake.get(name) for name in ("needs", "referrer_group", "safe_now")):
        await _submit_immediate(play, hands, play.form, intake)
        return
    play.case_id = Screen(play.form.card).press("intake.brief")[0]["data"]["case"]
    values = _brief_values(intake, play)
    if play.scenario.test and Screen(play.form.card).has_input("test"):
        values["test"] = play.scenario.test
    answer = await hands.in_dialog(play.form, "intake.brief", values)
    if answer.dialog and Screen(answer.dialog.card).has("intake.brief", pass_on=True):
        answer = await hands.in_dialog(answer.dialog, "intake.brief", {}, data={"pass_on": True})
    referral = await play.referral()
    if answer.dialog is None or not referral.reference:
        card = answer.dialog.card if answer.dialog else {"body": []}
        raise Refusal(Screen(card).text()[:400] or answer.text)
    rest = _rest_values(intake)
    ended = intake.get(_CALL_END)
    if ended and play.at(ended) <= play.rehearsal.clock.now():
        rest["call_ended_time"] = play.clock_words(play.at(ended))
    await hands.finish(answer.dialog, "intake.rest", rest)


async def _submit_immediate(play: Play, hands: Hands, form: Dialog, intake: Json) -> None:
    """Four answers through the door 'Child not safe now'; the rest only where the file has it."""
    opened = (await hands.in_dialog(form, "intake.open_immediate", {})).dialog
    assert opened is not None
    play.case_id = Screen(opened.card).press("intake.immediate")[0]["data"]["case"]
    wanted = ("district", "child_location", "seen_heard", "mosaic_", "age_")
    values = {k: v for k, v in _brief_values(intake, play).items() if k.startswith(wanted)}
    answer = await hands.in_dialog(opened, "intake.immediate", values)
    rest = {k: v for k, v in _rest_values(intake).items() if v}
    if answer.dialog is None or not (await play.referral()).reference:
        raise Refusal(answer.text or "the immediate form was not taken")
    if rest:
        await hands.finish(answer.dialog, "intake.rest", rest)


_CALL_END = "call_ended_at"


async def amend(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "intake.carry_on")
    fields = event.data.get("fields", {})
    fill = {
        k: code_of(k, v) if k in _CODES else _input_words(v)
        for k, v in fields.items()
        if k not in ("children", _CALL_END)
    }
    if _CALL_END in fields:
        fill["call_ended_time"] = play.clock_words(play.at(fields[_CALL_END]))
    referral = await play.referral()
    rows = fields.get("children", [])
    wanted = zip(referral.asked.children, rows, strict=False)
    for n, row in enumerate(rows[len(referral.asked.children) :], 1):
        fill[f"more_mosaic_{n}"] = "" if row["mosaic_id"] == TO_FOLLOW else row["mosaic_id"]
        fill[f"more_age_{n}"] = row["age_band"]
    for n, (child, row) in enumerate(wanted, 1):
        mosaic = row["mosaic_id"]
        if mosaic not in (child.mosaic_id, TO_FOLLOW):
            fill[f"new_id_{n}" if child.to_follow else f"child_id_{n}"] = mosaic
        if row["age_band"] != child.age_band:
            fill[f"child_age_{n}"] = row["age_band"]
    fill["reason"] = event.data.get("reason", "")
    await hands.finish(dialog, "intake.rest", fill, clear=True)


def _input_words(value: object) -> str:
    """A field's value as its input takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)

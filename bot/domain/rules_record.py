"""Rules of what goes on the record beside the talk: messages, police, disagreement, history."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Scene, check, refused
from bot.domain.partnership import BOT
from bot.domain.referral import Message, Referral
from bot.domain.vocabulary import FILED_AS, NOTE_FORMS, Role

_CLOCKS_APART = dt.timedelta(minutes=1)
_SAME_WORDS_WITHIN = dt.timedelta(minutes=1)


def message(referral: Referral, command: cmd.AddMessage, scene: Scene) -> Decided:
    if no := check("message", referral, scene):
        return no
    if command.activity_id and _of(referral, command.activity_id):
        return ()
    if _said_just_now(referral, command.text, scene):
        return ()
    agency = "" if scene.actor.id == BOT.id else scene.actor.agency
    return (scene.did(ev.MessageAdded(command.text, agency, command.activity_id)),)


def _said_just_now(referral: Referral, text: str, scene: Scene) -> bool:
    """Teams sends a message again with a new id, and people press twice."""
    return any(
        m.by == scene.actor.id
        and m.text == text
        and not m.removed_at
        and scene.now - m.at < _SAME_WORDS_WITHIN
        for m in referral.messages
    )


def _of(referral: Referral, activity_id: str) -> Message | None:
    return next((m for m in referral.messages if m.activity_id == activity_id), None)


def file_message(referral: Referral, command: cmd.FileMessage, scene: Scene) -> Decided:
    if no := check("message.filed", referral, scene):
        return no
    if command.filed_as not in FILED_AS:
        return refused("unknown_choice")
    if not command.text.strip():
        return refused("nothing_to_file")
    if not command.activity_id:
        return refused("nothing_to_file")
    there = _of(referral, command.activity_id)
    if there and there.removed_at:
        return refused("message_gone")
    if there and (there.filed_as, there.text) == (command.filed_as, command.text):
        return ()
    author = scene.partnership.person(command.author)
    return (
        scene.did(
            ev.MessageFiled(
                command.filed_as,
                command.text,
                command.author if author else "",
                "" if author else command.author_name,
                author.agency if author else "",
                command.activity_id,
                min(command.said_at, scene.now),
                command.link,
            )
        ),
    )


def revise(referral: Referral, command: cmd.ReviseMessage, scene: Scene) -> Decided:
    """Edits of what is not on the record are nobody's business. Of two edits of a message the one
    written later stands, whichever arrived first.
    """
    there = _of(referral, command.activity_id)
    if there is None or there.removed_at or there.text == command.text:
        return ()
    if there.edited_at and command.edited_at and command.edited_at < there.edited_at:
        return ()
    if no := check("message.revised", referral, scene):
        return no
    if referral.words_gone and not referral.live:
        return refused("words_erased", ref=referral.reference)
    event = ev.MessageRevised(command.activity_id, command.text, command.edited_at)
    return (scene.did(event),)


def remove(referral: Referral, command: cmd.RemoveMessage, scene: Scene) -> Decided:
    there = _of(referral, command.activity_id)
    if there is None or there.removed_at:
        return ()
    if no := check("message.removed", referral, scene):
        return no
    return (scene.did(ev.MessageRemoved(command.activity_id)),)


def police(referral: Referral, command: cmd.RecordPoliceContact, scene: Scene) -> Decided:
    if no := check("police.contact_recorded", referral, scene):
        return no
    known = scene.partnership.person(command.rang_by)
    name = command.rang_by_name.strip()
    if not known and not name:
        return refused("who_rang_needed")
    if command.rang_at > scene.now + _CLOCKS_APART:
        return refused("in_future")
    contact = ev.PoliceContactRecorded(
        known.id if known and not name else "", name, command.rang_at
    )
    if any(
        (c.rang_by, c.rang_by_name, c.rang_at)
        == (contact.rang_by, contact.rang_by_name, contact.rang_at)
        for c in referral.police
    ):
        return ()
    return (scene.did(contact),)


def disagree(referral: Referral, command: cmd.RecordDisagreement, scene: Scene) -> Decided:
    if no := check("disagreement.recorded", referral, scene):
        return no
    text = command.text.strip()
    if not text:
        return refused("reason_needed")
    if any(d.by == scene.actor.id and d.text == text for d in referral.disagreements):
        return ()
    managers = scene.today.here(scene.partnership.with_role(Role.DUTY_MANAGER))
    return (scene.did(ev.DisagreementRecorded(text, tuple(m.id for m in managers))),)


def view_history(referral: Referral, command: cmd.ViewHistory, scene: Scene) -> Decided:
    if no := check("history.viewed", referral, scene):
        return no
    return (scene.did(ev.HistoryViewed()),)


def open_notes(referral: Referral, command: cmd.OpenNotes, scene: Scene) -> Decided:
    if no := check("casenote.opened", referral, scene):
        return no
    if referral.words_gone and not referral.live:
        return refused("words_erased", ref=referral.reference)
    if command.form not in NOTE_FORMS:
        return refused("unknown_choice")
    return (scene.did(ev.CaseNoteOpened(command.form)),)

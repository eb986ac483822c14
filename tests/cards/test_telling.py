"""The dialogs of telling a caller: what is offered to whom, and how a text is laid out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.contact import ROUTES, SERVICE_MAILBOX
from bot.domain.rules_email import EMAIL_CODES
from cards import feedback, feedback_ways as ways, wording as w
from cards.kit import Json
from tests.cards import referrals as tell, walk
from tests.cards.story import World

WORLD = World()
VIEW = WORLD.view("eh-1", minutes=90)


def verbs(card: Json) -> set[str]:
    return {str(a["data"]["verb"]) for a in walk.of_type(card, "Action.Submit")}


def drawn(**answers: str) -> Json:
    return feedback.feedback_dialog(tell.outcome_agreed(WORLD, **answers).referral, VIEW, {})


def test_without_a_mailbox_no_button_offers_to_email() -> None:
    told = tell.outcome_agreed(WORLD).referral
    bare = replace(VIEW, partnership=replace(VIEW.partnership, mailbox=""))
    assert "mail.open" in verbs(feedback.feedback_dialog(told, VIEW, {}))
    assert verbs(feedback.feedback_dialog(told, VIEW, {})) - verbs(
        feedback.feedback_dialog(told, bare, {})
    ) == {"mail.open"}


def test_where_no_way_is_safe_only_what_needs_none_is_offered() -> None:
    unsafe = drawn(safe_contact="no")
    assert verbs(unsafe) == {"feedback.sent", "cannot.open"}
    (how,) = walk.of_type(unsafe, "Input.ChoiceSet")
    assert [c["value"] for c in how["choices"]] == ["they_came"]


def test_at_safe_times_a_call_and_what_they_asked_for_is_offered() -> None:
    times = {"safe_contact": "only at some times", "safe_contact_times": "12:00 to 12:45"}
    rung = drawn(contact_method="phone", **times)
    assert "mail.open" not in verbs(rung)
    assert {"aloud.open", "again.open"} <= verbs(rung)
    assert "mail.open" in verbs(drawn(contact_method="email", **times))


def test_a_caller_who_does_not_want_to_hear_back_can_be_said_not_to() -> None:
    assert "cannot.open" in verbs(drawn(contact_method="not_possible"))
    assert "cannot.open" not in verbs(drawn())


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("One. Two? Three.", ["One.", "Two?", "Three."]),
        ("Femi A. is the lead person. Ring 999.", ["Femi A. is the lead person.", "Ring 999."]),
        ("One\n\nTwo.  Three.", ["One", "Two.", "Three."]),
        ("Ring 01632 960100.", ["Ring 01632 960100."]),
        ("  \n", []),
    ],
)
def test_a_text_is_read_a_sentence_a_line(words: str, lines: list[str]) -> None:
    assert ways.sentences(words) == lines


def test_every_way_and_every_fault_has_words() -> None:
    assert set(w.TOLD_BY) == set(ROUTES)
    assert set(w.SENT_BY) == set(ROUTES) - {SERVICE_MAILBOX}
    assert set(w.EMAIL_FAULTS) == set(EMAIL_CODES)
    assert {r for routes in ROUTES.values() for r in routes} == set(w.ROUTES)

"""What goes on the record beside the talk: messages, the police, disagreement, who looked."""

from dataclasses import replace

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.partnership import BOT, Today

from .story import (
    ASSESSMENT,
    HEAD_OF_SERVICE,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    RECORDS,
    SECOND_MANAGER,
    SOCIAL_WORKER,
    Story,
    agreed,
    at,
    briefed,
    closed,
    given,
    in_discussion,
    withdrawn,
)

LED = given(*in_discussion())
WORDS = "He slept at Nan's."
FILE = cmd.FileMessage("fact", WORDS, POLICE, "", "m-1", at("09:25"), "https://thread.example/m-1")
FILED = ev.MessageFiled(
    "fact", WORDS, POLICE, "", "police", "m-1", at("09:25"), "https://thread.example/m-1"
)
ON_RECORD = LED.when(FILE, by=LEAD, at="09:40").story
OVERHEARD = LED.when(cmd.AddMessage(WORDS, "m-1"), by=POLICE, at="09:25").story


def messages(story: Story) -> list[tuple[str, str]]:
    return [(m.text, m.filed_as) for m in story.referral.messages]


def test_a_message_of_the_thread_is_filed_with_who_said_it_and_when():
    (message,) = LED.when(FILE, by=LEAD, at="09:40").then(FILED).referral.messages

    assert (message.text, message.by, message.agency, message.at) == (
        WORDS,
        POLICE,
        "police",
        at("09:25"),
    )
    assert (message.filed_as, message.filed_by, message.filed_at) == ("fact", LEAD, at("09:40"))
    assert message.link == "https://thread.example/m-1"


def test_a_message_by_somebody_not_configured_is_filed_under_their_name():
    guest = replace(FILE, author="guest-7", author_name="Ravi, school nurse")
    LED.when(guest, by=LEAD).then(
        replace(FILED, author="", author_name="Ravi, school nurse", agency="")
    )


def test_a_message_already_overheard_is_marked_and_not_doubled():
    story = OVERHEARD.when(FILE, by=LEAD).story
    assert messages(story) == [(WORDS, "fact")]


def test_filing_the_same_again_changes_nothing_and_filing_it_otherwise_marks_it_anew():
    ON_RECORD.when(FILE, by=POLICE).then()

    story = ON_RECORD.when(replace(FILE, filed_as="view"), by=POLICE).story
    assert messages(story) == [(WORDS, "view")]


@pytest.mark.parametrize("kind", ["fact", "view", "decision"])
def test_it_is_filed_as_fact_view_or_decision(kind):
    assert messages(LED.when(replace(FILE, filed_as=kind), by=LEAD).story) == [(WORDS, kind)]


def test_nothing_else_and_nothing_empty_is_filed():
    LED.when(replace(FILE, filed_as="rumour"), by=LEAD).then_refused("unknown_choice")
    LED.when(replace(FILE, text="  "), by=LEAD).then_refused("nothing_to_file")


def test_a_message_from_a_clock_ahead_is_not_filed_in_the_future():
    (filed,) = LED.when(replace(FILE, said_at=at("10:05")), by=LEAD, at="10:00").events
    assert isinstance(filed, ev.MessageFiled)
    assert filed.said_at == at("10:00")


def test_the_same_message_overheard_twice_is_one():
    OVERHEARD.when(cmd.AddMessage(WORDS, "m-1"), by=POLICE).then()
    ON_RECORD.when(cmd.AddMessage(WORDS, "m-1"), by=POLICE).then()


def test_words_said_without_a_message_are_never_taken_for_one_another():
    story = LED.when(cmd.AddMessage("First"), by=POLICE).story
    story = story.when(cmd.AddMessage("Second"), by=POLICE).story
    assert messages(story) == [("First", ""), ("Second", "")]


def test_an_edit_is_shown_and_what_it_said_before_is_kept():
    story = ON_RECORD.when(cmd.ReviseMessage("m-1", "He slept at his aunt's."), by=POLICE).story
    story = story.when(cmd.ReviseMessage("m-1", "He slept at Jo's."), by=POLICE, at="10:30").then(
        ev.MessageRevised("m-1", "He slept at Jo's.")
    )

    (message,) = story.referral.messages
    assert message.text == "He slept at Jo's."
    assert message.earlier == (WORDS, "He slept at his aunt's.")
    assert message.revised_at == at("10:30")
    assert message.filed_as == "fact"


def test_an_edit_that_changes_nothing_or_of_what_is_not_on_the_record_is_nobodys_business():
    ON_RECORD.when(cmd.ReviseMessage("m-1", WORDS), by=POLICE).then()
    LED.when(cmd.ReviseMessage("m-1", "Other words"), by=POLICE).then()
    LED.when(cmd.RemoveMessage("m-1"), by=POLICE).then()


def test_filing_words_edited_since_keeps_what_they_were():
    story = OVERHEARD.when(replace(FILE, text="He slept at Jo's."), by=LEAD).story

    (message,) = story.referral.messages
    assert (message.text, message.earlier) == ("He slept at Jo's.", (WORDS,))


def test_a_deleted_message_leaves_a_tombstone_and_its_words_in_the_log():
    story = ON_RECORD.when(cmd.RemoveMessage("m-1"), by=POLICE, at="10:30").then(
        ev.MessageRemoved("m-1")
    )

    (message,) = story.referral.messages
    assert message.removed_at == at("10:30")
    assert FILED in [r.event for r in story.log]
    story.when(cmd.RemoveMessage("m-1"), by=POLICE).then()
    story.when(cmd.ReviseMessage("m-1", "Back again"), by=POLICE).then()


def test_filing_a_message_its_author_deleted_is_not_answered_as_if_it_were_on_the_record():
    gone = OVERHEARD.when(cmd.RemoveMessage("m-1"), by=POLICE).story

    answer = gone.when(FILE, by=LEAD)

    refused = not isinstance(answer.decided, tuple)
    assert refused or messages(answer.story) == [(WORDS, "fact")]


@pytest.mark.parametrize("log", [closed(), in_discussion()], ids=["closed", "open"])
def test_edits_and_deletions_follow_the_thread_even_after_closing(log):
    at_first = len(in_discussion())
    story = given(*log[:at_first], *ON_RECORD.log[at_first:], *log[at_first:])

    assert story.when(cmd.ReviseMessage("m-1", "Other"), by=POLICE, at="11:00").events
    assert story.when(cmd.RemoveMessage("m-1"), by=POLICE, at="11:00").events


RANG = cmd.RecordPoliceContact(POLICE, "", at("09:20"))


def test_who_rang_the_police_and_when_is_recorded():
    story = LED.when(RANG, by=LEAD, at="09:30").then(
        ev.PoliceContactRecorded(POLICE, "", at("09:20"))
    )

    (contact,) = story.referral.police
    assert (contact.rang_by, contact.rang_at, contact.by, contact.at) == (
        POLICE,
        at("09:20"),
        LEAD,
        at("09:30"),
    )


def test_somebody_not_configured_who_rang_is_recorded_by_name():
    named = cmd.RecordPoliceContact("", " The head teacher ", at("09:20"))
    LED.when(named, by=MASHO).then(ev.PoliceContactRecorded("", "The head teacher", at("09:20")))


def test_a_call_to_the_police_names_somebody_and_is_not_in_the_future():
    LED.when(replace(RANG, rang_by="nobody-9"), by=LEAD).then_refused("who_rang_needed")
    LED.when(replace(RANG, rang_at=at("10:02")), by=LEAD, at="10:00").then_refused("in_future")
    assert LED.when(replace(RANG, rang_at=at("10:01")), by=LEAD, at="10:00").events


def test_the_same_call_is_recorded_once_and_a_second_one_beside_it():
    story = LED.when(RANG, by=LEAD).story

    story.when(RANG, by=POLICE).then()
    again = story.when(replace(RANG, rang_at=at("09:50")), by=POLICE).story
    assert len(again.referral.police) == 2


def test_the_assessment_team_does_not_record_police_contact():
    LED.when(RANG, by=ASSESSMENT).then_refused("not_allowed")


DISAGREE = cmd.RecordDisagreement("He should be seen today.")


def test_a_disagreement_tells_the_duty_managers_who_are_here():
    story = LED.when(DISAGREE, by=POLICE).then(
        ev.DisagreementRecorded("He should be seen today.", (MANAGER, SECOND_MANAGER))
    )
    assert story.referral.disagreements[0].by == POLICE

    one_away = LED.on(Today(absent=frozenset({MANAGER}), called=True))
    one_away.when(DISAGREE, by=POLICE).then(
        ev.DisagreementRecorded("He should be seen today.", (SECOND_MANAGER,))
    )


def test_a_disagreement_never_holds_up_the_outcome():
    story = given(*agreed()).when(DISAGREE, by=POLICE).story
    assert story.referral.state == "outcome_agreed"
    assert story.when(cmd.SendFeedback("phone", "Thank you"), by=LEAD).events


def test_a_disagreement_says_why_and_is_recorded_once_by_each():
    LED.when(cmd.RecordDisagreement("  "), by=POLICE).then_refused("reason_needed")
    story = LED.when(DISAGREE, by=POLICE).story

    story.when(DISAGREE, by=POLICE).then()
    assert story.when(DISAGREE, by=SOCIAL_WORKER).events
    assert story.when(cmd.RecordDisagreement("And his sister."), by=POLICE).events


def test_the_masho_does_not_disagree_on_the_record():
    LED.when(DISAGREE, by=MASHO).then_refused("not_allowed")


def test_each_look_at_the_history_is_logged_and_changes_nothing_else():
    for who in (LEAD, SOCIAL_WORKER, MANAGER, HEAD_OF_SERVICE, RECORDS):
        story = LED.when(cmd.ViewHistory(), by=who).then(ev.HistoryViewed())
        assert story.referral == LED.referral
        assert story.log[-1].by == who
        story.when(cmd.ViewHistory(), by=who).then(ev.HistoryViewed())


@pytest.mark.parametrize("who", [MASHO, POLICE, ASSESSMENT, BOT.id])
def test_nobody_else_looks_at_the_history(who):
    LED.when(cmd.ViewHistory(), by=who).then_refused("not_allowed")


def test_the_history_of_a_closed_referral_is_still_looked_at():
    given(*closed()).when(cmd.ViewHistory(), by=HEAD_OF_SERVICE).then(ev.HistoryViewed())


@pytest.mark.parametrize("form", ["text", "json"])
def test_opening_the_notes_is_logged_each_time(form):
    story = given(*agreed()).when(cmd.OpenNotes(form), by=MASHO).then(ev.CaseNoteOpened(form))

    assert not story.referral.notes_done
    story.when(cmd.OpenNotes(form), by=MASHO).then(ev.CaseNoteOpened(form))
    given(*closed()).when(cmd.OpenNotes(form), by=LEAD).then(ev.CaseNoteOpened(form))


def test_notes_are_opened_once_there_is_an_outcome_and_in_a_form_there_is():
    LED.when(cmd.OpenNotes("text"), by=LEAD).then_refused("wrong_state")
    given(*agreed()).when(cmd.OpenNotes("pdf"), by=LEAD).then_refused("unknown_choice")


def test_a_referral_withdrawn_takes_no_more_words():
    gone = given(*withdrawn())
    for command in (FILE, cmd.AddMessage("Oh"), RANG, DISAGREE):
        gone.when(command, by=MANAGER).then_refused("wrong_state")


def test_words_written_before_anybody_leads_are_on_the_record_too():
    assert messages(given(*briefed()).when(FILE, by=MASHO).story) == [(WORDS, "fact")]


EDUCATION_SAID = cmd.AddContribution("police", "not_known", source="room")
LOGGED = LED.when(EDUCATION_SAID, by=LEAD, at="09:30").story


def test_a_line_logged_for_an_agency_waits_to_be_confirmed():
    (line,) = LOGGED.referral.unconfirmed_of("police")
    assert line.by == LEAD


def test_the_agency_confirms_its_line_with_one_tap():
    story = LOGGED.when(cmd.ConfirmContribution("police"), by=POLICE, at="09:45").then(
        ev.ContributionConfirmed("police")
    )

    (line,) = story.referral.contributions
    assert (line.confirmed_by, line.confirmed_at) == (POLICE, at("09:45"))
    assert not story.referral.unconfirmed_of("police")
    story.when(cmd.ConfirmContribution("police"), by=POLICE).then()


def test_the_agency_puts_its_line_right_and_what_was_logged_is_kept():
    right = cmd.AddContribution("police", "not_checked", corrects=True)
    story = LOGGED.when(right, by=POLICE, at="09:45").story

    first, now = story.referral.contributions
    assert (first.said.known, first.corrected_by, first.corrected_at) == (
        "not_known",
        POLICE,
        at("09:45"),
    )
    assert story.referral.heard()["police"] == now
    assert not story.referral.unconfirmed_of("police")


def test_nobody_confirms_or_corrects_for_another_agency():
    LOGGED.when(cmd.ConfirmContribution("police"), by=LEAD).then_refused("not_your_line")
    LOGGED.when(cmd.ConfirmContribution("police"), by=MANAGER).then_refused("not_allowed")

    scribe = replace(EDUCATION_SAID, known="not_checked", corrects=True)
    story = LOGGED.when(scribe, by=LEAD).story
    assert len(story.referral.unconfirmed_of("police")) == 2


def test_an_agency_marked_absent_has_nothing_to_confirm():
    absent = cmd.AddContribution("police", "no_rep_today", source="room")
    story = LED.when(absent, by=MANAGER).story
    assert not story.referral.unconfirmed_of("police")


def test_the_same_words_within_a_minute_are_sent_again_and_after_it_said_again():
    story = LED.when(cmd.AddMessage("On my way", "m-1"), by=POLICE, at="09:25").story
    again = cmd.AddMessage("On my way", "m-2")
    story.when(again, by=POLICE, at="09:25").then()
    story.when(again, by=LEAD, at="09:25").then(ev.MessageAdded("On my way", "early_help", "m-2"))
    story.when(again, by=POLICE, at="09:26").then(ev.MessageAdded("On my way", "police", "m-2"))
    gone = story.when(cmd.RemoveMessage("m-1"), by=POLICE, at="09:25").story
    gone.when(again, by=POLICE, at="09:25").then(ev.MessageAdded("On my way", "police", "m-2"))

"""What a card says after something took a turn: merged, handed on, put right."""

from __future__ import annotations

from bot.domain.intake import Child
from cards import notes, wording as w
from cards.briefing import briefing_card
from tests.cards import on_record, referrals as tell, righted, walk
from tests.cards.story import Story, World, intake

WORLD = World()


def shown_on(story: Story) -> str:
    drawn = briefing_card(story.referral, WORLD.view())
    return "\n".join([*walk.markdown_of(drawn), *walk.plain_of(drawn)])


def test_a_second_caller_who_is_not_sure_the_child_is_safe_is_not_lost_in_a_merge() -> None:
    """School said safe; the police, about the same child, were not sure."""
    pair = righted.merged(WORLD)
    shown = shown_on(pair.first)
    assert w.URGENCY["not_sure"] in shown
    assert w.URGENCY["yes"] not in shown


def test_a_merged_call_keeps_seen_reported_and_thought_apart() -> None:
    second = tell.submitted(WORLD, 6, intake(WORLD.say, children=(Child("9900101", "5_to_9"),)))
    shown = shown_on(righted.merge(righted.Pair(tell.in_discussion(WORLD), second), 45).first)
    assert shown.count("Told by others:") == 2
    assert shown.count("The caller thinks:") == 2


def test_a_message_filed_before_a_merge_still_says_so_after_it() -> None:
    assert "added to the record as a fact" in shown_on(righted.merged(WORLD).second)
    assert "added to the record as a fact" in shown_on(righted.merged(WORLD).first)


def test_why_the_lead_was_handed_on_is_said_by_whoever_said_it() -> None:
    """Femi is in a meeting, not Niamh, who took over."""
    shown = shown_on(on_record.lead_handed_on(WORLD))
    assert "Lead before: Femi A." in shown
    drawn = briefing_card(on_record.lead_handed_on(WORLD).referral, WORLD.view())
    said = ["".join(r["text"] for r in b["inlines"]) for b in walk.of_type(drawn, "RichTextBlock")]
    assert "Niamh D.: I am in a meeting from 11:00." not in said


def test_the_data_of_a_child_whose_id_is_to_follow_is_named_in_words() -> None:
    told = tell.taken(WORLD).referral
    drawn = notes.notes_json_dialog(told, WORLD.view("masho-1"), 0)
    assert "The note for to follow" not in " ".join(walk.markdown_of(drawn))

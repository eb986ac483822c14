"""Every sentence people read. GOV.UK style: plain, active, no Latin, no exclamation marks.

Pure text: no cards, no rules. `{}` fields are filled with `str.format`.
"""

from __future__ import annotations

import datetime as dt
import re

BOT_NAME = "Front Door"

DANGER = "If a child is in immediate danger, ring {emergency}. Do not wait for a reply here."

# Codes to words ----------------------------------------------------------------

AGE_BANDS = {
    "unborn": "unborn",
    "under_1": "under 1",
    "1_to_4": "1 to 4",
    "5_to_9": "5 to 9",
    "10_to_15": "10 to 15",
    "16_to_17": "16 to 17",
}
SAFE_NOW = {"yes": "Yes", "no": "No", "not_sure": "Not sure"}
NOT_ASKED_YET = "Not asked yet"
URGENCY = {
    "": "Safety not asked yet",
    "yes": "Safe right now",
    "no": "Not safe right now",
    "not_sure": "Urgent: not sure the child is safe",
}
LOCATIONS = {
    "home": "At home",
    "school_or_nursery": "At school or nursery",
    "health_setting": "At a health setting",
    "with_family_or_friends": "With family or friends",
    "with_police": "With police",
    "out_or_missing": "Out or missing",
    "not_known": "Not known",
}
TOLD_FAMILY = {
    "": "Not asked yet",
    "yes_agree": "Yes, and they agree",
    "yes_not_agree": "Yes, but they do not agree",
    "no_unsafe": "No, telling them could put someone at risk",
    "no_not_yet": "No, not yet",
    "caller_is_family": "The caller is the parent, carer or young person",
    "not_known": "Caller does not know",
}
KNOWN = {
    "known": "Known",
    "not_known": "Not known",
    "partly_known": "Partly known",
    "not_checked": "Not checked",
    "no_rep_today": "No rep today",
}
SHARING = {
    "shared": "Share it",
    "shared_in_part": "Share part of it",
    "not_shared": "Do not share it",
}
SHARED = {"shared": "shared", "shared_in_part": "shared in part", "not_shared": "not shared"}
CONTACT = {
    "phone": "Phone",
    "email": "Email",
    "phone_and_email": "Phone and email",
    "text_then_phone": "Text, then phone",
    "not_possible": "They do not want to hear back",
}
SENT_BY = {
    "phone": "I rang them",
    "email": "I emailed from my own mailbox",
    "phone_and_email": "I rang, then emailed from my own mailbox",
    "text_then_phone": "I sent a text, then rang",
    "voicemail": "I left it as a voicemail",
    "they_came": "They rang us again, or we met",
}
TOLD_BY = {
    **{code: CONTACT[code] for code in ("phone", "email", "phone_and_email", "text_then_phone")},
    "voicemail": "Voicemail",
    "they_came": "They rang again, or were met",
    "service_mailbox": "Email from the desk's mailbox",
}
"""How a caller was told, in the notes."""
ROUTES = {
    "phone": "the phone",
    "email": "email",
    "text": "a text",
    "voicemail": "voicemail",
}
SAFE_CONTACT = {"yes": "Yes", "only at some times": "Only at some times", "no": "No"}
EARLIER = {"yes": "Yes", "no": "No", "not checked": "Not checked"}
SCOPES = {
    "child": "A child",
    "adult_only": "An adult only",
    "open_to_social_worker": "A child already open to a social worker",
}
HANDOVER = {
    "mash_bau": "The usual MASH route",
    "edt": "Emergency Duty Team",
    "allocated_worker": "The allocated social worker",
    "other_la": "Another council",
    "adult_mash": "Adult MASH",
    "lado": "The LADO",
}
STATES = {
    "draft": "Being written",
    "briefed": "Needs a lead",
    "in_discussion": "Being discussed",
    "outcome_proposed": "Outcome to agree",
    "outcome_agreed": "Outcome agreed",
    "closed": "Finished",
    "handed_over": "Handed over",
    "merged": "Merged",
    "withdrawn": "Withdrawn",
}
FILED_AS = {"fact": "Fact", "view": "View", "decision": "Decision"}
ROLES = {
    "masho": "MASH officer",
    "rep": "Agency rep",
    "duty_social_worker": "Duty social worker",
    "duty_manager": "Duty manager",
    "assessment_team": "Assessment Team",
    "manager": "Manager",
    "records_officer": "Records officer",
    "none": "Not on the roster",
}
FIELDS = {
    "received_at": "When did you pick up the call?",
    "referrer_group": "Who is calling?",
    "referrer_role": "Their role (no names)",
    "contact_method": "How do they want to hear back?",
    "safe_contact": "Is it safe to call back?",
    "safe_contact_times": "When is it safe?",
    "children": "Children",
    "district": "Where do they live?",
    "safe_now": "Is the child safe right now?",
    "child_location": "Where is the child now?",
    "seen_heard": "What has the caller seen or heard themselves?",
    "reported": "What have others told them?",
    "view": "What does the caller think is going on?",
    "needs": "What does this child need? (up to 4)",
    "going_well": "What is going well, and who helps?",
    "child_view": "What has the child said they want? (write 'not asked yet' if so)",
    "help_so_far": "What help have they had already?",
    "wants": "What would the caller like to happen?",
    "told_family": "Do the parents or carers know about this call?",
    "told_family_reason": "Why?",
    "access": "Do they need an interpreter or other help to talk to us?",
    "position_of_trust": "Is the worry about someone who works or volunteers with children?",
    "earlier": "Has this child been referred in the last 12 months?",
    "scope": "Who is this about?",
    "test": "Which test?",
    "call_ended_at": "When did the call end?",
}
FIELDS_BEFORE = {"told_family_reason": "Why the family do not know or do not agree"}
"""Questions that need more words once they stand alone."""
IDENTIFIERS = {
    "date_of_birth": "a date of birth",
    "email": "an email address",
    "upn": "a pupil number",
    "postcode": "a postcode",
    "nhs_number": "an NHS number",
    "phone": "a phone number",
}

# What is wrong with an answer --------------------------------------------------

PROBLEMS = {
    "required": "Answer this.",
    "too_short": "Write at least 20 characters: what was seen or heard, and when.",
    "too_long": "This is too long. Shorten it.",
    "in_future": "This time has not happened yet.",
    "too_old": "This is more than 24 hours ago. Ring the MASH instead.",
    "before_start": "The call cannot end before you picked it up.",
    "children_count": "Give 1 to 8 children.",
    "mosaic_id": "A Mosaic ID has 7 digits. Leave it empty if it is to follow.",
    "same_child_twice": "The same Mosaic ID is there twice.",
    "age_missing": "Choose an age for each child.",
    "too_many": "Choose up to 4.",
    "not_clear_alone": "'Needs not clear yet' goes on its own.",
    "choice": "Choose one of the answers.",
    "time": "Write the time as hours and minutes, for example 09:12.",
    "date": "Choose a date.",
}
FIX_REST = "Not saved yet. Look at: {fields}."
FIX = "Not posted yet. Look at: {fields}."
IDENTIFIER_FOUND = (
    "Take out {what} ({text}) from '{field}'. Identity goes on Mosaic, not in the channel."
)
B_NOT_IDENTIFIER = "This is not an identifier: post"

# Refusals: code to sentence ----------------------------------------------------

REFUSALS = {
    "not_on_list": (
        "You are not on the duty team's list, so Front Door cannot do this for you. "
        "Ask the duty manager to add you."
    ),
    "roles_unknown": (
        "Front Door cannot check who may do what just now, so nothing was changed. Try again in a "
        "minute. If a child is not safe, press 'Child not safe now' or ring {emergency}."
    ),
    "roles_unknown_ring": (
        "Front Door cannot check who may do what just now, so nothing was changed. Try again in a "
        "minute. If a child is not safe, ring {emergency} now, then the MASH on {mash}."
    ),
    "roles_unknown_thread": (
        "Front Door cannot check who may do what just now, so what is said here is not going on "
        "the record. Write it again in a few minutes, or record the huddle then."
    ),
    "wrong_tenant": "Front Door does not take messages from your organisation.",
    "not_allowed": "This is not for your role. {who}",
    "wrong_state": "{ref} has moved on: {state}. This is how it stands now.",
    "unknown_case": "Front Door does not know this referral. Open the latest card in the thread.",
    "unknown_verb": "Front Door does not know that button. Open the latest card in the thread.",
    "malformed": "Front Door could not read that. Nothing was changed. Try again.",
    "other_thread": "This is an older copy. The live card is in the referral's own thread.",
    "already_claimed": "{lead} is already the lead person for {ref}.",
    "not_on_roll": "You are not on today's roll, so you cannot lead. Ask the duty manager.",
    "immediate_lead": ("{ref} is immediate. The duty social worker or duty manager leads it."),
    "cannot_lead": "Choose a rep, the duty social worker or a duty manager.",
    "reason_needed": "Say why.",
    "pulse_over": (
        "That day is over and its answers are counted. You can still tell the duty manager."
    ),
    "unsafe_contact": (
        "The caller said it is not safe to contact them. Do not ring, text or write. If they ring "
        "again or you meet, tell them then. Otherwise press Feedback is not possible."
    ),
    "unsafe_route": (
        "The caller said it is only safe at some times{times}, so do not use {route}: they did "
        "not ask for it, and somebody else could find it. Ring at those times."
    ),
    "already_told": "The caller of {ref} has heard back already.",
    "bad_address": "Check the email address: one address, like name@school.example.",
    "no_service_mailbox": (
        "The bot has no mailbox to send from. Email from your own mailbox, then press Sent."
    ),
    "email_going": "An email to this caller is on its way. The card says when it has gone.",
    "email_unknown": (
        "It is not known if an earlier email to this caller was sent. Look in the mailbox's sent "
        "items, then press Sent or email it again."
    ),
    "email_not_logged": (
        "The email was sent, but this could not be logged. Do not send it again: in a minute, "
        "open this again and press Sent."
    ),
    "again_when": "Choose a time to try again in the next 5 working days, while we are open.",
    "not_your_agency": (
        "You can only add information for your own agency, or record what another agency said "
        "in the room."
    ),
    "only_duty_manager_marks_absent": "Only the duty manager can mark an agency as not here.",
    "sharing_needed": "Say whether this may be shared.",
    "sharing_reason_needed": "Say why part of this, or none of it, is shared.",
    "told_needed": (
        "'Not known' means you checked and hold nothing. {ref} has no Mosaic ID yet. "
        "How were you told who the child is?"
    ),
    "not_immediate": "{ref} is not flagged as immediate.",
    "flag_first": "Flag it as immediate first.",
    "name_needed": "Write the name of the person in the Assessment Team who took it.",
    "strategy_attendance": (
        "A strategy discussion needs social care, police and health. Tick who was there."
    ),
    "strategy_where_recorded": "Say where the decision is recorded.",
    "plan_empty": "Add at least one action, with one owner and a due date.",
    "plan_too_long": "A plan has at most {limit} actions.",
    "before_outcome": "Before you pick an outcome: {missing}.",
    "strategy_needed": ("Was a strategy discussion considered? Say whether it is needed, and why."),
    "second_person": (
        "A social worker or the duty manager who did not pick this outcome needs to agree it."
    ),
    "too_late_to_undo": "It is too late to undo. Use 'Correct the outcome' and say why.",
    "already_leads": "{lead} is already the lead person.",
    "no_offer": "Nobody has offered to hand over the lead of {ref}.",
    "not_accepted": "{new_lead} has not accepted yet. You are still the lead person.",
    "not_accepted_by_them": (
        "The lead was offered to {new_lead}, who has not accepted yet. {lead} is still the lead "
        "person."
    ),
    "not_your_line": "Only that agency can confirm this line.",
    "nothing_to_confirm": "Nobody has logged anything for your agency.",
    "message_gone": "Its author deleted that message, so it is not added to the record.",
    "nothing_to_file": "There are no words in that message to add to the record.",
    "not_in_thread": (
        "Only messages in a referral's thread go on its record. Open the thread and try there."
    ),
    "who_rang_needed": "Say who rang the police.",
    "in_future": "That time has not happened yet.",
    "correct_reason": "Say why the outcome is changing.",
    "nothing_to_correct": "{ref} has no outcome to correct.",
    "closed_too_long": (
        "This was closed more than 10 working days ago. Start a new referral; it will be linked."
    ),
    "no_such_action": "That action is no longer in the plan. Open the list again.",
    "survey_done": "This caller has been asked already.",
    "survey_not_now": (
        "These questions are for a caller who was told and can safely be contacted. "
        "Feed back first."
    ),
    "no_such_caller": "That caller is not one of this referral's. Open the dialog again.",
    "same_referral": "That is this same referral.",
    "merge_ended": "{ref} is not open, so nothing can be merged into it. Link them instead.",
    "different_children": "These are about different children. Link them instead.",
    "link_different": (
        "No child is named in both. Check the Mosaic IDs: a link is between referrals about the "
        "same child."
    ),
    "too_new": (
        "A newer version of Front Door has worked on this referral, and this one is about to be "
        "replaced. Nothing was changed. Try again in two minutes."
    ),
    "words_erased": (
        "The words on {ref} were erased when the partnership's period for keeping them ended. "
        "The case system holds the record."
    ),
    "on_hold": "{ref} is on legal hold, so nothing of it is erased.",
    "not_due_yet": "{ref} is not due yet, or its words are gone already.",
    "no_such_referral": "There is no referral {ref}. Check the number.",
    "withdraw_late": "Ask the duty manager to withdraw this.",
    "withdraw_absorbed": (
        "{others} was merged into this one and its caller still needs an answer, so it cannot be "
        "withdrawn. Finish it instead."
    ),
    "history_in_chat": "Ask for a history in your own chat with me.",
    "withdrawn": "{ref} was withdrawn, so nothing more is done with it.",
    "nothing_said": "Nothing is filled in yet.",
    "contact_needed": (
        "Before feedback, say how they want to hear back and whether it is safe to call."
    ),
    "text_needed": "Write what you told them.",
    "check_first": "A social worker checks this first.",
    "checker_is_sender": "Somebody other than the person who sends it checks this.",
    "no_check_needed": "This caller's feedback needs no check by a social worker.",
    "level_warns": (
        "This caller may not hear some of this: {leaks}. Take it out, or ask the duty manager to "
        "let it pass."
    ),
    "ids_to_follow": "Give each child's Mosaic ID first. A note goes on each child's record.",
    "mosaic_id": "A Mosaic ID has 7 digits.",
    "same_child_twice": "The same Mosaic ID is there twice.",
    "nobody_accepted": (
        "Say who has accepted this. It stays with the duty team until someone does."
    ),
    "unknown_choice": "Choose one of the answers on the card.",
    "too_long": "This is too long: at most {limit} characters.",
    "out_of_hours": (
        "The MASH is closed. If a child is in danger, ring {emergency}. Otherwise ring the "
        "{edt} on {edt_phone}."
    ),
    "not_a_test_day": (
        "The duty team test runs on {test_days}. Use the normal MASH route today: {mash}."
    ),
    "paused": ("The duty team is paused: {paused} Use the normal MASH route: {mash}."),
    "urgent_only": (
        "In the last half hour the duty team takes urgent referrals only. "
        "Post it for the next working day, or ring {edt_phone} if it cannot wait."
    ),
    "adult_only": (
        "This is about an adult only. Ring the adult MASH on {adult_mash}. Nothing was posted."
    ),
    "open_to_social_worker": (
        "This child already has a social worker, so this is for them and not a new referral. "
        "Ring them. Nothing is posted yet: press 'Pass to the allocated worker' and the duty team "
        "records who took it."
    ),
    "answers": "Look at: {fields}.",
    "no_duty_manager": "No duty manager is configured.",
    "paused_already": "The duty team is already paused.",
    "not_paused": "The duty team is not paused.",
    "roster_role": (
        "Choose a duty team role or Assessment Team. Managers and records officers are in the "
        "configuration file."
    ),
    "roster_councils": (
        "MASH officers, social workers, duty managers and the Assessment Team are the council's "
        "own people, in the agencies the configuration file has them in. Choose rep, or another "
        "agency."
    ),
    "roster_own": "You cannot change yourself. Ask another duty manager or a manager.",
    "roster_last": "{name} is the last duty manager. Make somebody else duty manager first.",
    "roster_entra": "{name} has their role from a group in Microsoft Entra. Change it there.",
    "roster_file": "{name} has their role from the configuration file. Change it there.",
    "roster_on_it": "{name} is on the roster already.",
    "roster_gone": "That person is not on the roster any more.",
    "roster_not_in_channel": "That person is not in the duty desk channel any more.",
    "roster_unread": "Teams did not say who is in the duty desk channel. Try again in a minute.",
    "roster_since": "The roster was changed since you opened this. This is how it stands now.",
    "roster_in_chat": "Ask for the roster in your own chat with me.",
    "store": (
        "Front Door could not save that. Nothing is lost: press the button again. "
        "Reference {fault}."
    ),
    "slow": (
        "This is taking longer than usual, and Front Door is still at it. Look at the card again "
        "in a minute: press the button again only if it does not show there."
    ),
    "fault": "Something went wrong in Front Door. Nothing was changed. Reference {fault}.",
    "other_place": "Front Door answers in the duty desk channel, and in your own chat with it.",
    "thread_only": "Say this in a referral's thread, so that Front Door knows which one you mean.",
}
WHO_MAY = {
    "intake.submitted": "A MASH officer or the duty manager posts referrals.",
    "intake.amended": "The MASH officer, the lead person or the duty manager can change this.",
    "lead.claimed": "Reps, the duty social worker and the duty manager can lead.",
    "lead.assigned": "Only the duty manager can assign a lead person.",
    "contribution.added": "Only the duty team can add information.",
    "message": "Only the duty team can add to the record.",
    "immediate.flagged": (
        "Only the duty team can flag this. Ring {emergency} if a child is in danger."
    ),
    "immediate.stood_down": (
        "Only the duty social worker or duty manager can stand down an immediate concern."
    ),
    "assessment.notified": "Only the duty team can record this.",
    "assessment.acknowledged": "Only the duty team or the Assessment Team can record this.",
    "strategy.considered": "The duty social worker or duty manager records this.",
    "strategy.held": "The duty social worker or duty manager records this.",
    "plan.saved": "The lead person or the duty manager writes the plan.",
    "outcome.proposed": (
        "The lead person, the duty social worker or the duty manager picks the outcome."
    ),
    "outcome.undone": "Only the person who picked the outcome can undo it.",
    "outcome.endorsed": (
        "A social worker or the duty manager who did not pick this outcome needs to agree it."
    ),
    "feedback.asked": "The lead person or the duty manager gives feedback.",
    "feedback.sent": "The lead person, the MASH officer or the duty manager gives feedback.",
    "feedback.not_possible": "The lead person or the duty manager records this.",
    "feedback.tried": "The lead person, the MASH officer or the duty manager records this.",
    "feedback.email_started": "The lead person, the MASH officer or the duty manager emails.",
    "feedback.email_failed": "The lead person, the MASH officer or the duty manager emails.",
    "feedback.held": "The lead person, the MASH officer or the duty manager gives feedback.",
    "feedback.checked": "A social worker or the duty manager checks this.",
    "feedback.passed": "Only the duty manager can let this pass.",
    "lead.handover_offered": "The lead person or the duty manager hands the lead on.",
    "lead.handed_over": "Only the person it was offered to can accept the lead.",
    "contribution.confirmed": "Only that agency's rep can confirm this line.",
    "message.filed": "Only the duty team can add to the record.",
    "message.revised": "Only the duty team can add to the record.",
    "message.removed": "Only the duty team can add to the record.",
    "police.contact_recorded": "Only the duty team can record this.",
    "disagreement.recorded": "Reps, the duty social worker and the duty manager record this.",
    "outcome.corrected": (
        "The lead person, the duty social worker or the duty manager corrects the outcome."
    ),
    "outcome.recorded_elsewhere": "A MASH officer, social worker or duty manager records this.",
    "action.done": "The lead person or an agency's rep records this.",
    "survey.asked": "The survey is for the lead person, MASH officers and the duty manager.",
    "casenote.opened": "The case notes are for the lead person, MASH officers and social workers.",
    "history.viewed": (
        "The history is for the lead person, social workers, managers and records officers."
    ),
    "hold.placed": "A records officer or a manager places a legal hold.",
    "hold.lifted": "A records officer or a manager lifts a legal hold.",
    "words.erased": "Words are erased from the command line, by a plan that was looked at.",
    "referral.reopened": (
        "The lead person, the duty social worker or the duty manager reopens a referral."
    ),
    "referral.withdrawn": "A MASH officer or the duty manager withdraws a referral.",
    "referral.linked": "A MASH officer, social worker or duty manager links referrals.",
    "referral.merged": "A MASH officer or the duty manager merges referrals.",
    "casenote.exported": "The lead person, a MASH officer or a social worker confirms the notes.",
    "referral.handed_over": "The duty social worker or duty manager hands a referral over.",
    "identity.asked": "Reps and social workers can ask who this is.",
    "identity.told": "The MASH officer or duty manager records this.",
    "roll.called": "Only the duty manager calls the roll.",
    "test.paused": "Only the duty manager or a manager can pause or resume.",
    "messages.tried_again": "Only the duty manager can have me try again.",
    "roster.changed": "The roster is for the duty manager and managers.",
    "view": "Briefings are for the duty team and its managers.",
    "stats": "Figures are for the duty team and its managers.",
    "download": "Managers and duty managers can download figures, in their own chat with me.",
    "import": "Managers and duty managers can bring files, in their own chat with me.",
}
WRONG_STATE = {
    "hold.placed": "Place the hold on the referral it was merged into: that holds both.",
    "feedback.sent": "Feedback goes out after the outcome is agreed.",
    "feedback.asked": "Feedback goes out after the outcome is agreed.",
    "feedback.not_possible": "Feedback comes after the outcome is agreed.",
    "feedback.tried": "Feedback comes after the outcome is agreed.",
    "feedback.email_started": "Feedback goes out after the outcome is agreed.",
    "feedback.email_failed": "Feedback goes out after the outcome is agreed.",
    "casenote.exported": "Case notes come after the outcome is agreed.",
    "outcome.proposed": "An outcome is picked while the referral has a lead and no outcome.",
    "outcome.undone": "There is no pick to undo.",
    "outcome.endorsed": "There is no outcome waiting to be agreed.",
    "plan.saved": "A plan is written once there is a lead person.",
    "strategy.considered": "This is recorded once there is a lead person.",
    "strategy.held": "This is recorded once there is a lead person.",
    "lead.handover_offered": "The lead is handed on once there is a lead person.",
    "outcome.corrected": "There is no agreed outcome to correct.",
    "outcome.recorded_elsewhere": "This is for a referral that was handed over.",
    "action.done": "Actions are marked done after the outcome is agreed.",
    "referral.reopened": "Only a finished referral can be reopened.",
    "referral.merged": "A referral is merged before an outcome is picked.",
    "referral.withdrawn": "A finished referral is corrected or reopened, not withdrawn.",
}
"""What comes before 'has moved on', by event."""
MISSING = {
    "rationale": "say why this outcome",
    "needs": "say what the child needs",
    "plan": "add at least one action",
    "told_family": (
        "say whether the parents or carers know (the lead person, a MASH officer or a manager on "
        "duty can answer)"
    ),
}

# Buttons -----------------------------------------------------------------------

B_CLAIM = "Claim lead"
B_ADD = "Add"
B_NOT_KNOWN = "Not known"
B_MORE = "More"
B_SHOW_ALL = "Show all"
B_FLAG = "Child not safe now"
B_WHO = "Who is this?"
B_TOLD = "Told {name}"
B_PLAN = "Plan and outcome"
B_AGREE = "Agree"
B_UNDO = "Undo"
B_FEEDBACK = "Feed back to the caller"
B_CHECK_FEEDBACK = "Check the feedback"
B_SURVEY = "Ask the caller 3 questions"
B_NO_ANSWER = "They would rather not"
B_SKIP = "No answer"
B_ANSWER = "Answer 4 questions"
B_SEND_ANSWERS = "Send"
B_ASK_CHECK = "Ask for the check"
B_CHECKED = "This can be said"
B_LET_GO = "Let it pass"
B_ASK_MANAGER = "Ask the duty manager to let it pass"
B_NOTES = "Case notes"
B_CARRY_ON = "Carry on with the form"
B_RUNG = "Rung the Assessment Team"
B_TAKEN = "Taken by (name)"
B_TAKE_IT = "I have taken this"
B_IN_FULL = "Add what an agency said"
B_HUDDLE = "Record the huddle"
B_ACCEPT_LEAD = "Accept the lead"
B_OFFER_LEAD = "Hand the lead to someone else"
B_CONFIRM = "That is what we said"
B_CORRECT_LINE = "Put it right"
B_POLICE = "Police rung"
B_DISAGREE = "I do not agree"
B_CORRECT_OUTCOME = "Correct the outcome"
B_ELSEWHERE = "Record the outcome made elsewhere"
B_ACTIONS_DONE = "Actions done"
B_DONE_ACTION = "Done"
B_REOPEN = "Reopen"
B_WITHDRAW = "Withdraw"
B_MERGE = "Merge into another referral"
B_LINK = "Link to another referral"
B_MERGE_HERE = "Merge them"
B_LINK_HERE = "Link them"
B_HISTORY = "Show history"
B_AS_JSON = "Notes as data (JSON)"
B_MORE_DETAIL = "Add more"
B_TO_WORKER = "Pass to the allocated worker"
B_ADD_TO_RECORD = "Add to record"
B_CHECK_OTHER = "Look at what the caller of {ref} hears instead"
B_CANNOT_OTHER = "It is the caller of {ref} who cannot be told"
B_OTHER_CALLER = "Feed back to the caller of {ref} instead"
B_STRATEGY = "Strategy discussion considered"
B_HELD = "Strategy discussion held"
B_ASSIGN = "Assign a lead person"
B_HAND_OVER = "Hand over"
B_STAND_DOWN = "Stand down immediate"
B_CANNOT = "Feedback is not possible"
B_SAVE = "Save"
B_BRIEF = "Brief now"
B_NEXT_DAY = "Post for the next working day"
B_CORRECT = "Correct an earlier answer"
B_DONE = "Save and finish"
B_ANOTHER_CHILD = "Add another child"
B_ANOTHER_ACTION = "Add another action"
B_SAVE_PLAN = "Save the plan only"
B_PICK = "Pick this outcome"
B_SENT = "Sent"
B_ASK_MASHO = "Ask the MASH officer to ring"
B_CONFIRM_NOTES = "These are on each child's record"
B_NEW_REFERRAL = "New referral"
B_NOT_SAFE_DOOR = "Child not safe now"
B_OPEN_THREAD = "Open"
B_CLOSE = "Close"
B_TRY_AGAIN = "Try again"
B_CALL_ROLL = "Save the roll"
B_TOLD_ROOM = "I was told in the room: not known"
B_TOLD_PHONE = "I was told by phone: not known"
B_CANNOT_CHECK = "I cannot check yet"

# Labels and short sentences ----------------------------------------------------

BOX = "What do you know? (goes with the button)"
NO_LEAD = "Nobody yet"
LEAD_DEFAULTED = "{name} (nobody claimed)"
RE_REFERRAL = "Referred before in the last 12 months"
RE_REFERRAL_REF = "Referred before in the last 12 months: {ref}"
OUTSIDE_COUNTY = "Outside the county: hand over to the child's own council."
HAS_A_WORKER = "This child has a social worker: pass this to them and say who took it."
NO_REP_TODAY = "No {agencies} rep today."
HEARD_NOBODY = "Nobody has said what they know yet."
NOT_HEARD = "No answer yet from: {agencies}."
WAYS_IN = "To log words from this thread: mention Front Door, or use 'Add to record' on a message."
WAYS_IN_ALL = "What you write in this thread is logged."
LEFT_OUT = "Some detail is left out here to keep this card short. It is all in the case note."
PICKED = "Logged: {outcome}, picked by {name} {time}."
WAITING_AGREE = "{names} to agree."
AGREED = "Agreed: {outcome}. {name}, {time}."
AGREED_BY_RULE = "Agreed under the partnership's rule that this pick needs nobody else."
IMMEDIATE_HEAD = "Immediate. Ring {team} now: {phone}"
IMMEDIATE_HEAD_NO_TEAM = "Immediate. Ring {emergency} or the child's own council now"
IMMEDIATE_HEAD_CLOSED = "Immediate. Ring {emergency}, or the {edt} now: {phone}"
IMMEDIATE_FLAGGED = "Flagged by {name} at {time}. {minutes} minutes so far."
IMMEDIATE_RUNG = "Rung at {time} by {name}. Not taken yet."
IMMEDIATE_TAKEN = "Taken by {name} at {time}."
IMMEDIATE_NOT_RUNG = "Not rung yet."
TAKEN_BY = "Taken by (their name)"
STRATEGY_QUESTION = "Strategy discussion considered?"
STRATEGY_NEEDED = "Needed"
STRATEGY_NOT_NEEDED = "Not needed"
STRATEGY_WHY = "Because"
STRATEGY_LINE = "Strategy discussion: {needed}, because {reason}"
STRATEGY_HELD_LINE = "Strategy discussion held {time} with {attended}. Decision is on {where}."
ON_BEHALF = "{agency} (said in the room, logged by {name}; {agency_lower} has not confirmed it)"
ON_BEHALF_CONFIRMED = "{agency} (said in the room, logged by {name}, confirmed by {by} {time})"
ON_BEHALF_CORRECTED = "{agency} (said in the room, logged by {name}, put right by {by} {time})"
ON_BEHALF_ABSENT = "{agency} (noted by {name})"
FILED = "added to the record as a {kind} by {name}"
REVISED = "changed by its author {time}"
REMOVED = "A message was deleted by its author {time}."
OFFERED = "{name} is offered the lead by {by}: {reason} {lead} leads until they accept."
LEAD_BEFORE = "Lead before: {leads}."
LEAD_CHANGE = "{name}, {how} {time}"
LEAD_HOW = {
    "claimed": "claimed",
    "assigned": "assigned by {by}",
    "defaulted": "by default",
    "handed_over": "handed over by {by}",
}
ANSWER_BEFORE = "{field}: was '{before}', changed by {name} {time}."
BECAUSE = "Because: {reason}"
PICK_BEFORE = {
    "corrected": (
        "Before: {outcome}, picked by {by}{agreed}, because: {why}. Corrected by {name} {time}: "
        "{reason}"
    ),
    "reopened": (
        "Before: {outcome}, picked by {by}{agreed}, because: {why}. Reopened by {name} {time}: "
        "{reason}"
    ),
    "undone": "Before: {outcome}, picked by {by}. Undone by {name} {time}.",
}
PICK_AGREED = ", agreed by {name} {time}"
DISAGREED = "{name}, {agency}, does not agree:"
DISAGREE_POLICY = "What to do when we do not agree"
POLICE_RUNG = "Police rung by {name} {time}."
DONE_LINE = "Done: {name}, {time}."
ELSEWHERE = "Outcome made elsewhere: {outcome}. Recorded by {name} {time}."
WITHDRAWN = "Withdrawn by {name} {time}. What it said is hidden; the log is kept."
MERGED_INTO = "Merged into {ref} by {name} {time}. Go on there."
ABSORBED = "{ref} was merged into this. Its caller also hears back."
ABSORBED_CALL = "{ref}, call picked up {time} by {name}:"
LINKED = "Linked to {refs}: the same child."
MATCHED = "{ref} is open and names the same child."
SAME_CHILD_HEAD = "{new} names a child who is in {ref}."
SAME_CHILD_HINT = "The same event from two callers is merged. Something new is linked."
SAME_CHILD_DONE = {
    "merged": "{new} was merged into {ref}.",
    "linked": "{new} is linked to {ref}.",
    "over": "{new} is no longer open.",
}
SAY_LEAD_OFFERED = "you are asked to lead {ref}. Open its card to accept."
SAY_NOT_MERGED = "{ref} was not merged: the other referral had been withdrawn. It goes on here."
SAY_CHECK = "please check the feedback of {ref} before it goes to the caller."
SAY_DISAGREEMENT = "somebody does not agree about {ref}. The card says why."
SAY_IMMEDIATE_HOLDER = "It was handed over, so tell them too: {to}."
SAFE_TIMES = "Safe to contact: {times}"
READ_ALOUD = "To read aloud"
DECIDE_BY = "Decide by"
FEEDBACK_SENT = "Caller heard back {time} from {name}."
FEEDBACK_NOT_POSSIBLE = "Feedback was not possible: {reason}"
FEEDBACK_OWED = "The caller has not heard back yet."
FEEDBACK_ASKED = "{name} has been asked to ring the caller."
NOTES_OWED = "Case notes are not confirmed yet."
NOTES_DONE = "Case notes confirmed."
FINISHED = "Finished {time}."
HANDED_OVER = "Handed over to {to}, accepted by {who}: {reason}"
UPDATED = "{ref} has been updated"
POST_LATER = "{ref} is saved. It goes to the duty team at {time}."
BRIEFED = "{ref} is with the duty team."
BRIEFED_NEXT = "While you are still on the call, fill in what you can. Each answer is saved."
ALL_IN = "{ref}: everything is in. Thank you."
LADO_ROUTE = (
    "If this is about someone who works or volunteers with children, ring the LADO on {lado} "
    "today. Do not name or describe the worker here."
)
DRAFT_COPY = "Your draft, to copy"
DOORS_HEAD = "Take a referral"
DOORS_HINT = "Names, dates of birth, addresses and numbers go on Mosaic, not here."
DOOR_URGENT_ONLY = "Urgent only: the MASH closes at {time}."
DOOR_OPEN = "Open until {time}."
IMMEDIATE_FORM_HEAD = "Child not safe now"
IMMEDIATE_FORM_HINT = "Ring {emergency} first if you have not. Four answers, then it goes out."
FORM_HEAD = "New referral"
FORM_HINT = "Pick up the call, listen, fill this in. No names."
MOSAIC_LABEL = "Child {n}: Mosaic ID (leave empty if it is to follow)"
AGE_LABEL = "Child {n}: age"
REST_HEAD = "{ref}: while you are still on the call"
FULL_HEAD = "What does an agency know?"
WHOSE = "Whose information is it?"
ANSWER = "Answer"
RELEVANT = "What is relevant for this child"
STRENGTHS = "What is going well"
WORRIES = "What worries them"
SUGGESTS = "What they suggest"
SHARE = "May this be shared with the duty team?"
BASIS = "Basis"
AMEND_WHY = "Why does an answer change?"
SAID_IN_ROOM = "This was said in the room"
SHARE_WHY = "Why (needed if only part, or none, is shared)"
PLAN_HEAD = "{ref}: plan and outcome"
PLAN_NEEDS = "Needs: {needs}"
PLAN_CHANGED = (
    "Somebody changed the plan while you wrote. It is below as it stands, with your new rows "
    "after it. Check it and save again."
)
ACTION = "Action {n}: start with a verb"
ACTION_NEED = "Which need does it meet?"
ACTION_OWNER = "One owner"
ACTION_OWNER_OTHER = "Someone else (name or job)"
ACTION_AGENCY = "Owner's agency"
ACTION_DUE = "Due"
FAMILY_VIEW = "What do the family say?"
NEXT_STEP = "Next step for the caller"
OUTCOME = "Outcome"
TOLD_FAMILY_WHY = "If not, or if they do not agree: why?"
RATIONALE = "What does the child need, what do we know, and why this?"
CHILD_OUTCOME = "Different outcome for {child}?"
SAME_FOR_ALL = "Same as above"
RUBRIC = (
    "Plan so far: {total} out of 10. Specific {specific}, owned {owned}, timed {timed}, "
    "every need has an action {needs_led}, views and next step {shared}. Each is out of 2."
)
FEEDBACK_HEAD = "{ref}: feed back to the caller"
FEEDBACK_CHECK_FIRST = "A social worker checks this before you say or send it."
FEEDBACK_READ = "Read this aloud, or send it from your own phone or mailbox. Change it as you like."
FEEDBACK_TEXT = "What you tell them"
FEEDBACK_HOW = "How did you tell them?"
FEEDBACK_WANTS = "They asked for: {method}. Safe to call back: {safe}"
B_ALOUD = "Read it aloud"
B_NO_REPLY = "No answer"
B_EMAIL = "Email it"
B_HEARD = "They have heard it"
B_VOICEMAIL = "I left it as a voicemail"
B_BACK = "Back"
B_RING_AGAIN = "Try again then"
B_SEND_EMAIL = "Send the email"
B_EMAIL_AGAIN = "Email it again"
NO_REPLY_LINE = "{name} rang {time} and nobody answered. To try again: {again}."
NO_REPLY_HEAD = "{ref}: nobody answered"
NO_REPLY_HINT = "You are reminded then, in the thread. Leave no message unless it is safe."
AGAIN_DAY = "Day to try again"
AGAIN_TIME = "Time to try again"
EMAIL_HEAD = "{ref}: email the caller"
EMAIL_HINT = "It goes from {mailbox}, as plain text. The address is not kept anywhere in the bot."
EMAIL_TO = "Their email address"
LONGEST_ADDRESS = 254
EMAIL_SUBJECT = "Your call to us"
EMAIL_SUBJECT_LINE = "Subject: {subject}"
EMAIL_IN_QUESTION = (
    "{name} started an email to the caller {time}. It is not known if it was sent: look in the "
    "mailbox's sent items."
)
EMAIL_NOT_SENT = "The email of {time} was not sent. {why}"
EMAIL_WENT_BEFORE = (
    "An email went to the caller {time}, and in that moment the referral changed. Tell them what "
    "has changed."
)
FEEDBACK_NEEDS_NOBODY = "Nobody needs to look at this first. Say or send it, then press Sent."
FEEDBACK_OLD = "This was written {time}, and the referral has changed since. Check it still fits."
EMAIL_DID_GO = "The desk's email did go (it is in the sent items)"
EMAIL_FAULTS = {
    "bad_address": "The mail service did not accept the address. Check it and send again.",
    "busy": "The mail service is busy. Send it again in a minute, or ring.",
    "changed": (
        "It went, and in the same moment the referral changed. Look at what they were told, and "
        "tell them what has changed."
    ),
    "no_mailbox": "The mailbox was not found. Tell your IT team; ring or use your own mailbox.",
    "not_accepted": "The mail service did not accept it. Ring, or use your own mailbox.",
    "not_permitted": (
        "The bot may not send from the mailbox. Tell your IT team; ring or use your own mailbox."
    ),
    "not_signed_in": (
        "The bot could not sign in to the mail service. Tell your IT team; ring or use your own "
        "mailbox."
    ),
    "too_large": "It is too long for the mail service. Shorten it, or ring.",
    "unknown": (
        "The mail service did not answer, so it may have gone. Look in the mailbox's sent items."
    ),
    "unreachable": "The mail service could not be reached. Send it again in a minute, or ring.",
}
FEEDBACK_ALOUD = "Read this aloud"
FEEDBACK_WARN = "This seems to hold an identifier. Check it is right to say it to this person."
B_RIGHT_TO_SAY = {
    "feedback.sent": "It is right to say it: sent",
    "feedback.ask": "Ask the MASH officer to ring",
}
B_GO_ON = "It is right to say it: go on"
FEEDBACK_FOR = "For the caller of {ref}: {caller}. Call picked up {time}."
FEEDBACK_CHECKED = "Checked by {name} {time}. Change it and it is checked again."
FEEDBACK_ASKED_CHECK = "{names} checks this first and has been asked. It waits on the card."
FEEDBACK_HELD = {
    "check": "The feedback waits for a social worker's check.",
    "pass": "The feedback waits for the duty manager.",
}
CHECK_HEAD = "{ref}: may the caller hear this?"
CHECK_WHY = "Why may it go as it is? (to let it pass)"
LEVEL_WARNS_HERE = (
    "This caller may not hear some of this: {leaks}. Take it out, or say why it may go as it is."
)
LEAK = "'{words}' ({source})"
LEAK_SOURCES = {
    "other_agencies": "what another agency said",
    "contributions": "what an agency said",
    "suggests": "what an agency suggests",
    "sharing": "why an agency shares or does not",
    "messages": "said in the thread",
    "second_call": "what the other caller said",
    "child_view": "what the child says",
    "plan": "the plan",
    "next_step": "what another caller is asked to do",
    "family_view": "what the family say",
    "rationale": "why the outcome was picked",
    "strategy": "the strategy discussion",
    "immediate": "the immediate flag",
    "disagreement": "a disagreement",
    "police": "the contact with the police",
    "corrections": "why the record was changed",
    "lead_notes": "what was said about the lead",
    "notes": "a note of the team",
    "handover": "the hand-over",
    "outcome": "the outcome",
    "lead_service": "the lead's service",
    "lead": "who leads",
    "needs": "what the child needs",
    "known": "whether the family is known",
    "team": "who may be helping",
}
LEVELS = {
    "professional_full": "May hear: the outcome, the lead, their actions, what the family know.",
    "professional_limited": "May hear: that it was heard and acted on, and their own next step.",
    "family_pr": "May hear: the outcome, the plan, their rights. Not another person's words.",
    "young_person": "May hear: what happens next, who, and their choices, in short sentences.",
    "family_limited": "May hear: thanks, and their own part.",
    "public_thanks": "May hear: thanks only, and not whether the family is known.",
    "none": "Advice on the call only: they gave no way to hear back.",
}
LATE_WHY = "This is late. Why? (you can leave this empty)"
FEEDBACK_UNSAFE = "It is not safe to call this person back. Do not ring, text or write."
CANNOT_WHY = "Why is feedback not possible?"
NOTES_HEAD = "{ref}: a note for each child's record"
NOTES_HINT = "Copy each note to the child's record on Mosaic, then press the button once."
NOTES_SHARED = "For every child: put this under each child's own lines."
NOTE_LEFT_OUT = "Too long to show here: {lines} of what was said. Copy them from the thread."
ID_AGAIN = "Child {n}: Mosaic ID"
NEW_ID = "Mosaic ID for child {n} ({age})"
NOTE_OPTIONAL = "Note (you can leave this empty)"
FLAG_NOTE = "If a child is not safe now: what has happened? (you can leave this empty)"
MORE_HEAD = "{ref}: more"
MORE_GROUPS = {
    "talk": "What was said",
    "decide": "Lead and decision",
    "end": "Finish",
    "right": "Put right",
}
ATTENDED = "Who was there?"
ALSO_THERE = "Anyone else"
WHERE_RECORDED = "Where is the decision recorded?"
ASSIGN_WHO = "Who will lead?"
REASON = "Why?"
OFFER_WHO = "Who do you ask to lead?"
OFFER_HINT = "You lead until they accept."
WHO_RANG = "Who rang?"
WHO_RANG_OTHER = "Someone else (name or job)"
RANG_AT = "When? (hours and minutes, for example 10:05)"
DISAGREE_WHY = "What do you not agree with, and why?"
DISAGREE_HINT = "The duty manager is told. Keeping the child safe does not wait for this."
CORRECT_WHY = "Why is the outcome changing?"
CORRECT_HINT = "It is agreed again, and the caller hears again if they were told."
ELSEWHERE_WHAT = "What was decided?"
MERGE_WHICH = "Which referral does this one belong to?"
MERGE_HINT = "The earlier call's time stands, and both callers hear back."
LINK_WHICH = "Which referral is about the same child?"
NONE_TO_CHOOSE = "There is no other referral to choose."
WITHDRAW_WHY = "Why? For example: wrong child, or posted twice."
WITHDRAW_HINT = "Its card is emptied. The log is kept."
REOPEN_HINT = "It goes back to the discussion. The outcome, feedback and notes are done again."
ACTIONS_HEAD = "{ref}: actions"
HISTORY_HEAD = "{ref}: history"
HISTORY_HINT = "Each look is logged too. Words deleted in Teams are still here."
HISTORY_LEFT = "{n} earlier entries are not shown here."
NOTES_JSON_HINT = "The note for {child}, as data. Its fields are described in {schema}."
B_JSON_CHILD = "The note for {child}"
CHILD_TO_FOLLOW = "child {n}, {age}"
FILE_HEAD = "Add to record: {ref}"
FILE_WHAT = "What is it?"
FILE_BY = "{author}, {time}:"
FILE_LATER = "If it is changed or deleted later, add it again: Teams may not tell Front Door."
FILE_MASKED = "The record leaves out {what}. Please take that out of the message too."
SOMEONE_FROM = "Somebody from {agency}"
SOMEONE_ELSE = "Somebody not on the duty team"
HUDDLE_HEAD = "{ref}: what was said in the room"
HUDDLE_HINT = "Fill in what was said and leave the rest. Each agency can confirm its line."
HUDDLE_LINE = "{agency}: what they said"
HUDDLE_ANSWER = "{agency}"
HUDDLE_NOTHING = "Not talked about"
HUDDLE_ABSENT = "Not here"
HUDDLE_MORE_AGENCIES = "Another agency"
HUDDLE_LEAD = "Who leads?"
HUDDLE_LEAD_NOW = "{name} leads."
HUDDLE_OUTCOME = "Outcome"
HUDDLE_NOT_YET = "Not decided yet"
HUDDLE_OWNER = "The lead person"
HUDDLE_PLAN = "What happens next"
HUDDLE_ROOM = "Agreed in the room."
B_LOG_HUDDLE = "Log it"
HAND_TO = "Hand over to"
ACCEPTED_BY = "Who has accepted it? (name)"
ASSESSMENT_HEAD = "{ref}: immediate, for {team}"
ASK_WHO = "{asker} needs to know who {ref} is about. Tell them in the room or by phone."
ASKED_WHO_DONE = "{asker} has been told who {ref} is about."
RING_BACK = "{lead} asks you to ring the caller back about {ref}."
RING_BACK_STOP = "{ref}: do not ring the caller. It is no longer safe to call them back."
RING_BACK_DONE = "{ref}: the caller has heard back."
CARRY_ON_HEAD = "{ref}: some answers are still to come"
CARRY_ON_MISSING = "Still to ask: {fields}."
LOGGED = "Logged under {agency}."
LOGGED_MASKED = (
    "Logged under {agency}, with {what} left out. Please take it out of your message too."
)
DONE_ON_CARD = "Done. The referral's card shows how it stands."
SAY_SOMETHING = "Write what you know in the box first, or press Not known."
ROLL_TITLE = "Roll for {day}"
ROLL_HEAD = "Who is not here today?"
ROLL_SAVED = "Roll saved: {n} here, not here: {absent}."
ROLL_OLD = "That roll was out of date. This is today's as it stands: look at it, then save it."
NOBODY = "nobody"
PAUSED_POST = (
    "{name} has paused the duty team: {reason}. No new referrals are taken; what is open goes on. "
    "New calls take the normal MASH route: {mash}."
)
RESUMED_POST = "The duty team is taking referrals again."
PAUSED_ALREADY = (
    "{name} paused the duty team on {when}: {reason}. Type resume to take referrals again."
)
PAUSED = (
    "The duty team is paused: {reason} No new referrals are taken. Everything that is open goes "
    "on. Type resume to take referrals again."
)
RESUMED = "The duty team is taking referrals again. {name} paused it on {when}."
PAUSE_HOW = "Say why. For example: pause because the building is shut."
HELP = (
    "I turn a call about a child into a briefing, and keep the record while you talk.",
    "In a referral's thread, mention me and say what you know. It is logged under your agency.",
    "Type: new referral, mine, open, stats or help.",
)
HELP_MANAGER = (
    "Managers can also type: roster, pause because (say why), resume, or history and a referral's "
    "number. Duty managers also: roll. Managers also: hold or lift hold and a referral's number. "
    "Managers can send me CSV files here: the phone line's report, survey replies or figures from "
    "before."
)
NOT_UNDERSTOOD = "I do not know '{text}'."
ROSTER_HEAD = "Roster: {n}"
ROSTER_AWAY = "Away today"
ROSTER_ENTRA = (
    "People of {host} have their roles from groups in Microsoft Entra. Change them there."
)
ROSTER_NOBODY = "Nobody is on the roster."
ROSTER_NEEDS_LEAD = "Led by somebody who is not on the roster any more"
ROSTER_CHANGES = "Last changes"
ROSTER_DID = {
    "roster.added": "{when}: {by} added {name} as {role}, {agency}",
    "roster.changed": "{when}: {by} made {name} {role}, {agency}",
    "roster.removed": "{when}: {by} took {name} off",
}
ROSTER_NO_REP = "Nobody on the duty team speaks for {agencies} now."
ROSTER_DONE = {
    "roster.added": "{name} is on the roster: {role}, {agency}.",
    "roster.changed": "{name} is now {role}, {agency}.",
    "roster.removed": "{name} is off the roster. What they did stays on the record.",
}
ROSTER_SAME = "Nothing was changed: {name} is {role}, {agency} already."
ROSTER_ADD_HEAD = "Add somebody to the roster"
ROSTER_ADD_FROM = "People in the duty desk channel who are not on the roster yet."
ROSTER_ADD_NOBODY = (
    "Everybody in the duty desk channel who can be added here is on the roster. Add them to the "
    "channel in Teams first."
)
ROSTER_ADD_ENTRA = "People of {host} are added to their group in Microsoft Entra instead."
ROSTER_MANY = "{n} people are in the channel and not on the roster. Find the one you mean."
ROSTER_FIND = "Part of their name"
ROSTER_WHO = "Who?"
ROSTER_ROLE = "Role"
ROSTER_AGENCY = "Agency"
ROSTER_PICK_HEAD = "Change or take off"
ROSTER_PICK_NOBODY = "There is nobody you can change here."
ROSTER_LEADS = "Leads {refs}: still theirs when you take them off, until somebody else leads."
B_ROSTER_ADD = "Add somebody"
B_ROSTER_PICK = "Change or take off"
B_ROSTER_NEXT = "Next"
B_ROSTER_FIND = "Find"
B_ROSTER_OFF = "Take off the roster"
HISTORY_HOW = "Say which referral. For example: history REF-2026-00012."
HOLD_HOW = "Say which and why. For example: hold REF-2026-00012 because a court asked for it."
LIFT_HOW = "Say which and why. For example: lift hold REF-2026-00012 because the case ended."
HOLD_PLACED = "{ref} is on legal hold. Nothing of it is erased until the hold is lifted."
HOLD_ALREADY = "{ref} is on legal hold already: {reason}"
HOLD_NONE = "{ref} is not on legal hold."
HOLD_LIFTED = "The legal hold on {ref} is lifted."
HELP_RECORDS = (
    "You can type: history, hold or lift hold, each with a referral's number; for the last two "
    "add because and why."
)
PACK_HEADS = (
    *("No.", "Day", "Time", "Who", "Role", "Agency"),
    *("What they did", "About", "Words or answer"),
    *("Withhold?", "Why"),
)
PACK_NOTES = (
    "Everything that was recorded, in order. Names of professionals are normally not withheld.",
    "Names, roles and agencies are those of the time each thing was done.",
    "Look for: other people, other children, who rang, and what could cause serious harm.",
    "Nothing has been withheld here. Do not send this file: write the answer from it.",
)
PACK_FIELDS = {
    "relevant": "What they know",
    "strengths": "Strengths",
    "worries": "Worries",
    "suggests": "What they suggest",
    "note": "Note",
    "reason": "Why",
    "text": "Words",
    "action": "Action",
    "owner_name": "Who does it",
    "next_step": "Next step for the caller",
    "family_view": "What the family think",
    "rationale": "Why this outcome",
    "also": "Who else was there",
    "accepted_by": "Who accepted it",
    "taken_by_name": "Who took it",
    "decision_recorded_on": "Where the decision is",
    "rang_by_name": "Who rang",
    "author_name": "Who wrote it",
    "late_reason": "Why it is late",
}
PACK_WHOSE = "Whose line it is"
PACK_OWN_LINE = "{agency}, by {name}"
PACK_LINE_FOR = "Said for {agency}, by {name}; {ended}"
PACK_ABSENT_LINE = "Nobody was there for {agency}, noted by {name}"
PACK_CONFIRMED = "confirmed by {by} {time}"
PACK_PUT_RIGHT = "put right by {by} {time}"
PACK_NOT_CONFIRMED = "not confirmed"
PACK_SHARING = "Sharing decision"
PACK_BASIS = "Legal basis for sharing"
PACK_SHARING_WHY = "Why that sharing decision"
PACK_NEED = "Need the action meets"
PACK_OWNER_AGENCY = "Agency of whoever does it"
PACK_DUE = "Due"
PACK_OUTCOME_FOR = "Outcome for {mosaic_id}"
PACK_HOW = "How the caller was told"
PACK_ATTENDED = "Agencies there"
PACK_ERASED = "{ref}. {said} What was done, when and by whom is in {ref}.xlsx."
PACK_FILES = {
    "txt": "is the child's case note, as it was made for the case system",
    "json": "is the same as data",
    "xlsx": (
        "is everything that was recorded, a line a statement, with empty columns to mark what is"
        " withheld and why"
    ),
}
PACK_NOT_NAMED = (
    "{ref} named {mosaic_id} once and is not about that ID now. What is here is about everybody it"
    " names now: check whether any of it is about this child."
)
PACK_TO_FOLLOW = (
    "{n} an ID still to follow and cannot be found by ID: {refs}. Check whether one of them is"
    " about this child."
)
PACK_NONE_TO_FOLLOW = "No other referral has an ID still to follow."
COMMAND_LINE_BY = "{who} (at the command line)"
PACK_READ_ME = """Access request: child {mosaic_id}
Made {day} by {who}. {found}: {refs}.

Files:
- READ ME.txt is this
{files}

{searched}

Before anything is given:
1. Check who asks and for whom. The record belongs to the child.
2. Read every line. Mark what is about somebody else: another child, another family, a caller who
is not a professional.
3. Social work data is not given where that would be likely to cause serious harm to somebody
(Data Protection Act 2018, Schedule 3). A professional decides that, not this file.
4. Names of professionals are normally not withheld.
5. Write the answer from what is left, in words the family can read, and keep your marks.
6. The case system holds the record; this is the duty team's working copy. Search there too, and in
the Teams channel.
7. Delete this folder when the answer has gone.

Where words are empty they were erased when the partnership's period for keeping them ended."""
ERASED = (
    "What people wrote on this referral was erased on {day}, because the partnership keeps it for "
    "{days} days after closing. The case system holds the record."
)
CLOSING_HEAD = "{n} without an agreed outcome. The MASH closes at {time}."
CLOSING_NOTES = "Case notes not confirmed: {n}"
CLOSING_NOTES_ONLY = "{n} with case notes to confirm. The MASH closes at {time}."
CLOSING_NONE = "Every referral has an agreed outcome."
LIST_OPEN = "Open referrals: {n}"
LIST_MINE = "Waiting for you: {n}"
LIST_EMPTY = "Nothing is waiting."
UNSENT = "{count} could not be posted: {refs}."
OF_THE_DESK = {
    "roll": "the roll",
    "closing": "the closing list",
    "pulse": "the questions about the day",
    "pulse_channel": "the questions about the day",
    "week": "the week's figures",
    "pause": "the news of the pause",
}
UNSENT_MORE = "{n} more"
UNSENT_AGAIN = "I am trying again to post {count}: {refs}."
UNSENT_STANDS = "What fails again will stand here."
NOT_SURE = (
    "Teams does not say whether the briefing of {refs} could be posted. Look in the channel: it may"
    " be there more than once. I try again each hour."
)
NOT_SURE_AGAIN = "I am posting the briefing of {refs} once more."
CARDS_OLD = "Teams does not let me change a card of {refs}: what it shows may be old."
CARDS_OLD_AGAIN = "I am trying again to change the card of {refs}."
LIST_LINE = "{step}: {who}, by {due}"
LATE = "Late"
ALREADY_LOGGED = "Already logged."

NUDGES = {
    ("claim", 1): "{ref} has no lead person yet. Who can take this?",
    ("claim", 2): "{ref} still has no lead person. {manager} will become lead at {time}.",
    ("claim_immediate", 1): "{ref} is immediate and has no lead person. Who is taking it?",
    ("claim_immediate", 2): "{ref} is immediate and still has no lead person.",
    ("agree", 1): "{ref}: {outcome} was picked at {picked}. Can you agree it?",
    ("agree", 2): "{ref}: {outcome} was picked at {picked} and is still not agreed.",
    ("decision_due", 1): "{ref} needs an agreed outcome by {due}.",
    ("decision_due", 2): "{ref} has passed {due} without an agreed outcome.",
    ("feedback_due", 1): "{ref}: the caller is waiting to hear back. Due by {due}.",
    ("feedback_due", 2): "{ref}: the caller has not heard back. It was due by {due}.",
}
NUDGE_AGAIN = "{ref}: it is time to ring the caller again."
NUDGE_IMMEDIATE = "{ref}: nobody in the Assessment Team has taken it yet. {ring}."
SAY_IMMEDIATE = "{ref}. {ring}. Say here when they take it."
SAY_DEFAULTED = "Nobody claimed {ref}, so {lead} is now the lead person."

NOT_POSTED = (
    "{ref} is saved but not in the channel yet. Front Door keeps trying: tell the duty team."
)
STEPS = {
    "post_later": "Goes to the duty team at the next opening",
    "post": "Not in the channel yet: tell the duty team",
    "briefed": "Claim lead",
    "in_discussion": "Plan and outcome",
    "outcome_proposed": "Agree the outcome",
    "feedback": "Feed back to the caller",
    "notes": "Confirm the case notes",
    "immediate": "Ring the Assessment Team",
    "handed_over": "Waiting for the outcome elsewhere",
    "feedback_check": "Check the feedback",
}
SOMEONE = "the team"
STOOD_DOWN = "Stood down at {time}."

# Dates and lists ---------------------------------------------------------------

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: dt.date) -> str:
    """'Wednesday 25 November'."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: dt.date) -> str:
    """'Wed 25 Nov'."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def whole_day(day: dt.date) -> str:
    """'25 November 2026', for what is read in another year."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso_day(code: str) -> str:
    """'2026-11-24' as people say it."""
    return short_day(dt.date.fromisoformat(code))


def clock(local: dt.datetime) -> str:
    return f"{local:%H:%M}"


def when(local: dt.datetime, today: dt.date) -> str:
    """'10:31' today, else 'Wed 25 Nov 10:31'."""
    return clock(local) if local.date() == today else f"{short_day(local.date())} {clock(local)}"


def weekday_list(days: frozenset[int]) -> str:
    return join([_DAYS[d] for d in sorted(days)])


def join(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """'police, health and education'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count(n: int, one: str, many: str | None = None) -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


def sentence(template: str, **values: str) -> str:
    """A filled template; a name that ends in a stop ('Carys M.') does not double it."""
    return _TWO_STOPS.sub(".", template.format(**values))


def first_lower(text: str) -> str:
    """For the middle of a sentence; names such as 'Early Help Unit' keep their capitals."""
    return text if text[1:] != text[1:].lower() else text[:1].lower() + text[1:]


# The week ----------------------------------------------------------------------

S_HEAD = "{first} to {last}"
S_AS_AT = "As at {time}. Counts referrals whose call was picked up on a test day."
S_RUNNING = "Still running."
S_SMALL = "A small test: these figures show what happened, not what would happen again."
S_NONE = "No referrals."
S_REFERRALS = "{referrals}, {children}."
S_DECIDED_ALL = "Duty team decided all {n}: {outcomes}."
S_DECIDED = "Duty team decided {n} of {of}: {outcomes}."
S_DECIDED_NONE = "No outcome agreed yet."
S_HANDED_OVER = "Handed over: {n}."
S_TYPICAL = "Typical time from call to decision: {minutes} minutes."
S_TYPICAL_FEW = "Times from call to decision: too few to give a typical one ({n})."
S_IMMEDIATE_NONE = "No immediate referrals."
S_IMMEDIATE_ONE = "Immediate to Assessment Team: {minutes} minutes (1 referral, not an average)."
S_IMMEDIATE_MANY = "Immediate to Assessment Team: {minutes} minutes ({n} referrals)."
S_IMMEDIATE_NOT_TAKEN = "Immediate, not taken yet: {n}."
S_DECISION_TIME = "Decision in one working day: {n} of {of}."
S_FEEDBACK_TIME = "Feedback in one working day: {n} of {of}."
S_PLANS = "Plans: {n}, middle score {score} of 10."
S_PLANS_FEW = "Plans: {n}, too few to give a middle score."
S_PLANS_NONE = "Plans: none yet."
S_OPEN = "Open: {n}."
S_LATE = "Late: {refs}."
S_CHART = "Decisions by outcome"
S_HIDDEN = "fewer than 6"
S_NOT_SHOWN = "not shown"
S_IMMEDIATE_COUNT = "Immediate referrals: {n}."
S_PLANS_COUNT = "Plans: {n}."
CLI_WRITTEN = "Written: {path}"
CLI_WORK = "Writing"
S_SHARED_NOTE = "Some figures are left out here because small numbers could point to a family."
S_TEST_IN_CHAT = (
    "Figures of a whole test are for managers in their own chat: beside its weeks, small numbers "
    "would show. Ask for a week here."
)
S_BAD_DATE = (
    "I do not know '{text}'. Ask for stats, stats last week, stats 23 November, "
    "stats for the test, stats by referrer, agency, district or day, or compare before and after."
)
S_TEST_HEAD = "{test}, {days}"
S_TYPICAL_P90 = "9 in 10 took {minutes} minutes or less."
S_IMMEDIATE_TYPICAL = "Immediate to Assessment Team: typically {minutes} minutes ({n} referrals)."
S_SURVEY = "Callers: {replied} replied, {satisfied} satisfied."
S_TEAM = "Team: {n} replies, {percent}% said quicker than email."
S_TEAM_FEW = "Team: {n} replies, too few to show."
S_PHONE = "Phone line: {offered} calls, {given_up} given up before an answer."
S_PRESS = "Press a figure to see what it counts."
S_NO_LEAD = "No lead yet"
S_NO_OUTCOME = "No outcome yet"
TESTS = {"first_test": "First test", "second_test": "Second test", "": "No test"}
B_ALL_FIGURES = "All figures"
B_DOWNLOAD = "Download"
B_WHAT_COUNTS = "What does this count?"
SPLIT_NOUN = {
    "referrer": "Who called",
    "agency": "Lead's agency",
    "district": "District",
    "day": "Day",
    "outcome": "Outcome",
    "test": "Test",
}
SPLIT_BY = {
    "referrer": "By who called",
    "agency": "By the lead's agency",
    "district": "By district",
    "day": "By day",
    "outcome": "By outcome",
    "test": "By test",
}
SPLIT_HEADS = (
    "Referrals",
    "Decided",
    "Decided in 1 working day",
    "Caller told in 1 working day",
    "Typical minutes to decision",
)
SPLIT_LINE = "Referrals: {referrals}. Decided: {decided}."
SPLIT_TIMES = "In 1 working day: decided {in_time}, caller told {told}. Typical minutes: {minutes}."
SPLIT_PRESS = "Press here to see what these count."
SPLIT_NOT_HERE = "These numbers are too small to show here. Managers can ask in their own chat."
SPLIT_TOTAL = "All"

PHONE_DAYS = "The phone line"
PHONE_DAY = "{day}: {offered}, {answered} answered, {abandoned} given up; {referrals} taken."
TEAM_DAYS = "The duty team"
TEAM_DAY = "{day}: {n} of {of} replied, {percent}% said quicker than email."
TEAM_DAYS_HIDDEN = "{n} not shown by themselves: too few replies."

# Before and after

COMPARE_HEAD = "Before and after"
COMPARE_PERIODS = "Before: {before}, {days_before}. Test: {after}, {days_after}. Same weekdays."
COMPARE_NOTE = (
    "So few days prove nothing by themselves. Look at both numbers and how many they count."
)
COMPARE_LEFT_OUT = "Left out from before, because they were on other weekdays: {n}."
COMPARE_TOO_FEW = "Too few to call a difference."
COMPARE_ALL_TOO_FEW = "Each of these is too few to call a difference."
COMPARE_BEFORE = "Before"
COMPARE_AFTER = "Test"
COMPARE_NOTHING = (
    "Nothing from before has been imported. Send me the file here, "
    "or ask IT to run: python app.py baseline import FILE."
)
DOWNLOAD_HEAD = "Download the figures"
DOWNLOAD_NOTE = (
    "The first three hold exact figures: small numbers could point to a family, so pass them on to"
    " managers only."
)
B_FILES = {
    "excel": "Excel",
    "figures": "Figures as CSV",
    "referrals": "Referrals as CSV",
    "picture": "Picture",
}
FILE_ABOUT = {
    "excel": "All figures of {period}, as an Excel workbook.",
    "figures": "All figures of {period}, one line each.",
    "referrals": "Every referral of {period}, one line each, without names or words.",
    "picture": "A picture of {period} for the show-and-tell, with small numbers left out.",
}
FILE_THESE_DAYS = "these days"
FILE_OFFERED = "Press Allow below and the file goes into your OneDrive."
FILE_NOT_OFFERED = "The file could not be offered just now. Press the button again."
FILE_UNNAMED = "your file"
FILE_READING = (
    "Reading {names}. This takes a while. If you hear nothing more in 10 minutes, send it again:"
    " nothing counts twice."
)
FILE_UNREADABLE = "{name}: {fault} Nothing was counted."
FILES_IN_CHAT = "I take files in managers' own chats with me, not here. Send it there."
FETCH_FAULTS = {
    "address": (
        "{name} is in a place I do not open. Send it from your own computer or OneDrive instead."
    ),
    "too_big": "{name} is larger than 20 MB. Split it by date and send each part.",
    "timeout": "{name} took too long to arrive. Send it again.",
    "other": "{name} could not be fetched from Teams. Send it again.",
}
PUT_FAULTS = {
    "address": "Teams named a place I do not send files to. Nothing was sent. Ask for it again.",
    "timeout": "Your OneDrive took too long, so the file may not be there. Ask for it again.",
    "other": "The file could not be put into your OneDrive. Ask for it again.",
}
COMPARE_IN_CHAT = "Managers and duty managers can ask that in their own chat with me."
COMPARE_NO_TEST = "No test is set up, so there is nothing to compare."

# Survey and pulse

SURVEY_QUESTIONS = (
    "Overall, how satisfied were you?",
    "I know what happens next for the child.",
    "We talked about what the child needs.",
)
PULSE_QUESTIONS = (
    "My agency's information was heard.",
    "We talked about what the child needs.",
    "It was quicker than email would have been.",
    "I know what I have to do next.",
)
SATISFIED = ("Very satisfied", "Satisfied", "Neither", "Dissatisfied", "Very dissatisfied")
AGREE = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")
ASK_N_OF = "{n} of {of}"
SURVEY_READ = (
    "Read this out to the caller of {ref}. What they answer is not kept with the referral."
)
SURVEY_LINK = "Or give them the form: {url}"
SURVEY_YOUNG = "Do not ask a child who is upset."
SURVEY_COMMENT = "How could we improve this service? (optional, in their words; managers read it)"
NO_CASE_NUMBERS = "Take the case number out: what is said here is kept apart from the referral."
SURVEY_COUNTED = "Thank you. That is counted."
PULSE_HEAD = "How did {day} go?"
PULSE_NOTE = (
    "4 questions, one tap each, until midnight. What you answer is counted without your name. In a "
    "small team that is not fully anonymous. Days with fewer than 5 replies are not shown."
)
PULSE_CHANNEL_HEAD = "{names}: how did {day} go?"
PULSE_COMMENT = "Anything else? (optional, no names; managers read it)"
PULSE_COUNTED = "Thank you. Your answers are counted."
PULSE_SUMMARY = "4 questions about today"
WEEK_SUMMARY = "The week in figures"

# One figure in words

FIG_NONE = "none"
FIG_OF = "{n} of {of}"
FIG_PERCENT = "{words} ({percent}%)"
FIG_MISSING = "({n} left out: not known)"
FIG_UNITS = {"minutes": "minutes", "seconds": "seconds", "score": "of 10", "each": "each"}
FIG_ONE = {"minutes": "minute", "seconds": "second"}
FIG_COUNTED = "({n} counted)"
FIG_MIDDLE = "typically {middle} {unit} {n}"
FIG_P90 = "9 in 10: {p90} {unit} or less."
FIG_MEAN = "{mean} on average {n}"
FIG_VALUES = "{values} {unit} ({n} counted, too few for an average)"
FIG_TOO_FEW = "{n} counted, too few to show"
FIG_TOO_FEW_SHORT = "too few"
FIG_RULES = {
    "minutes": "The middle value; none under 5 values. 9 in 10 only from 10 values.",
    "seconds": "The middle value; none under 5 values. 9 in 10 only from 10 values.",
    "score": "The middle value; none under 5 values.",
    "each": "The mean; none under 5 values.",
}
DEF_COUNTS = "Counts:"
DEF_OF = "Out of:"
DEF_STARTS = "Clock starts:"
DEF_STOPS = "Clock stops:"
DEF_LEFT_OUT = "Left out:"
DEF_AVERAGE = "Shown as:"

MEASURES_HEAD = "What each figure counts"
MEASURES_INTRO = (
    "Written by `python -m tests.cards.update` from the table in `bot/domain/measures.py`, which "
    "the cards, the files and the command line read too. In Teams, press a figure to see this."
)

# Files to take away ---------------------------------------------------------------

FILE_SHEETS = {
    "figures": "Figures",
    "referrer": "By who called",
    "agency": "By lead agency",
    "district": "By district",
    "day": "By day",
    "outcome": "By outcome",
    "test": "By test",
    "team": "Team",
    "callers": "Callers",
    "comments": "What people said",
    "calls_day": "Phone line by day",
    "calls_half_hour": "Phone line by half hour",
    "call_backs": "Calls to return",
    "referrals": "Referrals",
    "compare": "Before and after",
    "definitions": "Definitions",
    "charts": "Charts",
}
FILE_TITLE = "Front Door: {period}"
FILE_HIDDEN = (
    "Small numbers hidden: a count of 1 to 5 could point to a family, and some larger counts are "
    "hidden with it so that it cannot be worked out."
)
FILE_FIGURE_HEADS = (
    *("Section", "Measure", "In words", "Number", "Out of", "Left out: not recorded"),
    *("Typical (middle value)", "9 in 10 at or under", "Average"),
)
FILE_PART = "{measure}: {part}"
FILE_SPLIT_FIRST = {
    "referrer": "Who called",
    "agency": "Agency of the lead",
    "district": "District",
    "day": "Day",
    "outcome": "Outcome",
    "test": "Test",
}
FILE_SPLIT_HEADS = (
    *("Referrals", "Children", "Decided"),
    *("Decided in 1 working day", "Out of"),
    *("Caller told in 1 working day", "Out of"),
    "Typical minutes to decision",
)
FILE_SPLIT_TOO_FEW = "Too few referrals to split without pointing to a family."
FILE_NO_TEST = "The council's form"
FILE_TEAM_HEADS = ("Day", "Replies", "People on the roll")
FILE_TEAM_AGREE = "{question} 4 or 5 of 5 (%)"
FILE_TEAM_NOTE = "Days with fewer than 5 replies are not shown."
FILE_TEAM_FEW = "No day had enough replies to show."
FILE_CALLER_HEADS = ("Test", "Who answered", "Asked by the lead", "Replied")
FILE_CALLER_AGREE = "{question} 4 or 5 of 5"
FILE_CALLER_ANSWERED = "Answered that question"
FILE_CALLER_NOTE = "Replies on the council's form have no test, and nobody counts who was asked."
FILE_SURVEY_GROUPS = {
    "parent_carer": "A parent or carer",
    "child_young_person": "A child or young person",
    "other_family": "Another family member",
    "professional": "A professional",
    "someone_else": "Someone else",
}
FILE_COMMENT_HEADS = ("Who", "Words")
FILE_COMMENT_CALLER, FILE_COMMENT_TEAM = "Caller", "Duty team"
FILE_COMMENT_NOTE = "Nobody's name belongs here. Do not pass this on."
FILE_CALL_HEADS = ("Calls offered", "Answered", "Given up", "Referrals taken")
FILE_CALL_MORE_HEADS = (
    *("Given up (%)", "Answered within {seconds}", "Out of", "Typical seconds waited"),
)
FILE_CALL_MORE_NOTE = (
    "How quickly is told of single calls alone, without answered calls whose wait is not known. "
    "Fewer than 5 known waits have no typical wait."
)
FILE_CALL_DAY = "Day"
FILE_CALL_HALF_HOUR = "Half hour that begins at"
FILE_CALL_HALF_HOUR_NOTE = (
    "All days together. Reports that give only numbers cannot be told apart by half hour."
)
FILE_CALL_BACK_HEADS = ("Call id", "Day", "Time of the last try")
FILE_CALL_BACK_NOTE = "Calls given up that have a call id and were not answered later."
FILE_REFERRAL_HEADS = (
    *("Reference", "Received on", "Received at", "Children", "Test", "District", "Who called"),
    *("Agency of the lead", "Outcome", "Decided on", "Decided at", "Minutes to decision"),
    *("Decided in 1 working day", "Handed over", "Immediate", "Caller told on", "Caller told at"),
    *("Caller told in 1 working day", "Actions in the plan", "Plan score out of 10"),
    *("Referred in the 12 months before", "Same child back within 10 working days"),
)
FILE_REFERRAL_NOTE = (
    "Each line is about a family. Share it only with people who may see the referrals. Merged "
    "referrals count once; withdrawn ones are left out."
)
FILE_YES, FILE_NO, FILE_NOT_KNOWN = "yes", "no", "not known"
FILE_COMPARE_HEADS = (
    *("Measure", "Before", "Test", "Before: number", "Before: out of"),
    *("Test: number", "Test: out of", "Note"),
)
FILE_DEFINITION_HEADS = (
    *("Section", "Measure", "Counts", "Out of", "Clock starts", "Clock stops", "Left out"),
    "Shown as",
)
FILE_CHARTS = {
    "outcome": "Decisions by outcome",
    "day": "Decisions by day of the call",
    "referrer": "Referrals by who called",
}
FILE_CHART_AXIS = {
    "outcome": "Decisions",
    "day": "Decisions",
    "referrer": "Referrals",
}
FILE_CHART_LABEL_HIDDEN = "{label} ({words})"
FILE_CSV_PERIOD_HEADS = ("First day", "Last day", "As at")
FILE_CSV_HIDDEN_HEAD = "Small numbers hidden"

# The period on a page

PAGE_TITLE = "Front Door on a page"
PAGE_TILES = {
    "referrals": "referrals",
    "children": "children",
    "decided": "decided by the duty team",
    "decision_in_time": "decided in one working day",
}
PAGE_TILES_ONE = {"referrals": "referral", "children": "child"}
PAGE_FLOW = "From referral to outcome"
PAGE_FLOW_NONE = "No referrals to show."
PAGE_FLOW_FEW = "Too few referrals to show."
PAGE_REFERRALS = "Referrals"
PAGE_DECIDED = "Decided by the duty team"
PAGE_HANDED_OVER = "Handed over"
PAGE_TO_DECIDE = "Not decided yet"
PAGE_REST = "Handed over or not decided yet"
PAGE_TIMES = "From call to decision"
PAGE_MIDDLE = "Half within {n} minutes"
PAGE_P90 = "9 in 10 within {n} minutes"
PAGE_TIMES_FEW = "Too few decisions to show a typical time."
PAGE_DAYS = "Decisions by day of the call"
PAGE_DAYS_FEW = "Too few decisions to show them by day."
PAGE_DASHED = "Dashed: the number is not shown, and the size says nothing about it."
PAGE_HIDDEN = "Small numbers are hidden because they could point to a family."

# Feedback to the caller ---------------------------------------------------------

F_THANKS = "Thank you for calling about {children}."
F_THIS_CHILD, F_THESE_CHILDREN = "this child", "these children"
F_TEAM = "We have talked it through as a team."
F_THANKS_FAMILY = "Thank you for calling us."
F_THANKS_CHILDREN = "Thank you for ringing us."
F_NEEDS = "What the child needs: {needs}."
F_NEEDS_MANY = "What the children need: {needs}."
F_NEEDS_NOT_CLEAR = "We do not know yet what help is needed."
F_WHAT_DECIDED = "What we decided: {decided}."
F_WAS_DECIDED = "What was decided: {decided}."
F_DECIDED = {
    "immediate": "a social worker from the Assessment Team is dealing with this straight away",
    "social_care": "a social worker will find out what help is needed",
    "ehu": "the Early Help Unit will offer the family help",
    "advice_at_contact": "advice and support are the right help for now",
}
F_DECIDED_FAMILY = {**F_DECIDED, "ehu": "the Early Help Unit will offer your family help"}
F_FOR_AGE = "for the child aged {age}, {decided}"
F_FOR_UNBORN = "for the unborn baby, {decided}"
F_FOR_ONE, F_FOR_ANOTHER = "for one child, {decided}", "for another, {decided}"
F_PASSED_ON = "We have passed this to {to}, who will decide what happens next."
F_PASSED_ON_FAMILY = (
    "We have passed what you told us to another team, who will talk with you about what happens "
    "next."
)
F_PASSED_TO = {
    "mash_bau": "the Multi-Agency Safeguarding Hub",
    "edt": "the social workers on duty out of hours",
    "allocated_worker": "the family's social worker",
    "other_la": "another council's social workers",
    "adult_mash": "the team that helps adults at risk",
    "lado": "the officer for worries about people who work with children",
}
F_LEAD = "{name} is the lead person."
F_PLAN = "What we are doing: {actions}."
F_PLAN_ACTION = "{action}, by {day}"
F_PLAN_MORE = "There is more in the plan, and we can tell you the rest."
F_NEXT_STEP = "What we would like you to do: {step}."
F_FAMILY_KNOW = {
    "yes_agree": "The family know and agree.",
    "yes_not_agree": "The family know and do not agree.",
    "no_unsafe": "The family have not been told, because it may not be safe. "
    "Please do not tell them.",
    "no_not_yet": "The family have not been told yet. Please do not raise it before we do.",
}
F_FAMILY_ASK = "Please speak to us before you talk to the family about this."
F_WORRIED = "If you are worried again, ring us on {mash}."
F_DISAGREE = "If you disagree with this, tell the lead person or ask for the duty manager."
F_DISAGREE_NO_LEAD = "If you disagree with this, ring us and ask for the duty manager."
F_DANGER = "If a child is in danger, ring {emergency}."
F_ACTED = "We have looked at what you told us, decided what to do, and acted on it."
F_ACTED_PRIVATE = (
    "We have looked at what you told us and decided what to do. To protect the family's privacy "
    "I cannot tell you more."
)
F_WITHHELD = (
    "We have looked at what you told us. Someone from our team will talk with you about what "
    "happens next."
)
F_RIGHTS = "You can ask us what we hold about you, and tell us if we have something wrong."
F_YOUNG_THANKS = "You did the right thing ringing us."
F_YOUNG_NEXT = {
    "immediate": "A social worker will talk to you very soon.",
    "social_care": "A social worker will talk to you about what could help.",
    "ehu": "Someone will talk to you about what could help.",
    "advice_at_contact": "We hope that what we talked about helps. If it does not, ring us again.",
}
F_YOUNG_NEXT_OTHER = "We are working out what could help you."
F_YOUNG_LEAD = "{name} is the person who will help you. You can ask for them by name."
F_YOUNG_STEP = "What you can do now: {step}."
F_YOUNG_CHOICE = "You can tell us what you want to happen. You can tell us what you do not want."
F_YOUNG_SAFE = "Tell us when it is safe to talk to you."
F_YOUNG_DANGER = (
    "If you do not feel safe, ring {emergency}. If you want to talk, ring us on {mash}."
)
F_NONE = (
    "Thank you for ringing us. We could only give you advice while we were talking, and we cannot "
    "ring you back."
)
S_CHART_COUNT = "Referrals"
LIST_MORE = "And {n} more."
LIST_UNREAD = "Not in this list, because they could not be read: {n}. Tell your IT team now."


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


FIELD_WORDS = "what you wrote"
HUDDLE_PROBLEMS = {"huddle_too_long": "Keep each agency's line to 150 characters."}
ACTION_PROBLEMS = {
    "action_too_long": "An action has at most 150 characters.",
    "action_owner": "Give each action one owner.",
    "action_need": "Say which need each action meets.",
    "action_agency": "Give each owner's agency.",
    "action_due": "Give each action a due date.",
    "action_due_year": "Check the year of each due date.",
}

# History: event to what the person did ------------------------------------------

HISTORY = {
    "referral.received": "picked up the call",
    "intake.submitted": "briefed the duty team",
    "intake.amended": "changed the form",
    "briefing.posted": "posted the briefing",
    "lead.claimed": "claimed the lead",
    "lead.assigned": "made {lead} the lead person",
    "lead.defaulted": "made {lead} the lead person, because nobody claimed",
    "lead.handover_offered": "asked {to_person} to lead",
    "lead.handed_over": "took over the lead from {offered_by}",
    "contribution.added": "logged for {agency}, {known}",
    "contribution.confirmed": "confirmed what was logged for {agency}",
    "message": "said",
    "message.filed": "added a message to the record as a {filed_as}",
    "message.revised": "changed a message",
    "message.removed": "deleted a message",
    "nudge.sent": "sent a reminder",
    "immediate.flagged": "flagged it as immediate",
    "immediate.stood_down": "stood down the immediate flag",
    "police.contact_recorded": "recorded that the police were rung",
    "assessment.notified": "rang the Assessment Team",
    "assessment.acknowledged": "recorded who took it in the Assessment Team",
    "strategy.considered": "considered a strategy discussion: {needed}",
    "strategy.held": "recorded the strategy discussion",
    "disagreement.recorded": "did not agree",
    "plan.saved": "saved the plan",
    "outcome.proposed": "picked {outcome}",
    "outcome.undone": "undid the pick",
    "outcome.endorsed": "agreed the outcome",
    "outcome.corrected": "corrected the outcome to {outcome}",
    "outcome.recorded_elsewhere": "recorded the outcome made elsewhere: {outcome}",
    "action.done": "marked an action done",
    "feedback.asked": "asked the MASH officer to ring the caller",
    "feedback.held": "asked for the feedback to be checked",
    "feedback.checked": "checked the feedback",
    "feedback.passed": "let the feedback pass",
    "feedback.sent": "fed back to the caller",
    "feedback.not_possible": "recorded that feedback was not possible",
    "feedback.tried": "rang the caller and got no answer",
    "feedback.email_started": "started an email to the caller",
    "feedback.email_failed": "was told that the email did not go, or may not have",
    "casenote.opened": "opened the case notes to copy",
    "survey.asked": "asked the caller the survey questions",
    "casenote.exported": "confirmed the case notes",
    "history.viewed": "looked at this history",
    "hold.placed": "placed a legal hold",
    "hold.lifted": "lifted the legal hold",
    "words.erased": "erased what people wrote; the facts stay",
    "referral.closed": "closed it: everything is done",
    "referral.handed_over": "handed it over to {handed_to}",
    "referral.reopened": "reopened it",
    "referral.withdrawn": "withdrew it",
    "referral.matched": "saw that {reference} names the same child",
    "referral.linked": "linked it to {to}",
    "referral.linked_from": "noted the link from {reference}",
    "referral.merged": "merged it into {into}",
    "referral.unmerged": "opened it again, because the other referral was withdrawn",
    "referral.absorbed": "took in {reference}",
    "identity.asked": "asked who this is",
    "identity.told": "told {person} who this is",
}
HISTORY_WHY = {"access_request": "gave this referral out for an access request"}
"""Looks that were more than one at this history, by why."""

# Files that people bring: a fault to what happened and what to do -------------------

IMPORT_KINDS = {
    "calls": "the phone line's report",
    "teams_calls": "the phone line's report from Teams",
    "survey": "replies to the survey form",
    "baseline": "figures from before the duty team",
}
IMPORT_DONE = "{name}: {kind}. Rows: {read} read, {new} new, {known} already there, {bad} left out."
IMPORT_SEEN = {
    "calls": "To see them, type stats and the week, like stats last week.",
    "teams_calls": "To see them, type stats and the week, like stats last week.",
    "survey": "To see them, type stats and the week, like stats last week.",
    "baseline": "To see them beside the test, type compare before and after.",
}
IMPORT_BAD_MORE = "And {n} more."
IMPORT_BAD_NEXT = "Correct these rows and bring the file again: what is there counts once."
IMPORT_DATES_ONLY = "{column}: {n} without a time, so the time counts as not known."
IMPORT_NO_ROWS = "{name}: {kind}. It has headings and no rows."
IMPORT_CANNOT_OPEN = "{name} cannot be opened. Check its name and that you may read it."
IMPORT_WORK = {"reading": "Reading", "keeping": "Keeping"}
IMPORT_BAD_ROW = "Line {line}: {fault}"
IMPORT_BAD_CELL = "Line {line}, {column}: {fault}"

IMPORT_FAULTS: dict[str, str] = {
    # The whole file
    "too_big": "The file is larger than {most} MB. Split it by date and bring each part.",
    "empty": "The file is empty. Save it again and check that it has rows.",
    "not_text": "The file is not plain text. Open it in Excel and save it as CSV UTF-8.",
    "encoding": "Some letters in the file cannot be read. Save it as CSV UTF-8.",
    "spreadsheet": "This is an Excel file. Open it and save it as CSV UTF-8.",
    "pdf": "This is a PDF. Get the figures from the system again and save them as CSV.",
    "unknown_kind": (
        "I do not know this file by its headings. I can read the phone line's report, the replies"
        " to the survey form, and figures from before the duty team. Check that the first row holds"
        " the headings."
    ),
    "no_mapping": (
        "The settings do not say which columns the phone line's report has. Ask whoever set up"
        " Front Door to add them."
    ),
    "header": (
        "The first row has none of the headings that are needed. Put them in the first row:"
        " {missing}."
    ),
    "missing_column": (
        "The file has no column called {missing}. These columns were found: {found}. Check the"
        " headings in the first row."
    ),
    "column_twice": "Two columns are called {column}. Remove or rename one of them.",
    "too_many_columns": (
        "The file has more than {most} columns. Keep only the columns that are needed."
    ),
    "too_many_rows": "The file has more than {most} rows. Split it by date and bring each part.",
    "quotes": (
        "The row that starts on line {line} cannot be read: its quotation marks do not pair up, or"
        " a cell is far too long. Correct the row, or save the file again as CSV."
    ),
    "mapping_unknown": (
        "The settings name something that is not read from this file: {field}. Correct the"
        " settings."
    ),
    "mapping_missing": "The settings do not say which column holds {field}. Add it.",
    "mapping_result": (
        "The settings do not say how to tell whether a call was answered. Name the result column"
        " and what it says for answered and abandoned calls, or the column with the time each call"
        " was answered."
    ),
    "mapping_date_format": (
        "The settings give a date format that does not hold a whole date and time. Correct it."
    ),
    # One row
    "cell_too_long": "This has more than {most} characters. Make it shorter.",
    "too_many_cells": (
        "The row has more cells than there are headings. Check for a comma inside a cell."
    ),
    "missing": "This is empty. Fill it in.",
    "time": "This is not a date and time that can be read. Write it like 24/11/2026 09:30.",
    "date": "This is not a date that can be read. Write it like 24/11/2026.",
    "date_only": "There is a date but no time. Add the time, like 24/11/2026 09:30.",
    "no_such_time": (
        "The clocks went forward and skipped this time. Check whether the file uses another time"
        " zone."
    ),
    "future": "This is in the future. Check the date.",
    "duration": "This is not a length of time. Write seconds, or minutes and seconds like 1:05.",
    "negative": "A length of time cannot be less than nothing. Correct it.",
    "too_long": "This is longer than 24 hours. Correct it.",
    "ended_before_start": "The call ends before it starts or is answered. Correct the times.",
    "answered_before_start": "The call is answered before it starts. Correct the times.",
    "result": "This result is not known. Check that the report is in English.",
    "several_calls": (
        "The row stands for several calls, or for none. Save the report with one row for each call."
    ),
    "call_id_private": (
        "The call id is a phone number or an email address. Use a column that holds neither."
    ),
    "id_twice": "An earlier row has the same id and says something else. Keep the right one.",
    "number": "This is not a whole number in the range that is allowed. Correct it.",
    "yes_no": "This is neither yes nor no. Write yes or no, or leave it empty.",
    "choice": "This is not one of the choices. Use the words or codes listed for this column.",
    "answer": "This is not an answer to the question. Use 1 to 5 or the words on the form.",
    "first_answer": "The first question has no answer. A reply without it is not counted.",
    "before_received": "This is before the referral was received. Correct the times.",
    "plan_part": "Some scores of the plan are missing. Give all five, or none.",
}

# Who may do what: what each event and each right lets a person do -------------------

MAY_DO = {
    "referral.received": "take a call",
    "intake.submitted": "post a referral",
    "intake.amended": "change the form",
    "lead.claimed": "claim the lead",
    "lead.assigned": "assign a lead person",
    "lead.handover_offered": "offer the lead to somebody else",
    "lead.handed_over": "take over a lead that was offered",
    "contribution.added": "say what an agency knows",
    "contribution.confirmed": "confirm what was logged for their agency",
    "message": "add words to the record",
    "message.filed": "add a message to the record",
    "message.revised": "change their own message",
    "message.removed": "delete their own message",
    "immediate.flagged": "flag a child who is not safe now",
    "immediate.stood_down": "stand down an immediate concern",
    "police.contact_recorded": "record that the police were rung",
    "assessment.notified": "record that the Assessment Team was rung",
    "assessment.acknowledged": "record that the Assessment Team took it",
    "strategy.considered": "record whether a strategy discussion is needed",
    "strategy.held": "record a strategy discussion",
    "disagreement.recorded": "record a disagreement",
    "plan.saved": "write the plan",
    "outcome.proposed": "pick the outcome",
    "outcome.undone": "undo their own pick",
    "outcome.endorsed": "agree an outcome",
    "outcome.corrected": "correct an outcome",
    "outcome.recorded_elsewhere": "record an outcome made elsewhere",
    "action.done": "mark an action done",
    "feedback.asked": "ask the MASH officer to ring the caller",
    "feedback.held": "ask for feedback to be checked",
    "feedback.checked": "check feedback",
    "feedback.passed": "let feedback pass",
    "feedback.sent": "feed back to the caller",
    "feedback.not_possible": "record that feedback was not possible",
    "feedback.tried": "record a call nobody answered",
    "feedback.email_started": "email the caller",
    "feedback.email_failed": "record that an email did not go",
    "casenote.opened": "open the case notes",
    "casenote.exported": "confirm the case notes",
    "survey.asked": "ask the caller the survey questions",
    "history.viewed": "see a referral's history",
    "hold.placed": "place a legal hold",
    "hold.lifted": "lift a legal hold",
    "referral.handed_over": "hand a referral over",
    "referral.reopened": "reopen a referral",
    "referral.withdrawn": "withdraw a referral",
    "referral.linked": "link referrals",
    "referral.merged": "merge referrals",
    "identity.asked": "ask who a child is",
    "identity.told": "record that somebody was told who a child is",
    "view": "see briefings",
    "stats": "see figures, small numbers hidden in the channel",
    "download": "see exact figures, bring and take files",
    "roll.called": "call the roll",
    "test.paused": "pause and resume intake",
    "messages.tried_again": "have messages that could not be posted tried again",
    "roster.changed": "keep the roster",
}
MAY_HEAD = "Who may do what on {day}"
MAY_FROM = {"file": "from the file", "group": "from a group, as last seen"}
MAY_FROM_ROSTER = "from the roster, by {by} on {when}"
MAY_NO_STORE = "There is no store yet: this is what the file says."
MAY_NOBODY = "{role}: nobody"
MAY_OFF = "Taken off the roster"
MAY_ROLES = "What each role may do"
MAY_RELATIONS = {
    "lead": "Whoever leads a referral, beside their role",
    "proposer": "Whoever picked an outcome, beside their role",
    "new_lead": "Whoever the lead was offered to, beside their role",
}
MAY_GROUPS = "Groups that give roles"

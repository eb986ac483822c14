"""Fixed codes of the field. What a partnership may change is in `partnership.py`, not here."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a referral stands. `immediate` is a flag laid over any of these, not a state."""

    DRAFT = "draft"
    BRIEFED = "briefed"
    IN_DISCUSSION = "in_discussion"
    OUTCOME_PROPOSED = "outcome_proposed"
    OUTCOME_AGREED = "outcome_agreed"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({State.CLOSED, State.MERGED, State.WITHDRAWN})
"""Where nothing more is waited for. Only `closed` can come back by itself."""


class Role(StrEnum):
    MASHO = "masho"
    REP = "rep"
    DUTY_SOCIAL_WORKER = "duty_social_worker"
    DUTY_MANAGER = "duty_manager"
    ASSESSMENT_TEAM = "assessment_team"
    MANAGER = "manager"
    RECORDS_OFFICER = "records_officer"
    BOT = "bot"
    NONE = "none"
    """Somebody known by name who may do nothing: they are in no group, or in none any more."""


DUTY_TEAM = frozenset({Role.MASHO, Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER})
"""Who sits on the duty team: anyone here may raise the immediate flag."""

HOST_TENANT = "host"

AGE_BANDS = ("unborn", "under_1", "1_to_4", "5_to_9", "10_to_15", "16_to_17")
SAFE_NOW = ("yes", "no", "not_sure")
CHILD_LOCATIONS = (
    "home",
    "school_or_nursery",
    "health_setting",
    "with_family_or_friends",
    "with_police",
    "out_or_missing",
    "not_known",
)
TOLD_FAMILY = (
    "yes_agree",
    "yes_not_agree",
    "no_unsafe",
    "no_not_yet",
    "caller_is_family",
    "not_known",
)
TOLD_FAMILY_NEEDS_REASON = frozenset({"yes_not_agree", "no_unsafe", "no_not_yet"})
KNOWN = ("known", "not_known", "partly_known", "not_checked", "no_rep_today")
KNOWN_NEEDS_SHARING = frozenset({"known", "partly_known"})
SHARING_DECISIONS = ("shared", "shared_in_part", "not_shared")
SHARING_BASES = ("duty_16la", "public_task", "significant_harm", "emergency", "agreed")
CONTACT_METHODS = ("phone", "email", "phone_and_email", "text_then_phone", "not_possible")
SAFE_CONTACT = ("yes", "only at some times", "no")
EARLIER = ("yes", "no", "not checked")
SCOPES = ("child", "adult_only", "open_to_social_worker")
TESTS = ("first_test", "second_test")
HANDOVER_TO = ("mash_bau", "edt", "allocated_worker", "other_la", "adult_mash", "lado")
FEEDBACK_LEVELS = (
    "professional_full",
    "professional_limited",
    "family_pr",
    "young_person",
    "family_limited",
    "public_thanks",
    "none",
)
FILED_AS = ("fact", "view", "decision")
NOTE_FORMS = ("text", "json")
TO_FOLLOW = "to follow"
OUTSIDE = "outside"
CHILD_VIEW_NOT_ASKED = "not asked"

MAX_NEEDS = 4
MAX_CHILDREN = 8
MAX_MORE_CHILDREN = 3
"""How many one amendment can add."""
MAX_ACTIONS = 10
LIMIT_LINE = 150
LIMIT_RATIONALE = 600
LIMIT_RELEVANT = 300
LIMIT_FEEDBACK = 2000
LIMIT_MESSAGE = 2000
MOST_OVERHEARD = 28_000
"""Teams itself takes no longer message; what people wrote to each other is not refused."""

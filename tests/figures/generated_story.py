"""How a made-up referral goes: every turn it can take, by chance of a seeded generator."""

from __future__ import annotations

import datetime as dt
import random

from bot.domain import commands as cmd
from bot.domain.partnership import BOT, Partnership
from bot.domain.vocabulary import State
from tests.figures.generated_case import Case
from tests.figures.generated_forms import Children, actions_of

MASHO, SOCIAL_WORKER, MANAGER, SECOND_MANAGER = "masho-1", "sw-1", "mgr-1", "mgr-2"
SENIORS = (SOCIAL_WORKER, MANAGER, SECOND_MANAGER)
REPS = ("pol-1", "hlt-1", "edu-1", "eh-1", "hou-1", SOCIAL_WORKER, SECOND_MANAGER)
CHECKED_FIRST, NOBODY_TO_TELL = "family_pr", "none"
THANKS = "Thank you for ringing us about this."


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(seconds=round(count * 60))


class Story:
    """The turns of one referral. Each is given where the story has come to, or later."""

    def __init__(self, rng: random.Random, partnership: Partnership, children: Children) -> None:
        self.rng = rng
        self.p = partnership
        self.calendar = partnership.calendar
        self.children = children

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def soon(self, at: dt.datetime, least: float, most: float) -> dt.datetime:
        """A little later, while the desk is open."""
        return self.calendar.add_working_minutes(at, round(self.rng.uniform(least, most), 2))

    def days_on(self, at: dt.datetime, days: int) -> dt.datetime:
        """Some time of that working day."""
        day = self.calendar.add_working_days(self.calendar.day_of(at), days)
        hours = self.calendar.hours(day)
        if hours is None:
            return at
        length = (hours[1] - hours[0]).total_seconds()
        return max(at, hours[0] + dt.timedelta(seconds=self.rng.randrange(int(length))))

    def senior_but(self, *others: str) -> str:
        return self.rng.choice([s for s in SENIORS if s not in others])

    # The door ---------------------------------------------------------------------------

    def door(self, case: Case, command: cmd.SubmitIntake) -> None:
        case.give(command, MASHO, case.now + minutes(self.rng.uniform(2, 14)))
        posted_at = case.referral.post_at or case.now + dt.timedelta(seconds=3)
        posting = cmd.RecordBriefing(f"19:{case.case_id}", "m", "https://s.example")
        case.later(case.now + minutes(30), cmd.AmendIntake({"told_family": "yes_agree"}), MASHO)
        if self.chance(0.8):
            self._call_ends(case, command.intake.test == "second_test")
        if self.chance(0.15):
            answers = {"child_view": "She is tired", "district": "South"}
            case.later(case.now + minutes(20), cmd.AmendIntake(answers), MASHO)
        if self.chance(0.04):
            named = (*command.intake.children, self.children.new())
            case.later(case.now + minutes(25), cmd.AmendIntake({"children": named}), MASHO)
        self._flag_and_answer(case)
        case.give(posting, BOT.id, posted_at)

    def _call_ends(self, case: Case, decided_on_it: bool) -> None:
        received = case.referral.asked.received_at
        most = 75 if decided_on_it else 25
        ended = max(case.now, received + minutes(self.rng.uniform(4, most)))
        case.later(ended, cmd.AmendIntake({"call_ended_at": ended}), MASHO)

    def _flag_and_answer(self, case: Case) -> None:
        """The immediate route beside the rest: raised now or later, rung, taken, stood down."""
        flagged = case.now
        if not case.referral.is_immediate:
            if not self.chance(0.12):
                return
            flagged += minutes(self.rng.uniform(5, 200))
            case.later(flagged, cmd.FlagImmediate("Not safe"), self.rng.choice(REPS))
        rung = flagged + minutes(self.rng.uniform(1, 15))
        taken = rung + minutes(self.rng.uniform(2, 40))
        if self.chance(0.85):
            case.later(rung, cmd.NotifyAssessment(), SOCIAL_WORKER)
        if self.chance(0.85):
            case.later(taken, cmd.AcknowledgeAssessment("Helen C."), "axt-1")
        if self.chance(0.2):
            down = taken + minutes(self.rng.uniform(1, 90))
            case.later(down, cmd.StandDownImmediate("Safe with Nan"), SOCIAL_WORKER)
            if self.chance(0.3):
                case.later(down + minutes(40), cmd.FlagImmediate("Not safe after all"), "pol-1")

    # Who leads --------------------------------------------------------------------------

    def lead(self, case: Case) -> None:
        at = case.until(self.soon(case.now, 1, 28))
        if case.referral.lead:
            return
        how = self.rng.random()
        who = self.senior_but() if case.referral.is_immediate else self.rng.choice(REPS)
        if how < 0.75:
            case.give(cmd.ClaimLead(), who, at)
        elif how < 0.85:
            case.give(cmd.AssignLead(who, "Knows the family"), MANAGER, at)
        elif how < 0.97:
            case.give(cmd.DefaultLead(), BOT.id, self.soon(at, 30, 30))
        if case.referral.lead and self.chance(0.12):
            self.lead_moves_on(case)

    def lead_moves_on(self, case: Case) -> None:
        lead = case.referral.lead
        to = self.rng.choice([r for r in REPS if r != lead])
        at = self.soon(case.now, 2, 20)
        if self.chance(0.4):
            case.give(cmd.AssignLead(to, "Has the time"), MANAGER, at)
        elif case.give_if_allowed(cmd.OfferLead(to, "Knows the family"), lead, at):
            case.give_if_allowed(cmd.AcceptLead(), to, self.soon(at, 1, 10))

    # Ends without a decision here -------------------------------------------------------

    def withdrawn(self, case: Case) -> bool:
        if not self.chance(0.04):
            return False
        at = self.soon(case.now, 1, 60)
        return case.give_if_allowed(cmd.WithdrawReferral("Wrong child"), MANAGER, at)

    def handed_over(self, case: Case) -> bool:
        if not self.chance(0.07):
            return False
        if case.referral.lead and self.chance(0.5):
            self.plan(case, self.soon(case.now, 5, 60))
        to = cmd.HandOverReferral("mash_bau", "Jo at the MASH", "Not finished by closing")
        case.give(to, self.senior_but(), self.soon(case.now, 10, 240))
        if self.chance(0.65):
            case.give(cmd.RecordElsewhere("social_care"), MASHO, self.decision_time(case))
            if self.chance(0.15):
                case.give(cmd.RecordElsewhere("ehu"), MASHO, self.soon(case.now, 5, 300))
        return True

    # The decision -----------------------------------------------------------------------

    def decision_time(self, case: Case) -> dt.datetime:
        """Mostly within the day, some about when it is due, to the second; some days later."""
        received = case.referral.asked.received_at
        due = self.calendar.one_working_day_after(received)
        how = self.rng.random()
        if case.referral.asked.test == "second_test" and how < 0.6:
            wanted = received + minutes(self.rng.uniform(15, 45))
        elif how < 0.65:
            wanted = self.soon(received, 25, 200)
        elif how < 0.7:
            wanted = due
        elif how < 0.85:
            wanted = due + minutes(self.rng.uniform(-90, 90))
        else:
            wanted = self.days_on(due, self.rng.randrange(1, 6))
        return max(wanted, case.now)

    def plan(self, case: Case, at: dt.datetime) -> None:
        needs, day = case.referral.asked.needs, self.calendar.day_of(at)
        plan = cmd.SavePlan(
            actions_of(self.rng, needs, day),
            self.rng.choice(("Ring us if he is away again", "Ring us", "")),
            self.rng.choice(("Mum agrees to the visits", "", " ")),
        )
        case.give(plan, case.referral.lead, at)

    def outcome_codes(self, case: Case) -> list[str]:
        test, planned = case.referral.asked.test, case.referral.plan is not None
        of_test = [o for o in self.p.outcomes if test in o.tests]
        return [o.code for o in of_test if planned or not o.plan_first]

    def pick(self, case: Case, at: dt.datetime) -> bool:
        """False where nothing can be picked without a plan."""
        codes = self.outcome_codes(case)
        if not codes:
            return False
        code, per_child = self.rng.choice(codes), self.own_outcomes(case, codes)
        pick = cmd.ProposeOutcome(code, "He needs warm mornings; his mother is ill.", per_child)
        case.give(pick, case.referral.lead, at)
        return True

    def own_outcomes(self, case: Case, codes: list[str]) -> tuple[tuple[str, str], ...]:
        ids = case.referral.asked.mosaic_ids
        if not ids or not self.chance(0.3):
            return ()
        return ((self.rng.choice(ids), self.rng.choice(codes)),)

    def decide(self, case: Case) -> bool:
        """Whether an outcome was agreed."""
        at = case.until(self.decision_time(case))
        if case.referral.state is not State.IN_DISCUSSION:
            return case.referral.agreed
        if not case.referral.asked.told_family:
            case.give(cmd.AmendIntake({"told_family": "yes_agree"}), MASHO, at)
        if self.chance(0.93):
            self.plan(case, at)
        if not self.pick(case, at):
            return False
        if self.chance(0.06):
            case.give(cmd.UndoOutcome(), case.referral.lead, at + minutes(3))
            if self.chance(0.3) or not self.pick(case, self.soon(case.now, 5, 100)):
                return False
        return self.agree(case, case.now if self.chance(0.4) else self.soon(case.now, 1, 40))

    def agree(self, case: Case, at: dt.datetime) -> bool:
        assert case.referral.pick is not None
        if self.chance(0.05):
            return False
        note = cmd.ConsiderStrategy(False, "No sign of significant harm")
        senior = self.senior_but(case.referral.pick.by)
        case.give(cmd.EndorseOutcome(strategy=note), senior, at)
        return True

    def correct(self, case: Case) -> None:
        """Within ten working days, on the tenth, or after; agreed again, or left open."""
        if case.referral.pick is None:
            return
        days = self.rng.choice((0, 0, 1, 4, 9, 10, 10, 11, 13))
        codes = self.outcome_codes(case)
        other = self.rng.choice((self.rng.choice(codes), "")) if codes else ""
        command = cmd.CorrectOutcome("More is known", other, "", self.own_outcomes(case, codes))
        who = self.senior_but()
        at = self.days_on(case.now, days) if days else self.soon(case.now, 5, 60)
        if case.give_if_allowed(command, who, at):
            self.agree(case, self.soon(case.now, 1, 90))

    def reopen(self, case: Case) -> bool:
        at = self.days_on(case.now, self.rng.randrange(11))
        if self.chance(0.5):
            return case.give_if_allowed(cmd.FlagImmediate("He is back there"), "pol-1", at)
        return case.give_if_allowed(cmd.ReopenReferral("She rang again"), SOCIAL_WORKER, at)

    # Telling the callers, the notes, the actions ----------------------------------------

    def tell(self, case: Case, at: dt.datetime) -> None:
        sender = case.referral.lead or MANAGER
        for caller in case.referral.owed:
            level = self.p.group[caller.intake.referrer_group].feedback_level
            ref = caller.for_ref
            if level == NOBODY_TO_TELL or self.chance(0.08):
                case.give(cmd.FeedbackCannotBeGiven("No safe number", ref), sender, at)
                continue
            if level == CHECKED_FIRST:
                case.give(cmd.CheckFeedback(THANKS, ref), self.senior_but(sender), at)
            case.give(cmd.SendFeedback("phone", THANKS, ref), sender, at)
            at = self.soon(case.now, 1, 20) if self.chance(0.5) else case.now

    def telling_time(self, case: Case) -> dt.datetime:
        due = self.calendar.one_working_day_after(case.referral.asked.received_at)
        if self.chance(0.05) and due >= case.now:
            return due
        if self.chance(0.75):
            return self.soon(case.now, 2, 120)
        return self.days_on(case.now, self.rng.randrange(4))

    def notes(self, case: Case) -> None:
        ids = self.children.ids_for(case.referral.asked.children)
        who = case.referral.lead or SOCIAL_WORKER
        case.give_if_allowed(cmd.ConfirmNotes(ids), who, self.soon(case.now, 1, 90))

    def actions_done(self, case: Case) -> None:
        plan = case.referral.plan
        for index, action in enumerate(plan.actions if plan else ()):
            if self.chance(0.55):
                day = action.due_on + dt.timedelta(days=self.rng.choice((-3, -1, 0, 0, 1, 4)))
                noon = self.calendar.instant(day, dt.time(self.rng.choice((0, 12, 23)), 30))
                case.later(max(noon, case.now), cmd.MarkActionDone(index), MANAGER)

    def wind_up(self, case: Case) -> None:
        """The callers and the notes, or one of them, or nothing yet."""
        if case.referral.state not in (State.OUTCOME_AGREED, State.HANDED_OVER):
            return
        if self.chance(0.93):
            self.tell(case, self.telling_time(case))
            if self.chance(0.9):
                self.notes(case)

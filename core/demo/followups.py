"""Stories of follow-up calls."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.demo import deeds, words
from core.demo.world import Branch, World
from core.followups import actions as followups
from db.codes import Role

UNHAPPY = 0.02
SATURDAY = 5


@dataclass
class FollowUpStory:
    """The call after a case was resolved; an unhappy customer's becomes a complaint."""

    world: World
    branch: Branch
    case_id: int
    trouble: float = 0.0

    def plan(self) -> None:
        """Put the call on the agenda of the day when it is due; some are made late."""
        row = deeds.call_of(self.world, self.case_id)
        if row is None:
            return
        late = self.world.chance(0.03 if self.branch.mood > 9 else 0.1)
        day = row.due_on + timedelta(days=self.world.choose((1, 2)) if late else 0)
        self.world.at(self._moment(day), self._call)

    def _moment(self, day: date) -> datetime:
        # On Saturdays the office closes at noon.
        minutes = self.world.dice.randint(0, 165 if day.weekday() == SATURDAY else 8 * 60)
        return self.world.local(day, time(9, 0)) + timedelta(minutes=minutes)

    def _call(self, at: datetime) -> None:
        if deeds.call_of(self.world, self.case_id) is None:
            return  # the case was opened again meanwhile
        agent = self.world.someone(Role.AGENT, self.branch)
        if self.world.chance(0.1):
            deeds.call(self.world, agent, at, self.case_id, followups.NotReached())
            row = deeds.call_of(self.world, self.case_id)
            if row:
                self.world.at(self._moment(row.due_on), self._call)
            return
        raised = deeds.call(self.world, agent, at, self.case_id, self._answers())
        if raised:
            self.world.complain(self.branch, raised, at)

    def _answers(self) -> followups.RecordAnswers:
        dice, unhappy = self.world.dice, self.world.chance(UNHAPPY * (1 + self.trouble))
        mood = 4.0 if unhappy else self.branch.mood - 0.5 * self.trouble
        mood += 0.4 * self.world.progress(self.world.now)
        scores = {
            question.name: max(0, min(10, round(dice.gauss(mood, 0.8))))
            for question in self.world.norm.survey
        }
        opinions = words.UNHAPPY if unhappy else words.FAIR if self.trouble else words.GLAD
        return followups.RecordAnswers(
            scores=scores,
            opinion=dice.choice(opinions),
            other_needs=dice.choice(words.NEEDS),
            unpaid_reason=words.UNPAID,
        )

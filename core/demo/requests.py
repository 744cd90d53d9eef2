"""Stories of requests that are settled at the desk: consultations, training."""

from dataclasses import dataclass
from datetime import datetime

from core.demo import deeds, words
from core.demo.world import Branch, World
from core.requests import inputs
from db.codes import Channel, RequestKind, Role

SAID = {
    RequestKind.CONSULTATION: words.QUESTIONS,
    RequestKind.TRAINING: words.TRAININGS,
}
AT_ONCE = 0.68
DAY = 450


@dataclass
class DeskStory:
    """A question: answered in the same call, or later by whoever knows."""

    world: World
    branch: Branch
    kind: RequestKind
    case_id: int = 0
    answer: str = ""
    stays_open: bool = False

    def register(self, at: datetime) -> None:
        """The customer asks."""
        consultation = self.kind is RequestKind.CONSULTATION
        symptom, self.answer = self.world.choose(SAID[self.kind])
        at_once = consultation and not self.stays_open and self.world.chance(AT_ONCE)
        facts = {"answer": self.answer, "channel": Channel.HOTLINE} if at_once else {}
        owned = self.world.choose(deeds.some_caller(self.world, self.branch).owned)
        self.case_id = deeds.register_for(
            self.world, at, owned, kind=self.kind, symptom=symptom, **facts
        )
        if at_once or self.stays_open:
            return
        if consultation and self.world.chance(0.25):
            self.world.at(self.world.office_time(at, 12), self._hand_over)
        else:
            usual = 20 if consultation else 0.8 * DAY
            self.world.at(self.world.office_time(at, usual), self._answer)

    def _hand_over(self, at: datetime) -> None:
        expert = self.world.someone(Role.SUPPORT)
        note = words.HANDED_OVER[-1]
        command = inputs.HandOver(owner_id=expert.id or 0, note=note)
        agent = self.world.someone(Role.AGENT, self.branch)
        deeds.act(self.world, agent, at, self.case_id, command)
        self.world.at(self.world.office_time(at, 120), self._answer)

    def _answer(self, at: datetime) -> None:
        role = Role.AGENT if self.world.chance(0.6) else Role.SUPPORT
        who = self.world.someone(role, self.branch if role is Role.AGENT else None)
        deeds.act(self.world, who, at, self.case_id, inputs.Answer(answer=self.answer))

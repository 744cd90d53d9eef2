"""Stories of quality feedback and of suggestions, step by step (C7, S12)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import ClassVar

from core.demo import complaints_after, complaints_told, deeds
from core.demo.catalogue import Model
from core.demo.complaints_told import Defect
from core.demo.followups import FollowUpStory
from core.demo.world import Branch, Owned, World
from core.improvements.actions import PlanImprovement
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor
from core.quality.inputs import Analyse, Assess, CloseFeedback, RecordTest, Solve, TakeSample
from core.suggestions.actions import Adopt, AnswerSuggestion, Decline, PassOn
from db.codes import (
    ImprovementKind,
    MeasureKind,
    QualityStatus,
    RequestKind,
    Role,
    SuggestionStatus,
)
from db.tables import GoodsReturn, QualityFeedback, Suggestion

DAY = 450
QUALITY_CONTROL = "quality_control"


@dataclass
class FileStory:
    """What stands in a file says what is next; staged: at which moments, and where it stops."""

    TABLE: ClassVar[type]

    world: World
    branch: Branch
    until: str = ""
    moments: list[datetime] = field(default_factory=list)
    case_id: int = 0

    def begin(self, at: datetime) -> None:
        """Somebody will take the next step."""
        status = self.row().status
        step = self.steps().get(status)
        if step and status != self.until:
            act, minutes = step
            self.world.at(self._after(at, minutes), partial(self._step, act))

    def row(self) -> QualityFeedback | Suggestion | GoodsReturn:
        """The file as it is now."""
        return deeds.file_of(self.world, self.TABLE, self.case_id)  # type: ignore[no-any-return]

    def steps(self) -> dict[str, tuple[Callable[[datetime], None], float]]:
        """What is next where it stands, and after how many of the office's minutes usually."""
        raise NotImplementedError

    def act(self, actor: Actor, at: datetime, command: Action) -> None:
        """Somebody takes a step."""
        deeds.review(self.world, actor, at, self.row(), command)

    def _step(self, act: Callable[[datetime], None], at: datetime) -> None:
        act(at)
        self.begin(at)

    def _after(self, at: datetime, minutes: float) -> datetime:
        if self.moments:
            return self.moments.pop(0)
        return self.world.office_time(at, minutes * self.world.strain(at))


@dataclass
class QualityStory(FileStory):
    """A quality problem: assessed, sampled, tested, explained, solved, reported."""

    TABLE: ClassVar[type] = QualityFeedback

    batch: str = ""
    model: Model | None = None
    defect: Defect | None = None

    def register(self, at: datetime) -> None:
        """A customer tells of something that looks like a fault of many."""
        told = self._told()
        batch = self.batch or self.world.choose(complaints_told.BATCHES)
        facts = {"kind": RequestKind.QUALITY_FEEDBACK, "symptom": told.said, "batch": batch}
        facts["fault_area"] = told.area
        piece = self._piece()
        self.branch = piece.customer.branch
        self.case_id = deeds.register_for(self.world, at, piece, **facts)
        deeds.acknowledge_soon(self.world, self.branch, self.case_id, at)
        self.begin(at)

    def steps(self) -> dict[str, tuple[Callable[[datetime], None], float]]:
        """The way of C7."""
        return {
            QualityStatus.RECORDED: (self._assess, 100),
            QualityStatus.ASSESSED: (self._sample, 0.6 * DAY),
            QualityStatus.SAMPLED: (self._test, 0.9 * DAY),
            QualityStatus.TESTED: (self._analyse, 0.6 * DAY),
            QualityStatus.ANALYSED: (self._solve, 0.3 * DAY),
            QualityStatus.SOLVED: (self._close, DAY),
        }

    def _assess(self, at: datetime) -> None:
        severity = self.world.weighted((("minor", 0.6), ("major", 0.4)))
        facts = {
            "defect_nature": self._told().nature,
            "severity": severity,
            "case_class": "product_quality",
        }
        self.act(self.world.someone(Role.SUPPORT), at, parse(Assess, facts | {"used_for": "家用"}))

    def _sample(self, at: datetime) -> None:
        command = TakeSample(sample="同批库存整机", sample_quantity=5)
        self.act(self._tester(), at, command)

    def _test(self, at: datetime) -> None:
        facts = {"tested_quantity": 5, "defect_quantity": self.world.dice.randint(1, 4)}
        facts |= {"defect_confirmed": True}
        self.act(
            self._tester(), at, parse(RecordTest, facts | {"test_finding": self._told().finding})
        )

    def _analyse(self, at: datetime) -> None:
        facts = {"cause_kind": self._told().cause_kind, "cause": self._told().finding}
        self.act(self._tester(), at, parse(Analyse, facts | {"department": QUALITY_CONTROL}))

    def _solve(self, at: datetime) -> None:
        told = self._told()
        facts = {"solution": MeasureKind.REPLACE, "solution_note": told.solution}
        facts["answer"] = told.answer
        self.act(self._tester(), at, parse(Solve, facts | {"channel": "hotline"}))
        FollowUpStory(self.world, self.branch, self.case_id, trouble=-1.0).plan()

    def _close(self, at: datetime) -> None:
        told, owner = self._told(), self._tester()
        for kind, measure in (
            (ImprovementKind.CORRECTIVE, told.corrective),
            (ImprovementKind.PREVENTIVE, told.preventive),
        ):
            complaints_after.improve(
                self.world, self.case_id, at, self._plan, measure, owner=owner, kind=kind
            )
        self.act(self._tester(), at, CloseFeedback(report=f"{told.finding}，措施已落实到人"))

    def _plan(self, at: datetime, command: PlanImprovement) -> None:
        self.act(self._tester(), at, command)

    def _told(self) -> Defect:
        if self.defect is None:
            self.defect = self.world.choose(complaints_told.DEFECTS)
        return self.defect

    def _piece(self) -> Owned:
        callers = (each for team in self.world.callers.values() for each in team)
        fitting = [owned for each in callers for owned in each.owned if owned.model is self.model]
        return self.world.choose(fitting or deeds.some_caller(self.world, self.branch).owned)

    def _tester(self) -> Actor:
        return self.world.someone(Role.QUALITY)


@dataclass
class SuggestionStory(FileStory):
    """A suggestion: passed on, adopted or not, answered."""

    TABLE: ClassVar[type] = Suggestion

    adopted: bool = True
    told: tuple[str, str, str] = ("", "", "")

    def register(self, at: datetime) -> None:
        """A customer suggests something."""
        adopted, declined = complaints_told.SUGGESTIONS[:-1], complaints_told.SUGGESTIONS[-1:]
        self.adopted = self.adopted and (bool(self.until) or self.world.chance(0.65))
        self.told = self.world.choose(adopted if self.adopted else declined)
        owned = self.world.choose(deeds.some_caller(self.world, self.branch).owned)
        facts = {"kind": RequestKind.SUGGESTION, "symptom": self.told[0]}
        self.case_id = deeds.register_for(self.world, at, owned, **facts)
        self.begin(at)

    def steps(self) -> dict[str, tuple[Callable[[datetime], None], float]]:
        """The way of S12 and A25."""
        return {
            SuggestionStatus.COLLECTED: (self._pass_on, 60),
            SuggestionStatus.PASSED_ON: (self._decide, 0.7 * DAY),
            SuggestionStatus.ADOPTED: (self._answer, 40),
            SuggestionStatus.DECLINED: (self._answer, 40),
        }

    def _pass_on(self, at: datetime) -> None:
        department = deeds.route_of(self.world, self.case_id)
        self.act(self._agent(), at, PassOn(department=department))

    def _decide(self, at: datetime) -> None:
        command = (Adopt if self.adopted else Decline)(decision=self.told[1])
        self.act(self.world.someone(Role.MANAGER), at, command)

    def _answer(self, at: datetime) -> None:
        facts = {"channel": "hotline", "answer": self.told[2]}
        self.act(self._agent(), at, parse(AnswerSuggestion, facts))

    def _agent(self) -> Actor:
        return self.world.someone(Role.AGENT, self.branch)

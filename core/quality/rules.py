"""The way of quality feedback as a rule table (C7, S11)."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.improvements.actions import PlanImprovement
from core.kernel.unit_of_work import Actor
from core.process.permissions import visible_requests
from core.process.rules import Rule
from core.quality.inputs import (
    Analyse,
    Assess,
    CloseFeedback,
    Recall,
    RecordTest,
    SkipTest,
    Solve,
    TakeSample,
)
from db.codes import QualityStatus
from db.tables import QualityFeedback

RECORDED, ASSESSED = QualityStatus.RECORDED, QualityStatus.ASSESSED
SAMPLED, TESTED = QualityStatus.SAMPLED, QualityStatus.TESTED
ANALYSED, SOLVED = QualityStatus.ANALYSED, QualityStatus.SOLVED
CLOSED, WITHDRAWN = QualityStatus.CLOSED, QualityStatus.WITHDRAWN
NEW, TRIED, EXPLAINED = frozenset({RECORDED}), frozenset({TESTED}), frozenset({ANALYSED})
TO_TEST = frozenset({ASSESSED, SAMPLED})
# Its gravity is known, and the customer has no answer yet.
RUNNING = TO_TEST | TRIED | EXPLAINED
UNTOLD = NEW | RUNNING
OPEN = UNTOLD | {SOLVED}

READ, ASSESSES, HANDLES = "quality:read", "quality:assess", "quality:handle"
RECALLS, IMPROVES = "quality:recall", "improvement:plan"

RULES = (
    Rule("assessed", Assess, NEW, ASSESSED, ASSESSES, "C7"),
    Rule("sampled", TakeSample, frozenset({ASSESSED}), SAMPLED, HANDLES, "C7"),
    Rule("tested", RecordTest, frozenset({SAMPLED}), TESTED, HANDLES, "C7"),
    Rule("test_skipped", SkipTest, TO_TEST, TESTED, HANDLES, "C7"),
    Rule("analysed", Analyse, TRIED, ANALYSED, HANDLES, "S11"),
    Rule("solved", Solve, EXPLAINED, SOLVED, HANDLES, "C7"),
    Rule("improved", PlanImprovement, EXPLAINED | {SOLVED}, None, IMPROVES, "C7"),
    Rule("closed", CloseFeedback, frozenset({SOLVED}), CLOSED, HANDLES, "C7"),
    # What turned out otherwise is put right on the way, each time as a fact of its own.
    Rule("sampled", TakeSample, TRIED, SAMPLED, HANDLES, "C7"),
    Rule("analysed", Analyse, EXPLAINED, None, HANDLES, "S11"),
    Rule("assessed", Assess, RUNNING, None, ASSESSES, "C7"),
    Rule("recalled", Recall, RUNNING | {SOLVED}, None, RECALLS, "A27"),
    Rule("recorded", None, NEW, RECORDED, "request:register", "C7"),
    Rule("withdrawn", None, UNTOLD, WITHDRAWN, "request:cancel", "E16"),
)


def select_visible(actor: Actor) -> Select[QualityFeedback]:
    """The quality feedback of the cases that the actor may see, each with its case."""
    return (
        select(QualityFeedback)
        .join(QualityFeedback.request)
        .where(visible_requests(actor))
        .options(contains_eager(QualityFeedback.request))
    )

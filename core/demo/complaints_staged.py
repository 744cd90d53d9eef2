"""Complaints, quality feedback and suggestions that stand at every step at this very hour."""

from datetime import datetime
from functools import partial
from itertools import cycle

from core.complaints.inputs import Merge
from core.demo import complaints_after, complaints_told, deeds
from core.demo.catalogue import AIR, MODELS
from core.demo.complaints import ComplaintStory, Plot
from core.demo.quality import QualityStory, SuggestionStory
from core.demo.world import BRANCHES, World, fresh
from db.codes import ComplaintStatus, QualityStatus, Role, SuggestionStatus
from db.tables import ServiceRequest

S = ComplaintStatus
# Hours ago, of the twelve of a day in which people ring, and what is told. A day's work comes
# between the steps; those of the last rows were closed weeks ago.
COMPLAINTS = (
    (1.5, Plot(complaints_told.LATE_VISIT, S.RECORDED)),
    (30, Plot(complaints_told.RUDE, S.RECORDED)),
    (6, Plot(complaints_told.LEAKS_AGAIN, S.JUDGED)),
    (20, Plot(complaints_told.DENTED, S.ASSIGNED)),
    (52, Plot(complaints_told.WALL, S.ASSIGNED)),
    (26, Plot(complaints_told.NOISY, S.INVESTIGATED)),
    (24, Plot(complaints_told.PRICE, S.PROPOSED)),
    (31, Plot(complaints_told.FLOODED, S.PROPOSED)),
    (28, Plot(complaints_told.SMELL, S.APPROVED)),
    (34, Plot(complaints_told.CONTRACT, S.NOTIFIED)),
    (58, Plot(complaints_told.LEAKS_AGAIN, S.PENALISED, penalty=True, appealed=True)),
    (70, Plot(complaints_told.WALL, S.ASSIGNED, level=1)),
    (15, Plot(complaints_told.WRONG_USE, S.CLOSED, unfounded=True)),
    (90, Plot(complaints_told.NO_CALL_BACK, S.CLOSED, improvement=complaints_after.PLANNED)),
    (170, Plot(complaints_told.DENTED, S.CLOSED, improvement=complaints_after.LATE)),
    (250, Plot(complaints_told.LATE_VISIT, S.CLOSED, improvement=complaints_after.EFFECTIVE)),
)
# How many steps lead there.
WAY = (
    *(S.RECORDED, S.JUDGED, S.ASSIGNED, S.INVESTIGATED, S.PROPOSED, S.APPROVED, S.NOTIFIED),
    *(S.PENALISED, S.CLOSED),
)
ROUND = WAY.index(S.NOTIFIED) - WAY.index(S.ASSIGNED)
# Closed soon, so that what comes of it has its time.
SWIFT = 60.0
FEEDBACK = (
    (4, QualityStatus.RECORDED),
    (14, QualityStatus.ASSESSED),
    (24, QualityStatus.SAMPLED),
    (34, QualityStatus.TESTED),
    (44, QualityStatus.ANALYSED),
    (56, QualityStatus.SOLVED),
)
# So many of the last ones are about one batch of one model.
OF_ONE_BATCH = 3
OF_THE_BATCH = next(model for model in MODELS if model.category == AIR)
# The number of steps comes last.
SUGGESTED = (
    (5, SuggestionStatus.COLLECTED, 0),
    (12, SuggestionStatus.PASSED_ON, 1),
    (20, SuggestionStatus.ADOPTED, 2),
    (22, SuggestionStatus.DECLINED, 2),
    (50, SuggestionStatus.ANSWERED, 3),
)


def set_scene(world: World) -> None:
    """Put on the agenda what is reviewed when people sign in."""
    for place, (hours, plot) in enumerate(COMPLAINTS):
        _complaint(world, place, hours, plot)
    _twice(world)
    for place, (hours, step) in enumerate(FEEDBACK):
        _feedback(world, place, hours, step)
    for branch, (hours, standing, steps) in zip(cycle(BRANCHES), SUGGESTED, strict=False):
        story = SuggestionStory(world, branch, standing, spread(world, hours, steps))
        story.adopted = standing is not SuggestionStatus.DECLINED
        world.at(world.earlier(world.now, hours), story.register)


def _complaint(world: World, place: int, hours: float, plot: Plot) -> None:
    branch = BRANCHES[place % len(BRANCHES)]
    steps = 1 if plot.unfounded else WAY.index(plot.until) + plot.level * ROUND
    swift = SWIFT if hours > 2 * SWIFT else hours
    moments = spread(world, hours, steps, swift)
    story = ComplaintStory(world, branch, plot=plot, moments=moments)
    world.at(world.earlier(world.now, hours), story.register)


def spread(world: World, hours: float, steps: int, within: float | None = None) -> list[datetime]:
    """So many moments, evenly after the contact; the last one is some time before now."""
    each = (within or hours) / (steps + 1)
    return [world.earlier(world.now, hours - each * n) for n in range(1, steps + 1)]


def _twice(world: World) -> None:
    """A customer complains twice about the same: the second one is merged into the first."""
    branch = BRANCHES[0]
    first = ComplaintStory(world, branch, plot=Plot(complaints_told.LATE_PARCEL, S.JUDGED))
    first.moments = spread(world, 9, 1)
    world.at(world.earlier(world.now, 9), first.register)
    world.at(world.earlier(world.now, 3), partial(_again, world, first))


def _again(world: World, first: ComplaintStory, at: datetime) -> None:
    known = fresh(world, ServiceRequest, first.case_id)
    facts = {"kind": known.kind, "symptom": known.symptom, "fault_area": known.fault_area}
    whom = {"customer_id": known.customer_id, "asset_id": known.asset_id}
    second = ComplaintStory(world, first.branch, plot=Plot(first.told(), S.RECORDED))
    second.case_id = deeds.register(world, at, first.branch, **facts, **whom)
    world.at(world.earlier(world.now, 2), partial(_merge, second, known.number))


def _merge(story: ComplaintStory, number: str, at: datetime) -> None:
    story.act(story.free(Role.HANDLER, Role.QUALITY), at, Merge(number=number))


def _feedback(world: World, place: int, hours: float, step: QualityStatus) -> None:
    branch = BRANCHES[place % len(BRANCHES)]
    story = QualityStory(world, branch, step, spread(world, hours, place))
    if place >= len(FEEDBACK) - OF_ONE_BATCH:
        story.batch, story.defect = complaints_told.SHARED_BATCH, complaints_told.DEFECTS[0]
        story.model = OF_THE_BATCH
    world.at(world.earlier(world.now, hours), story.register)

"""The contacts of each day: when, where and what for."""

from datetime import date, datetime, time, timedelta

from core.demo.complaints import ComplaintStory
from core.demo.jobs import some_site_story
from core.demo.quality import QualityStory, SuggestionStory
from core.demo.requests import SAID, DeskStory
from core.demo.returns import ReturnStory
from core.demo.world import BRANCHES, World
from db.codes import RequestKind

KINDS = (
    *((RequestKind.REPAIR, 0.505), (RequestKind.INSTALLATION, 0.14)),
    *((RequestKind.CLEANING, 0.10), (RequestKind.PARTS, 0.035)),
    *((RequestKind.CONSULTATION, 0.125), (RequestKind.COMPLAINT, 0.04)),
    *((RequestKind.QUALITY_FEEDBACK, 0.004), (RequestKind.RETURN, 0.018)),
    *((RequestKind.SUGGESTION, 0.015), (RequestKind.TRAINING, 0.01)),
)
OWN_WAYS: dict[RequestKind, type[ComplaintStory | QualityStory | SuggestionStory | ReturnStory]] = {
    RequestKind.COMPLAINT: ComplaintStory,
    RequestKind.QUALITY_FEEDBACK: QualityStory,
    RequestKind.SUGGESTION: SuggestionStory,
    RequestKind.RETURN: ReturnStory,
}
# From Monday to Sunday.
WEEK = (1.25, 1.1, 1.05, 1.0, 1.05, 0.85, 0.7)
FIRST, LAST = time(8, 0), time(19, 45)


def fill(world: World, per_day: float) -> None:
    """Put the first contact of every story on the agenda."""
    # An unhappy call is where the story of a complaint begins, or goes on.
    world.complain = lambda branch, case_id, at: ComplaintStory(world, branch, case_id).begin(at)
    day, last = world.day(world.start), world.day(world.now)
    while day <= last:
        for at in _moments(world, day, per_day):
            if at >= world.start:
                _plan(world, at)
        day += timedelta(days=1)


def _moments(world: World, day: date, per_day: float) -> list[datetime]:
    expected = per_day * WEEK[day.weekday()] * world.dice.uniform(0.75, 1.25)
    count = int(expected + world.dice.random())
    begin, end = world.local(day, FIRST), world.local(day, LAST)
    # Most people ring in the morning.
    return [begin + (end - begin) * world.dice.betavariate(1.5, 2.1) for _ in range(count)]


def _plan(world: World, at: datetime) -> None:
    branch = world.weighted((each, each.share) for each in BRANCHES)
    kind = world.weighted(KINDS)
    if kind in SAID:
        world.at(at, DeskStory(world, branch, kind).register)
    elif kind in OWN_WAYS:
        world.at(at, OWN_WAYS[kind](world, branch).register)
    else:
        # What the story is about is chosen when it begins: customers come and go until then.
        world.at(at, lambda when: some_site_story(world, branch, kind).register(when))

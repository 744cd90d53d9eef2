"""Returns and exchanges that stand at every step at this very hour (C8)."""

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from core.demo import deeds, founding, returns_after, returns_told
from core.demo.catalogue import MODELS
from core.demo.complaints_staged import SWIFT, spread
from core.demo.returns import ReturnStory
from core.demo.world import BRANCHES, World
from db.codes import ReturnStatus

S = ReturnStatus
BARE: dict[str, Any] = {"bare": True}
# Hours ago, of the twelve of a day in which people ring; where it stands; what is told; what is
# special. A day's work comes between the steps; those of the last rows were closed weeks ago.
RETURNS: tuple[tuple[float, S, returns_told.Regret, dict[str, Any]], ...] = (
    (2, S.APPLIED, returns_told.WARM, BARE),
    (5, S.APPLIED, returns_told.TIRED, {}),
    (18, S.APPLIED, returns_told.FLICKERS, {"beside": returns_told.TIRED}),
    (9, S.APPLIED, returns_told.CHANGED_MIND, {"last": ReturnStory.ask}),
    (16, S.SCREENED, returns_told.NO_FAULT, {}),
    (44, S.SCREENED, returns_told.TRIED, BARE),
    (26, S.INSPECTED, returns_told.FLICKERS, {}),
    (38, S.INSPECTED, returns_told.THREE_LEAK, {}),
    (6, S.INSPECTED, returns_told.CHANGED_MIND, {}),
    (30, S.APPROVED, returns_told.SMALLER, {}),
    (34, S.REFUSED, returns_told.NO_FAULT, {}),
    (46, S.APPEALED, returns_told.NO_FAULT, {}),
    (40, S.AWAITED, returns_told.TOO_WIDE, {}),
    (190, S.AWAITED, returns_told.CHANGED_MIND, {"last": returns_after.remind}),
    (62, S.RECEIVED, returns_told.THREE_LEAK, {}),
    (66, S.TESTED, returns_told.WARM, {}),
    (70, S.STORED, returns_told.FLICKERS, {"last": returns_after.send_replacement}),
    (80, S.SETTLED, returns_told.WARM, {}),
    (76, S.REFUNDED, returns_told.SMALLER, {}),
    (84, S.TOLD, returns_told.TRIED, {}),
    (24, S.SCREENED, returns_told.TOO_WIDE, {"last": ReturnStory.cancel}),
    (200, S.CLOSED, returns_told.FLICKERS, {}),
    (280, S.CLOSED, returns_told.THREE_LEAK, {}),
)
# How many steps lead there at most; the moments that are left over do no harm.
WAY = (
    *(S.APPLIED, S.SCREENED, S.INSPECTED, S.APPROVED, S.AWAITED, S.RECEIVED, S.TESTED),
    *(S.STORED, S.SETTLED, S.REFUNDED, S.TOLD, S.CLOSED),
)
STEPS = {status: place + 1 for place, status in enumerate(WAY)} | {S.REFUSED: 4, S.APPEALED: 5}


def set_scene(world: World) -> None:
    """Put on the agenda what stands at each step, and what was sold lately and may come back."""
    for branch, (hours, standing, regret, special) in zip(cycle(BRANCHES), RETURNS, strict=False):
        swift = SWIFT if hours > 2 * SWIFT else hours
        story = ReturnStory(world, branch, standing, regret=regret, **special)
        story.moments = spread(world, hours, STEPS[standing], swift)
        world.at(world.earlier(world.now, hours), story.register)
    world.at(world.earlier(world.now, 3), lambda at: _sell(world, at))


def _sell(world: World, at: datetime) -> None:
    for days, branch in enumerate(BRANCHES, 2):
        on = world.day(at) - timedelta(days=days)
        model = world.choose(MODELS)
        serial = founding.new_serial(world, model, on)
        caller = deeds.some_caller(world, branch)
        founding.write_invoice(world, at, caller, model, on=on, serial=serial, online=days > 3)

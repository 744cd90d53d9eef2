"""Stories of requests that a technician is sent for, from the contact to the last visit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.demo import billing, deeds, jobs_detours, words
from core.demo.catalogue import MODELS, faults_of
from core.demo.followups import FollowUpStory
from core.demo.story import Pause, Story
from core.demo.world import Branch, World
from core.jobs import actions as jobs
from core.jobs.report import FinishJob
from core.jobs.ticks import Tick
from core.jobs.unfinished import EndVisit
from core.jobs.visits import Arrive
from core.kernel.inputs import parse
from core.requests import inputs
from db.codes import JobResult, RequestKind, Role, SymptomFound, VisitOutcome

REPAIR, INSTALLATION = RequestKind.REPAIR, RequestKind.INSTALLATION
CLEANING, PARTS = RequestKind.CLEANING, RequestKind.PARTS
ASKED = {
    INSTALLATION: words.INSTALLATIONS,
    CLEANING: words.CLEANINGS,
    PARTS: words.PARTS_ASKED,
}
DONE = {
    INSTALLATION: words.INSTALLED,
    CLEANING: words.CLEANED,
    PARTS: words.PARTS_BROUGHT,
}
REPAIR_RESULTS = (
    *((JobResult.FIXED, 0.91), (JobResult.ADVISED, 0.03)),
    *((JobResult.NO_FAULT_FOUND, 0.04), (JobResult.NOT_REPAIRABLE, 0.02)),
)
MOST_VISITS = 3
HEIGHT = "height_work"
Wait = Callable[[Story, datetime], None]
# A day of work in the office's minutes.
DAY = 450


class SiteStory(Story):
    """A repair, an installation, a cleaning, or a part that is brought."""

    def register(self, at: datetime) -> None:
        """The customer asks."""
        facts: dict[str, Any] = {"kind": self.kind, "symptom": self._symptom()}
        if self.fault:
            facts["fault_area"] = self.fault.area
        # Nobody is sent to install or to clean before it is known when that suits.
        if self.happens(0.4) or self.kind in (INSTALLATION, CLEANING):
            facts |= deeds.wanted(self.world, at)
            self.earliest = facts["wanted_from"]
        if self.owned:
            self.case_id = deeds.register_for(self.world, at, self.owned, **facts)
        else:
            self._register_new(at, facts)
        self._after_registration(at)

    def _register_new(self, at: datetime, facts: dict[str, Any]) -> None:
        caller = deeds.some_caller(self.world, self.branch) if self.world.chance(0.4) else None
        model = self.model or self.world.choose(MODELS)
        self.case_id, self.owned = deeds.register_new(
            self.world, at, self.branch, model=model, caller=caller, **facts
        )

    def _after_registration(self, at: datetime) -> None:
        world = self.world
        if self.happens(0.06):
            world.at(world.office_time(at, 30), partial(jobs_detours.remark, self))
        if self.happens(0.04):
            world.at(world.office_time(at, 60), partial(jobs_detours.cancel, self))
        elif self.kind is REPAIR and self.happens(0.09):
            world.at(world.office_time(at, 40), partial(jobs_detours.guide, self))
        else:
            self.next("register", "dispatch", self.soon(at, self.branch.haste), self._dispatch)

    def _dispatch(self, at: datetime) -> None:
        dispatcher = self.world.someone(Role.DISPATCHER, self.branch)
        if self.happens(0.03):
            jobs_detours.give_away(self, at)
        if self.happens(0.03):
            jobs_detours.show_goodwill(self, at)
        self.technician = self.somebody()
        command = inputs.Dispatch(
            technician_id=self.technician.id or 0,
            instructions=self.world.choose(words.INSTRUCTIONS),
        )
        deeds.act(self.world, dispatcher, at, self.case_id, command)
        if self.happens(0.02):
            self.world.at(self.world.office_time(at, 15), self._withdraw)
        else:
            self._after_dispatch(at)

    def _withdraw(self, at: datetime) -> None:
        jobs_detours.withdraw(self, at)
        self.world.at(self.world.office_time(at, 40), self._dispatch)

    def _after_dispatch(self, at: datetime) -> None:
        if self.happens(0.03):
            jobs_detours.reassign(self, at)
        self.next("dispatch", "agree", self.soon(at, 70), self._agree)

    def _agree(self, at: datetime) -> None:
        self.window = self.find_window(at + timedelta(minutes=20))
        begin, end = self.window
        self.work(at, jobs.AgreeVisit(agreed_from=begin, agreed_to=end))
        notice = max(at + timedelta(minutes=2), self.world.notice(begin))
        if self.happens(0.02):
            self.world.at(notice, partial(jobs_detours.cancel, self))
        elif self.happens(0.07) and notice < begin:
            self.world.at(notice, self._move)
        else:
            self.next("agree", "arrive", self.arrival(at), self._arrive)

    def _move(self, at: datetime) -> None:
        self.earliest = None
        self.window = begin, end = self.find_window(at + timedelta(hours=5))
        note = self.world.choose(words.MOVED)
        self.work(at, jobs.MoveVisit(agreed_from=begin, agreed_to=end, note=note))
        self.trouble += 0.5
        self.next("agree", "arrive", self.arrival(at), self._arrive)

    def _arrive(self, at: datetime) -> None:
        self.work(at, Arrive())
        # Whoever stands there now has still to tell the price.
        if self.script is None or self.script.until != "arrive":
            billing.tell_price(self.world, at, self.worker(), self.case_id, self.fault)
        self.visits += 1
        if at > self.agreed()[1]:
            self.trouble += 1.5
        stay = timedelta(minutes=self.world.dice.randint(25, 105))
        self.next("arrive", "finish", at + stay, self._finish if self._solved() else self._leave)

    def _solved(self) -> bool:
        if self.script:
            return self.script.pause is None
        return self.visits >= MOST_VISITS or self.world.chance(self.branch.first_time)

    def _leave(self, at: datetime) -> None:
        self.trouble += 1.0
        pause = self._pause()
        nobody_in = pause == "customer" or (pause is None and self.happens(0.3))
        outcome = VisitOutcome.NO_ACCESS if nobody_in else VisitOutcome.UNFINISHED
        notes = words.NO_ACCESS if nobody_in else words.UNFINISHED
        note = words.LACKS_PART if pause == "part" else self.world.choose(notes)
        self.work(at, EndVisit(outcome=outcome, note=note))
        if pause:
            wait = partial(self._wait, jobs_detours.WAITS[pause])
            self.next("leave", "wait", at + timedelta(minutes=6), wait)
        else:
            self.next("leave", "agree", self.soon(at, 120), self._agree)

    def _pause(self) -> Pause | None:
        if self.script:
            return self.script.pause
        return self.world.weighted((("part", 0.55), ("customer", 0.12), (None, 0.33)))

    def _wait(self, wait: Wait, at: datetime) -> None:
        wait(self, at)
        self.next("wait", "resume", self.world.office_time(at, 2 * DAY), self._resume)

    def _resume(self, at: datetime) -> None:
        jobs_detours.resume(self, at)
        self.next("resume", "agree", self.soon(at, 90), self._agree)

    def _finish(self, at: datetime) -> None:
        self._tick(at)
        self.work(at, parse(FinishJob, self._report()))
        billing.collect(self.world, at, self.worker(), self.case_id)
        if self.script and self.script.until == "finish":
            return
        FollowUpStory(self.world, self.branch, self.case_id, self.trouble).plan()
        self._maybe_again(at)

    def _tick(self, at: datetime) -> None:
        """What was done of the check-lists; work at height is seldom any."""
        for each in self.world.norm.lists_of(self.kind):
            if each.name != HEIGHT:
                self.work(at, Tick(check_list=each.name, items=[*each.names]))

    def _maybe_again(self, at: datetime) -> None:
        if not self.fault or not self.owned:
            return
        weak = self.owned.model.weak is self.fault.area
        if self.world.chance(0.45 if weak else 0.04):
            again = SiteStory(self.world, self.branch, REPAIR, owned=self.owned, fault=self.fault)
            later = self.world.office_time(at + timedelta(days=self.world.dice.randint(6, 60)), 60)
            self.world.at(later, again.register)

    def _report(self) -> dict[str, Any]:
        fault = self.fault
        report: dict[str, Any] = {
            "result": self.world.weighted(REPAIR_RESULTS) if fault else JobResult.INSTALLED,
            "symptom_found": SymptomFound.AS_TOLD if fault else None,
            "cause": fault.cause if fault else words.ORDERED,
            "work_done": fault.work if fault else self.world.choose(DONE[self.kind]),
            "parts": f"{fault.part} ×1" if fault and fault.part else "",
            "unticked_reason": words.NOT_AT_HEIGHT,
            "confirmed_by": self.owned.customer.contact if self.owned else words.CUSTOMER,
        }
        return report

    def _symptom(self) -> str:
        return self.fault.symptom if self.fault else self.world.choose(ASKED[self.kind])


def some_site_story(world: World, branch: Branch, kind: RequestKind) -> SiteStory:
    """A story of a kind: about a product in the archive, or about a new one."""
    story = SiteStory(world, branch, kind)
    if kind is INSTALLATION or world.chance(0.08):
        story.model = model = world.choose(MODELS)
    else:
        story.owned = world.choose(deeds.some_caller(world, branch).owned)
        model = story.owned.model
    if kind is REPAIR:
        story.fault = world.choose(faults_of(model))
    return story

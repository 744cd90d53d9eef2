"""The contacts of two years, one after the other: who calls, about what, and what comes of it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp
from random import Random
from typing import TypeVar

from benchmarks import courses, returns, reviews, words
from benchmarks.cases import Case, Town
from benchmarks.people import Caller, Callers
from benchmarks.sheets import Row
from core.requests.intake import decide_charge
from core.requests.lists import SITE_KINDS
from db.codes import Channel, FaultArea, Priority, RequestKind, RequestStatus, Role

DrawnT = TypeVar("DrawnT")

DAYS = 730
FIRST_REVISION = 1
# Of the last day's cases this share stands still, and fewer of the older ones: about three in a
# hundred of all cases are open, whatever their number.
BACKLOG, FADING_DAYS = 0.9, 22.0

KINDS = {
    RequestKind.REPAIR: 45,
    RequestKind.CONSULTATION: 19,
    RequestKind.INSTALLATION: 12,
    RequestKind.CLEANING: 8,
    RequestKind.PARTS: 4,
    RequestKind.COMPLAINT: 3,
    RequestKind.QUALITY_FEEDBACK: 2,
    RequestKind.RETURN: 3,
    RequestKind.SUGGESTION: 2,
    RequestKind.TRAINING: 2,
}
# For the queue of complaints: nothing else, of which two in a hundred are still open.
COMPLAINTS_ONLY, COMPLAINTS_BACKLOG = {RequestKind.COMPLAINT: 1}, 0.5
CHANNELS = {
    Channel.HOTLINE: 62,
    Channel.ONLINE: 20,
    Channel.COUNTER: 6,
    Channel.EMAIL: 4,
    Channel.BRANCH: 4,
    Channel.ON_SITE: 2,
    Channel.LETTER: 1,
    Channel.INSPECTION: 1,
}
PRIORITIES = {Priority.NORMAL: 92, Priority.URGENT: 7, Priority.CRITICAL: 1}
FAULTS = dict(zip(words.TROUBLES, (14, 12, 13, 34, 14, 3, 4, 6), strict=True))
WEEKDAYS = (12, 10, 10, 10, 10, 7, 5)
HOURS = dict(zip(range(8, 21), (6, 12, 13, 11, 6, 8, 11, 11, 10, 7, 4, 3, 2), strict=True))
# Somebody listens while the customer speaks; the other channels are read a little later.
SPOKEN = frozenset({Channel.HOTLINE, Channel.COUNTER, Channel.ON_SITE})
OF_CUSTOMER = ("phone", "address", "station_id")


def moments(town: Town, cases: int, first: date) -> list[datetime]:
    """When the contacts come: more on Mondays and before noon, more from year to year."""
    days = [first + timedelta(days=n) for n in range(DAYS)]
    weights = [WEEKDAYS[day.weekday()] * (1 + n / DAYS / 3) for n, day in enumerate(days)]
    random, zone = town.random, town.zone
    return sorted(
        datetime.combine(day, time(_draw(random, HOURS)), zone)
        + timedelta(seconds=random.randrange(3600))
        for day in random.choices(days, weights, k=cases)
    )


class Contacts:
    """Takes one contact after the other and follows what comes of it."""

    def __init__(
        self, town: Town, callers: Callers, until: datetime, *, only_complaints: bool = False
    ) -> None:
        self.town, self.callers, self.until = town, callers, until
        self.kinds = COMPLAINTS_ONLY if only_complaints else KINDS
        self.backlog = COMPLAINTS_BACKLOG if only_complaints else BACKLOG
        self.numbers: Counter[str] = Counter()
        # Complaints that unhappy answers raise: when, in which order, from which case.
        self.raised: list[tuple[datetime, int, Case]] = []
        self.order = count()

    def take(self, at: datetime) -> None:
        """The next contact: a complaint that a follow-up call raised before now, or a new one."""
        if self.raised and self.raised[0][0] <= at:
            at, _, origin = heappop(self.raised)
            self._complaint(at, origin)
        else:
            self._contact(at)
        if self.town.sheets.is_full:
            self.town.sheets.write()

    def _contact(self, at: datetime) -> None:
        random, caller = self.town.random, self.callers.next(at)
        kind = _draw(random, self.kinds)
        request = self._request(at, kind, _draw(random, CHANNELS), _facts(caller))
        request["charge"], request["charge_reason"] = decide_charge(
            self.town.norm, kind, caller.asset["warranty_until"], self._day(at)
        )
        request["priority"] = _draw(random, PRIORITIES)
        if kind in SITE_KINDS and random.random() < 0.3:
            opens = datetime.combine(self._day(at) + timedelta(days=1), time(9), self.town.zone)
            request |= {"wanted_from": opens, "wanted_to": opens + timedelta(hours=3)}
        part = random.choice(words.PARTS[caller.product["category"]])
        request["symptom"], request["fault_area"] = _trouble(random, kind, caller, part)
        case = Case(self.town, request, part)
        case.product_id = caller.product["id"]
        self._follow(case, "")

    def _complaint(self, at: datetime, origin: Case) -> None:
        first = origin.request
        same = ("customer_id", "asset_id", "contact", *OF_CUSTOMER)
        facts = {name: first[name] for name in same} | {"origin_id": first["id"]}
        facts["symptom"] = f"回访不满意：{first['symptom']}"
        request = self._request(at, RequestKind.COMPLAINT, Channel.HOTLINE, facts)
        note = f"{first['number']} · {origin.unhappy:g}/10"
        case = Case(self.town, request, origin.part)
        case.about_id = origin.technician
        self._follow(case, note)

    def _request(self, at: datetime, kind: RequestKind, channel: Channel, facts: Row) -> Row:
        random = self.town.random
        late = 0 if channel in SPOKEN else random.uniform(0, 0.8)
        registered = at + timedelta(hours=late)
        charge, reason = decide_charge(self.town.norm, kind, None, self._day(at))
        blank = dict.fromkeys(("wait_reason", "resolved_at", "closed_at", "fault_area"))
        blank |= dict.fromkeys(("wanted_from", "wanted_to", "origin_id"))
        return self.town.sheets.add(
            "requests",
            **blank | facts,
            version=1,
            number=self._number(registered),
            named=[],
            kind=kind,
            status=RequestStatus.REGISTERED,
            channel=channel,
            priority=Priority.NORMAL,
            owner_id=random.choice(self.town.staff[facts["station_id"]][Role.AGENT]),
            revision_id=FIRST_REVISION,
            case_class="",
            charge=charge,
            charge_reason=reason,
            answer="",
            received_at=at,
            registered_at=registered,
        )

    def _follow(self, case: Case, note: str) -> None:
        case.register(note)
        reviews.open_file(case)
        returns.open_file(case)
        age = (self.until - case.at) / timedelta(days=1)
        stays = case.random.random() < self.backlog * exp(-age / FADING_DAYS)
        steps = {"steps": courses.backlog_steps(case)} if stays else {}
        case.play(courses.until_resolved(case, backlog=stays), self.until, **steps)
        # A customer who has the answer is called, whatever the review still has to do.
        while case.request["resolved_at"]:
            if not case.play(courses.until_closed(case), self.until) or not case.unhappy:
                break
            if not reviews.may_reopen(case):
                break
            case.unhappy = None
            case.play(reviews.reopen(case, case.owner), self.until)
        if case.unhappy is not None:
            heappush(self.raised, (case.at, next(self.order), case))
        case.file_limits()

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.town.zone).date()

    def _number(self, at: datetime) -> str:
        series = f"SR{self._day(at):%y%m%d}"
        self.numbers[series] += 1
        return f"{series}-{self.numbers[series]:04d}"


def _facts(caller: Caller) -> Row:
    customer = caller.customer
    facts = {name: customer[name] for name in OF_CUSTOMER}
    facts["contact"] = customer["contact"] or customer["name"]
    return facts | {"customer_id": customer["id"], "asset_id": caller.asset["id"], "symptom": ""}


def _trouble(
    random: Random, kind: RequestKind, caller: Caller, part: str
) -> tuple[str, FaultArea | None]:
    # Half of all complaints are about the product, the others about the service.
    about_product = kind is RequestKind.COMPLAINT and random.random() < 0.5
    area = _draw(random, FAULTS) if kind is RequestKind.REPAIR or about_product else None
    said = random.choice(words.TROUBLES[area] if area else words.WISHES[kind])
    if kind is RequestKind.COMPLAINT and not about_product:
        area = FaultArea.SERVICE
    return said.format(p=caller.product["category"], c=part), area


def _draw(random: Random, weights: Mapping[DrawnT, int]) -> DrawnT:
    drawn = random.random() * sum(weights.values())
    for each, weight in weights.items():
        drawn -= weight
        if drawn < 0:
            return each
    return each

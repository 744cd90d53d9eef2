"""The rows that a batch of new cases becomes: written in bulk, chained like any other history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select

from core import history, numbers, working_time
from core.imports.archive import Fresh, Placed
from core.imports.story import Step, Story, limit_rows, tell
from core.inputs import digits
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.requests.intake import decide_charge
from core.unit_of_work import UnitOfWork
from db.base import Base
from db.codes import FollowUpStatus
from db.tables import Asset, Customer, FollowUp, History, Limit, Product, ServiceRequest

Row = dict[str, Any]


@dataclass(slots=True)
class _Line:
    """A history row before it is written; a mapped one costs ten times as much to make."""

    subject: str
    subject_id: int
    action: str
    at: datetime
    case_id: int | None = None
    old: str | None = None
    new: str | None = None
    actor_id: int | None = None
    note: str = ""
    data: Row = field(default_factory=dict)
    sequence: int = 1
    previous_hash: str = ""
    hash: str = ""

    def row(self) -> Row:
        return {name: getattr(self, name) for name in _Line.__slots__}


@dataclass(frozen=True, slots=True)
class _Case:
    """A placed draft with the rule book that judges it."""

    placed: Placed
    story: Story
    norm: Norm
    day: date
    row: Row


class Writer:
    """Writes batches of new cases, with everything that belongs to them."""

    def __init__(self, uow: UnitOfWork, *, source: str, run_id: int) -> None:
        self.uow = uow
        self.source = source
        self.run_id = run_id
        self._norms: dict[date, tuple[int, Norm]] = {}

    def write(self, placed: Sequence[Placed], fresh: Fresh) -> None:
        """One batch: its products, customers and pieces first, then its cases."""
        self._write_archive(fresh)
        cases = self._cases(placed)
        ids = self._insert(ServiceRequest, [case.row for case in cases])
        lines = [
            line for case, id in zip(cases, ids, strict=True) for line in self._lines(case, id)
        ]
        limits = [
            row | {"request_id": id}
            for case, id in zip(cases, ids, strict=True)
            for row in limit_rows(
                case.placed.draft,
                case.story,
                case.norm,
                now=self.uow.now,
                zone=self.uow.actor.zone,
            )
        ]
        self._add(Limit, limits)
        self._add(History, [line.row() for line in lines + self._calls(cases, ids)])

    def _write_archive(self, fresh: Fresh) -> None:
        products = [_product_row(entry.key, entry.warranty_months) for entry in fresh.products]
        for product, id in zip(fresh.products, self._insert(Product, products), strict=True):
            product.id = id
        customers = [
            self._customer_row(entry.key, entry.draft, entry.station_id)
            for entry in fresh.customers
        ]
        for customer, id in zip(fresh.customers, self._insert(Customer, customers), strict=True):
            customer.id = id
        assets = [_asset_row(entry) for entry in fresh.assets]
        for asset, id in zip(fresh.assets, self._insert(Asset, assets), strict=True):
            asset.id = id
        added = [("customer", entry.id) for entry in fresh.customers]
        added += [("asset", entry.id) for entry in fresh.assets]
        lines = [line for subject, id in added if id for line in self._added(subject, id)]
        self._add(History, [line.row() for line in lines])

    def _cases(self, placed: Sequence[Placed]) -> list[_Case]:
        zone = self.uow.actor.zone_info
        days = [each.draft.received_at.astimezone(zone).date() for each in placed]
        next_number = {
            day: numbers.next_value(self.uow.session, _series(day), count) - count
            for day, count in Counter(days).items()
        }
        cases = []
        for each, day in zip(placed, days, strict=True):
            next_number[day] += 1
            revision_id, norm = self._norm(day)
            story = tell(each.draft, norm)
            row = self._case_row(each, story, norm, day)
            row |= {"number": f"{_series(day)}-{next_number[day]:04d}", "revision_id": revision_id}
            cases.append(_Case(each, story, norm, day, row))
        return cases

    def _norm(self, day: date) -> tuple[int, Norm]:
        if day not in self._norms:
            revision = in_force(self.uow, day)
            self._norms[day] = revision.id, norm_of(revision)
        return self._norms[day]

    def _case_row(self, placed: Placed, story: Story, norm: Norm, day: date) -> Row:
        draft, asset = placed.draft, placed.asset
        until = asset.warranty_until if asset else None
        charge, reason = decide_charge(norm, draft.kind, until, day)
        taken = {name: getattr(draft, name) for name in _TAKEN}
        return taken | {
            "version": 1,
            "status": story.status,
            "customer_id": placed.customer.id,
            "asset_id": asset.id if asset else None,
            "station_id": placed.station_id,
            "contact": draft.contact or draft.customer_name,
            "phone_digits": digits(draft.phone),
            "charge": charge,
            "charge_reason": reason,
            "answer": draft.answer if story.resolved_at else "",
            "registered_at": draft.received_at,
            "resolved_at": story.resolved_at,
            "closed_at": story.closed_at,
            "source": self.source,
            "source_ref": draft.ref,
        }

    def _customer_row(self, key: str, draft: Any, station_id: int | None) -> Row:
        return {
            "version": 1,
            "name": draft.customer_name,
            "contact": draft.contact,
            "phone": draft.phone,
            "phone_digits": digits(draft.phone),
            "address": draft.address,
            "region": draft.region,
            "station_id": station_id,
            "source": self.source,
            "source_ref": key,
            "created_at": self.uow.now,
        }

    def _lines(self, case: _Case, id: int) -> list[_Line]:
        """The history of a case: what happened elsewhere, by nobody of ours, then its import."""
        told = {"registered": self._told(case)}
        elsewhere = {"source": self.source}
        return _chained(
            *(_step(step, id, told.get(step.fact, elsewhere)) for step in case.story.steps),
            self._imported(case, id),
        )

    def _imported(self, case: _Case, id: int) -> _Line:
        draft, story = case.placed.draft, case.story
        return _Line(
            "request",
            id,
            "imported",
            self.uow.now,
            case_id=id,
            old=story.steps[-1].new.value,
            new=story.status.value,
            actor_id=self.uow.actor.id,
            # What was said about a case that is still open is no answer yet.
            note="" if story.resolved_at else draft.answer,
            data={"run": self.run_id, "line": draft.line, "status": draft.status_word},
        )

    def _told(self, case: _Case) -> Row:
        row = case.row
        return {
            "source": self.source,
            "ref": row["source_ref"],
            "channel": row["channel"].value,
            "charge": row["charge"].value,
            "reason": row["charge_reason"].value,
        }

    def _calls(self, cases: Sequence[_Case], ids: Sequence[int]) -> list[_Line]:
        """The follow-up calls of cases that came in resolved (E3), with their history."""
        due = [(c, id) for c, id in zip(cases, ids, strict=True) if c.story.is_followed_up]
        rows = [self._call_row(case, id) for case, id in due]
        calls = self._insert(FollowUp, rows)
        planned = zip(calls, rows, strict=True)
        return [line for id, row in planned for line in _chained(self._planned(id, row))]

    def _planned(self, id: int, row: Row) -> _Line:
        status = FollowUpStatus.DUE.value
        return _Line(
            "follow_up",
            id,
            "planned",
            self.uow.now,
            case_id=row["request_id"],
            old=status,
            new=status,
            actor_id=self.uow.actor.id,
            data={"due_on": row["due_on"].isoformat()},
        )

    def _call_row(self, case: _Case, id: int) -> Row:
        zone, resolved_at = self.uow.actor.zone, case.story.resolved_at
        assert resolved_at is not None  # a case that waits for its call was resolved
        due = working_time.due_at(
            case.norm.calendar(zone), working_time.Unit.WORKING_DAYS, 1, resolved_at
        )
        return {
            "version": 1,
            "request_id": id,
            "status": FollowUpStatus.DUE,
            "due_on": due.astimezone(self.uow.actor.zone_info).date(),
            "attempts": 0,
            "opinion": "",
            "other_needs": "",
        }

    def _added(self, subject: str, id: int) -> list[_Line]:
        data = {"source": self.source, "run": self.run_id}
        line = _Line(subject, id, "added", self.uow.now, actor_id=self.uow.actor.id, data=data)
        return _chained(line)

    def _insert(self, noun: type[Base], rows: list[Row]) -> range | list[int]:
        """Add rows and give their ids in the order of the rows."""
        ids = self._next_ids(cast(Table, noun.__table__), len(rows)) if rows else []
        self._add(noun, [row | {"id": id} for row, id in zip(rows, ids, strict=True)])
        return ids

    def _next_ids(self, table: Table, count: int) -> range | list[int]:
        # Taken beforehand: asking each new row for its id costs a statement per row on SQLite.
        connection = self.uow.session.connection()
        if connection.dialect.name == "sqlite":
            # This transaction holds the only write lock from its start.
            last = connection.scalar(select(func.max(table.c.id))) or 0
            return range(last + 1, last + 1 + count)
        sequence = func.pg_get_serial_sequence(table.name, "id")
        numbers = func.generate_series(1, count).table_valued("number")
        return list(connection.scalars(select(func.nextval(sequence)).select_from(numbers)))

    def _add(self, noun: type[Base], rows: list[Row]) -> None:
        if rows:
            self.uow.session.connection().execute(insert(cast(Table, noun.__table__)), rows)


# Facts of a draft that the case keeps as they are.
_TAKEN = (
    *("kind", "channel", "priority", "phone", "address", "latitude", "longitude", "symptom"),
    *("fault_area", "fault_codes", "received_at"),
)


def _series(day: date) -> str:
    return f"SR{day:%y%m%d}"


def _step(step: Step, id: int, data: Row) -> _Line:
    old = step.old.value if step.old else None
    return _Line(
        "request", id, step.fact, step.at, id, old, step.new.value, note=step.note, data=data
    )


def _chained(*lines: _Line) -> list[_Line]:
    """The lines of one subject in their order, each with the hash of the one before it."""
    before = ""
    for sequence, line in enumerate(lines, 1):
        line.sequence, line.previous_hash = sequence, before
        line.hash = before = history.digest(cast(History, line))
    return list(lines)


def _product_row(key: tuple[str, str, str], months: int) -> Row:
    brand, model, specification = key
    return {
        "version": 1,
        "brand": brand,
        "model": model,
        "specification": specification,
        "category": "",
        "warranty_months": months,
    }


def _asset_row(entry: Any) -> Row:
    return {
        "version": 1,
        "customer_id": entry.customer.id,
        "product_id": entry.product.id,
        "serial": entry.serial or None,
        "purchased_on": entry.purchased_on,
        "warranty_until": entry.warranty_until,
    }

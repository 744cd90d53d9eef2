"""The rows that a batch of new cases becomes, written in bulk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.house import HOUSE
from core.imports import bulk, openings
from core.imports.bulk import Row
from core.imports.drafts import Draft
from core.imports.history_rows import Line, Scribe
from core.imports.parties import AssetEntry, CustomerEntry, Fresh, Placed, ProductEntry
from core.imports.story import Setting, Story, limit_rows, tell
from core.imports.tallies import Batch
from core.kernel import numbers
from core.kernel.unit_of_work import UnitOfWork
from core.norms import working_time
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.requests import wordings
from core.requests.charging import decide_charge
from db.codes import FollowUpStatus
from db.tables import Asset, Customer, FollowUp, History, Limit, Product, ServiceRequest


@dataclass(frozen=True, slots=True)
class _Case:
    """A case with the rule book that judges it."""

    draft: Draft
    story: Story
    norm: Norm
    in_warranty: bool | None
    row: Row


class CaseWriter:
    """Writes batches of new cases, with everything that belongs to them."""

    def __init__(
        self, uow: UnitOfWork, *, source: str, run_id: int, keeps_late: bool = True
    ) -> None:
        self.uow = uow
        self.keeps_late = keeps_late
        self.source = source
        self.scribe = Scribe(uow, source=source, run_id=run_id)
        self._norms: dict[date, tuple[int, Norm]] = {}

    def write(self, batch: Batch) -> None:
        """One batch: its products, customers and pieces first, then its cases."""
        session = self.uow.session
        self._write_archive(batch.fresh)
        cases = self._cases(batch.placed)
        ids = bulk.add(session, ServiceRequest, [case.row for case in cases])
        numbered = list(zip(ids, cases, strict=True))
        wordings.remember_many(self.uow, [(id, case.draft.symptom) for id, case in numbered])
        bulk.add(session, Limit, [row for id, case in numbered for row in self._limits(id, case)])
        lines = [
            line
            for id, case in numbered
            for line in self.scribe.case(id, case.row, case.draft, case.story)
        ]
        lines += self._files(numbered)
        lines += self._calls([(id, case) for id, case in numbered if case.story.is_followed_up])
        bulk.add(session, History, [line.row() for line in lines])

    def _write_archive(self, fresh: Fresh) -> None:
        self._number(fresh.products, Product, [_product_row(each) for each in fresh.products])
        self._number(fresh.customers, Customer, [self._customer_row(c) for c in fresh.customers])
        self._number(fresh.assets, Asset, [_asset_row(each) for each in fresh.assets])
        lines: list[Line] = []
        for subject, entries in (("customer", fresh.customers), ("asset", fresh.assets)):
            for entry in entries:
                assert entry.id is not None  # numbered just now
                lines += self.scribe.added(subject, entry.id)
        bulk.add(self.uow.session, History, [line.row() for line in lines])

    def _number(
        self,
        entries: Sequence[ProductEntry | CustomerEntry | AssetEntry],
        noun: type[Product | Customer | Asset],
        rows: list[Row],
    ) -> None:
        ids = bulk.add(self.uow.session, noun, rows)
        for entry, id in zip(entries, ids, strict=True):
            entry.id = id

    def _cases(self, placed: Sequence[Placed]) -> list[_Case]:
        zone = self.uow.actor.zone_info
        days = [each.draft.received_at.astimezone(zone).date() for each in placed]
        last = {
            day: numbers.next_value(self.uow.session, _series(day), count) - count
            for day, count in Counter(days).items()
        }
        cases = []
        for each, day in zip(placed, days, strict=True):
            last[day] += 1
            revision_id, norm = self._norm(day)
            story = tell(each.draft, norm, now=self.uow.now)
            row = self._case_row(each, story, norm, day)
            row |= {"number": f"{_series(day)}-{last[day]:04d}", "revision_id": revision_id}
            until = each.asset.warranty_until if each.asset else None
            in_warranty = day <= until if until else None
            cases.append(_Case(each.draft, story, norm, in_warranty, row))
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
        return {name: getattr(draft, name) for name in _TAKEN} | {
            "version": 1,
            "status": story.status,
            "customer_id": placed.customer.id,
            "asset_id": asset.id if asset else None,
            "station_id": placed.station_id,
            "contact": draft.contact or draft.customer_name,
            "charge": charge,
            "charge_reason": reason,
            "case_class": _known_class(norm, draft),
            "answer": draft.answer if story.resolved_at else "",
            "registered_at": draft.received_at,
            "promised_at": draft.due_at,
            "acknowledged_at": story.acknowledged_at,
            "resolved_at": story.resolved_at,
            "closed_at": story.closed_at,
            "source": self.source,
            "source_ref": draft.ref,
        }

    def _customer_row(self, entry: CustomerEntry) -> Row:
        draft = entry.draft
        assert draft is not None  # a new customer is known by its first case
        return {
            "version": 1,
            "name": draft.customer_name,
            "contact": draft.contact,
            "phone": draft.phone,
            "address": draft.address,
            "region": draft.region,
            "station_id": entry.station_id,
            "source": self.source,
            "source_ref": entry.key,
            # On file since the first case: figures per customer go back as far as the cases do.
            "created_at": min(draft.received_at, self.uow.now),
        }

    def _limits(self, id: int, case: _Case) -> list[Row]:
        setting = Setting(
            norm=case.norm,
            now=self.uow.now,
            zone=self.uow.actor.zone,
            in_warranty=case.in_warranty,
            case_class=case.row["case_class"],
            keeps_late=self.keeps_late,
        )
        rows = limit_rows(case.draft, case.story, setting)
        return [row | {"request_id": id} for row in rows]

    def _files(self, numbered: Sequence[tuple[int, _Case]]) -> list[Line]:
        """The files of what is reviewed step by step (E14, C7, A25), with their history."""
        lines: list[Line] = []
        for kind, file in HOUSE.files.items():
            cases = [(id, case) for id, case in numbered if case.draft.kind is kind]
            rows = [openings.row(file, id, case.story) for id, case in cases]
            ids = bulk.add(self.uow.session, file.process.table, rows)
            for id, row, (_, case) in zip(ids, rows, cases, strict=True):
                lines += self.scribe.filed(id, row, file, case.draft, case.story)
        return lines

    def _calls(self, cases: Sequence[tuple[int, _Case]]) -> list[Line]:
        """The follow-up calls of cases that came in resolved (E3), with their history."""
        rows = [self._call_row(id, case) for id, case in cases]
        calls = bulk.add(self.uow.session, FollowUp, rows)
        planned = zip(calls, rows, strict=True)
        return [line for id, row in planned for line in self.scribe.planned(id, row)]

    def _call_row(self, id: int, case: _Case) -> Row:
        resolved_at = case.story.resolved_at
        assert resolved_at is not None  # a case that waits for its call was resolved
        calendar = case.norm.calendar(self.uow.actor.zone)
        due = working_time.due_at(calendar, working_time.Unit.WORKING_DAYS, 1, resolved_at)
        return {
            "version": 1,
            "request_id": id,
            "status": FollowUpStatus.DUE,
            "due_on": due.astimezone(self.uow.actor.zone_info).date(),
            "attempts": 0,
            "opinion": "",
            "other_needs": "",
        }


# Facts of a draft that the case keeps as they are.
_TAKEN = (
    *("kind", "channel", "priority", "phone", "address", "latitude", "longitude", "symptom"),
    *("fault_area", "fault_codes", "received_at"),
)


def _known_class(norm: Norm, draft: Draft) -> str:
    names = (each.name for each in norm.classes if draft.kind in each.kinds)
    return draft.case_class if draft.case_class and draft.case_class in names else ""


def _series(day: date) -> str:
    return f"SR{day:%y%m%d}"


def _product_row(entry: ProductEntry) -> Row:
    brand, model, specification = entry.key
    return {
        "version": 1,
        "brand": brand,
        "model": model,
        "specification": specification,
        "category": "",
        "warranty_months": entry.warranty_months,
    }


def _asset_row(entry: AssetEntry) -> Row:
    return {
        "version": 1,
        "customer_id": entry.customer.id,
        "product_id": entry.product.id,
        "serial": entry.serial or None,
        "purchased_on": entry.purchased_on,
        "warranty_until": entry.warranty_until,
    }

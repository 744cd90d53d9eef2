"""What is asked of the figures: which days, of which station, of which kind of case."""

from dataclasses import dataclass
from datetime import date

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts
from core.kpi.facts import Scope
from core.kpi.spans import Span, span
from db.codes import RequestKind


@dataclass(frozen=True)
class Asked:
    """The months from that of `since` to that of `until`, or just these days."""

    since: date
    until: date
    station_id: int | None = None
    kind: RequestKind | None = None
    whole_months: bool = True

    @property
    def span(self) -> Span:
        """The days, with those that they are compared with; InvalidInput when in disorder."""
        return span(self.since, self.until, whole_months=self.whole_months)

    def scope(self, uow: UnitOfWork) -> Scope:
        """The cases; NotFound when the actor may not see the station."""
        return facts.scope(uow, self.station_id, self.kind)

"""Stories of returns and exchanges: the application, the inspection, the decision (C8)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import select

from core.demo import deeds, founding, returns_after, returns_told
from core.demo.followups import FollowUpStory
from core.demo.quality import DAY, FileStory, QualityStory
from core.demo.returns_told import Regret
from core.demo.world import Caller, fresh
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.requests import queues
from core.returns import actions, inputs, rules
from db.codes import Fit, Reaction, RequestKind, ReturnStatus, Role
from db.tables import GoodsReturn, PurchaseLine, ServiceRequest

REACTIONS = ((Reaction.SATISFIED, 0.5), (Reaction.ACCEPTED, 0.45), (Reaction.NOT_REACHED, 0.05))
Last = Callable[["ReturnStory", datetime], None]
S = ReturnStatus


@dataclass
class ReturnStory(FileStory):
    """One return; where it stands says what is next."""

    TABLE: ClassVar[type] = GoodsReturn

    regret: Regret | None = None
    # Something else in the same application.
    beside: Regret | None = None
    # Registered as a plain request: the lines are entered later.
    bare: bool = False
    # Staged: what is still done where it stops.
    last: Last | None = None
    file: GoodsReturn | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)

    def register(self, at: datetime) -> None:
        """The customer wants to give something back."""
        caller = deeds.some_caller(self.world, self.branch)
        self.lines = [self._bought(at, caller, each) for each in self.tales()]
        facts: dict[str, Any] = {"customer_id": caller.id, "symptom": self.told().said}
        uow = self.uow(self.agent(), at)
        if self.bare or (not self.until and self.world.chance(0.2)):
            bought = fresh(self.world, PurchaseLine, self.lines[0]["purchase_line_id"])
            facts |= {"kind": RequestKind.RETURN, "asset_id": bought.asset_id}
            case_id = deeds.register(self.world, at, self.branch, **facts)
            self.file = queues.of_case(uow, actions.PROCESS, case_id)
        else:
            facts |= {"channel": self.world.weighted(deeds.CHANNELS), "lines": self.lines}
            self.file = actions.apply(uow, parse(inputs.Apply, facts))
        self.case_id = self.row().request_id
        self.begin(at)

    def begin(self, at: datetime) -> None:
        """Somebody will take the next step; a staged story ends with its last one."""
        if self.row().status != self.until:
            super().begin(at)
        elif self.last:
            self.world.at(self._after(at, 60), partial(self.last, self))

    def told(self) -> Regret:
        """What it is about."""
        if self.regret is None:
            self.regret = self.world.weighted(returns_told.OFTEN)
        return self.regret

    def tales(self) -> tuple[Regret, ...]:
        """What is told of each line."""
        return (self.told(), self.beside) if self.beside else (self.told(),)

    def row(self) -> GoodsReturn:
        """The return as it is now; the story keeps it, so that it need not be read again."""
        assert self.file is not None  # no step comes before the registration
        return self.file

    def act(self, actor: Actor, at: datetime, command: Action) -> None:
        """Somebody takes a step."""
        deeds.review(self.world, actor, at, self.row(), command)

    def uow(self, actor: Actor, at: datetime) -> UnitOfWork:
        """A unit of work of somebody at a moment."""
        return self.world.uow(actor, at)

    def agent(self) -> Actor:
        """Somebody at the desk of the station."""
        return self.world.someone(Role.AGENT, self.branch)

    def happens(self, share: float) -> bool:
        """Whether an accident happens; never in a staged story."""
        return not self.until and self.world.chance(share)

    def steps(self) -> dict[str, tuple[Callable[[datetime], None], float]]:
        """The way of C8."""
        return {
            S.APPLIED: (self._screen, 70),
            S.SCREENED: (self._inspect, 0.6 * DAY),
            S.INSPECTED: (self._decide, 0.5 * DAY),
            S.APPROVED: (partial(returns_after.agree, self), 60),
            S.REFUSED: (self._after_refusal, 80),
            S.APPEALED: (self._hear, 0.6 * DAY),
            S.AWAITED: (partial(returns_after.receive, self), 2.5 * DAY),
            S.RECEIVED: (partial(returns_after.retest, self), 0.5 * DAY),
            S.TESTED: (partial(returns_after.put_away, self), 0.3 * DAY),
            S.STORED: (partial(returns_after.settle, self), 0.3 * DAY),
            S.SETTLED: (partial(returns_after.confirm, self), 0.5 * DAY),
            S.REFUNDED: (partial(returns_after.end, self), 60),
            S.TOLD: (partial(returns_after.close, self), 0.7 * DAY),
        }

    def tell(self, at: datetime) -> None:
        """The customer knows what became of it; the case is called about."""
        facts = deeds.told(self.world.weighted(REACTIONS)) | {"answer": self.told().answer}
        self.act(self.agent(), at, parse(inputs.TellResult, facts))
        trouble = -1.0 if self.until else 0.0
        FollowUpStory(self.world, self.branch, self.case_id, trouble).plan()

    def ask(self, at: datetime) -> None:
        """Something is missing: the customer is asked."""
        self.act(self.agent(), at, inputs.AskMore(note=returns_told.ASKED))

    def cancel(self, at: datetime) -> None:
        """The customer keeps the goods."""
        self.act(self.agent(), at, inputs.CancelReturn(note=returns_told.CHANGED))

    def _bought(self, at: datetime, caller: Caller, told: Regret) -> dict[str, Any]:
        on = self.world.day(at) - timedelta(days=told.days)
        piece = founding.new_serial(self.world, told.model, on) if told.pieces == 1 else ""
        bought = founding.write_invoice(
            self.world,
            at,
            caller,
            told.model,
            on=on,
            serial=piece,
            pieces=told.pieces,
            batch=told.batch,
            online=told.online,
        )
        line = {"purchase_line_id": bought, "quantity": told.pieces, "reason": told.reason}
        return line | {"wish": told.wish, "goods": told.goods}

    def _screen(self, at: datetime) -> None:
        if not self.row().lines:
            self.act(self.agent(), at, parse(inputs.Amend, {"lines": self.lines}))
        elif rules.is_hopeless(self.row()):
            self.act(self.agent(), at, inputs.DeclineReturn(note=returns_told.HOPELESS))
        else:
            self.act(self.agent(), at, inputs.Screen())

    def _inspect(self, at: datetime) -> None:
        lines = [
            {
                "line_id": line.id,
                "sample": returns_told.SAMPLE,
                "finding": told.finding,
                "defect": told.defect is not None,
                "goods_found": told.goods,
            }
            for line, told in zip(self.row().lines, self.tales(), strict=True)
        ]
        quality = self.world.someone(Role.QUALITY)
        self.act(quality, at, parse(inputs.Inspect, {"lines": lines}))
        self._report(at)

    def _report(self, at: datetime) -> None:
        """A confirmed defect has opened quality feedback: it goes its own way."""
        if defect := self.told().defect:
            opened = select(ServiceRequest.id).where(
                ServiceRequest.origin_id == self.case_id,
                ServiceRequest.kind == RequestKind.QUALITY_FEEDBACK,
            )
            for id in self.world.session.scalars(opened):
                QualityStory(self.world, self.branch, case_id=id, defect=defect).begin(at)

    def _decide(self, at: datetime) -> None:
        row = self.row()
        boss = self.world.someone(Role(row.approvers[0]))
        allowed = row.appeal_by_id is not None
        lines = [
            {"line_id": line.id, "approved": line.quantity}
            if allowed or line.fit is Fit.FITS
            else {"line_id": line.id, "approved": 0}
            for line in row.lines
        ]
        if any(line["approved"] for line in lines):
            note = returns_told.GOODWILL if allowed else ""
            self.act(boss, at, parse(inputs.ApproveReturn, {"lines": lines, "note": note}))
        else:
            self.act(boss, at, inputs.RefuseReturn(note=returns_told.NO_DEFECT))

    def _after_refusal(self, at: datetime) -> None:
        row = self.row()
        if not row.appeal and (self.until == S.APPEALED or self.happens(0.4)):
            appeal = self.world.choose(returns_told.APPEALS)
            self.act(self.agent(), at, inputs.AppealRefusal(appeal=appeal))
        else:
            self.tell(at)

    def _hear(self, at: datetime) -> None:
        people = self.world.people[Role.MANAGER, ""] + self.world.people[Role.LEADER, ""]
        refuser = self.row().refused_by_id
        boss = self.world.choose([each for each in people if each.id != refuser])
        if self.world.chance(0.3):
            self.act(boss, at, inputs.AllowAppeal(note=returns_told.ALLOWED))
        else:
            self.act(boss, at, inputs.UpholdRefusal(note=returns_told.UPHELD))

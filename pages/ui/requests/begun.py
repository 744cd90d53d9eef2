"""What a form of a request is begun with: a call, or what has come in and waits for somebody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.codes import Channel, RequestKind
from core.kernel.unit_of_work import UnitOfWork
from core.requests import intake
from core.requests.intake import Register
from pages.ui.kit.forms import Form


def _nothing() -> None:
    """Beside the form of a call stands nothing."""


@dataclass(frozen=True)
class Begun:
    """How the form is filled in at first, what stands beside it, and what takes it."""

    name: str = "intake"
    version: int | None = None
    channel: Channel = Channel.HOTLINE
    kind: RequestKind | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    show: Callable[[], None] = _nothing
    take: Callable[[UnitOfWork, Register, int], Any] = lambda uow, register, _seen: intake.register(
        uow, register
    )

    def form(self, **given: Any) -> Form:
        """The form of the request."""
        facts: dict[str, Any] = {"values": dict(self.values)} if self.values else {}
        facts |= {"version": self.version} if self.version else {}
        return Form(self.name, Register, drafts=True, **facts, **given)

    def command(self, form: Form) -> Callable[[UnitOfWork, Register], Any]:
        """What the form sends."""
        return lambda uow, register: self.take(uow, register, form.seen)

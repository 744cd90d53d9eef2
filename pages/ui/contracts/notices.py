"""What people are told of supplements to contracts."""

from core.codes import NoticeKind
from core.contracts.supplements import ASKED_FACT, DECIDED_FACT
from pages.ui.kit.told import N_, Data, Lines, Say


def _waits(say: Say, data: Data) -> str:
    _ = say.text
    said = _("A supplement of {amount} to contract {contract} waits for your approval")
    return said.format(amount=say.money(data["cents"]), contract=data["contract"])


LINES: Lines = {
    (NoticeKind.APPROVAL, ASKED_FACT): _waits,
    (NoticeKind.PLAN_DECIDED, f"{DECIDED_FACT}.yes"): N_("The supplement was approved"),
    (NoticeKind.PLAN_DECIDED, f"{DECIDED_FACT}.no"): N_("The supplement was refused"),
}

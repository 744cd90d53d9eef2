"""What people are told of quality feedback."""

from core.codes import NoticeKind
from pages.ui.kit.told import Data, Lines, Say


def _your_turn(say: Say, data: Data) -> str:
    _ = say.text
    step = say.code("QualityStatus", data["step"])
    return _("Quality feedback: {step}. It is your turn.").format(step=step)


LINES: Lines = {
    (NoticeKind.YOUR_TURN, "quality.recorded"): _your_turn,
}

"""What people are told of messages that did not go."""

from core.codes import NoticeKind
from pages.ui.kit.told import N_, Lines

LINES: Lines = {
    (NoticeKind.YOUR_TURN, "customer_message.failed"): N_(
        "A message to the customer could not be sent"
    ),
    (NoticeKind.YOUR_TURN, "customer_message.lost"): N_(
        "Nobody knows whether a message to the customer went: ask, or send it again"
    ),
}

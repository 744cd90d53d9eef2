"""The room of mail: what comes in waits for a person, or is a reply and goes to its case."""

from core.mail import actions, told, view
from core.mail.actions import HANDLE
from core.notices.notices import tells
from core.process.room import Pile, Room
from core.process.rules import after
from db.codes import MailMachine

ROOM = Room(
    "mail",
    processes=(actions.PROCESS,),
    after=(
        tells(told.replied, "mail.attached"),
        after("request.customer_changed", do=actions.follow_customer),
    ),
    piles=(Pile("mail", HANDLE, view.how_many),),
    codes={"machine": (MailMachine,)},
)

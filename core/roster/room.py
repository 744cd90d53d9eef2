"""The room of the roster: who is told of absences and of certificates that end (A17, C15)."""

from core.notices.notices import tells
from core.process.room import Chore, Pile, Room
from core.roster import absences, qualifications
from db.codes import AbsenceReason

ROOM = Room(
    "roster",
    processes=(absences.PROCESS,),
    after=(
        tells(absences.asked_of, "absence.asked"),
        tells(absences.decided, "absence.approved", "absence.refused"),
    ),
    piles=(Pile("roster", absences.DECIDE, absences.how_many),),
    minutely=(Chore(qualifications.due, qualifications.remind),),
    codes={"absence": (AbsenceReason,)},
)

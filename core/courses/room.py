"""The room of courses: training of customers, who took part, and what they have on paper."""

from core.courses import actions, lists, papers, seats, told
from core.courses.papers import CertificateFacts
from core.courses.rules import PLAN
from core.notices.notices import tells
from core.papers.paper import Paper
from core.process.room import Pile, Room
from core.process.rules import after

ROOM = Room(
    "courses",
    processes=(actions.PROCESS, seats.PROCESS),
    after=(
        after("course.held", do=seats.count),
        after("course.held", do=actions.answer),
        tells(told.trainers, "course.planned", "course.moved", "course.cancelled"),
    ),
    piles=(Pile("courses", PLAN, lists.how_many),),
    papers=(
        Paper("training_certificate", CertificateFacts, papers.certificate, about=papers.of_case),
    ),
)

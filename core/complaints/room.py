"""The room of complaints: their file, and what follows for it and from it (E14)."""

from core.complaints import actions, hearing, penalties
from core.complaints.papers import form, letter, penalty
from core.complaints.papers.form import ComplaintFacts
from core.complaints.papers.letter import LetterFacts
from core.complaints.papers.penalty import PenaltyFacts
from core.complaints.rules import CLOSED, OPEN, RECORDED, WITHDRAWN
from core.notices.notices import tells
from core.notices.turns import asks
from core.papers.paper import Paper, always
from core.process.room import File, Room
from core.process.rules import after
from core.requests.files import answers, goes_with_case, opens_file, takes_up
from db.codes import CauseKind, CauseScope, MeasureKind, PenaltyGround, Reaction, RequestKind, Role

ROOM = Room(
    "complaints",
    processes=(actions.PROCESS, penalties.PROCESS),
    file=File(
        RequestKind.COMPLAINT,
        actions.PROCESS,
        opening=RECORDED,
        open=OPEN,
        ended=CLOSED,
        withdrawn=WITHDRAWN,
        read="complaint:read",
    ),
    after=(
        tells(actions.given_to_another, "complaint.assigned"),
        tells(actions.ended, "complaint.merged", "complaint.withdrawn"),
        tells(actions.decided, "complaint.approved", "complaint.refused"),
        asks(actions.has_next, *(f"complaint.{step}" for step in actions.HANDED_ON)),
        opens_file(RequestKind.COMPLAINT, actions.record),
        goes_with_case(RequestKind.COMPLAINT, actions.withdraw),
        takes_up("complaint.judged"),
        answers("complaint.dismissed", "complaint.notified"),
        after("complaint.notified", do=hearing.told),
        after("complaint.reopened", do=actions.run_anew),
        after("complaint.merged", do=actions.end_case),
        after("follow_up.answered", do=hearing.called),
        after("penalty.appealed", do=penalties.tell_reviewers),
        after("penalty.upheld", "penalty.reduced", "penalty.lifted", do=penalties.tell_person),
    ),
    papers=(
        Paper("complaint_form", ComplaintFacts, form.form, fits=always),
        Paper("investigation_report", ComplaintFacts, form.report, fits=form.is_investigated),
        Paper("answer_letter", LetterFacts, letter.letter, fits=letter.is_answered),
        Paper("penalty_notice", PenaltyFacts, penalty.notice, about=penalty.of_case),
    ),
    codes={
        "reaction": (Reaction,),
        "cause_scope": (CauseScope,),
        "cause_kind": (CauseKind,),
        "measures": (MeasureKind,),
        "approvers": (Role,),
        "ground": (PenaltyGround,),
    },
)

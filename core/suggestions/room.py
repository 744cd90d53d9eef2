"""The room of suggestions: their file, and what follows for it and from it (S12, A25)."""

from core.notices.notices import tells
from core.process.room import File, Room
from core.requests.files import answers, goes_with_case, opens_file, takes_up
from core.suggestions.actions import (
    ANSWERED,
    COLLECTED,
    OPEN,
    PROCESS,
    WITHDRAWN,
    given_to_another,
    record,
    withdraw,
)
from db.codes import RequestKind

KIND = RequestKind.SUGGESTION

ROOM = Room(
    "suggestions",
    processes=(PROCESS,),
    file=File(
        KIND,
        PROCESS,
        opening=COLLECTED,
        open=OPEN,
        ended=ANSWERED,
        withdrawn=WITHDRAWN,
        read="suggestion:read",
    ),
    after=(
        tells(given_to_another, "suggestion.passed_on"),
        opens_file(KIND, record),
        goes_with_case(KIND, withdraw),
        takes_up("suggestion.passed_on"),
        answers("suggestion.answered"),
    ),
)

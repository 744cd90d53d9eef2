"""The board in the browser: what it is told, and what is moved on it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.codes import JobStatus, Priority
from core.dispatch import board, moves
from core.dispatch.board import Board, Card, Filter
from core.dispatch.moves import Place
from core.kernel.errors import InvalidInput, Refused
from core.kernel.inputs import parse
from pages.ui.kit import gate, lacking, served, words
from pages.ui.kit.served import Served
from pages.ui.kit.words import _

BOARD = Served(
    "dispatch_board",
    """
<div class="frame"><div class="board">
<div class="waiting"></div><div class="calendar"></div>
</div></div>
""",
    Path(__file__).with_name("assets") / "board.js",
    "board-assets",
)
KEY, OPENED, ANSWERS, REFUSED = "board", "board·opened", "board·answers", "board·refused"
SEEN, MOVED = "board·seen", "board·moved"
PANEL = "board_opened"
MOST_ANSWERS = 100
NO_PLANS: Mapping[int, int] = {}
# What the board shows of a day, at least.
OPENS, CLOSES = 7, 20
SIGNS = {Priority.CRITICAL: "‼ "}


def draw(found: Board, unconfirmed: Mapping[int, int] = NO_PLANS) -> None:
    """Draw the board; what is moved on it is carried out before the next run."""
    served.component(BOARD)(
        key=KEY,
        data=_told(found, unconfirmed),
        on_moved_change=_hear_moves,
        on_opened_change=_hear_opened,
    )


def look(since: date, days: int, filters: Filter) -> Board:
    """The board as it stands now; right after a move, what moved as it stands and the rest as seen.

    Whoever dropped a card waits for the answer: the other cards follow with the next look.
    """
    asked = since, days, filters
    seen, moved = st.session_state.get(SEEN), st.session_state.pop(MOVED, ())
    if moved and seen and seen[0] == asked:
        found = gate.read(board.again, found=seen[1], cases=moved, filters=filters)
    else:
        found = gate.read(board.board, since=since, days=days, filters=filters)
    st.session_state[SEEN] = asked, found
    return found


def opened() -> int | None:
    """The case whose card was opened on the board, or was refused its new place."""
    found: int | None = st.session_state.get(OPENED)
    return found


def close() -> None:
    """Nothing is opened any more."""
    st.session_state.pop(OPENED, None)
    st.session_state.pop(REFUSED, None)


def refused(case_id: int) -> tuple[str, dict[str, Any]]:
    """Why the last move of a card was refused, and where it was to go; empty where it was not."""
    said = st.session_state.get(REFUSED)
    return (said[1], said[2]) if said and said[0] == case_id else ("", {})


def _hear_opened() -> None:
    asked = st.session_state[KEY].get("opened")
    if isinstance(asked, int):
        st.session_state.pop(REFUSED, None)
        st.session_state[OPENED] = asked


def _hear_moves() -> None:
    answers: dict[str, str] = st.session_state.setdefault(ANSWERS, {})
    for move in st.session_state[KEY].get("moved") or ():
        if move["key"] in answers:
            continue
        st.session_state.setdefault(MOVED, set()).add(move["case"])
        asked = asked_by(move, words.zone())
        said = answers[move["key"]] = carry_out(move, asked, gate.send)
        close()
        if said:
            st.session_state[OPENED] = move["case"]
            st.session_state[REFUSED] = (move["case"], said, asked)
    for old in list(answers)[:-MOST_ANSWERS]:
        del answers[old]


def asked_by(move: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What a move on the board asks for, by the clock on the company's wall."""
    start, end = (
        datetime.fromisoformat(move[name]).replace(tzinfo=zone) for name in ("start", "end")
    )
    return {"technician_id": move["row"], "planned_from": start, "planned_to": end}


def carry_out(
    move: Mapping[str, Any],
    asked: Mapping[str, Any],
    send: Callable[[str, Callable[..., Any]], Any],
) -> str:
    """Do what was moved on the board, once for its key; what is refused is said in words."""
    try:
        send(
            move["key"],
            lambda uow: moves.place(
                uow,
                parse(Place, asked),
                case_id=move["case"],
                job_id=move["job"],
                seen_version=move["version"],
            ),
        )
    except Refused as error:
        return why(error)
    return ""


def why(error: Refused) -> str:
    """What stands against a move, in words."""
    if isinstance(error, InvalidInput):
        return " ".join(lacking.problem(bad) for bad in error.problems)
    return words.refusal(error)


def _told(found: Board, unconfirmed: Mapping[int, int]) -> dict[str, Any]:
    opens, closes = _hours(found)
    return {
        "date": found.since.isoformat(),
        "days": (found.until - found.since).days + 1,
        "lang": words.language().value.replace("_", "-"),
        "zone": words.zone().key,
        "opens": opens,
        "closes": closes,
        "rows": _rows(found, unconfirmed),
        "jobs": [_job(card) for card in found.planned],
        "waiting": [_waiting(card) for card in found.waiting],
        "answers": st.session_state.get(ANSWERS, {}),
        "opened": opened(),
        "panel": PANEL,
        "words": {
            "waiting": _("Waiting: {n}", n=found.total),
            "empty": _("Nothing waits for a technician."),
        },
    }


def _hours(found: Board) -> tuple[int, int]:
    spans = [(card.start, card.end) for card in found.planned]
    spans += [(span.start, span.end) for row in found.rows for span in row.working]
    local = [(_local(start), _local(end)) for start, end in spans if start and end]
    opens = min((start.hour for start, _end in local), default=OPENS)
    ends = [min(24, end.hour + 1) if end.date() == start.date() else 24 for start, end in local]
    return min(OPENS, opens), max(CLOSES, *ends, CLOSES)


def _local(at: datetime) -> datetime:
    return at.astimezone(words.zone())


def _wall(at: datetime | None) -> str:
    return _local(at).isoformat()[:16] if at else ""


def _rows(found: Board, unconfirmed: Mapping[int, int]) -> list[dict[str, Any]]:
    planned: dict[int | None, timedelta] = {}
    for card in found.planned:
        if card.start and card.end:
            so_far = planned.get(card.technician_id, timedelta())
            planned[card.technician_id] = so_far + (card.end - card.start)
    return [
        {
            "id": row.technician_id,
            "title": row.name,
            "note": " · ".join(
                filter(
                    None,
                    (
                        row.station,
                        _load(planned.get(row.technician_id), row.working),
                        _not_confirmed(unconfirmed.get(row.technician_id)),
                    ),
                )
            ),
            "work": [(_wall(span.start), _wall(span.end)) for span in row.working],
        }
        for row in found.rows
    ]


def _not_confirmed(plans: int | None) -> str:
    return _("not confirmed {n}", n=plans) if plans else ""


def _load(planned: timedelta | None, working: Sequence[Any]) -> str:
    if not working:
        return _("off")
    hours = sum(((span.end - span.start) for span in working), timedelta())
    return f"{_hours_of(planned or timedelta())}/{_hours_of(hours)} h"


def _hours_of(length: timedelta) -> str:
    return words.number(length / timedelta(hours=1), 1)


def _job(card: Card) -> dict[str, Any]:
    assert card.status is not None  # it is on the board: somebody is sent
    return {
        "case": card.case_id,
        "job": card.job_id,
        "version": card.version,
        "row": card.technician_id,
        "start": _wall(card.start),
        "end": _wall(card.end),
        "status": card.status.value,
        "fixed": card.status is JobStatus.ON_SITE,
        "title": f"{SIGNS.get(card.priority, '')}{card.customer}",
        "line": card.what,
        "late": card.late,
        "agreed": card.agreed_from is not None,
        "confirmed": card.confirmed,
    }


def _waiting(card: Card) -> dict[str, Any]:
    due = words.due(card.due_at, now=gate.now())
    wanted = words.window(card.wanted_from, card.wanted_to) if card.wanted_from else ""
    lacks = _("lacks: {names}", names=lacking.names(card.lacks)) if card.lacks else ""
    sent = _("sent: {name}", name=card.technician) if card.technician else ""
    return {
        "case": card.case_id,
        "job": card.job_id,
        "version": card.version,
        "minutes": card.minutes,
        "late": card.late,
        "title": f"{SIGNS.get(card.priority, '')}{'▲ ' if card.late else ''}{card.customer}",
        "lines": [line for line in (lacks, card.what, card.address, due, wanted, sent) if line],
    }

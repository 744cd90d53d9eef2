"""Takes what a telephone sends of a report: as far as it was typed, or to be handed in.

The telephone repeats it until it has an answer. A report is handed in once, however often it
comes: its key is made where it is written, and is the form's one-time key.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.house import HOUSE
from core.jobs import sheets
from core.kernel import database, form_keys
from core.kernel.errors import InvalidInput, NotSignedIn, Refused, Stale
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from pages.ui.kit import cookie as cookies
from pages.ui.kit import gate, words

ADDRESS = "api/sheets"
# A page of another origin cannot send this header without being asked for it first.
OURS = "x-requested-with"


async def take(request: Request) -> Response:
    """Answer one request: done, kept for a decision, or what is wrong with it."""
    if OURS not in request.headers:
        return JSONResponse({}, HTTPStatus.FORBIDDEN)
    try:
        sent = json.loads(await request.body())
    except ValueError:
        sent = None
    typed = sent.get("typed") if isinstance(sent, dict) else None
    if not isinstance(typed, dict):
        return JSONResponse({}, HTTPStatus.BAD_REQUEST)
    job_id, cookie = int(request.path_params["job"]), request.cookies.get(cookies.NAME)
    return await anyio.to_thread.run_sync(_answer, job_id, cookie, sent, typed)


def _answer(
    job_id: int, cookie: str | None, sent: Mapping[str, Any], typed: Mapping[str, Any]
) -> Response:
    company = gate.find_company()
    secret = cookies.secret_in(cookie or "", company.cookie_key) if company else None
    actor = gate.holder(secret) if secret else None
    if actor is None:
        return JSONResponse({}, HTTPStatus.UNAUTHORIZED)
    with words.speaking(actor.language):
        try:
            return JSONResponse(_taken(actor, job_id, sent, typed))
        except Refused as error:
            return _refused(error)


def _taken(
    actor: Actor, job_id: int, sent: Mapping[str, Any], typed: Mapping[str, Any]
) -> dict[str, Any]:
    key, visit = sent.get("key"), sent.get("visit")
    if not (isinstance(key, str) and key and isinstance(visit, int)):
        with unit_of_work(database.engine(), actor, HOUSE, write=True) as uow:
            sheets.keep_draft(uow, job_id=job_id, typed=typed)
        return {}

    def hand_in(uow: UnitOfWork) -> int | None:
        return sheets.hand_in(uow, job_id=job_id, visit=visit, typed=typed)

    # Each person's keys are apart: nobody is given the answer to somebody else's.
    once = sha256(f"sheet {actor.id} {job_id} {key}".encode()).hexdigest()
    kept = form_keys.submit(database.engine(), actor, HOUSE, hand_in, key=once)
    return {"kept": kept}


def _refused(error: Refused) -> Response:
    if isinstance(error, NotSignedIn):
        return JSONResponse({}, HTTPStatus.UNAUTHORIZED)
    if isinstance(error, Stale):  # somebody did something in the same moment: it is sent again
        return JSONResponse({}, HTTPStatus.SERVICE_UNAVAILABLE)
    wrong = error.problems if isinstance(error, InvalidInput) else ()
    said = {
        "said": words.refusal(error),
        "problems": [{"field": bad.field, "said": words.problem(bad)} for bad in wrong],
    }
    # An answer as good as any: a browser would tell of another status as of a fault.
    return JSONResponse({"refused": said})

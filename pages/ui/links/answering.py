"""Answers customers who come by a link: reading changes nothing, a form is taken once."""

import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.house import HOUSE
from core.kernel import database, form_keys
from core.kernel.errors import Hindered, InvalidInput, NotAllowed, NotFound, Problem, Refused
from core.kernel.inputs import parse
from core.kernel.unit_of_work import unit_of_work
from core.links import links
from core.people import attempts
from core.people.company import CompanyView
from core.requests.given_photos import GivenPhoto
from pages.ui.kit import door, gate, words
from pages.ui.kit.words import _
from pages.ui.links import asking, drawing, opening, sent
from pages.ui.links.asking import Taker
from pages.ui.links.flood import Floods
from pages.ui.links.opening import Opened
from pages.ui.links.sent import Sent

log = logging.getLogger("aftercare")

AnswerT = TypeVar("AnswerT")

_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
# A crowd of customers leaves the threads and connections of the screens alone.
AT_ONCE = anyio.CapacityLimiter(8)
FLOODS = Floods()


async def take(request: Request) -> Response:
    """Answer one request; files are read once it is known that the link opens something."""
    if sent.brings_photos(request):
        refused = await anyio.to_thread.run_sync(_opened, request, _nothing, limiter=AT_ONCE)
        if refused:
            return refused
    form = await sent.read(request) if request.method == "POST" else None
    return await anyio.to_thread.run_sync(_answer, request, form, limiter=AT_ONCE)


def _answer(request: Request, form: Sent | None) -> Response:
    def work(answer: _Answer) -> Response:
        return answer.page() if form is None else answer.taken(form)

    return _opened(request, work)


def _nothing(_answer: "_Answer") -> None:
    """It was only asked whether the address opens something."""


def _opened(request: Request, work: Callable[["_Answer"], AnswerT]) -> AnswerT | Response:
    """What is done where the address opens a page; else what is said instead."""
    language = drawing.spoken(
        request.query_params.get("lang", ""), request.headers.get("accept-language", "")
    )
    secret, came_from = request.path_params["secret"], door.client(request.scope)
    address = attempts.network(came_from)
    with words.speaking(language):
        if FLOODS.refuse(address, links.digest_of(secret) if secret else ""):
            log.warning("too many asked for pages of customers from %s", address)
            return drawing.too_often()
    company = gate.find_company()
    with words.speaking(language, company.time_zone if company else "UTC"):
        try:
            opened = opening.find(secret, language, came_from)
            if company is None or opened is None:
                FLOODS.was_wrong(address)
                return drawing.no_such(company)
            return work(_Answer(request, company, opened))
        except (NotFound, NotAllowed):  # it ended in this moment
            return drawing.no_such(company)
        except Hindered as error:
            log.warning("hindered by %s", error.details["reason"])
            text, status = words.refusal(error), HTTPStatus.SERVICE_UNAVAILABLE
            return drawing.message(company, _("Please try again"), text, status)


@dataclass(frozen=True)
class _Answer:
    """An answer to one request for a page that is there."""

    request: Request
    company: CompanyView
    opened: Opened

    def page(
        self,
        status: int = HTTPStatus.OK,
        *,
        wrong: str = "",
        typed: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
    ) -> Response:
        """The page as it stands now."""
        opened, engine = self.opened, database.engine()
        with unit_of_work(engine, opened.actor, HOUSE, write=False, now=gate.now()) as uow:
            shown = opened.read(uow)
        thanks = _("Thank you. We have it and will call you.") if self._is_sent() else ""
        asked = {
            "wrong": wrong,
            "thanks": thanks,
            "key": secrets.token_urlsafe(16),
            "forms": asking.forms(opened.ask(shown), typed or {}, problems),
            "scores": asking.choices(),
            "choose": _("0 to 10"),
        }
        return drawing.draw("page.html", self.company, opened.say(shown) | asked, status)

    def taken(self, form: Sent) -> Response:
        """Take a form, and say what came of it."""
        if not _is_own(self.request):
            text = _("This came from another site. Open your link again and send it from there.")
            return self.page(HTTPStatus.FORBIDDEN, wrong=text)
        typed = form.fields
        taker = self.opened.takers.get(typed.get("do", "")) if typed else None
        if typed is None or taker is None or not _KEY.fullmatch(typed.get("key", "")):
            text = _("The form did not come whole. Please fill it in again.")
            return self.page(HTTPStatus.BAD_REQUEST, wrong=text)
        try:
            self._send(taker, typed, form.photos)
        except InvalidInput as error:
            bad, status = error.problems, HTTPStatus.UNPROCESSABLE_ENTITY
            said = [words.problem(each) for each in bad if each.field == "form"]
            text = " ".join(said) or _("Please look at what is marked.")
            return self.page(status, wrong=text, typed=typed, problems=bad)
        except (NotFound, NotAllowed, Hindered):
            raise
        except Refused:
            text = _("Nothing is asked any more, or it has changed. This is how it stands now.")
            return self.page(HTTPStatus.CONFLICT, wrong=text)
        return self._onward()

    def _send(self, taker: Taker, typed: Mapping[str, str], photos: Sequence[GivenPhoto]) -> None:
        command = parse(taker.model, taker.read(typed))
        take = partial(taker.take, photos=photos) if taker.has_photos else taker.take
        if self.opened.is_public:
            FLOODS.letter(attempts.network(door.client(self.request.scope)))
        # Of one link alone: nobody is given the answer to somebody else's form.
        once = sha256(f"{self.opened.whose} {typed['key']}".encode()).hexdigest()
        form_keys.submit(
            *(database.engine(), self.opened.actor, HOUSE),
            lambda uow: take(uow, command),
            key=once,
            now=gate.now(),
        )

    def _onward(self) -> Response:
        # Relative: a proxy may have put something before our address.
        there = f"{self.request.path_params['secret']}?lang={drawing.SHORT[words.language()]}"
        sent = "&sent=1" if self.opened.is_public else ""
        return RedirectResponse(there + sent, HTTPStatus.SEE_OTHER, drawing.HEADERS)

    def _is_sent(self) -> bool:
        return self.opened.is_public and bool(self.request.query_params.get("sent"))


def _is_own(request: Request) -> bool:
    """Whether a form of ours was sent: the door has let in no Origin that is not our Host."""
    from_here = request.headers.get("sec-fetch-site") in (None, "same-origin")
    return from_here and ("origin" in request.headers or "sec-fetch-site" in request.headers)

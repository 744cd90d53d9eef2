"""A form as it was sent by a customer: its fields, and photos where it has some."""

import logging
from dataclasses import dataclass
from urllib.parse import parse_qsl

import anyio
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.requests.given_photos import AT_ONCE, FIELD, GivenPhoto
from pages.ui.kit.uploads import MULTIPART

log = logging.getLogger("aftercare")

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 60
# Photos come from so many customers at once, and so slowly at most, in seconds.
LOADING, SLOWEST = anyio.CapacityLimiter(4), 120


@dataclass(frozen=True)
class Sent:
    """What came; no fields where it was no form of ours."""

    fields: dict[str, str] | None
    photos: tuple[GivenPhoto, ...] = ()


NOTHING = Sent(None)


def kind_of(request: Request) -> str:
    """The type that the sender says."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def brings_photos(request: Request) -> bool:
    """Whether files come with it: it is asked first who sends them."""
    return request.method == "POST" and kind_of(request) == MULTIPART


async def read(request: Request) -> Sent:
    """The form of a request."""
    if kind_of(request) == MULTIPART:
        return await _with_photos(request)
    body = await request.body()
    if kind_of(request) != FORM:
        return NOTHING
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return NOTHING
    return Sent(dict(fields))


async def _with_photos(request: Request) -> Sent:
    try:
        with anyio.fail_after(SLOWEST):
            async with LOADING, request.form(max_files=AT_ONCE + 1, max_fields=MOST_FIELDS) as form:
                fields = {name: said for name, said in form.items() if isinstance(said, str)}
                photos = [
                    GivenPhoto(each.filename or "", await each.read())
                    for name, each in form.multi_items()
                    if name == FIELD and isinstance(each, UploadFile) and each.size
                ]
    except TimeoutError:
        log.warning("photos of a customer took longer than %d seconds", SLOWEST)
        return NOTHING
    except HTTPException as error:
        if error.status_code != 400:  # too large: said by whoever cut it
            raise
        return NOTHING
    return Sent(fields, tuple(photos))

"""The page that anybody may open: what the company promises, and the form of a new request."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from core.codes import RequestKind
from core.kernel.errors import InvalidInput, Problem
from core.online import actions
from core.online.front import Front
from core.online.inputs import OFFERED, Apply
from core.online.labels import Labelled
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.links import asking
from pages.ui.links.asking import Asked, Field, Taker
from pages.ui.links.said import cited

FIELDS = ("kind", "name", "phone", "email", "address", "product", "body")
# People do not see it; what fills it in is a robot.
TRAP = "homepage"


def takers(piece: Labelled | None) -> Mapping[str, Taker]:
    """What takes the form, of a piece or of none."""
    take = partial(actions.apply, asset_id=piece.asset_id if piece else None)
    return {"apply": Taker(Apply, _read, take, has_photos=True)}


def said(front: Front) -> dict[str, Any]:
    """What the template asks for, but for the form."""
    return {
        "title": _("How can we help you?"),
        "standing": "",
        "facts": tuple(_piece(front.piece)) if front.piece else (),
        "parts": [],
        "dues": [],
        "promises_title": _("Our service promises"),
        "promises": [cited(each.text, each.clause) for each in front.promises],
    }


def ask(front: Front) -> Iterator[Asked]:
    """The form of a new request."""
    fields = tuple(_fields(front.piece is None))
    yield Asked("apply", _("Write to us"), _("Send"), fields)


def _fields(asks_product: bool) -> Iterator[Field]:
    kinds = {kind.value: words.code(kind) for kind in OFFERED}
    yield Field("choice", "kind", words.field("kind"), choices=kinds)
    yield Field("text", "body", _("What is it about?"))
    if asks_product:
        yield Field("line", "product", _("Product, model, serial number, if you know them"))
    yield asking.photo_field()
    yield Field("line", "name", _("Your name"))
    yield Field("tel", "phone", words.field("phone"))
    yield Field("line", "email", words.field("email"))
    yield Field("line", "address", words.field("address"))
    nameless = words.code(RequestKind.SUGGESTION)
    yield Field("note", "", _("{suggestion}: your name is not needed.", suggestion=nameless))
    yield Field("trap", TRAP, _("Leave this empty"))


def _piece(piece: Labelled) -> Iterator[tuple[str, str]]:
    yield words.field("product"), piece.product
    if piece.serial:
        yield words.field("serial"), piece.serial
    if piece.warranty_until:
        yield _("Warranty until"), words.day(piece.warranty_until)


def _read(typed: Mapping[str, str]) -> dict[str, Any]:
    if typed.get(TRAP):
        raise InvalidInput(Problem(TRAP, "leave_empty"))
    return {name: typed.get(name, "") for name in FIELDS if typed.get(name, "").strip()}

"""Pages for customers as HTML: drawn here whole, without a script, and closed to anything else."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from core.codes import Language
from core.people.company import CompanyView
from pages.ui.kit import words
from pages.ui.kit.words import _

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "style.css").read_text("utf-8")
_STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    # To ourselves alone: without any a browser would not say either where a form comes from.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
# As an address says which language is spoken.
SHORT = {Language.ZH: "zh", Language.EN: "en"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def spoken(asked: str, accepted: str) -> Language:
    """The language that an address or a browser asks for; Chinese unless it is another one."""
    for language, short in SHORT.items():
        if asked == short:
            return language
    # Browsers name what they like best first.
    for each in accepted.lower().split(","):
        tag = each.split(";")[0].strip()
        for language, short in SHORT.items():
            if tag.split("-")[0] == short:
                return language
    return Language.ZH


def draw(
    template: str,
    company: CompanyView | None,
    said: Mapping[str, Any],
    status: int = HTTPStatus.OK,
) -> Response:
    """A page in the language that is spoken, with the company's name and hotline."""
    speaks = words.language()
    other = next(each for each in Language if each is not speaks)
    frame = {
        "tag": words.TAGS[speaks],
        "language": SHORT[speaks],
        "other_language": SHORT[other],
        "other_name": words.NAMES[other],
        "style": Markup(STYLE),
        "company": company.name if company else "",
        "hotline": company.hotline if company else "",
        "hotline_said": _("Questions? Call us:"),
    }
    html = _TEMPLATES.get_template(template).render(frame | dict(said))
    return HTMLResponse(html, status, HEADERS)


def message(company: CompanyView | None, title: str, text: str, status: int) -> Response:
    """A page that says one thing."""
    return draw("frame.html", company, {"title": title, "text": text}, status)


def no_such(company: CompanyView | None) -> Response:
    """The same for every link that opens nothing, whatever is wrong with it."""
    text = _("It is not right, or it is not valid any more. Call us: we send you a new one.")
    return message(company, _("This link opens nothing"), text, HTTPStatus.NOT_FOUND)


def too_often() -> Response:
    """Somebody asks more than anybody reads; nothing is looked up for that."""
    text = _("Please wait some minutes and open your link again.")
    return message(None, _("Too many at once"), text, HTTPStatus.TOO_MANY_REQUESTS)

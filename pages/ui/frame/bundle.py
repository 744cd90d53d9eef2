"""Streamlit's own words, in ours: its programs are sent with these phrases put in their place.

Streamlit has no setting for them. The version is pinned, and a test asks that each of them is still
there. A window speaks the language of its document: the browser's, until somebody has signed in.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from core.codes import Language
from pages.ui.kit import words
from pages.ui.kit.told import N_

STATIC = Path(file_util.get_static_dir()) / "static"
PROGRAMS = STATIC / "js"
FONTS = Path(__file__).with_name("fonts")
YEAR = "public, immutable, max-age=31536000"
VALUE = re.compile(r"\$\{[^`]*?\}")
NO_MATCH, ADD = N_("Nothing matches"), N_("Add: {value}")
AWAY = N_("The server cannot be reached. What you typed is still here; we keep trying.")
RELOAD = N_("The tool has been renewed. Load the page again with")
# By the program that says it: what it says in its own terms, and what it says here.
SAID: dict[str, dict[str, str]] = {
    "InputInstructions": {
        "`Press ${r()?`⌘`:`Ctrl`}+Enter to ${e}`": N_("Ctrl+Enter keeps it"),
        "`Press Enter to ${e}`": N_("Enter keeps it"),
    },
    "FileUploader": {
        "`${T(t,D.Byte,0)} per file`": N_("up to {value} each"),
        "`Upload`": N_("Choose files"),
        "`Drag and drop files here`": N_("Drop the files here"),
        "`Drag and drop a file here`": N_("Drop the file here"),
        "`Add files`": N_("Add files"),
    },
    "Selectbox": {
        "`No results`": NO_MATCH,
        "`Add: ${M}`": ADD,
        "`Clear value`": N_("Clear"),
    },
    "Multiselect": {
        "`No results`": NO_MATCH,
        "`Add: ${n}`": ADD,
        "`Select all`": N_("All of them"),
        "`Select ${p.length} matches`": N_("All {value} of these"),
        "`Clear all`": N_("Clear"),
    },
    "NumberInput": {
        "`Clear value`": N_("Clear"),
        "`Number is below the allowed range. Please enter a value greater than or equal to "
        "${n}.`": N_("At least {value}."),
        "`Number is above the allowed range. Please enter a value less than or equal to ${r}.`": N_(
            "At most {value}."
        ),
    },
    "utils": {
        "`Choose an option`": N_("Choose"),
        "`Choose options`": N_("Choose"),
        "`No options to select`": N_("Nothing to choose from"),
    },
    "DataFrame": {
        "`Add row`": N_("Add a row"),
        "`Delete row(s)`": N_("Delete the rows"),
        "`Clear selection`": N_("Choose nothing"),
        "`Show/hide columns`": N_("Which columns"),
        "label:`Search`": N_("Search in the table"),
    },
    "Toolbar": {
        "label:`Fullscreen`": N_("Full screen"),
        "`Close fullscreen`": N_("Exit full screen"),
    },
    "DateInput": {"`Choose date`": N_("Choose a day"), "`Clear date`": N_("Clear")},
    "DateTimeInput": {
        "children:`Time`": N_("Time"),
        "`Choose date and time`": N_("Choose day and time"),
        "`Clear date and time`": N_("Clear"),
    },
    "TimeInput": {"`Clear time`": N_("Clear")},
    "useCopyToClipboard": {
        "`Copied`": N_("Copied"),
        "`Copy to clipboard`": N_("Copy"),
    },
    "Pagination": {
        "`Next page`": N_("Next page"),
        "`Previous page`": N_("Previous page"),
    },
    "CameraInput": {
        "`Take Photo`": N_("Take photo"),
        "`This app would like to use your camera.`": N_("Please allow the camera."),
        "`Learn how to allow access.`": N_("How to allow it"),
    },
    "DownloadButton": {"`Download failed`": N_("The file could not be fetched")},
    "StreamlitMarkdown": {
        "`Link to heading`": N_("Link to this part"),
        "`Network issue`": N_("Load the page again"),
        "`Cannot load Streamlit frontend code. This can happen when you update Streamlit while a "
        "Streamlit app is running.`": RELOAD,
        "`To fix this, simply reload this app by pressing`": N_("Keys:"),
    },
    "index": {
        "`Skip to main content`": N_("To the content"),
        "`Navigate to home page`": N_("To my work"),
        "`Page not found`": N_("There is no such page"),
        "`Connection error`": N_("Connection lost"),
        "`Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in "
        "your terminal:`,codeBlock:`streamlit run yourscript.py`": AWAY,
        "`Streamlit server is not responding. Are you connected to the internet?`": AWAY,
        "`Connection timed out.`": AWAY,
        "`Connection lost. Please wait for the app to reconnect, then try again.`": AWAY,
        "children:`Try again`": N_("Try again"),
        "`Please wait...`": N_("One moment …"),
        "`View less`": N_("Show less"),
    },
}


class OurWords:
    """Sends Streamlit's page and programs with our words in them."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":  # a window's own talk: each element would come by here
            await self.app(scope, receive, send)
            return
        asked = scope["path"] if scope["method"] == "GET" else ""
        if program := said(asked.rpartition("/static/js/")[2]):
            await _ours(program, "text/javascript")(scope, receive, send)
        elif font := drawn(asked.rpartition("/static/media/")[2]):
            await _ours(font, "font/woff2")(scope, receive, send)
        else:
            # A page that came packed could not be read here. It is packed further out.
            kept = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await self.app({**scope, "headers": kept}, receive, _page(send))


def _ours(body: bytes, media_type: str) -> Response:
    return Response(body, media_type=media_type, headers={"Cache-Control": YEAR})


def original(stem: str) -> Path:
    """A font as Streamlit brings it along; LookupError where this Streamlit has none."""
    found = sorted((STATIC / "media").glob(f"{stem}.*woff2"))
    if len(found) != 1:
        raise LookupError(f"fonts of the name {stem}: {len(found)}")
    return found[0]


@lru_cache
def drawn(name: str) -> bytes | None:
    """A font of Streamlit's with the letters and icons that are used (docs/fonts.py)."""
    path = FONTS / f"{name.partition('.')[0]}.woff2"
    if "/" in name or not name.endswith(".woff2") or not path.is_file():
        return None
    return path.read_bytes()


@lru_cache
def said(name: str) -> bytes | None:
    """A program of Streamlit with our words; None for one that says nothing, or that is not."""
    phrases, path = SAID.get(name.partition(".")[0]), PROGRAMS / name
    if phrases is None or "/" in name or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    for found, phrase in phrases.items():
        text = text.replace(found, _spoken(found, phrase))
    return text.encode()


def _spoken(found: str, phrase: str) -> str:
    """A phrase of a program in both languages, chosen when it is shown."""
    label = found[: found.index("`")]  # as in "children:`Time`"
    value = VALUE.search(found)
    zh, en = (
        _quoted(words.catalogue(language).gettext(phrase), value.group() if value else "")
        for language in (Language.ZH, Language.EN)
    )
    return f"{label}(document.documentElement.lang[0]===`z`?{zh}:{en})"


def _quoted(phrase: str, value: str) -> str:
    if "{value}" not in phrase:
        return json.dumps(phrase, ensure_ascii=False)
    return "`" + phrase.replace("{value}", value) + "`"


# Before anything is drawn: a browser reads a page aloud in the language that it names.
_HEAD = (
    b"<title>Aftercare</title><script>"
    b'document.documentElement.lang=/^zh/i.test(navigator.language||"zh")?"zh-CN":"en"</script>'
)


def _page(send: Send) -> Send:
    """Streamlit's page names the language, and the tool as long as nothing else is known."""
    held: list[Message] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = MutableHeaders(raw=list(message["headers"])).get("content-type", "")
            if message["status"] == 200 and kind.startswith("text/html"):
                held.append(message)
                return
        if not held:
            await send(message)
            return
        held.append(message)
        if not message.get("more_body"):
            await _send_all(held, send)

    return sending


async def _send_all(held: list[Message], send: Send) -> None:
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts)
    body = body.replace(b"<title>Streamlit</title>", _HEAD)
    headers = MutableHeaders(raw=list(start["headers"]))
    if body:  # HEAD has none, and says how long it would be
        headers["content-length"] = str(len(body))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
    held.clear()

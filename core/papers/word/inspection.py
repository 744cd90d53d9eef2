"""Looks through a Word file for whatever would fetch or run something where it is opened.

Papers go to colleagues and customers. What is known to be harmless is let in: other types of parts
and other ties between them are refused, so that nobody has to know every trick of Word.
"""

import re
from functools import partial
from typing import Any, NoReturn

from lxml import etree  # type: ignore[import-untyped]

from core.papers.word.fields import Fields, check_code, is_plain_link
from core.papers.word.package import MOST_TEXT, Lead, Part, leads, parts, unsafe, xml
from core.papers.word.refusals import UnsafeTemplate

# A page of text has some thousand.
MOST_ELEMENTS = 200_000
LONGEST_VALUE = 512 * 1024

PICTURES = frozenset(
    [
        "image/png",
        "image/jpeg",
        "image/jpg",
        "image/pjpeg",
        "image/gif",
        "image/bmp",
        "image/tiff",
        "image/x-emf",
        "image/emf",
        "image/x-wmf",
        "image/wmf",
        "image/vnd.ms-photo",
    ]
)
FONTS = frozenset(
    [
        "application/x-fontdata",
        "application/x-font-ttf",
        "application/vnd.openxmlformats-officedocument.obfuscatedfont",
    ]
)
PRINTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.printersettings"
DATA = PICTURES | FONTS | {PRINTER}
# Programs, and what ties them to keys, menus and web pages, in words of XML.
PROGRAMS = ("macroenabled", "vba", "activex", "keymap", "toolbar", "webextension")

# What one part of a package may lead to. The first may be data, the others are read as XML.
DATA_TIES = frozenset(["image", "thumbnail", "font", "hdphoto", "printerSettings"])
TEXT_TIES = frozenset(
    [
        "officeDocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "extendedProperties",
        "customProperties",
        "styles",
        "stylesWithEffects",
        "settings",
        "webSettings",
        "fontTable",
        "theme",
        "themeOverride",
        "numbering",
        "footnotes",
        "endnotes",
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentsExtensible",
        "people",
        "header",
        "footer",
        "glossaryDocument",
        "customXml",
        "customXmlProps",
        "chart",
        "chartUserShapes",
        "chartStyle",
        "chartColorStyle",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
        "classificationlabels",
        "intelligence",
        "hyperlink",
    ]
)

OFFICE = re.compile(
    r"\{(http://schemas\.openxmlformats\.org/|http://purl\.oclc\.org/ooxml/"
    r"|urn:schemas-microsoft-com:|http://schemas\.microsoft\.com/office/)"
)
SVG = "{http://www.w3.org/2000/svg}"
REFUSED = frozenset(
    [
        "altChunk",
        "subDoc",
        "object",
        "OLEObject",
        "OLELink",
        "control",
        "attachedTemplate",
        "mailMerge",
        "frameset",
        "sourceFileName",
        "saveThroughXslt",
        "webVideoPr",
        "videoFile",
        "audioFile",
        "wavAudioFile",
        "quickTimeFile",
        "movie",
        "externalData",
        "fldData",
        "entryMacro",
        "exitMacro",
    ]
)
# Attributes that name a place to fetch from; ties of the package do so in a list of their own.
FETCHED = frozenset(("src", "althref", "schemaLocation", "manifestLocation"))
# What one reader shows and another does not: changes not yet accepted, versions for older ones.
BRANCHES = frozenset(["ins", "del", "moveFrom", "moveTo", "Choice", "Fallback"])
REMOTE = re.compile(r"\w{2,}://|\\\\")


def look_through(content: bytes, *, most_text: int = MOST_TEXT) -> None:
    """UnsafeTemplate with the place, where the file could harm whoever opens it."""
    found = parts(content, most_text=most_text)
    owners = {part.name: part for part in found}
    for part in found:
        _check_type(part)
    for part in found:
        if part.name.endswith(".rels"):
            for lead in leads(part, owners):
                _check_lead(lead, owners)
    most = MOST_ELEMENTS * most_text // MOST_TEXT
    for part in found:
        if part.is_text:
            most -= _Reading(part, most).whole()


def _check_type(part: Part) -> None:
    if "vba" in part.mime or "macroenabled" in part.mime or part.name.endswith("vbaProject.bin"):
        raise unsafe("has_macros", part, part.mime)
    is_known = part.is_text or part.mime in DATA
    if not is_known or any(word in part.mime for word in PROGRAMS):
        raise unsafe("not_permitted_part", part, part.mime or "?")


def _check_lead(lead: Lead, owners: dict[str, Part]) -> None:
    if lead.kind == "hyperlink":
        if lead.is_outside and not is_plain_link(lead.target):
            raise unsafe("link", lead.part, lead.target)
        return
    if lead.is_outside:
        raise unsafe("fetches", lead.part, lead.kind, lead.target)
    target = owners.get(lead.name)
    is_data = target is not None and not target.is_text
    if lead.kind not in (DATA_TIES if is_data else DATA_TIES | TEXT_TIES):
        raise unsafe("not_permitted_part", lead.part, lead.kind, lead.target)


class _Reading:
    """One walk through the elements of a part."""

    def __init__(self, part: Part, most: int) -> None:
        self.part, self.most = part, most
        self.fields = Fields(self._refuse)
        self.branches = [0]
        self.count = 0

    def whole(self) -> int:
        """Read all of it, and give the number of elements."""
        root = xml(self.part)
        if root.getroottree().xpath("//processing-instruction('xml-stylesheet')"):
            self._refuse("not_permitted_part", "xml-stylesheet")
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
            else:
                self._end(element)
        self.fields.close()
        return self.count

    def _refuse(self, reason: str, what: str, target: str = "") -> NoReturn:
        raise unsafe(reason, self.part, what, target)

    def _start(self, element: Any) -> None:
        self.count += 1
        if self.count > self.most:
            raise UnsafeTemplate(reason="too_complex")
        if element.tag.startswith(SVG):
            self._picture(element)
        elif OFFICE.match(element.tag):
            self._office(element)

    def _office(self, element: Any) -> None:
        name = _local(element.tag)
        if name in REFUSED:
            self._refuse("not_permitted_part", name)
        if name in BRANCHES:
            self.branches.append(self.count)
        for key, value in element.attrib.items():
            self._attribute(key, value)
        starts = {"fldChar": self._mark, "fldSimple": self._simple}
        starts.get(name, self._text)(element)

    def _end(self, element: Any) -> None:
        if OFFICE.match(element.tag) and _local(element.tag) in BRANCHES:
            self.branches.pop()

    def _mark(self, element: Any) -> None:
        self.fields.mark(_value(element, "fldCharType"), self.branches[-1])

    def _simple(self, element: Any) -> None:
        check_code(_value(element, "instr"), self._refuse)

    def _text(self, element: Any) -> None:
        name = _local(element.tag)
        if name in ("instrText", "delInstrText"):
            self.fields.code("".join(element.itertext()), self.branches[-1])
        elif name in ("t", "delText"):
            self.fields.text("".join(element.itertext()))
        elif name in ("p", "tab", "br", "cr"):
            self.fields.text(" ")
        elif name in ("Template", "HyperlinkBase") and REMOTE.search(element.text or ""):
            self._refuse("fetches", name, element.text)

    def _attribute(self, key: str, value: str) -> None:
        name = _local(key)
        if len(value) > LONGEST_VALUE:
            raise UnsafeTemplate(reason="too_complex")
        # With a prefix it names a tie, or says where a drawing was taken from.
        is_tie = "relationships}" in key
        if value and not is_tie and (name in FETCHED or (name == "href" and key != name)):
            self._refuse("fetches", name, value)
        if key == "href" and not is_plain_link(value):
            self._refuse("link", value)

    def _picture(self, element: Any) -> None:
        """A drawing in SVG: lines and colours, and nothing that acts or lies elsewhere."""
        if _local(element.tag) in ("script", "foreignObject", "handler", "set", "animate"):
            self._refuse("not_permitted_part", f"svg {_local(element.tag)}")
        style = [element.text or ""] if _local(element.tag) == "style" else []
        for key, value in element.attrib.items():
            is_inside = value.startswith(("#", "data:image/png", "data:image/jpeg"))
            if _local(key) in ("href", "src") and not is_inside:
                self._refuse("fetches", "svg", value)
            if _local(key).lower().startswith("on"):
                self._refuse("not_permitted_part", f"svg {_local(key)}")
            style.append(value)
        if any(re.search(r"url\(\s*+['\"]?+\s*+(?!#)|@import", text, re.I) for text in style):
            self._refuse("fetches", "svg", "style")


_local = partial(re.compile(r"\{[^}]*\}").sub, "")


def _value(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")

"""Word files of people: everyday ones are taken; what fetches, runs or costs much is refused."""

import zipfile
from io import BytesIO
from zipfile import ZIP_BZIP2, ZipFile

import pytest

from core import printing
from core.jobs.papers import ServiceFacts
from core.kernel import bounded
from core.kernel.unit_of_work import transaction
from core.papers import filling
from core.papers.word import apart, fields
from core.papers.word.inspection import look_through
from core.papers.word.refusals import UnsafeTemplate, WordPlace
from core.printing import TemplateRefused
from db.codes import Language
from db.tables import PaperTemplate, ServiceRequest
from tests.company_cast import Company, local
from tests.odd_photos import TOO_MUCH
from tests.odd_templates import (
    RELS,
    TYPES,
    Edit,
    added,
    edited,
    everyday,
    field,
    in_body,
    mark,
    packed,
    paragraph,
    replaced,
    run,
    tied,
)
from tests.printed_papers import lines, parts, template_with, word

SLIP = "acceptance_slip"
XML = "application/xml"
HEADER = "word/header1.xml"
W = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def refused(content: bytes) -> tuple[str, str, str, str]:
    with pytest.raises(UnsafeTemplate) as caught:
        look_through(content)
    details = caught.value.details
    return (details["reason"], *(str(details.get(key, "")) for key in ("part", "what", "target")))


# What is taken


def test_an_everyday_template_is_taken_and_printed(company: Company) -> None:
    content = everyday()
    company.do(
        "manager", printing.replace_template, paper=SLIP, language=Language.ZH, content=content
    )
    case_id = company.register()
    made = company.see("agent", printing.render, case_id=case_id, paper=SLIP, word=word)
    assert company.get(ServiceRequest, case_id).number in lines(made.content)
    assert company.see("manager", printing.own_refused, paper=SLIP, language=Language.ZH) is None


@pytest.mark.parametrize("path", sorted(printing.SHIPPED.glob("*.docx")), ids=lambda p: p.name)
def test_the_shipped_templates_are_harmless(path: object) -> None:
    look_through(path.read_bytes())


@pytest.mark.parametrize(
    "edit",
    [
        tied("attachedTemplate/../image", "media/image1.png", ""),
        tied("hyperlink", "mailto:a@b.cn"),
        tied("hyperlink", "HTTPS://example.com/%20x"),
        tied("hyperlink", "#place"),
        in_body(paragraph(field("PA", "GE  \\* Mer", "geformat"))),
        in_body(paragraph(field(" =SUM(ABOVE) \\# 0.00 "))),
        in_body(paragraph(field('date \\@ "yyyy-MM-dd"'))),
        in_body(paragraph(field(" EQ \\o\\ac(○,1)"))),
        in_body(paragraph(field('HYPERLINK "https://a.cn/b" \\o "Tip: see" \\t "_blank" \\h'))),
        in_body(paragraph(field('HYPERLINK \\l "_Toc1"'))),
        in_body(paragraph(field('TOC \\o "1-3" \\h \\z'), field("PAGEREF _Toc1 \\h"))),
        in_body(paragraph(field("IF ", field("PAGE"), ' = 1 "first" "other"'))),
        in_body(
            paragraph('<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        ),
        in_body(paragraph(run('<w:pict><v:shape href="https://a.cn"/></w:pict>'))),
        added("docProps/thumbnail.emf", b"\1\0\0\0", "image/x-emf"),
        added(
            "word/media/logo.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><path style="fill:url(#a)" d="M0"/></svg>',
            "image/svg+xml",
        ),
        added(
            "customXml/item1.xml",
            b'<?mso-contentType?><object xmlns="urn:x" src="http://x">{{ y }}</object>',
            XML,
        ),
        added(
            "word/fonts/font1.odttf",
            b"x",
            "application/vnd.openxmlformats-officedocument.obfuscatedFont",
        ),
    ],
)
def test_what_offices_put_into_templates_is_taken(edit: Edit) -> None:
    look_through(edited(edit))


# What fetches or runs

LINKS = (
    *("javascript:alert(1)", "file:///c:/x.exe", "data:text/html,x", "ms-word:ofe|u|http://x"),
    *(
        "\\\\host\\share",
        "//host/x",
        "other.docx",
        "vbscript:x",
        " JavaScript:x",
        "http:\\\\x",
        "ftp://x",
    ),
)


@pytest.mark.parametrize("target", LINKS)
def test_only_plain_links_are_taken(target: str) -> None:
    assert refused(edited(tied("hyperlink", target)))[:2] == ("link", "word/document.xml")
    code = target.replace("\\", "\\\\")
    assert refused(edited(in_body(paragraph(field(f'HYPERLINK "{code}"')))))[0] == "link"
    assert refused(edited(in_body(paragraph(field(f'HYPERLINK "" \\n "{code}"')))))[0] == "link"
    shape = run(f'<w:pict><v:shape href="{target}"/></w:pict>')
    assert refused(edited(in_body(paragraph(shape))))[0] == "link"


@pytest.mark.parametrize(
    "kind",
    [
        *("image", "attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "header"),
        *("mailMergeSource", "mailMergeHeaderSource", "transform", "video", "audio", "package"),
        *("control", "externalLink", "customXml", "styles", "font", "unheardOf"),
    ],
)
@pytest.mark.parametrize("target", ["http://evil/x", "file:///c:/x", "\\\\evil\\x", "x.dotm"])
def test_nothing_is_fetched_from_elsewhere(kind: str, target: str) -> None:
    settings = "word/_rels/settings.xml.rels"
    found = refused(edited(tied(kind, target, rels=settings)))
    assert found == ("fetches", "word/settings.xml", kind, target)
    assert refused(edited(tied(kind, target, ' TargetMode="external"')))[0] == "fetches"
    if target != "x.dotm":
        assert refused(edited(tied(kind, target, "")))[0] == "fetches"


@pytest.mark.parametrize(
    ("kind", "name", "mime", "reason"),
    [
        (
            "oleObject",
            "word/embeddings/oleObject1.bin",
            "application/vnd.openxmlformats-officedocument.oleObject",
            "not_permitted_part",
        ),
        (
            "package",
            "word/embeddings/a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "not_permitted_part",
        ),
        ("aFChunk", "word/a.html", "text/html", "not_permitted_part"),
        ("aFChunk", "word/a.xhtml", "application/xhtml+xml", "not_permitted_part"),
        ("subDocument", "word/sub.xml", f"{W}.document.main+xml", "not_permitted_part"),
        (
            "control",
            "word/activeX/activeX1.xml",
            "application/vnd.ms-office.activeX+xml",
            "not_permitted_part",
        ),
        ("vbaProject", "word/vba.bin", "application/vnd.ms-office.vbaProject", "has_macros"),
        (
            "keyMapCustomizations",
            "word/keys.xml",
            "application/vnd.ms-word.keyMapCustomizations+xml",
            "not_permitted_part",
        ),
        (
            "webextensiontaskpanes",
            "word/panes.xml",
            "application/vnd.ms-office.webextensiontaskpanes+xml",
            "not_permitted_part",
        ),
        ("extensibility", "customUI/customUI.xml", XML, "not_permitted_part"),
        ("image", "word/media/a.eps", "image/x-eps", "not_permitted_part"),
        ("image", "word/media/a.exe", "application/octet-stream", "not_permitted_part"),
        ("header", "word/header9.png", "image/png", "not_permitted_part"),
    ],
)
def test_other_parts_are_refused(kind: str, name: str, mime: str, reason: str) -> None:
    here = name.removeprefix("word/") if name.startswith("word/") else f"/{name}"
    assert refused(edited(added(name, b"<x/>", mime), tied(kind, here, "")))[0] == reason


def test_a_macro_document_that_is_called_docx_is_refused() -> None:
    main = f"{W}.document.main+xml"
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert refused(edited(replaced(TYPES, main, macro)))[0] == "has_macros"


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:altChunk/>", "altChunk"),
        ("<w:subDoc/>", "subDoc"),
        (paragraph(run("<w:object><o:OLEObject/></w:object>")), "object"),
        (paragraph(run('<w:pict><o:OLEObject Type="Link"/></w:pict>')), "OLEObject"),
        (paragraph(run("<w:control/>")), "control"),
        (
            paragraph(
                run('<w:pict><v:shape><v:imagedata src="http://evil/x"/></v:shape></w:pict>')
            ),
            "src",
        ),
        (paragraph(run('<w:pict><v:fill o:href="\\\\evil\\x"/></w:pict>')), "href"),
        (paragraph(run('<w:pict><v:fill o:althref="http://evil"/></w:pict>')), "althref"),
        (
            paragraph(
                run('<w:fldChar w:fldCharType="begin"><w:fldData>AA==</w:fldData></w:fldChar>')
            ),
            "fldData",
        ),
        (
            paragraph(
                "<mc:AlternateContent><mc:Fallback><w:altChunk/></mc:Fallback></mc:AlternateContent>"
            ),
            "altChunk",
        ),
        ('<q:altChunk xmlns:q="http://purl.oclc.org/ooxml/wordprocessingml/main"/>', "altChunk"),
        (
            '<w15:webVideoPr xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing"/>',
            "webVideoPr",
        ),
    ],
)
def test_elements_that_fetch_or_run_are_refused(xml: str, what: str) -> None:
    assert refused(edited(in_body(xml)))[2] == what


@pytest.mark.parametrize(
    "inner", ["<w:mailMerge/>", '<w:attachedTemplate r:id="rId1"/>', "<w:saveThroughXslt/>"]
)
def test_settings_that_fetch_are_refused(inner: str) -> None:
    edit = replaced("word/settings.xml", "<w:zoom", f"{inner}<w:zoom")
    with pytest.raises(UnsafeTemplate) as caught:
        look_through(edited(edit))
    assert caught.value.details["place"] is WordPlace.SETTINGS


def test_a_template_of_elsewhere_in_the_properties_is_refused() -> None:
    edit = replaced(
        "docProps/app.xml", "<Application>", "<Template>http://evil/x.dotm</Template><Application>"
    )
    assert refused(edited(edit)) == (
        "fetches",
        "docProps/app.xml",
        "Template",
        "http://evil/x.dotm",
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<script>1</script>",
        '<g onload="x()"/>',
        '<image href="http://evil/x.png"/>',
        '<image xmlns:l="http://www.w3.org/1999/xlink" l:href="//evil/x.png"/>',
        '<image href="data:text/html,x"/>',
        "<foreignObject/>",
        "<style>@import 'x'</style>",
        '<g style="fill: url( http://evil/x )"/>',
        "<g fill=\"url('http://evil')\"/>",
    ],
)
def test_drawings_do_nothing(inner: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode()
    edit = added("word/media/logo.svg", svg, "image/svg+xml")
    assert refused(edited(edit, tied("image", "media/logo.svg", "")))[1] == "word/media/logo.svg"


# Fields


FORBIDDEN = (
    *('DDEAUTO c:\\\\windows\\\\x "a"', "DDE x y", "dDeAuto x", 'INCLUDETEXT "http://evil/x"'),
    *('INCLUDEPICTURE "http://evil/x" \\d', "IMPORT x", "LINK Word.Document x", "DATABASE \\d x"),
    *(
        "MACROBUTTON x y",
        "GOTOBUTTON x",
        "ASK x y",
        "FILLIN x",
        'RD "\\\\\\\\evil\\\\x"',
        "EMBED x",
    ),
    *("AUTOTEXT x", "AUTOTEXTLIST x", "GLOSSARY x", "PRINT x", "USERADDRESS", "DOCVARIABLE x"),
    *("ADDIN x", "CONTROL x", "HTMLCONTROL x", "MERGEFIELD x", "SET a b", "INCLUDE x", "bookmark"),
    *('"DDEAUTO" x', "\\DDEAUTO x", "DDEAUTO\tx", "PAGEDDE x", "ＤＤＥ x", "D DE"),
)


@pytest.mark.parametrize("code", FORBIDDEN)
def test_fields_are_taken_by_name(code: str) -> None:
    shown = code.replace('"', "&quot;")
    for xml in (field(code), field(*code), f'<w:fldSimple w:instr="{shown}"/>'):
        reason, part, what, _ = refused(edited(in_body(paragraph(xml))))
        assert (reason, part) == ("field", "word/document.xml")
        assert what.split()[0] == code.split()[0]


@pytest.mark.parametrize(
    "xml",
    [
        field(field("QUOTE DDE"), "AUTO x"),
        field("D", field("QUOTE D"), "E x"),
        field("PAGE", field("DDEAUTO x")),
        field("IF 1 = 1 ", field("INCLUDEPICTURE x")),
        field("HYPERLINK ", field('QUOTE "javascript:x"')),
        field("HYPERLINK ", f"<w:ins>{field('QUOTE x')}</w:ins>"),
        # Pieces that only some readers see, or that come in a way that Word does not write.
        field("KEYWO", "<w:del><w:r><w:delInstrText>X</w:delInstrText></w:r></w:del>", "RDS"),
        field("<w:ins>" + run("<w:instrText>KEYWO</w:instrText>") + "</w:ins>", "RD x"),
        field(run("<w:t>DDE</w:t>"), "AUTO x"),
        field("DATE", mark("separate"), "DDEAUTO x"),
        run("<w:instrText>DDEAUTO x</w:instrText>"),
        mark("begin") + run("<w:instrText>DDEAUTO x</w:instrText>"),
        field(run("<w:instrText>DD<!-- x -->E</w:instrText>"), "AUTO x"),
        f'<mc:AlternateContent><mc:Choice Requires="x">{field("DDE x")}</mc:Choice></mc:AlternateContent>',
        run(
            f"<w:pict><v:textbox><w:txbxContent>{paragraph(field('DDE x'))}</w:txbxContent></v:textbox></w:pict>"
        ),
        mark("end"),
        mark("other"),
    ],
)
def test_fields_cannot_be_hidden(xml: str) -> None:
    assert refused(edited(in_body(paragraph(xml))))[0] in ("field", "link")


def test_a_field_in_a_page_header_is_refused_with_the_place() -> None:
    with pytest.raises(UnsafeTemplate) as caught:
        filling.check(everyday(code='INCLUDEPICTURE "http://evil"'), ServiceFacts)
    details = caught.value.details
    assert (details["place"], details["part"]) == (WordPlace.HEADER, HEADER)
    assert details["what"] == 'INCLUDEPICTURE "http://evil"'


@pytest.mark.parametrize("kind", ["footnotes", "endnotes", "comments", "footer"])
def test_fields_are_found_in_every_part(kind: str) -> None:
    xml = f'<w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{paragraph(field("DDE x"))}</w:x>'
    edit = added(f"word/odd.{kind}", xml.encode(), f"{W}.{kind}+xml")
    with pytest.raises(UnsafeTemplate) as caught:
        look_through(edited(edit, tied(kind, f"odd.{kind}", "")))
    assert caught.value.details["place"] is WordPlace(kind)


def test_the_prefix_of_a_name_does_not_matter() -> None:
    xml = '<q:fldSimple xmlns:q="http://schemas.openxmlformats.org/wordprocessingml/2006/main" q:instr="DDE x"/>'
    assert refused(edited(in_body(f"<w:p>{xml}</w:p>")))[0] == "field"


@pytest.mark.parametrize(
    "code", ["{{ symptom }}", "PAGE {{ x }}", 'HYPERLINK "{{ symptom }}"', "{", "}"]
)
def test_a_placeholder_makes_no_field(code: str) -> None:
    assert refused(edited(in_body(paragraph(field(code)))))[0] == "placeholder_in_field"


def test_what_filling_takes_away_leaves_no_field() -> None:
    # The paragraph of the mark is taken out, and with it the end of a name and of a field.
    torn = (
        paragraph(mark("begin"), run("<w:instrText>D</w:instrText>")),
        paragraph(
            run("<w:instrText>ATE</w:instrText>"),
            mark("separate"),
            run("<w:t>{%p if number %}</w:t>"),
            mark("end") + mark("begin"),
            run("<w:instrText>=1 </w:instrText>"),
        ),
        paragraph(run("<w:instrText>DEAUTO x</w:instrText>"), mark("separate"), mark("end")),
        paragraph(run("<w:t>{%p endif %}</w:t>")),
    )
    content = edited(*(in_body(xml) for xml in torn))
    with pytest.raises(TemplateRefused):
        filling.check(content, ServiceFacts)


def test_codes_of_links_are_read_as_word_reads_them() -> None:
    def said(reason: str, what: str) -> None:
        raise TemplateRefused(reason=reason, what=what)

    fields.check_code(' HYPERLINK "http://a.cn" \\* MERGEFORMAT ', said)  # type: ignore[arg-type]
    with pytest.raises(TemplateRefused):
        fields.check_code('HYPERLINK \\x "http://a.cn"', said)  # type: ignore[arg-type]


# What costs much


def test_rules_of_its_own_are_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w:x xmlns:w="urn:x">&b;</w:x>'
    for name in (HEADER, TYPES, RELS, "word/document.xml"):
        files = parts(everyday())
        files[name] = laughs.encode()
        assert refused(packed(files))[0] == "not_permitted_part"


def test_text_in_a_part_of_any_name_has_its_limit() -> None:
    text = b"<w:hdr xmlns:w='urn:x'>" + b"{{ number }} " * 2_000_000 + b"</w:hdr>"
    for name, mime in (
        ("word/odd.bin", f"{W}.header+xml"),
        ("word/odd.bin", XML),
        ("a.xml", "image/png"),
    ):
        edit = added(name, text, mime)
        assert (
            refused(edited(edit, tied("header", name.removeprefix("word/"), "")))[0] == "too_large"
        )


def test_elements_values_depth_and_parts_have_their_limits() -> None:
    many = paragraph("<w:b/>" * 199_999)
    assert refused(edited(in_body(many)))[0] == "too_complex"
    long = paragraph(f'<w:b w:x="{"x" * 600_000}"/>')
    assert refused(edited(in_body(long)))[0] == "too_complex"
    deep = paragraph("<w:b>" * 300 + "</w:b>" * 300)
    assert refused(edited(in_body(deep)))[0] == "broken"
    parted = (added(f"word/media/{n}.png", b"x", "image/png") for n in range(500))
    assert refused(edited(*parted))[0] == "too_large"


def test_a_package_that_word_may_read_otherwise_is_refused() -> None:
    files = parts(everyday())
    out = BytesIO()
    with ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("word/document.xml", b"<x/>")
    assert refused(out.getvalue())[0] == "not_word"
    for odd in ("word\\x.xml", "/word/x.xml", "word/../x.xml", "WORD/document.xml"):
        assert refused(packed({**files, odd: b"<x/>"}))[0] == "not_word"
    out = BytesIO()
    with ZipFile(out, "w", ZIP_BZIP2) as package:
        for name, data in files.items():
            package.writestr(name, data)
    assert refused(out.getvalue())[0] == "not_word"


def test_a_size_that_the_package_lies_about_is_found_out() -> None:
    content = edited(added("word/media/a.png", b"\0" * (51 << 20), "image/png"))
    at = content.rindex(b"word/media/a.png") - 22  # the unpacked size in the list at the end
    assert refused(content[:at] + (100).to_bytes(4, "little") + content[at + 4 :])[0] in (
        "too_large",
        "not_word",
    )
    assert zipfile.is_zipfile(BytesIO(content))
    assert refused(content)[0] == "too_large"


def test_what_keeps_the_process_busy_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST", 0.001)
    with pytest.raises(TemplateRefused) as caught:
        filling.check(everyday(), ServiceFacts)
    assert caught.value.details == {"reason": "not_tried"}
    assert not isinstance(caught.value, UnsafeTemplate)


@pytest.mark.parametrize("code", [-24, -11, bounded.TOO_LARGE])
def test_a_template_that_asks_for_too_much_is_refused(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "run", lambda *_asked, **_more: bounded.Ended(code))
    with pytest.raises(UnsafeTemplate) as caught:
        filling.check(everyday(), ServiceFacts)
    assert caught.value.details == {"reason": "too_costly"}


def test_loops_of_loops_are_refused_at_once() -> None:
    for text in (
        "{% for a in range(10**9) %}{% endfor %}",
        "{% for a in limits %}" * 3 + "{% endfor %}" * 3,
    ):
        with pytest.raises(TemplateRefused):
            filling.check(template_with("{{ number }}", text), ServiceFacts)


# Kept before


def keep(company: Company, content: bytes) -> None:
    row = PaperTemplate(
        paper=SLIP,
        language=Language.ZH,
        content=content,
        replaced_at=local("2026-01-05 09:00"),
    )
    with transaction(company.engine, write=True) as session:
        session.add(row)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (tied("attachedTemplate", "http://evil/x", rels="word/_rels/settings.xml.rels"), "fetches"),
        (
            added("word/odd.bin", b"<x>" + b" " * (20 << 20) + b"</x>", f"{W}.header+xml"),
            "too_large",
        ),
    ],
)
def test_a_template_kept_before_is_not_printed_from(
    company: Company, edit: Edit, reason: str
) -> None:
    keep(company, edited(edit))
    case_id = company.register()
    made = company.see("agent", printing.render, case_id=case_id, paper=SLIP, word=word)
    assert "售后服务申请受理单" in lines(made.content)
    assert b"evil" not in b"".join(parts(made.content).values())
    why = company.see("manager", printing.own_refused, paper=SLIP, language=Language.ZH)
    assert why.details["reason"] == reason


def test_a_harmful_template_is_not_kept(company: Company) -> None:
    with pytest.raises(TemplateRefused):
        company.do(
            "manager",
            printing.replace_template,
            paper=SLIP,
            language=Language.ZH,
            content=edited(tied("oleObject", "http://evil/x")),
        )
    assert company.rows(PaperTemplate) == []


def with_picture(content: bytes) -> Edit:
    def edit(files: dict[str, bytes]) -> None:
        (name,) = [name for name in files if name.startswith("word/media/")]
        files[name] = content

    return edit


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (TOO_MUCH["60000.png"], "no_pdf"),
        (TOO_MUCH["progressive.jpg"], "too_costly"),
        (b"\x01\0\0\0 an EMF of Windows", "no_pdf"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_told_before_the_template_is_kept(
    picture: bytes, reason: str
) -> None:
    with pytest.raises(TemplateRefused) as caught:
        filling.check(edited(with_picture(picture)), ServiceFacts)
    assert caught.value.details["reason"] == reason


def test_pictures_of_people_are_decoded_apart(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(sqlite_company, everyday())
    case_id = sqlite_company.register()

    def here(*_given: object, **_named: object) -> bytes:
        raise AssertionError("in the process that serves people")

    monkeypatch.setattr(printing.pdf, "of_word", here)
    asked = {"paper": SLIP, "case_id": case_id, "language": Language.ZH, "word": word}
    made = sqlite_company.see("agent", printing.content, as_pdf=True, **asked)
    assert made.startswith(b"%PDF-")

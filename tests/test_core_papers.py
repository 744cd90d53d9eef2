"""Printed papers: the facts are on them, in words; templates from people are safe and checked."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from sqlalchemy import update

from core import printing
from core.house import HOUSE
from core.jobs import actions as jobs
from core.jobs.papers import ServiceFacts
from core.jobs.unfinished import EndVisit
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.papers import filling
from core.papers.placeholders import plain
from core.printing import TemplateRefused, make_templates
from core.process import history
from core.requests import inputs
from db.codes import Language
from db.tables import Company as CompanyRow
from db.tables import History, Job, PaperTemplate, ServiceRequest
from tests import billed
from tests.company_cast import REPORT, Company, local
from tests.printed_papers import lines, parts, template_with, word

ZH, EN = Language.ZH, Language.EN
SLIP, REPORT_PAPER = "acceptance_slip", "service_report"


def printed(company: Company, case_id: int, who: str = "agent", **more: object) -> list[str]:
    made = company.see(who, printing.render, case_id=case_id, word=word, **{"paper": SLIP, **more})
    return lines(made.content)


def edited(content: bytes, edit: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same package with its parts changed."""
    files = parts(content)
    edit(files)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def replace(company: Company, content: bytes, who: str = "manager", paper: str = SLIP) -> None:
    company.do(who, printing.replace_template, paper=paper, language=ZH, content=content)


def set_symptom(company: Company, case_id: int, text: str) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(
            update(ServiceRequest).where(ServiceRequest.id == case_id).values(symptom=text)
        )


# What is on the papers


def test_the_acceptance_slip_holds_the_facts_of_the_case(company: Company) -> None:
    case_id = company.register(
        serial="sn 7",
        address="南京市中山东路 1 号",
        wanted_from="2026-03-03T01:00:00Z",
        wanted_to="2026-03-03T03:00:00Z",
    )
    number = company.get(ServiceRequest, case_id).number
    shown = printed(company, case_id)
    for text in (
        "Test company",
        "售后服务申请受理单",
        f"编号：{number}\t受理时间：2026年3月2日 10:00",
        "王小明",
        "138 0013 8000",
        "南京市中山东路 1 号",
        "海尔",
        "XQG100",
        "SN7",
        "2025年6月1日",
        "2026年5月31日",
        "[ChargeReason.in_warranty]",
        "[Charge.free] · [ChargeReason.in_warranty]",
        "[RequestKind.repair]",
        "[Channel.hotline]",
        "洗衣机不转了",
        "[RequestKind.repair] · [FaultArea.function]",
        "2026年3月3日 09:00 – 11:00",
        "agent",
        "North",
        "顾客确认签字：//日期：",
    ):
        assert text in shown, text
    assert any(number in text and "服务热线" in text for text in shown[-1:])


def test_the_slip_says_what_is_due_when_and_why(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    shown = printed(sqlite_company, case_id)
    at = shown.index("[Measure.response]")
    assert shown[at : at + 4] == [
        "[Measure.response]",
        "2026年3月3日 10:00",
        "A2",
        "受理后24小时内响应报修",
    ]
    assert "接到后48小时内完成初步诊断处理" in shown
    assert "[Measure.follow_up]" not in shown


def test_the_slip_shows_the_agreed_visit_and_the_instructions(sqlite_company: Company) -> None:
    case_id, job_id = sqlite_company.dispatched()
    window = {"agreed_from": local("2026-03-03 14:00"), "agreed_to": local("2026-03-03 16:00")}
    sqlite_company.act("technician", Job, job_id, jobs.AgreeVisit(**window))
    assert "2026年3月3日 14:00 – 16:00" in printed(sqlite_company, case_id)


def test_a_window_over_midnight_names_both_days(sqlite_company: Company) -> None:
    case_id, job_id = sqlite_company.dispatched()
    window = {"agreed_from": local("2026-03-03 23:00"), "agreed_to": local("2026-03-04 01:00")}
    sqlite_company.act("technician", Job, job_id, jobs.AgreeVisit(**window))
    assert "2026年3月3日 23:00 – 2026年3月4日 01:00" in printed(sqlite_company, case_id)


def test_the_service_report_holds_what_was_done(company: Company) -> None:
    case_id, job_id = company.dispatched(purchased_on="2020-01-01")
    window = {"agreed_from": local("2026-03-02 10:00"), "agreed_to": local("2026-03-02 12:00")}
    report = REPORT | {"parts": "皮带 ×1"}
    billed.own_line(company, case_id, line_kind="part", unit_cents=123456)
    company.priced(case_id, 8000)
    steps = (
        jobs.AgreeVisit(**window),
        jobs.Arrive(),
        EndVisit(outcome="unfinished", note="缺件"),
        jobs.AgreeVisit(**window),
        jobs.Arrive(),
        parse(jobs.FinishJob, report),
    )
    for step in steps:
        company.act("technician", Job, job_id, step)
    shown = printed(company, case_id, paper=REPORT_PAPER)
    for text in (
        "售后服务报告单",
        "technician",
        "皮带断裂",
        "更换皮带",
        "皮带 ×1",
        "[JobResult.fixed]",
        "80.00 元",
        "1,234.56 元",
        "1,314.56 元",
        "2026年3月2日 10:00 – 12:00",
        "[VisitOutcome.unfinished]",
        "[VisitOutcome.done]",
        "[Charge.paid] · [ChargeReason.out_of_warranty]",
    ):
        assert text in shown, text
    assert any("完工时间：2026年3月2日 10:00" in text for text in shown)


def test_the_report_is_about_the_newest_job_that_was_not_withdrawn(sqlite_company: Company) -> None:
    case_id, job_id = sqlite_company.dispatched()
    withdraw = jobs.WithdrawJob(note="换人")
    sqlite_company.act("dispatcher", Job, job_id, withdraw)
    with pytest.raises(NotFound):
        printed(sqlite_company, case_id, paper=REPORT_PAPER)
    colleague = sqlite_company.dispatch("technician.colleague")
    sqlite_company.act("dispatcher", ServiceRequest, case_id, colleague)
    assert "technician.colleague" in printed(sqlite_company, case_id, paper=REPORT_PAPER)


def test_what_dispatchers_tell_technicians_is_not_for_customers(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    technician = sqlite_company["technician"].id
    send = inputs.Dispatch(technician_id=technician, instructions="小心：难缠的顾客")
    sqlite_company.act("dispatcher", ServiceRequest, case_id, send)
    for paper in (SLIP, REPORT_PAPER):
        shown = printed(sqlite_company, case_id, paper=paper)
        assert not any("难缠" in text for text in shown)


def test_a_visit_that_was_moved_shows_nobody_leaving(sqlite_company: Company) -> None:
    case_id, job_id = sqlite_company.dispatched()
    first = {"agreed_from": local("2026-03-02 14:00"), "agreed_to": local("2026-03-02 16:00")}
    second = {"agreed_from": local("2026-03-03 14:00"), "agreed_to": local("2026-03-03 16:00")}
    moved = jobs.MoveVisit(**second, note="改约")
    sqlite_company.act("technician", Job, job_id, jobs.AgreeVisit(**first))
    later = local("2026-03-02 11:11")
    sqlite_company.act("technician", Job, job_id, moved, now=later)
    shown = printed(sqlite_company, case_id, paper=REPORT_PAPER)
    assert "[VisitOutcome.moved]" in shown
    assert not any("11:11" in text for text in shown)


def test_a_case_without_a_job_has_no_report(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    with pytest.raises(NotFound):
        printed(sqlite_company, case_id, paper=REPORT_PAPER)


def test_a_paper_speaks_the_language_asked_for(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    shown = printed(sqlite_company, case_id, language=EN)
    assert "Service Acceptance Slip" in shown
    assert "Jun 1, 2025" in shown
    assert "Repair answered within 24 hours of acceptance" in shown
    assert any("Received: Mar 2, 2026 10:00" in text for text in shown)


def test_the_file_is_named_after_the_paper_and_the_case(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    number = sqlite_company.get(ServiceRequest, case_id).number
    names = {"acceptance_slip": "受理单: A/B"}
    made = sqlite_company.see(
        "agent",
        printing.render,
        paper=SLIP,
        case_id=case_id,
        word=lambda _, code: names.get(code, ""),
    )
    assert made.name == f"受理单_A_B_{number}.docx"
    assert made.mime.endswith("wordprocessingml.document")


def test_a_stranger_to_the_station_gets_no_paper(company: Company) -> None:
    case_id = company.register()
    with pytest.raises(NotFound):
        printed(company, case_id, who="agent.stranger")


# What customers write


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Tom & <b>Jerry</b> \"'", "Tom & <b>Jerry</b> \"'"),
        ("&lt;w:p/&gt; ]]>", "&lt;w:p/&gt; ]]>"),
        ("漏水 😀 𠮷", "漏水 😀 𠮷"),
        ("一\n二\r\n三", "一/二/三"),
        ("{{ number }} {% for x in limits %}", "{{ number }} {% for x in limits %}"),
        ("a\x00b\x07c\x0cd\x1be\ufffff", "abcdef"),
    ],
)
def test_what_customers_write_comes_out_as_written(
    sqlite_company: Company, typed: str, shown: str
) -> None:
    case_id = sqlite_company.register()
    set_symptom(sqlite_company, case_id, typed)
    assert shown in printed(sqlite_company, case_id)


def test_ten_thousand_characters_are_all_printed(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    text = "洗衣机脱水时异响<&>" * 1000
    set_symptom(sqlite_company, case_id, text)
    assert text in printed(sqlite_company, case_id)


# The shipped templates


def test_the_shipped_templates_are_what_the_script_makes(tmp_path: Path) -> None:
    make_templates.make(tmp_path)
    shipped = sorted(path.name for path in printing.SHIPPED.glob("*.docx"))
    assert shipped == sorted(path.name for path in tmp_path.glob("*.docx"))
    assert len(shipped) == len(HOUSE.papers) * len(Language)
    for name in shipped:
        made, kept = ((folder / name).read_bytes() for folder in (tmp_path, printing.SHIPPED))
        for part in ("word/document.xml", "word/footer1.xml", "word/styles.xml"):
            assert parts(made)[part] == parts(kept)[part], (name, part)


@pytest.mark.parametrize("path", sorted(printing.SHIPPED.glob("*.docx")), ids=lambda p: p.name)
def test_the_shipped_templates_pass_their_own_check(path: Path) -> None:
    content = path.read_bytes()
    paper = path.name.split(".")[0]
    filling.check(content, HOUSE.papers[paper].shape)
    fonts = re.findall(r'w:eastAsia="([^"]+)"', parts(content)["word/document.xml"].decode())
    assert set(fonts) == {"宋体", "微软雅黑"}


def test_every_placeholder_is_a_text_or_a_list() -> None:
    known = printing.placeholders(SLIP)
    assert set(known) == {"", "limits", "visits", "checks", "photos"}
    for name in ("number", "customer", "symptom", "confirmed_by", "hotline"):
        assert name in known[""]
    assert "clause" in known["limits"]


# The company's own templates


def test_the_company_s_own_template_is_used_and_can_be_given_back(company: Company) -> None:
    case_id = company.register()
    number = company.get(ServiceRequest, case_id).number
    own = template_with("Ours: {{ number }}", footer="{{ hotline }}!")
    replace(company, own)
    assert printed(company, case_id) == [f"Ours: {number}", "!"]
    assert "Service Acceptance Slip" in printed(company, case_id, language=EN)
    assert company.see("admin", printing.template, paper=SLIP, language=ZH) == own
    replace(company, template_with("Newer: {{ number }}"))
    assert printed(company, case_id) == [f"Newer: {number}"]
    company.do("manager", printing.restore_template, paper=SLIP, language=ZH)
    assert "售后服务申请受理单" in printed(company, case_id)
    assert company.rows(PaperTemplate) == []
    told = [action for action, _, _ in company.history("company", 1)]
    assert told == ["set_up", "paper_replaced", "paper_replaced", "paper_restored"]
    row = company.rows(History, action="paper_replaced")[0]
    assert row.data["paper"] == "acceptance_slip"
    assert row.data["bytes"] == len(own)
    assert company.see("auditor", history.verify) == ()


def test_the_list_of_templates_says_which_are_the_company_s_own(sqlite_company: Company) -> None:
    replace(sqlite_company, template_with("{{ number }}"), paper=REPORT_PAPER)
    listed = sqlite_company.see("manager", printing.list_templates)
    assert len(listed) == len(HOUSE.papers) * len(Language)
    own = [(each.paper, each.language) for each in listed if each.replaced_at]
    assert own == [(REPORT_PAPER, ZH)]


def test_nothing_is_given_back_when_the_shipped_template_is_used(sqlite_company: Company) -> None:
    with pytest.raises(NotFound):
        sqlite_company.do("manager", printing.restore_template, paper=SLIP, language=ZH)


@pytest.mark.parametrize("who", ["agent", "technician", "auditor", "leader"])
def test_others_may_not_touch_templates(sqlite_company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        replace(sqlite_company, template_with("{{ number }}"), who=who)
    with pytest.raises(NotAllowed):
        sqlite_company.do(who, printing.restore_template, paper=SLIP, language=ZH)
    with pytest.raises(NotAllowed):
        sqlite_company.see(who, printing.list_templates)


def test_a_template_may_test_repeat_and_trim(sqlite_company: Company) -> None:
    own = template_with(
        "{{ number | lower | trim }} {% if answer %}A{% else %}{{ symptom }}{% endif %}",
        table=(
            "{%tr for limit in limits %}",
            "{{ loop.index }} {{ limit.clause }}{% if loop.last and not answer %}!{% endif %}",
            "{%tr endfor %}",
        ),
    )
    replace(sqlite_company, own)
    case_id = sqlite_company.register()
    number = sqlite_company.get(ServiceRequest, case_id).number.lower()
    shown = printed(sqlite_company, case_id)
    assert shown[0] == f"{number} 洗衣机不转了"
    assert len(shown) == 4
    assert shown[-1].endswith("!")


def test_a_placeholder_that_word_cut_into_pieces_is_found(sqlite_company: Company) -> None:
    document = Document()
    line = document.add_paragraph()
    for piece in ("{", "{ num", "ber }", "}"):
        line.add_run(piece).bold = piece == "ber }"
    out = BytesIO()
    document.save(out)
    replace(sqlite_company, out.getvalue())
    case_id = sqlite_company.register()
    assert printed(sqlite_company, case_id) == [sqlite_company.get(ServiceRequest, case_id).number]


# Templates that are refused


def refusal(content: bytes) -> tuple[str, str, str]:
    with pytest.raises(TemplateRefused) as caught:
        filling.check(content, ServiceFacts)
    details = caught.value.details
    assert caught.value.code == "template_refused"
    return details["reason"], details.get("placeholder", ""), details.get("near", "")


@pytest.mark.parametrize(
    ("text", "reason", "placeholder"),
    [
        ("No. {{ numbr }}", "unknown_placeholder", "numbr"),
        ("{% if answer %}{{ hidden }}{% endif %}", "unknown_placeholder", "hidden"),
        ("{% for x in limits %}{{ x.price }}{% endfor %}", "unknown_placeholder", "x.price"),
        ("{% for x in people %}{{ x }}{% endfor %}", "unknown_placeholder", "people"),
        ("{{ number.case }}", "unknown_placeholder", "number.case"),
        ("{{ number", "syntax", ""),
        ("{% if number %}", "syntax", ""),
        ("{% endfor %}", "syntax", ""),
        ("{{ number | md5 }}", "not_permitted", "md5"),
        ("{{ number | safe }}", "not_permitted", "safe"),
        ("{{ ''.__class__.__mro__ }}", "not_permitted", "__mro__"),
        ("{{ number.__class__ }}", "unknown_placeholder", "number.__class__"),
        ("{{ number['__class__'] }}", "not_permitted", "getitem"),
        ("{{ number.format(1) }}", "not_permitted", "call"),
        ("{{ 9 ** 9 ** 9 }}", "not_permitted", "pow"),
        ("{{ 'a' * 999999999 }}", "not_permitted", "mul"),
        ("{% for x in range(9) %}{% endfor %}", "not_permitted", "for"),
        ("{% for x in number %}{% endfor %}", "unknown_placeholder", "number"),
        ("{% set a = number %}{{ a }}", "not_permitted", "assign"),
        ("{% include 'x' %}", "not_permitted", "include"),
        ("{% macro m() %}{% endmacro %}", "not_permitted", "macro"),
    ],
)
def test_a_bad_template_is_refused_with_the_place(text: str, reason: str, placeholder: str) -> None:
    said, what, near = refusal(template_with("Title {{ number }}", f"Here {text}"))
    assert (said, what) == (reason, placeholder)
    if text != "{{ number":  # reads on into the next tag: the place is where that ends
        assert near.startswith("Here")


def test_a_bad_placeholder_in_the_footer_is_refused() -> None:
    reason = refusal(template_with("{{ number }}", footer="Page {{ nonsense }}"))
    assert reason == ("unknown_placeholder", "nonsense", "Page {{ nonsense }}")


def test_loops_inside_loops_are_bounded() -> None:
    text = "{% for a in limits %}{% for b in visits %}{% for c in limits %}x"
    text += "{% endfor %}" * 3
    assert refusal(template_with(text))[:2] == ("not_permitted", "for")


def test_marks_that_are_never_closed_do_not_keep_the_server_busy() -> None:
    assert refusal(template_with("{{ number }}", "{%" * 1900))[0] == "syntax"
    assert refusal(template_with("{{ number }}", "{%" * 100_000))[0] == "too_many_placeholders"
    assert refusal(template_with("{{ number }}" * 1001))[0] == "too_many_placeholders"


@pytest.mark.parametrize("text", ["{{p number }}", "a {{r number }} b"])
def test_a_placeholder_that_word_would_not_print_is_refused(text: str) -> None:
    assert refusal(template_with("x", text))[0] == "broken"


def test_rows_that_are_opened_and_not_closed_as_rows_are_refused() -> None:
    content = template_with("{{ number }}", table=("{%tr for x in limits %}", "{% endfor %}"))
    assert refusal(content)[0] == "broken"


def test_a_file_without_any_placeholder_is_refused() -> None:
    assert refusal(template_with("Dear customer"))[0] == "no_placeholder"


def _without_document(files: dict[str, bytes]) -> None:
    del files["word/document.xml"]


def _with_macros(files: dict[str, bytes]) -> None:
    files["word/vbaProject.bin"] = b"x"


def _with_a_bomb(files: dict[str, bytes]) -> None:
    files["word/media/image1.png"] = b"\0" * (51 * 1024 * 1024)


def _with_endless_text(files: dict[str, bytes]) -> None:
    files["word/document.xml"] += b" " * (3 * 1024 * 1024)


def _with_garbage(files: dict[str, bytes]) -> None:
    files["word/document.xml"] = b"<w:document"


def _as_a_spreadsheet(files: dict[str, bytes]) -> None:
    types = files["[Content_Types].xml"]
    files["[Content_Types].xml"] = types.replace(b"wordprocessingml.document", b"spreadsheetml.x")


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (_without_document, "not_word"),
        (_with_macros, "has_macros"),
        (_with_a_bomb, "too_large"),
        (_with_endless_text, "too_large"),
        (_with_garbage, "broken"),
        (_as_a_spreadsheet, "broken"),
    ],
)
def test_a_file_that_is_no_honest_word_file_is_refused(
    edit: Callable[[dict[str, bytes]], None], reason: str
) -> None:
    assert refusal(edited(template_with("{{ number }}"), edit))[0] == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_word"),
        (b"%PDF-1.7", "not_word"),
        (b"PK\x03\x04" + b"\0" * 100, "not_word"),
        (b"\0" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_package_is_refused(content: bytes, reason: str) -> None:
    assert refusal(content)[0] == reason


def test_a_cut_off_file_is_refused() -> None:
    whole = template_with("{{ number }}")
    assert refusal(whole[: len(whole) // 2])[0] == "not_word"


def test_a_refused_template_changes_nothing(company: Company) -> None:
    with pytest.raises(TemplateRefused):
        replace(company, template_with("{{ nonsense }}"))
    assert company.rows(PaperTemplate) == []
    assert [action for action, _, _ in company.history("company", 1)] == ["set_up"]


def test_a_stored_template_that_no_longer_fits_says_so(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    row = PaperTemplate(
        paper=SLIP,
        language=ZH,
        content=template_with("{{ dropped_fact }}"),
        replaced_at=local("2026-01-05 09:00"),
    )
    with transaction(sqlite_company.engine, write=True) as session:
        session.add(row)
    with pytest.raises(TemplateRefused):
        printed(sqlite_company, case_id)


def test_a_company_without_a_hotline_prints(sqlite_company: Company) -> None:
    assert sqlite_company.get(CompanyRow, 1).hotline == ""
    assert printed(sqlite_company, sqlite_company.register())


def test_facts_are_plain_for_word() -> None:
    assert plain("a\r\nb\rc\td\x0b\ud800") == "a\nb\nc\td"

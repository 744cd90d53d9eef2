"""The papers of a complaint: the whole file, the letter, the report, the notice of a penalty."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from core import printing
from core.complaints import inputs, penalties
from core.complaints import view as complaint_view
from core.house import HOUSE
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.printing import TemplateRefused
from core.process import workflow
from db.codes import Language, RequestKind
from db.tables import Complaint, Improvement, Penalty, Person, ServiceRequest
from pages.ui.kit import words
from tests.company_cast import NOW, Company
from tests.complaint_steps import measure, steps, take
from tests.printed_papers import lines, template_with

ZH, EN = Language.ZH, Language.EN
FORM, LETTER = "complaint_form", "answer_letter"
REPORT, NOTICE = "investigation_report", "penalty_notice"
SECRET = "三次提醒后仍未检验"
AWKWARD = "Tom & <b>Jerry</b> {{ number }} ]]>\n第二行\x00😀"


def complain(company: Company, **facts: object) -> tuple[int, int]:
    """A registered complaint: the ids of its case and of its file."""
    about = {"kind": "complaint", "symptom": "新机脱水时异响，要求退款", "batch": "B2507"}
    case_id = company.register(**about | {"fault_area": "noise", "serial": "SN7"} | facts)
    (row,) = company.rows(Complaint, request_id=case_id)
    return case_id, row.id


def finish(company: Company, complaint_id: int) -> int:
    """All steps to the end, with a penalty and one measure of each kind. Gives the penalty."""
    take(company, complaint_id, "notified")
    asked = {"ground": "person", "person_id": company["handler"].id, "percent": 12.5}
    penalise = parse(inputs.Penalise, asked | {"reason": SECRET})
    company.act("manager", Complaint, complaint_id, penalise)
    for fact in ("penalties_settled", "improved", "closed"):
        who, command = steps(company)[fact]
        company.act(who, Complaint, complaint_id, command)
        if fact == "penalties_settled":
            corrective = measure(company, kind="corrective", measure="召回本批皮带")
            company.act("manager", Complaint, complaint_id, corrective)
    return company.rows(Penalty, complaint_id=complaint_id)[0].id


def printed(company: Company, paper: str, who: str = "manager", **more: object) -> list[str]:
    language = more.setdefault("language", ZH)
    word = words.catalogue(language).pgettext
    made = company.see(who, printing.render, paper=paper, word=word, **more)
    return lines(made.content)


@pytest.fixture
def told(company: Company) -> Iterator[tuple[Company, int, int]]:
    """A complaint that went all the way, its case and its penalty, on either database."""
    case_id, complaint_id = complain(company)
    yield company, case_id, finish(company, complaint_id)


# What is on them

CHINESE_FORM = (
    *("顾客投诉处理单", "Test company", "王小明", "138 0013 8000", "SN7", "B2507", "热线电话"),
    *("新机脱水时异响，要求退款", "产品质量 · 产品缺陷", "成立", "是", "质量管理部"),
    *("质量管理部 · A22", "皮带来料硬度不足", "材料", "公司责任", "2,000.00 元"),
    *("物流储运部", "handler", "60", "40", "退款", "退一赔一", "300.00", "300.00 元", "quality"),
    *("售后经理 / 公司领导 · E14", "方案批准", "manager", "2026年3月2日 10:00", "退款三百元并致歉"),
    *("接受", "来料检验加硬度一项", "召回本批皮带", "纠正措施", "来料加测硬度", "预防措施"),
    *("support", "2026年4月1日", "进行中", "查明原因", "投诉结案"),
)
ENGLISH_FORM = (
    *("Complaint Form", "Product quality · Defect", "Founded", "Yes", "Quality control · A22"),
    *("Material", "The company", "2,000.00 CNY", "Refund", "Plan approved", "Mar 2, 2026 10:00"),
    *("Accepted", "Corrective", "Preventive", "Apr 1, 2026", "In progress", "Investigated"),
)


def test_the_form_holds_the_whole_file(told: tuple[Company, int, int]) -> None:
    company, case_id, _ = told
    number = company.get(ServiceRequest, case_id).number
    for language, facts in ((ZH, CHINESE_FORM), (EN, ENGLISH_FORM)):
        shown = printed(company, FORM, case_id=case_id, language=language)
        assert [text for text in facts if text not in shown] == []
        assert any(number in text for text in shown)
    assert any("结案时间：2026年3月2日 10:00" in t for t in printed(company, FORM, case_id=case_id))


@pytest.mark.parametrize("who", ["manager", "auditor", "agent", "handler"])
def test_no_penalty_is_on_any_paper_of_the_complaint(sqlite_company: Company, who: str) -> None:
    case_id, complaint_id = complain(sqlite_company)
    finish(sqlite_company, complaint_id)
    for paper in (FORM, LETTER, REPORT):
        for language in Language:
            text = "\n".join(
                printed(sqlite_company, paper, who, case_id=case_id, language=language)
            )
            for word in (SECRET, "12.5", "处罚", "首次发生", "enalt"):
                assert word not in text, (paper, word)


def test_the_report_holds_cause_extent_and_measures(told: tuple[Company, int, int]) -> None:
    company, case_id, _ = told
    company.register(kind="repair", serial="SN8", batch="B2507", symptom="脱水异响")
    company.register(kind="repair", serial="SN9", fault_area="leak", symptom="漏水")
    shown = printed(company, REPORT, case_id=case_id)
    for text in (
        *("投诉调查报告", "产品质量 · 产品缺陷", "皮带来料硬度不足", "材料", "公司责任"),
        *("物流储运部", "60", "B2507", "1 件", "退一赔一", "召回本批皮带", "来料加测硬度"),
    ):
        assert text in shown, text
    assert "0 件" in shown  # of the same product with the same fault: noise
    at = [shown.index(text) for text in ("四、纠正措施", "召回本批皮带", "五、预防措施")]
    assert at == sorted(at)
    assert "调查时间：2026年3月2日 10:00" in " ".join(shown)
    english = printed(company, REPORT, case_id=case_id, language=EN)
    assert "Complaint Investigation Report" in english
    assert "Other cases of the batch" in english


def test_the_letter_says_what_the_customer_is_told(told: tuple[Company, int, int]) -> None:
    company, case_id, _ = told
    number = company.get(ServiceRequest, case_id).number
    shown = printed(company, LETTER, "agent", case_id=case_id)
    assert shown[:2] == ["Test company", "投诉答复函"]
    assert "尊敬的王小明：" in shown
    assert "退款三百元并致歉" in shown
    assert "1. 退款：退一赔一，金额 300.00 元" in shown
    assert "2026年3月2日" in shown
    assert any(number in text and "海尔 XQG100" in text for text in shown)
    english = printed(company, LETTER, "agent", case_id=case_id, language=EN)
    assert "Dear 王小明," in english
    assert "1. Refund: 退一赔一, 300.00 CNY" in english
    assert "Yours faithfully," in english
    for hidden in ("皮带来料硬度不足", "2,000.00", "handler", "物流储运部", "来料检验"):
        assert hidden not in "\n".join(shown)


def test_the_cost_of_a_repair_is_not_for_the_letter(sqlite_company: Company) -> None:
    case_id, complaint_id = complain(sqlite_company)
    rows = [{"kind": "repair", "what": "换新皮带", "cost_cents": 8_800}]
    plan = parse(inputs.Propose, {"measures": rows})
    take(sqlite_company, complaint_id, "notified", proposed=("quality", plan))
    shown = printed(sqlite_company, LETTER, case_id=case_id)
    assert "1. 维修：换新皮带" in shown
    assert not any("88" in text for text in shown if "维修" in text)
    assert "88.00" in printed(sqlite_company, FORM, case_id=case_id)


def test_a_refused_plan_is_not_offered_in_the_letter(sqlite_company: Company) -> None:
    case_id, complaint_id = complain(sqlite_company)
    take(sqlite_company, complaint_id, "proposed")
    sqlite_company.act("manager", Complaint, complaint_id, inputs.Refuse(note="无依据"))
    who, told = steps(sqlite_company)["notified"]
    sqlite_company.act(who, Complaint, complaint_id, told)
    letter = "\n".join(printed(sqlite_company, LETTER, case_id=case_id))
    assert "退一赔一" not in letter
    assert "解决办法" not in letter
    form = printed(sqlite_company, FORM, case_id=case_id)
    assert "不予补偿" in form
    assert "无依据" in form


def test_an_unfounded_complaint_has_its_letter_and_no_report(company: Company) -> None:
    case_id, complaint_id = complain(company)
    values = {"nature": "service.attitude", "answer": "经核实无此事，敬请谅解", "channel": "letter"}
    company.act("quality", Complaint, complaint_id, parse(inputs.Dismiss, values))
    letter = printed(company, LETTER, case_id=case_id)
    assert "经核实无此事，敬请谅解" in letter
    assert "深表歉意" not in "\n".join(letter)
    form = printed(company, FORM, case_id=case_id)
    assert {"不成立", "否", "信函", "（无）"} <= set(form)
    with pytest.raises(NotFound) as caught:
        printed(company, REPORT, case_id=case_id)
    assert caught.value.details["subject"] == "investigation"


def test_a_notice_holds_one_penalty_and_the_right_of_appeal(
    told: tuple[Company, int, int],
) -> None:
    company, case_id, penalty_id = told
    number = company.get(ServiceRequest, case_id).number
    shown = printed(company, NOTICE, "handler", penalty_id=penalty_id)
    for text in (
        *("责任处罚通知书", "handler", "直接责任", "2,000.00 元", "奖金的 12.5%", "E14", SECRET),
        *("投诉分八步处理；责任部门按性质定，处罚按损失由人决定", "manager", "已决定"),
    ):
        assert text in shown, text
    assert any("您有权对本决定提出申诉" in text for text in shown)
    assert any(number in text for text in shown)
    assert "申诉与复核" not in shown
    assert not any("王小明" in text for text in shown)
    english = printed(company, NOTICE, "handler", penalty_id=penalty_id, language=EN)
    assert "12.5% of the bonus" in english
    assert any("right to appeal" in text for text in english)


def test_a_notice_tells_of_the_appeal_and_the_department(sqlite_company: Company) -> None:
    _, complaint_id = complain(sqlite_company)
    penalty_id = finish(sqlite_company, complaint_id)
    handler = sqlite_company["handler"].id
    with transaction(sqlite_company.engine, write=True) as session:
        session.execute(update(Person).where(Person.id == handler).values(department="freight"))
    take_back = (
        ("handler", penalties.Appeal(appeal="当日休假")),
        ("leader", penalties.Reduce(percent=10, review="情节较轻")),
    )
    for who, command in take_back:
        version = sqlite_company.get(Penalty, penalty_id).version
        given = {"id": penalty_id, "command": command, "seen_version": version}
        sqlite_company.do(who, workflow.act, penalties.PROCESS, **given)
    shown = printed(sqlite_company, NOTICE, "handler", penalty_id=penalty_id)
    for text in ("当日休假", "情节较轻", "leader", "减轻", "奖金的 10%", "物流储运部"):
        assert text in shown, text


# What customers and colleagues write


def test_what_people_write_comes_out_as_written(sqlite_company: Company) -> None:
    case_id, complaint_id = complain(sqlite_company)
    penalty_id = finish(sqlite_company, complaint_id)
    with transaction(sqlite_company.engine, write=True) as session:
        written = {"symptom": AWKWARD, "answer": AWKWARD, "batch": "<&>"}
        session.execute(update(ServiceRequest).where(ServiceRequest.id == case_id).values(written))
        session.execute(update(Complaint).values(cause=AWKWARD, lesson=AWKWARD))
        session.execute(update(Improvement).values(measure=AWKWARD))
        session.execute(update(Penalty).values(reason=AWKWARD))
    first, second = "Tom & <b>Jerry</b> {{ number }} ]]>", "第二行😀"
    for paper in (FORM, REPORT):
        shown = printed(sqlite_company, paper, case_id=case_id)
        assert f"{first}/{second}" in shown
        assert "<&>" in shown
    letter = printed(sqlite_company, LETTER, case_id=case_id)
    assert letter[letter.index(first) + 1] == second  # each line is a paragraph of its own
    assert f"{first}/{second}" in printed(sqlite_company, NOTICE, penalty_id=penalty_id)


# When there is no such paper


def test_a_case_that_is_no_complaint_has_none_of_them(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    for paper in (FORM, LETTER, REPORT):
        with pytest.raises(NotFound) as caught:
            printed(sqlite_company, paper, case_id=case_id)
        assert caught.value.details["subject"] == "complaint"


def test_papers_come_with_their_step(sqlite_company: Company) -> None:
    case_id, complaint_id = complain(sqlite_company)
    fits = {
        "judged": {FORM},
        "assigned": {FORM},
        "investigated": {FORM, REPORT},
        "approved": {FORM, REPORT},
        "notified": {FORM, REPORT, LETTER},
    }
    for fact, (who, command) in list(steps(sqlite_company).items())[:6]:
        sqlite_company.act(who, Complaint, complaint_id, command)
        if fact in fits:
            assert set(fitting(sqlite_company, case_id)) == fits[fact]
    reopen = inputs.Reopen(note="还是响")
    sqlite_company.act("agent", Complaint, complaint_id, reopen)
    assert set(fitting(sqlite_company, case_id)) == {FORM}
    form = printed(sqlite_company, FORM, case_id=case_id)
    assert "还是响" in form
    assert "退款三百元并致歉" not in form  # the answer of the round before


def fitting(company: Company, case_id: int) -> tuple[str, ...]:
    """What the tool offers, which is what can be printed."""
    offered = printing.of_file(
        RequestKind.COMPLAINT, company.see("manager", complaint_view.view, case_id=case_id)
    )
    for paper in (FORM, LETTER, REPORT):
        if paper in offered:
            assert printed(company, paper, case_id=case_id)
        else:
            with pytest.raises(NotFound):
                printed(company, paper, case_id=case_id)
    return offered


# Who may read them


def test_strangers_and_technicians_get_no_paper_of_a_complaint(
    told: tuple[Company, int, int],
) -> None:
    company, case_id, _ = told
    for paper in (FORM, LETTER, REPORT):
        with pytest.raises(NotFound):
            printed(company, paper, "agent.stranger", case_id=case_id)
        for who in ("technician", "dispatcher", "warehouse", "finance", "admin"):
            with pytest.raises(NotAllowed):
                printed(company, paper, who, case_id=case_id)


def test_a_notice_is_for_those_who_may_see_the_penalty(told: tuple[Company, int, int]) -> None:
    company, _, penalty_id = told
    for who in ("handler", "manager", "auditor"):
        assert SECRET in printed(company, NOTICE, who, penalty_id=penalty_id)
    for who in ("agent", "quality", "leader", "technician", "admin", "support"):
        with pytest.raises(NotFound) as caught:
            printed(company, NOTICE, who, penalty_id=penalty_id)
        assert caught.value.details["subject"] == "penalty"
    for missing in (penalty_id + 1, 0, 2**70):
        with pytest.raises(NotFound):
            printed(company, NOTICE, penalty_id=missing)


# The company's own templates


def test_the_company_s_own_letter_is_used(company: Company) -> None:
    case_id, complaint_id = complain(company)
    take(company, complaint_id, "notified", now=NOW)
    own = template_with(
        "Ours: {{ number }} {{ answered }} {{ verdict }}",
        "{% for each in measures %}{{ each.kind }}={{ each.amount }}{% endfor %}",
    )
    company.do("manager", printing.replace_template, paper=LETTER, language=ZH, content=own)
    number = company.get(ServiceRequest, case_id).number
    shown = printed(company, LETTER, case_id=case_id)
    assert shown == [f"Ours: {number} 2026年3月2日 成立", "退款=300.00"]
    company.do("manager", printing.restore_template, paper=LETTER, language=ZH)
    assert "投诉答复函" in printed(company, LETTER, case_id=case_id)


@pytest.mark.parametrize(
    ("paper", "text", "placeholder"),
    [
        (LETTER, "{{ cause }}", "cause"),
        (LETTER, "{% for x in measures %}{{ x.cost }}{% endfor %}", "x.cost"),
        (LETTER, "{% for x in responsibles %}{{ x.person }}{% endfor %}", "responsibles"),
        (FORM, "{{ reason }} {{ percent }}", "reason"),
        (FORM, "{% for x in penalties %}{{ x.person }}{% endfor %}", "penalties"),
        (REPORT, "{{ share_of }}", "share_of"),
        (NOTICE, "{{ customer }}", "customer"),
        ("acceptance_slip", "{{ loss }}", "loss"),
    ],
)
def test_a_template_may_name_only_what_its_readers_may_see(
    sqlite_company: Company, paper: str, text: str, placeholder: str
) -> None:
    content = template_with("{{ number }}", text)
    with pytest.raises(TemplateRefused) as caught:
        sqlite_company.do(
            "manager", printing.replace_template, paper=paper, language=ZH, content=content
        )
    assert caught.value.details["placeholder"] == placeholder


@pytest.mark.parametrize("paper", HOUSE.papers)
def test_every_paper_can_be_replaced_by_its_own_template(
    sqlite_company: Company, paper: str
) -> None:
    for language in Language:
        given = {"paper": paper, "language": language}
        shipped = sqlite_company.see("manager", printing.template, **given)
        sqlite_company.do("manager", printing.replace_template, **given, content=shipped)
    listed = sqlite_company.see("manager", printing.list_templates)
    assert [each.language for each in listed if each.replaced_at] == list(Language)


def test_every_paper_names_its_placeholders() -> None:
    form = printing.placeholders(FORM)
    assert {"cause", "verdict", "approval_clause", "lesson"} <= set(form[""])
    assert form["responsibles"] == ("department", "person", "share")
    assert "penalties" not in form
    assert set(printing.placeholders(LETTER)) == {"", "paragraphs", "measures"}
    assert set(printing.placeholders(NOTICE)) == {""}

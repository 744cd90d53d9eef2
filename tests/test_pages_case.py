"""A case on screen: one head for every kind, tabs by the address, rows that lead to its page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.followups import opinions
from core.process import history
from core.requests import attachments, precedents
from db.codes import Priority, RequestKind
from db.tables import ServiceRequest
from pages.ui.kit import gate, window
from tests import return_steps
from tests.company_cast import Company
from tests.screen import Screen

# Each kind, and whose move a new one is, as the manager reads it.
KINDS = {
    RequestKind.REPAIR: "已登记，轮到您办理。",
    RequestKind.CONSULTATION: "已登记，轮到您办理。",
    RequestKind.COMPLAINT: "待判定，轮到您办理。",
    RequestKind.QUALITY_FEEDBACK: "待判定，轮到您办理。",
    RequestKind.SUGGESTION: "待转办，轮到您办理。",
}
# What core is asked for when a tab is open, and for no other one.
ASKED = {
    "history": {history.newest_first, opinions.of_case},
    "files": set(),
    "papers": set(),
    "similar": {precedents.similar},
}
NAMES = {
    "zh-CN": {
        "work": "办理",
        "history": "记录",
        "files": "附件",
        "papers": "单据",
        "similar": "相似",
    },
    "en-GB": {
        "work": "Work",
        "history": "History",
        "files": "Attachments",
        "papers": "Papers",
        "similar": "Similar",
    },
}


def now() -> datetime:
    return datetime.now(UTC)


def case_page(company: Company, case_id: int, who: str = "manager", **parameters: str) -> Screen:
    return Screen(company, who).open("case", id=str(case_id), **parameters)


def links(screen: Screen) -> dict[str, str]:
    return {link.proto.label: link.proto.query_string for link in screen.app.get("page_link")}


def phones(screen: Screen) -> list[str]:
    return [button.proto.url for button in screen.app.get("link_button")]


def head_of(company: Company, case_id: int, screen: Screen) -> None:
    """The head of a case: number, customer, phone, product."""
    case = company.get(ServiceRequest, case_id)
    assert screen.title == case.number
    assert [each.value for each in screen.app.code] == [case.number]
    assert links(screen)["王小明"] == f"id={case.customer_id}"
    assert phones(screen) == [f"tel:{case.phone}"]
    assert "海尔 XQG100" in screen.texts


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_one_head(served: Company, kind: RequestKind) -> None:
    case_id = served.register(now=now() - timedelta(days=60), kind=kind, priority=Priority.URGENT)
    screen = case_page(served, case_id)
    head_of(served, case_id, screen)
    badges = [text for text in screen.texts.split("\n") if "-badge[" in text]
    # Where it stands is said once, with a sign and a colour.
    assert f":blue[:material/radio_button_unchecked:] **{KINDS[kind]}**" in screen.texts
    assert badges[0] == ":orange-badge[紧急]"
    # The late limit is red, has a sign, its name and its clause.
    assert badges[1].startswith(":red-badge[▲ 超时") and badges[1][-2].isdecimal()


def test_the_head_of_a_return_says_whose_move_it_is_and_what_waits(served: Company) -> None:
    id = return_steps.screened(served)
    case_id = return_steps.case_of(served, id).id
    assert "**待质检，下一步：质检**" in case_page(served, case_id, "agent").texts
    assert "**待质检，轮到您办理。**" in case_page(served, case_id, "quality").texts


def test_the_technician_who_is_sent_has_the_next_move(served: Company) -> None:
    case_id, _job = served.dispatched(now=now())
    assert "**已派工，下一步：technician**" in case_page(served, case_id).texts
    assert "**已派工，轮到您办理。**" in case_page(served, case_id, "technician").texts


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the screens read from core meanwhile."""
    read: list[Any] = []
    ask = gate.ask

    def note(query: Any, *given: Any, **more: Any) -> Any:
        read.append(query)
        return ask(query, *given, **more)

    monkeypatch.setattr(gate, "ask", note)
    return read


@pytest.mark.parametrize("locale", NAMES)
@pytest.mark.parametrize("tab", ASKED)
def test_a_tab_is_opened_by_its_code_and_reads_its_own_parts_only(
    served: Company, asked: list[Any], locale: str, tab: str
) -> None:
    case_id = served.register(now=now())
    screen = Screen(served, "manager", locale=locale)
    for _time in range(2):
        screen.open("account")
        asked.clear()
        screen.open("case", id=str(case_id), tab=tab)
        assert screen.app.session_state["tabs"] == NAMES[locale][tab]
        assert screen.app.query_params["tab"] == tab
        elsewhere = set().union(*(parts for name, parts in ASKED.items() if name != tab))
        assert ASKED[tab] <= set(asked) and not elsewhere & set(asked)
        assert not [b for b in screen.app.button if (b.key or "").endswith("dispatch·send")]
        assert bool(screen.app.get("file_uploader")) == (tab == "files")
        assert any("paper_" in b.proto.id for b in screen.app.get("download_button")) == (
            tab == "papers"
        )


def turn_to(screen: Screen, label: str) -> Screen:
    screen.app.session_state["tabs"] = label
    return screen.run()


def test_a_tab_stays_in_the_address_and_work_keeps_what_was_typed(served: Company) -> None:
    case_id = served.register(now=now())
    screen = case_page(served, case_id)
    assert "tab" not in screen.app.query_params
    key = screen.field("instructions").key
    turn_to(screen, "记录")
    assert screen.app.query_params["tab"] == "history"
    served.do("manager", attachments.add, case_id=case_id, name="a.pdf", content=b"%PDF-1.4\n%%EOF")
    turn_to(screen, "附件")
    assert screen.app.query_params["tab"] == "files"
    # Its label counts what is attached now; it is the same tab.
    assert screen.app.session_state["tabs"] == "附件 1"
    assert screen.field("instructions").key == key  # drawn all the time: what is typed stays
    turn_to(screen, "办理")
    assert "tab" not in screen.app.query_params


def test_another_case_begins_with_its_work(served: Company) -> None:
    first, second = served.register(now=now()), served.register(now=now(), symptom="漏水")
    screen = case_page(served, second, tab="similar")
    (to_first,) = [b for b in screen.app.button if b.key and b.key.startswith(f"link·case·{first}")]
    to_first.click()
    screen.run()
    assert screen.title == served.get(ServiceRequest, first).number
    assert dict(screen.app.query_params) == {"id": str(first)}
    assert screen.app.session_state["tabs"] == "办理"


def narrow(company: Company, who: str = "manager") -> Screen:
    """A window that has told that it is a telephone's."""
    screen = Screen(company, who)
    screen.app.session_state[window.NARROW] = True
    return screen


LISTS = {
    "dispatch": RequestKind.REPAIR,
    "desk": RequestKind.CONSULTATION,
    "complaints": RequestKind.COMPLAINT,
    "quality": RequestKind.QUALITY_FEEDBACK,
    "suggestions": RequestKind.SUGGESTION,
}


@pytest.mark.parametrize("page", LISTS)
def test_in_a_narrow_window_a_row_leads_to_its_own_page(served: Company, page: str) -> None:
    case_id = served.register(now=now(), kind=LISTS[page])
    screen = narrow(served).open(page)
    assert "请选择" not in screen.texts
    screen.choose_row(page, 0)
    assert screen.title == served.get(ServiceRequest, case_id).number
    # A link to a row leads on as well.
    linked = narrow(served).open(page, id=str(case_id))
    assert linked.title == screen.title


@pytest.mark.parametrize("page", LISTS)
def test_in_a_wide_window_the_row_beside_the_list_is_in_the_address(
    served: Company, page: str
) -> None:
    first, second = (
        served.register(now=now() - timedelta(hours=age), kind=LISTS[page]) for age in (9, 1)
    )
    screen = Screen(served, "manager").open(page).choose_row(page, 1)
    assert screen.app.query_params["id"] == str(second)
    assert links(screen)[f"{served.get(ServiceRequest, second).number} · 打开服务单"]
    linked = Screen(served, "manager").open(page, id=str(first))
    assert linked.app.session_state[f"{page}·marked"][0] == 0
    assert linked.app.query_params["id"] == str(first)

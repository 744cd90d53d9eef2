"""The address of every page: right, wrong and foreign parameters, and nothing bound to a widget."""

import re
from collections.abc import Iterator
from itertools import zip_longest

import pytest
import streamlit as st
from sqlalchemy import Engine

from core.process.permissions import may
from db.tables import ServiceRequest
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import places
from tests import addresses
from tests.addresses import PAGES, PARAMETERS, READERS, WORST, WRONG, parts
from tests.company_cast import Company, build, meet
from tests.conftest import Databases
from tests.screen import ROOT, Screen


def _filled(engine: Engine) -> None:
    build(engine)
    addresses.fill(meet(engine))


@pytest.fixture
def sqlite_company(databases: Databases) -> Iterator[Company]:
    """A company with something on every page."""
    with databases.fresh("sqlite", "addressed", _filled) as engine:
        yield meet(engine)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What each page reads in the address meanwhile."""
    read: set[tuple[str, str]] = set()
    ask = places.asked

    def note(name: str) -> str:
        read.add((st.session_state["address·page"], name))
        return ask(name)

    monkeypatch.setattr(places, "asked", note)
    return read


def reader(company: Company, *pages: str) -> Screen:
    """A window of somebody who may open the pages."""
    opened = [screen for screen in SCREENS if screen.file in pages]
    who = next(n for n in READERS if all(each.opens_to(company[n]) for each in opened))
    return Screen(company, who)


def come(screen: Screen, page: str, **parameters: str) -> Screen:
    """To the page by a link from another one: from where one is, if that is another one."""
    screen.app.query_params.clear()
    if screen.app.session_state["address·page"] == page.replace("home", ""):
        screen.open("account").app.query_params.clear()
    return screen.open(page, **parameters)


def shown(screen: Screen) -> tuple[str, list[str]]:
    return screen.texts, [frame.value.to_csv() for frame in screen.app.dataframe]


def test_the_address_is_read_and_written_in_one_place_and_bound_to_no_widget() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")))
        if re.search(r"\bst\.query_params|\bbind=|switch_page\(", path.read_text("utf-8"))
    }
    assert found == {"pages/ui/kit/places.py"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_what_the_table_says_and_shows_what_is_asked_for(
    served: Company, names: set[tuple[str, str]], page: str
) -> None:
    screen = reader(served, page)
    for name, right in PARAMETERS.get(page, {}).items():
        values = right(served)
        assert values, name
        for value in values:
            come(screen, page, **parts(name), **{name: value})
            assert screen.app.query_params.get(name, value) == value, name
            assert not screen.errors, name
    come(screen, page)
    assert not screen.errors
    read = {name for reads, name in names if reads == page.replace("home", "")}
    assert read == set(PARAMETERS.get(page, ())), page


OF_TECHNICIANS = ("job", "my_jobs")
_OF_MANAGERS = [page for page in PAGES if page in PARAMETERS and page not in OF_TECHNICIANS]
# Two by two: each is the other page from which one comes to the one.
TOURS = [OF_TECHNICIANS, *(tuple(_OF_MANAGERS[first::10]) for first in range(10))]


def wrong_values(page: str) -> Iterator[dict[str, str]]:
    names = PARAMETERS[page]
    yield from (dict.fromkeys(names, value) for value in WRONG)
    yield from (parts(name) | {name: value} for name in names for value in WORST)


@pytest.mark.parametrize("tour", TOURS, ids="+".join)
def test_a_wrong_value_is_answered_in_our_words(served: Company, tour: tuple[str, ...]) -> None:
    screen = reader(served, *tour)
    for steps in zip_longest(*(wrong_values(page) for page in tour)):
        for page, parameters in zip(tour, steps, strict=True):
            if parameters is not None:
                come(screen, page, **parameters)
                told = screen.title or screen.errors or screen.app.info
                assert told, f"{page} {parameters}"[:400]


@pytest.mark.parametrize("page", [page for page in PAGES if page in PARAMETERS])
def test_a_repeated_value_is_read_once(served: Company, page: str) -> None:
    screen = reader(served, page)
    for name, right in PARAMETERS[page].items():
        come(screen, page)
        screen.app.query_params[name] = ["nonsense", *right(served)]
        screen.open("account").open(page)
        assert not screen.errors, name


@pytest.mark.parametrize("page", PAGES)
def test_what_is_another_pages_is_ignored(served: Company, page: str) -> None:
    own = PARAMETERS.get(page, {})
    foreign = {
        name: right(served)[0]
        for each in PARAMETERS.values()
        for name, right in each.items()
        if name not in own
    }
    screen = reader(served, page)
    plain = shown(come(screen, page))
    assert shown(come(screen, page, **foreign)) == plain


NUMBERS = (
    "{number}", "{lower}", "{bare}", "  {number} ", "\u3000{number}\u3000", "{wide}",
    "SR {bare}", "{dashed}", "“{number}”", "{number}\u200b",
)  # fmt: skip


def typed(case: ServiceRequest) -> Iterator[str]:
    """A case number as people type and paste it."""
    bare = case.number.removeprefix("SR")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in case.number)
    for form in NUMBERS:
        yield form.format(
            number=case.number,
            lower=case.number.lower(),
            bare=bare,
            wide=wide,
            dashed=bare.replace("-", " —— "),
        )


def search(screen: Screen, text: str) -> Screen:
    """Type into the search field above every page."""
    # As the browser does: AppTest itself does not follow when a page leads to another one.
    at = screen.app.session_state["address·page"] or "home"
    screen.app.switch_page(f"pages/{at}.py")
    screen.app.text_input(key="search_text").set_value(text)
    return screen.run()


def test_a_whole_number_opens_its_case_however_it_is_typed(served: Company) -> None:
    case = served.rows(ServiceRequest)[0]
    screen = Screen(served, "agent")
    for text in typed(case):
        search(screen.open("home"), text)
        assert (screen.title, screen.app.query_params) == (case.number, {"id": str(case.id)}), text
        come(screen, "find").app.text_input(key="q").set_value(text)
        assert screen.run().title == case.number, text
        assert come(screen, "find", q=text).title == case.number, text
    search(screen, case.number)
    assert screen.title == case.number  # again, from the case itself


@pytest.mark.parametrize("page", PAGES)
def test_searching_twice_works_on_every_page(served: Company, page: str) -> None:
    screen = reader(served, page)
    for text in ("洗衣机", "138 0013 8000", "洗衣机"):
        search(come(screen, page), text)
        assert screen.app.text_input(key="q").value == text
        assert screen.app.query_params == {"q": text}
    for text in ("SN-1", "滤网"):
        search(screen, text)
        assert screen.app.text_input(key="q").value == text


def test_a_case_that_one_may_not_see_is_answered_like_an_unknown_one(served: Company) -> None:
    case = served.rows(ServiceRequest)[0]
    answers = set()
    for number in (case.number, "SR991231-9999"):
        screen = search(Screen(served, "agent.stranger"), number)
        assert screen.title == "查询" and not screen.app.dataframe
        answers.add(screen.texts.replace(number.replace("-", r"\-"), "").replace(number, ""))
    assert len(answers) == 1
    assert not may(served["agent.stranger"], "kpi:read")


def test_a_filter_stays_in_the_address_as_a_code(served: Company) -> None:
    screen = Screen(served, "manager").open("dispatch")
    screen.fill(dispatch_kind="repair", dispatch_station=served.NORTH, dispatch_view="late").run()
    kept = {"dispatch_kind": "repair", "dispatch_station": "1", "dispatch_view": "late"}
    assert screen.app.query_params == kept
    screen.fill(dispatch_queue="running").run()
    assert screen.app.query_params["dispatch_queue"] == "running"
    screen.fill(running_q="洗衣机").run().fill(running_q="").run()
    assert "running_q" not in screen.app.query_params
    # Whoever comes by the menu sees everything again, as the address says.
    assert come(screen, "dispatch").app.query_params == {}
    assert screen.app.selectbox(key="dispatch_kind").value is None


def test_a_link_of_before_opens_the_part_that_it_named_and_gives_way_to_another(
    served: Company,
) -> None:
    for page, name, value, part in (
        ("dispatch", "dispatch_late", "true", "late"),
        ("complaints", "complaints_whose", "approve", "approve"),
        ("returns", "returns_whose", "my_turn", "my_turn"),
    ):
        screen = Screen(served, "manager").open(page, **{name: value})
        assert screen.field(f"{page}_view").value == part
        assert screen.app.query_params == {name: value}  # Back leads to it, not behind it
        assert screen.fill(**{f"{page}_view": "today"}).run().app.query_params == {
            f"{page}_view": "today"
        }
        assert screen.fill(**{f"{page}_view": "all"}).run().app.query_params == {}


def test_the_tiles_of_the_home_page_lead_to_what_they_count(served: Company) -> None:
    screen = Screen(served, "manager").open("home")
    links = [(link.proto.page, link.proto.query_string) for link in screen.app.get("page_link")]
    assert ("dispatch", "dispatch_queue=running") in links
    assert ("dispatch", "dispatch_queue=running&running_late=true") in links
    assert ("complaints", "complaints_late=true") in links


def test_an_emergency_is_declared_on_the_case_that_the_link_names(served: Company) -> None:
    first, second = (row.number for row in served.rows(ServiceRequest)[:2])
    screen = Screen(served, "manager").open("emergencies", number=first)
    assert screen.field("number").value == first
    assert come(screen, "emergencies", number=second).field("number").value == second


def test_the_receipt_of_an_application_is_that_of_a_return(served: Company) -> None:
    repair = served.rows(ServiceRequest, kind="repair")[0]
    screen = Screen(served, "agent").open("apply_return", done=str(repair.id))
    assert screen.errors and "已登记" not in screen.texts

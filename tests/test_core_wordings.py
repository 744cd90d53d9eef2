"""Cases by their words: pairs of characters, the same on both databases as in Python."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from core.house import HOUSE
from core.kernel.unit_of_work import UnitOfWork, transaction
from core.requests import inputs, lists, wordings
from core.requests.lists import Filter, Queue
from db import case_words, migrate
from db.codes import RequestStatus
from db.tables import ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company, build, meet
from tests.import_files import CAR_MAP, CARS, SourceFile, bring


def search(company: Company, text: str, who: str = "manager") -> list[int]:
    return [row.id for row in company.see(who, lists.search, text=text).rows]


def held(uow: UnitOfWork, text: str) -> set[int]:
    """The cases that hold the words of a text, whoever may see them."""
    found = select(ServiceRequest.id).where(wordings.matching(uow, text))
    return set(uow.session.scalars(found))


def kept(engine: Engine) -> dict[int, str]:
    """What the index keeps, by request id."""
    with engine.connect() as connection:
        rows = connection.execute(select(case_words.case_words))
        return {row.request_id: row.pieces for row in rows}


# How a text is cut


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("晚上异响", ("晚上异响",)),
        ("故障E4，ＡＢ\n漏水 故障e4", ("故障e4", "ab", "漏水")),
        ("Straße ﬁnal ΑΣ İ", ("strasse", "final", "ασ", "i")),
        ("\u212b\ufb33 é e\u0301", ("åד", "é")),
        (
            "snake_case 50% 'x' \"y\" a*b NEAR(c)",
            ("snake", "case", "50", "x", "y", "a", "b", "near", "c"),
        ),
        ("\x00🙂\ud800%_*\"' \t", ()),
        ("", ()),
    ],
)
def test_words_are_folded_runs_of_letters_and_digits(text: str, found: tuple[str, ...]) -> None:
    assert case_words.words(text) == found


def test_each_character_is_kept_with_the_next_and_the_last_of_a_run_alone() -> None:
    assert case_words.spelled("晚上异响 E4，嗡") == "晚上 上异 异响 响 e4 4 嗡"
    assert case_words.pieces("嗡") == []


# What is found: the same as in Python, on both databases


SIGNS = st.one_of(
    st.sampled_from("异响漏水机内筒AaBb4٤Ａａ１ ，.%_*\"'^-:()\\\x00🙂\nßİΣςﬁｶﾞ𠮷\u0301\U00030000"),
    st.characters(),
)
TEXTS = st.text(SIGNS, max_size=12)
CASES = 12


def says(text: str, query: str) -> bool:
    """What finding means: every word of the query stands somewhere in the folded text."""
    words = case_words.words(query)
    return bool(words) and all(word in case_words.fold(text) for word in words)


def test_both_databases_find_what_python_finds(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        ids = [stored(session, company, "") for _ in range(CASES)]

    @settings(max_examples=60)
    @given(st.lists(TEXTS, min_size=CASES, max_size=CASES), st.lists(TEXTS, max_size=4), st.data())
    def find(texts: list[str], queries: list[str], data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(texts))
        start, end = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 12))
        with transaction(company.engine, write=True) as session:
            uow = UnitOfWork(session, company["manager"], NOW, HOUSE)
            wordings.remember_many(uow, zip(ids, texts, strict=True))
            for query in (*queries, part, part[start:end], part[start : start + 2], part[:1]):
                expected = {id for id, text in zip(ids, texts, strict=True) if says(text, query)}
                assert held(uow, query) == expected, query

    find()


def stored(session: Any, company: Company, symptom: str, **facts: Any) -> int:
    status = facts.pop("status", RequestStatus.REGISTERED)
    row = stored_rows.request(session, company, status, symptom=symptom, **facts)
    return row.id


@pytest.mark.parametrize(
    ("symptom", "text"),
    [
        ("空调晚上异响影响休息", "异响"),
        ("空调晚上异响影响休息", "上异响影"),
        ("空调晚上异响影响休息", "休息 异响"),
        ("显示故障代码Ｅ４", "e4"),
        ("水滴到地板上", "滴"),
        ("𠮷野家的冰柜不冷", "𠮷野"),
        ("型号 KFR-35GW 不制冷", "kfr-35gw"),
    ],
)
def test_words_inside_of_a_symptom_are_found(company: Company, symptom: str, text: str) -> None:
    case_id = company.register(symptom=symptom)
    company.register(symptom="与此无关")
    assert search(company, text) == search(company, text, "agent") == [case_id]
    assert search(company, text, "agent.stranger") == []
    queue = company.see("agent", lists.queue, name=Queue.DISPATCH, filters=Filter(text=text))
    assert [row.id for row in queue.rows] == [case_id]


@pytest.mark.parametrize("text", ["响异", "异响漏水", "异响 漏水", "影休", "响影休", "5"])
def test_the_order_and_the_signs_between_words_count(company: Company, text: str) -> None:
    company.register(symptom="晚上异响，影响 休息。E4")
    assert search(company, text) == []


@pytest.mark.parametrize(
    "text",
    [
        *('"', '""', "'", "*", "异*", '异响"', "%", "_", "异_", "\\", "^异响", "-异响", "{a b}: c"),
        *(
            "异响 OR 漏水",
            "NOT 异响",
            "NEAR(异响 漏水, 2)",
            "pieces:异响",
            "\x00",
            "异\x00响",
            "🙂",
        ),
        *("异响🙂", "\ud800", "响" * 500, "响 " * 500, "a1 " * 170, "1 = 1; --", "' OR ''='"),
    ],
)
def test_odd_texts_are_taken_at_their_word(company: Company, text: str) -> None:
    case_id = company.register(symptom="空调晚上异响")
    expected = {case_id} if says("空调晚上异响", text) else set()
    assert company.see("manager", held, text) == expected
    search(company, text)


def test_a_case_with_an_endless_text_is_found_by_its_last_word(company: Company) -> None:
    case_id = company.register(symptom="水" * 1990 + "，末尾的词")
    assert search(company, "末尾的词") == [case_id]


# Who writes the index


def test_a_corrected_case_is_found_by_its_new_words_only(company: Company) -> None:
    case_id = company.register(symptom="内筒异响")
    company.act("agent", ServiceRequest, case_id, inputs.Correct(symptom="底部漏水"))
    assert search(company, "异响") == []
    assert search(company, "漏水") == [case_id]


def test_imported_cases_are_found(company: Company) -> None:
    bring(company, SourceFile(CARS.name, CARS), CAR_MAP)
    with transaction(company.engine, write=False) as session:
        told = dict(session.execute(select(ServiceRequest.id, ServiceRequest.symptom)).all())
    assert kept(company.engine) == {id: case_words.spelled(text) for id, text in told.items()}
    for text in ("异响", "漏油", "4S店", "发动机 抖动"):
        expected = {id for id, symptom in told.items() if says(symptom, text)}
        assert expected
        assert company.see("manager", held, text) == expected
        assert company.see("manager", lists.search, text=text).total == len(expected)


def test_a_case_that_the_index_lacks_is_found_by_the_rest(company: Company) -> None:
    lost, known = company.register(symptom="晚上异响"), company.register(symptom="白天异响")
    with company.engine.begin() as connection:
        table = case_words.case_words
        connection.execute(delete(table).where(table.c.request_id == lost))
    assert search(company, "异响") == [known]
    assert lost in search(company, "王小明")
    with company.engine.begin() as connection:
        case_words.fill(connection)
    assert search(company, "异响") == [known, lost]


def test_the_migration_keeps_the_words_of_old_cases(
    blank: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_words, "BATCH", 2)
    migrate.upgrade(blank)
    build(blank)
    company = meet(blank)
    told = {company.register(symptom=f"第{n}台 异响"): f"第{n}台 异响" for n in range(5)}
    migrate.downgrade(blank, "0004")
    migrate.upgrade(blank)
    assert kept(blank) == {id: case_words.spelled(text) for id, text in told.items()}
    assert len(search(company, "异响")) == 5
    assert migrate.differences(blank) == []

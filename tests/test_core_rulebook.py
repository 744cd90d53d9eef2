"""The rule book: drafted, checked, compared, signed; exported and imported without loss."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import InvalidInput, NotAllowed
from core.norms import revisions
from core.norms.lengths import MOMENTS, LengthUnit, kept, named, spoken
from core.norms.model import Norm
from core.rulebook import book as rulebook
from core.rulebook import sentences
from core.rulebook.book import BrokenNorm, Sign
from core.rulebook.changes import changes
from db.codes import LimitUnit
from db.tables import History, NormDraft, NormRevision, ServiceRequest
from tests.company_cast import NOW, Company

TODAY = NOW.date()


def changed(**more: Any) -> Norm:
    return Norm.model_validate(revisions.shipped("appliance").dump() | more)


def limit(**more: Any) -> dict[str, Any]:
    rule = {"name": "x", "clause": "E1", "measure": "response", "unit": "clock_minutes"}
    facts = {"amount": 60, "starts": "request.registered", "met": ["request.answered"]}
    return rule | facts | more


def faults(norm: Norm) -> set[tuple[str, str]]:
    return {(fault.place, fault.code) for fault in rulebook.check(norm)}


@pytest.mark.parametrize("pack", revisions.pack_names())
def test_every_shipped_pack_can_be_signed(pack: str) -> None:
    assert not faults(revisions.shipped(pack))


@pytest.mark.parametrize(
    ("broken", "place", "code"),
    [
        ({"limits": [limit(starts="request.dreamt")]}, "limits.x", "unknown_fact"),
        ({"limits": [limit(met=["job.dreamt"])]}, "limits.x", "unknown_fact"),
        ({"limits": [limit(met=[])]}, "limits.x", "never_met"),
        ({"limits": [limit(met=["request.registered"])]}, "limits.x", "never_met"),
        ({"limits": [limit(classes=["nobody"])]}, "limits.x", "unknown_class"),
        ({"limits": [limit(ladder="nowhere")]}, "limits.x", "unknown_ladder"),
        ({"limits": [limit(kinds=["repair"])], "kinds": ["parts"]}, "limits.x", "never_started"),
        (
            {"hours": {"weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}},
            "hours",
            "bad_hours",
        ),
        ({"hours": {"weekly": {"mon": [["12:00", "09:00"]]}}}, "hours", "bad_hours"),
        ({"hours": {"weekly": {}}}, "hours", "bad_hours"),
        ({"ladders": {"empty": []}}, "ladders.empty", "empty_ladder"),
        (
            {
                "classes": [
                    {"name": "odd", "kinds": ["complaint"], "text": {"zh_CN": "怪", "en": "odd"}}
                ],
                "limits": [limit()],
                "routes": [],
            },
            "classes.odd",
            "no_route",
        ),
        ({"routes": [{"department": "moon"}]}, "routes.0", "unknown_department"),
    ],
)
def test_a_broken_norm_is_refused_with_place_and_reason(
    sqlite_company: Company, broken: dict[str, Any], place: str, code: str
) -> None:
    norm = changed(**broken)
    assert (place, code) in faults(norm)
    sqlite_company.do("manager", rulebook.keep_draft, norm)
    with pytest.raises(BrokenNorm):
        sqlite_company.do("manager", rulebook.sign, Sign(in_force_on=TODAY, signed_by="曹娟"))
    assert len(sqlite_company.rows(NormRevision)) == 1


def test_a_signed_revision_starts_on_its_day_and_old_cases_keep_theirs(company: Company) -> None:
    before = company.register()
    company.do("manager", rulebook.keep_draft, changed(repeat_days=7))
    tomorrow = TODAY + timedelta(days=1)
    number = company.do("manager", rulebook.sign, Sign(in_force_on=tomorrow, signed_by="曹娟"))
    assert number == 2
    today = company.register(phone="13911110000", customer_name="今天")
    later = company.register(phone="13911110001", customer_name="明天", now=NOW + timedelta(days=1))
    revision = {row.id: row.number for row in company.rows(NormRevision)}
    numbers = [revision[company.get(ServiceRequest, i).revision_id] for i in (before, today, later)]
    assert numbers == [1, 1, 2]
    assert company.history("norm", 2) == [("signed", None, None)]
    assert not company.rows(NormDraft)


def test_the_past_is_not_signed_and_no_change_is_no_revision(sqlite_company: Company) -> None:
    yesterday = TODAY - timedelta(days=1)
    sqlite_company.do("manager", rulebook.keep_draft, changed(repeat_days=7))
    with pytest.raises(InvalidInput) as refused:
        sqlite_company.do("manager", rulebook.sign, Sign(in_force_on=yesterday, signed_by="x"))
    assert refused.value.problems[0].code == "in_the_past"
    sqlite_company.do("manager", rulebook.keep_draft, changed())
    with pytest.raises(InvalidInput) as refused:
        sqlite_company.do("manager", rulebook.sign, Sign(in_force_on=TODAY, signed_by="x"))
    assert refused.value.problems[0].code == "no_difference"


def test_who_may_read_may_not_sign(sqlite_company: Company) -> None:
    assert sqlite_company.see("auditor", rulebook.current).pack == "appliance"
    with pytest.raises(NotAllowed):
        sqlite_company.do("auditor", rulebook.keep_draft, changed())
    with pytest.raises(NotAllowed):
        sqlite_company.see("agent", rulebook.current)


def test_a_difference_names_the_part_and_both_values() -> None:
    old = revisions.shipped("appliance")
    data = old.dump()
    data["limits"][0] = data["limits"][0] | {"amount": 77}
    (found,) = changes(old, Norm.model_validate(data))
    assert (found.part, found.key) == ("limits", data["limits"][0]["name"])
    assert (found.old["amount"], found.new["amount"]) == (old.limits[0].amount, 77)


def test_rows_that_come_go_and_change_places_are_told_apart() -> None:
    old = revisions.shipped("appliance")
    data = old.model_dump(mode="json")
    first, second, *rest = data["routes"]
    added = {"region": "浦口", "station": "浦口站"}
    data["routes"] = [added, second, first, *rest[:-1]]
    found = changes(old, Norm.model_validate(data))
    assert {change.part for change in found} == {"routes"}
    told = [(change.old is None, change.new is None) for change in found if change.key]
    assert sorted(told) == [(False, True), (True, False)]
    (order,) = [change for change in found if not change.key]
    assert order.old[:2] == order.new[1::-1]


@pytest.mark.parametrize("pack", revisions.pack_names())
def test_a_pack_says_the_same_in_its_sentences_and_its_numbers(pack: str) -> None:
    assert not list(sentences.apart(revisions.shipped(pack)))


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("48小时内正式受理", {("minutes", 2880)}),
        ("投诉1个工作日内确认受理", {("working", 1)}),
        ("一级应急4小时内响应，24小时内初步处置", {("minutes", 240), ("minutes", 1440)}),
        ("售出十五日内发生性能故障", {("minutes", 15 * 1440)}),
        ("两年或五万公里", {("minutes", 730 * 1440)}),
        ("Answered within 2 working hours", {("minutes", 120)}),
        ("Repaired free within one year", {("minutes", 365 * 1440)}),
        ("完工当日交回服务单", set()),
    ],
)
def test_lengths_are_found_in_sentences(text: str, lengths: set[tuple[str, float]]) -> None:
    assert named(text) == lengths


@pytest.mark.parametrize("unit", LengthUnit)
def test_a_length_is_kept_as_it_is_said(unit: LengthUnit) -> None:
    amount = 0 if unit in MOMENTS else 7
    held = kept(amount, unit)
    assert spoken(LimitUnit(held["unit"]), held["amount"], held["moment"]) == (amount, unit)


def slower(**texts: str) -> Norm:
    """The repair answered in 48 hours, where the clause says 24."""
    data = revisions.shipped("appliance").dump()
    for rule in data["limits"]:
        if rule["name"] == "repair_response":
            rule["amount"] = 2880
    data["clauses"]["A2"] = data["clauses"]["A2"] | texts
    return Norm.model_validate(data)


def test_a_sentence_that_parts_from_its_number_is_not_signed(sqlite_company: Company) -> None:
    by = Sign(in_force_on=TODAY, signed_by="曹娟")
    sqlite_company.do("manager", rulebook.keep_draft, slower(zh_CN="受理后48小时内响应报修"))
    with pytest.raises(BrokenNorm) as refused:
        sqlite_company.do("manager", rulebook.sign, by)
    assert [(fault.place, fault.code, fault.value) for fault in refused.value.faults] == [
        ("clauses.A2", "sentence_apart", "Repair answered within 24 hours of acceptance")
    ]
    texts = {"zh_CN": "受理后48小时内响应报修", "en": "Repair answered within 48 hours"}
    sqlite_company.do("manager", rulebook.keep_draft, slower(**texts))
    assert sqlite_company.do("manager", rulebook.sign, by) == 2


def test_a_sentence_may_stay_where_the_signer_says_so_and_is_not_asked_again(
    sqlite_company: Company,
) -> None:
    by = Sign(in_force_on=TODAY, signed_by="曹娟", sentences_stay=True)
    sqlite_company.do("manager", rulebook.keep_draft, slower())
    assert sqlite_company.do("manager", rulebook.sign, by) == 2
    (told,) = sqlite_company.rows(History, subject="norm", subject_id=2)
    assert told.data["sentences_stay"] == ["A2"]
    later = slower().model_copy(update={"repeat_days": 7})
    sqlite_company.do("manager", rulebook.keep_draft, later)
    plain = Sign(in_force_on=TODAY, signed_by="曹娟")
    assert sqlite_company.do("manager", rulebook.sign, plain) == 3


def test_what_is_read_in_two_languages_is_written_in_both() -> None:
    data = revisions.shipped("appliance").dump()
    data["check_lists"][0]["items"][0]["text"]["en"] = " "
    assert faults(Norm.model_validate(data)) == {("check_lists.0.items.0.text.en", "text_missing")}


@pytest.mark.parametrize("pack", revisions.pack_names())
def test_a_rule_book_survives_its_file(pack: str) -> None:
    norm = revisions.shipped(pack)
    assert rulebook.from_yaml(rulebook.to_yaml(norm)) == norm


@given(st.binary(max_size=300))
def test_any_bytes_are_a_rule_book_or_a_broken_norm(content: bytes) -> None:
    with pytest.raises(BrokenNorm):
        rulebook.from_yaml(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: " + b"[" * 3000, "not_yaml"),
        (b"a: 2001-99-99", "not_yaml"),
        (b"a: [" + b"x," * 150_000 + b"x]", "too_large"),
    ],
)
def test_a_file_that_asks_for_too_much_is_a_broken_norm(content: bytes, code: str) -> None:
    with pytest.raises(BrokenNorm) as refused:
        rulebook.from_yaml(content)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_file_with_faults_names_each_place() -> None:
    content = rulebook.to_yaml(revisions.shipped("appliance")).decode()
    with pytest.raises(BrokenNorm) as refused:
        rulebook.from_yaml(
            content.replace("repeat_days: 90", "repeat_days: -1\nmood: good").encode()
        )
    assert {fault.place for fault in refused.value.faults} == {"repeat_days", "mood"}

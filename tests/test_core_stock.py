"""Parts: the catalogue, deliveries, the ledger, what is built in, orders, counts, reminders."""

from datetime import timedelta
from typing import Any

import pytest

from core import overview
from core.house import HOUSE
from core.jobs import papers
from core.jobs.actions import WithdrawJob
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import Action, parse
from core.papers.speech import Speech
from core.stock import catalogue, counts, inputs, lists, orders, receiving, reminders, uses
from core.stock.catalogue import EditPart
from core.stock.lists import StockFilter
from core.tools import register, trips
from core.tools.inputs import AddTool, GiveBackTool, TakeToNextJob, TakeTool
from db.codes import Language, NoticeKind, OrderStatus, PartUseStatus
from db.tables import (
    Job,
    Notice,
    Part,
    PartMove,
    PartOrder,
    PartOrderLine,
    PartUse,
    StockCount,
    StockPlace,
    Tool,
    ToolTrip,
)
from tests import stocked
from tests.company_cast import NOW, ZONE, Company

STORE, ASIDE = "store:1", "aside:1"
SPEECH = Speech(Language.ZH, ZONE, lambda _codes, value: value)


def van(company: Company, who: str = "technician") -> str:
    return f"van:{company[who].id}"


def problems(refused: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in refused.value.problems]


def test_a_number_is_known_again_however_it_is_spelled(sqlite_company: Company) -> None:
    stocked.part(sqlite_company, number="WM-B10")
    with pytest.raises(InvalidInput) as refused:
        stocked.part(sqlite_company, number="ｗｍ- b10")
    assert problems(refused) == [("number", "taken")]


def test_a_part_says_what_does_in_its_place_and_history_keeps_it(sqlite_company: Company) -> None:
    first = stocked.part(sqlite_company)
    second = stocked.part(sqlite_company, number="WM-B11")
    facts = stocked.BELT | {"price_cents": 900, "substitutes": [{"part_id": second}]}
    change = {"id": first, "command": parse(EditPart, facts), "seen_version": 1}
    sqlite_company.do("warehouse", catalogue.change_part, **change)
    (row,) = [r for r in sqlite_company.see("technician", catalogue.listed) if r.id == first]
    assert row.substitutes == (second,)
    (edit,) = sqlite_company.see("warehouse", catalogue.part_edits, id=first)
    assert edit.fields["price_cents"] == (None, 900)
    with pytest.raises(NotAllowed):
        sqlite_company.do("technician", catalogue.change_part, **change)


def test_only_regular_sources_deliver(company: Company) -> None:
    belt = stocked.part(company)
    stranger = stocked.source(company, "路边店", is_regular=False)
    with pytest.raises(InvalidInput) as refused:
        stocked.deliver(company, belt, 5, supplier_id=stranger)
    assert problems(refused) == [("supplier_id", "not_regular")]
    stocked.deliver(company, belt, 5, batch="A")
    stocked.deliver(company, belt, 2, batch="A")
    assert stocked.lying(company) == {(STORE, "A"): 7}
    stocked.check_books(company)


def test_what_expires_has_a_batch_and_one_day(sqlite_company: Company) -> None:
    paste = stocked.part(sqlite_company, **stocked.PASTE)
    with pytest.raises(InvalidInput) as refused:
        stocked.deliver(sqlite_company, paste, 5)
    assert problems(refused) == [("batch", "missing"), ("expires_on", "missing")]
    stocked.deliver(sqlite_company, paste, 5, batch="P1", expires_on=stocked.DAY)
    with pytest.raises(InvalidInput) as refused:
        later = stocked.DAY + timedelta(days=1)
        stocked.deliver(sqlite_company, paste, 5, batch="P1", expires_on=later)
    assert problems(refused) == [("expires_on", "other_expiry")]


def set_minimum(
    company: Company, part_id: int, minimum: int, at: str = STORE, who: str = "dispatcher"
) -> None:
    command = inputs.SetMinimum(at_place=at, part_id=part_id, minimum=minimum)
    company.do(who, receiving.set_minimum, command)


def test_the_store_of_another_station_is_out_of_reach(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 3)
    with pytest.raises(InvalidInput) as refused:
        set_minimum(company, belt, 2, f"store:{Company.SOUTH}")
    assert problems(refused) == [("at_place", "not_an_option")]
    assert company.see("dispatcher.stranger", lists.listed, filters=StockFilter()) == ()
    (row,) = company.see("dispatcher", lists.listed, filters=StockFilter(text="wm b10"[:2]))
    assert (row.quantity, row.place.station) == (3, "North")


def bring(company: Company, quantity: int, who: str = "dispatcher") -> None:
    (first,) = [row for row in company.see(who, lists.balances) if not row.place.person]
    facts = {"balance_id": first.id, "quantity": quantity, "to_place": van(company)}
    company.do(who, receiving.bring, parse(inputs.MoveParts, facts))


def test_parts_are_brought_into_a_van_and_no_more_than_there_are(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), 3)
    bring(company, 2)
    assert stocked.lying(company) == {(STORE, ""): 1, (van(company), ""): 2}
    with pytest.raises(InvalidInput) as refused:
        bring(company, 2)
    assert problems(refused) == [("quantity", "too_few_left")]
    stocked.check_books(company)


def test_parts_go_back_to_a_source_or_are_thrown_away_when_expired(company: Company) -> None:
    paste = stocked.part(company, **stocked.PASTE)
    stocked.deliver(company, paste, 5, batch="P1", expires_on=stocked.DAY)
    (lot,) = company.see("warehouse", lists.balances)
    late = NOW + timedelta(days=30)

    def out(quantity: int, source: int | None, **more: Any) -> None:
        facts = {"balance_id": lot.id, "quantity": quantity, "supplier_id": source, "note": "退货"}
        company.do("warehouse", receiving.take_out, parse(inputs.TakeOut, facts), **more)

    out(2, stocked.source(company))
    for quantity, source, more, wrong in (
        (1, None, {}, ("supplier_id", "not_expired")),
        (1, 99, {}, ("supplier_id", "not_an_option")),
        (9, None, {"now": late}, ("quantity", "too_few_left")),
    ):
        with pytest.raises(InvalidInput) as refused:
            out(quantity, source, **more)
        assert problems(refused) == [wrong]
    out(3, None, now=late)
    moves = [(row.reason, row.quantity, row.supplier_id) for row in company.rows(PartMove)][1:]
    assert moves == [("sent_back", 2, stocked.source(company)), ("scrapped", 3, None)]
    assert stocked.lying(company) == {}
    stocked.check_books(company)
    with pytest.raises(NotAllowed):
        command = parse(inputs.TakeOut, {"balance_id": lot.id, "quantity": 1, "note": "x"})
        company.do("technician", receiving.take_out, command)


def test_a_part_is_built_in_out_of_the_own_van_first(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), 3)
    bring(company, 1)
    case_id, job_id = company.dispatched()
    use_id = stocked.use(company, job_id, old_serial="A 1", new_serial="B 2")
    assert stocked.lying(company) == {(STORE, ""): 2}
    (row,) = company.see("agent", uses.of_case, case_id=case_id)
    assert (row.part, row.quantity, row.old_serial, row.new_serial) == (
        *("皮带 WM-B10", 1),
        *("A 1", "B 2"),
    )
    assert company.history("part_use", use_id) == [("used", None, "used")]
    stocked.check_books(company)


def test_what_was_built_in_stands_in_the_report(sqlite_company: Company) -> None:
    stocked.deliver(sqlite_company, stocked.part(sqlite_company), 3)
    case_id, job_id = sqlite_company.dispatched()
    stocked.use(sqlite_company, job_id, quantity=2, new_serial="B 2")
    said = sqlite_company.see("technician", uses.lines_of, job_id=job_id)
    assert said == ("皮带 WM-B10 ×2件 (B 2)",)
    report = sqlite_company.see("technician", papers.report, SPEECH, case_id=case_id)
    assert report.parts == said[0]


@pytest.mark.parametrize("who", ["technician.colleague", "dispatcher", "agent"])
def test_others_build_nothing_in(sqlite_company: Company, who: str) -> None:
    stocked.deliver(sqlite_company, stocked.part(sqlite_company), 3)
    _, job_id = sqlite_company.dispatched()
    bench = sqlite_company.see(who, uses.bench, job_id=job_id)
    assert (bench.may_use, bench.in_reach) == (False, ())
    command = parse(inputs.UsePart, {"balance_id": 1})
    with pytest.raises(NotAllowed):
        sqlite_company.do(who, uses.use, command, job_id=job_id)
    with pytest.raises(NotFound):
        sqlite_company.do("technician.stranger", uses.use, command, job_id=job_id)


def test_what_was_not_built_in_after_all_lies_where_it_was(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), 3)
    _, job_id = company.dispatched()
    use_id = stocked.use(company, job_id, quantity=2)
    company.act("technician", PartUse, use_id, inputs.UndoUse(note="看错了"))
    assert stocked.lying(company) == {(STORE, ""): 3}
    assert company.see("technician", uses.lines_of, job_id=job_id) == ()
    stocked.check_books(company)


def test_the_old_part_goes_back_to_the_maker(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), 3)
    _, job_id = company.dispatched()
    use_id = stocked.use(company, job_id, old_part="to_maker")
    (owed,) = company.see("warehouse", uses.old_parts)
    assert (owed.id, owed.status) == (use_id, PartUseStatus.OLD_OWED)
    company.act("warehouse", PartUse, use_id, inputs.TakeOldPart())
    company.act("warehouse", PartUse, use_id, inputs.SendOldPart(note="顺丰 1"))
    assert company.see("warehouse", uses.old_parts) == ()
    assert [fact for fact, *_ in company.history("part_use", use_id)] == [
        *("used", "old_owed"),
        *("old_taken", "old_sent"),
    ]


def step(company: Company, order_id: int, *steps: Action, who: str = "warehouse") -> None:
    for each in steps:
        company.act(who, PartOrder, order_id, each)


def told(company: Company, who: str) -> list[Any]:
    rows = company.rows(Notice, kind=NoticeKind.STOCK, person_id=company[who].id)
    return [row.data["fact"] for row in rows]


def test_parts_are_asked_for_put_aside_issued_and_given_back(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 5)
    _, job_id = company.dispatched()
    order_id = stocked.ask(company, (belt, 3), job_id=job_id)
    step(company, order_id, inputs.ApproveParts(), inputs.PickParts())
    assert stocked.lying(company) == {(STORE, ""): 2, (ASIDE, ""): 3}
    order = company.get(PartOrder, order_id)
    assert (order.ready_at, order.issued_at) == (NOW, None)
    step(company, order_id, inputs.IssueParts())
    assert stocked.lying(company) == {(STORE, ""): 2, (van(company), ""): 3}
    stocked.use(company, job_id)
    (line,) = company.see("technician", orders.of_job, job_id=job_id)
    rows = [{"line_id": 1, "quantity": 3}]
    with pytest.raises(InvalidInput) as refused:
        step(company, order_id, parse(inputs.GiveBackParts, {"order_lines": rows}))
    assert problems(refused) == [("order_lines.0.quantity", "too_few_left")]
    rows[0]["quantity"] = 2
    back = parse(inputs.GiveBackParts, {"order_lines": rows})
    step(company, order_id, back, who="technician")
    assert stocked.lying(company) == {(STORE, ""): 4}
    assert line.status is OrderStatus.ISSUED
    assert told(company, "dispatcher") == ["part_order.asked"]
    assert told(company, "technician") == ["part_order.approved", "part_order.picked"]
    stocked.check_books(company)


def test_what_there_is_too_few_of_is_not_put_aside(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 2)
    order_id = stocked.ask(company, (belt, 3))
    step(company, order_id, inputs.ApproveParts())
    with pytest.raises(InvalidInput) as refused:
        step(company, order_id, inputs.PickParts())
    assert problems(refused) == [("form", "too_few_of")]
    assert stocked.lying(company) == {(STORE, ""): 2}


def test_a_substitute_is_given_and_nothing_else(company: Company) -> None:
    other, third = stocked.part(company, number="B2"), stocked.part(company, number="B3")
    belt = stocked.part(company, substitutes=[{"part_id": other}])
    order_id = stocked.ask(company, (belt, 1))
    (line_id,) = [row.id for row in company.rows(PartOrderLine)]
    with pytest.raises(InvalidInput):
        step(company, order_id, inputs.ReplacePart(line_id=line_id, part_id=third))
    step(company, order_id, inputs.ReplacePart(line_id=line_id, part_id=other))
    (order,) = company.see("warehouse", orders.listed)
    assert order.lines == ("皮带 B2 ×1",)


def test_parts_of_a_job_that_was_taken_back_go_back_too(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 5)
    _, job_id = company.dispatched()
    order_id = stocked.ask(company, (belt, 3), job_id=job_id)
    step(company, order_id, inputs.ApproveParts(), inputs.PickParts())
    company.act("dispatcher", Job, job_id, WithdrawJob(note="改天"))
    assert company.get(PartOrder, order_id).status is OrderStatus.WITHDRAWN
    assert stocked.lying(company) == {(STORE, ""): 5}
    stocked.check_books(company)


def test_an_expired_lot_is_neither_put_aside_nor_issued_nor_built_in(company: Company) -> None:
    paste = stocked.part(company, **stocked.PASTE)
    stocked.deliver(company, paste, 5, batch="P1", expires_on=stocked.DAY)
    after = {"now": NOW + timedelta(days=30)}
    order_id = stocked.ask(company, (paste, 1))
    step(company, order_id, inputs.ApproveParts())
    with pytest.raises(InvalidInput) as refused:
        company.act("warehouse", PartOrder, order_id, inputs.PickParts(), **after)
    assert problems(refused) == [("form", "too_few_of")]
    step(company, order_id, inputs.PickParts())
    with pytest.raises(InvalidInput) as refused:
        company.act("warehouse", PartOrder, order_id, inputs.IssueParts(), **after)
    assert problems(refused) == [("form", "expired")]
    step(company, order_id, inputs.PutBackParts())
    _, job_id = company.dispatched()
    assert company.see("technician", uses.bench, job_id=job_id).in_reach
    assert not company.see("technician", uses.bench, job_id=job_id, **after).in_reach


def test_what_expires_first_goes_first(company: Company) -> None:
    paste = stocked.part(company, **stocked.PASTE)
    stocked.deliver(company, paste, 2, batch="P2", expires_on=stocked.DAY + timedelta(days=9))
    stocked.deliver(company, paste, 2, batch="P1", expires_on=stocked.DAY)
    order_id = stocked.ask(company, (paste, 3))
    step(company, order_id, inputs.ApproveParts(), inputs.PickParts())
    assert stocked.lying(company) == {(ASIDE, "P1"): 2, (ASIDE, "P2"): 1, (STORE, "P2"): 1}


def tell(company: Company, now: Any) -> int:
    due = company.see("admin", reminders.due, now=now)
    for place_id in due:
        company.do("admin", reminders.tell, place_id, now=now)
    return len(due)


def test_the_warehouse_is_told_once_a_day_what_is_short_and_what_expires(company: Company) -> None:
    belt, paste = stocked.part(company), stocked.part(company, **stocked.PASTE)
    stocked.deliver(company, belt, 2)
    assert tell(company, NOW) == 0
    set_minimum(company, belt, 3)
    stocked.deliver(company, paste, 1, batch="P1", expires_on=stocked.DAY)
    assert [tell(company, NOW), tell(company, NOW + timedelta(hours=3))] == [1, 0]
    assert tell(company, NOW + timedelta(days=1)) == 1
    rows = company.rows(Notice, kind=NoticeKind.STOCK, person_id=company["warehouse"].id)
    assert [(row.data["short"], row.data["old"]) for row in rows] == [(1, 1), (1, 1)]
    (first, second) = company.see("warehouse", lists.listed, filters=StockFilter(only=True))
    assert (first.part, first.is_short, second.part, second.is_old) == (
        *("皮带", True),
        *("导热膏", True),
    )


def test_what_is_below_its_minimum_in_stores_and_vans_is_a_pile(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 5)
    bring(company, 2)
    set_minimum(company, belt, 3)
    set_minimum(company, belt, 2, van(company))

    def short(who: str) -> int:
        piles = company.see(who, overview.overview).piles
        return next(pile.count for pile in piles if pile.name == "stock_short")

    assert (short("dispatcher"), short("warehouse"), short("dispatcher.stranger")) == (0, 0, 0)
    set_minimum(company, belt, 3, van(company), "warehouse")
    assert (short("dispatcher"), short("warehouse"), short("dispatcher.stranger")) == (1, 1, 0)
    rows = company.see("dispatcher", lists.of_part, part_id=belt)
    assert [(row.place.person, row.quantity, row.minimum) for row in rows if row.is_short] == [
        ("technician", 2, 3)
    ]
    # What comes before it in a long list of others does not push it out.
    pump = stocked.part(company, number="WM-A1")
    stocked.deliver(company, pump, 5)
    monkeypatch.setattr(lists, "MOST", 1)
    rows = company.see("dispatcher", lists.of_part, part_id=pump)
    assert [(row.part_id, row.quantity) for row in rows] == [(pump, 5)]
    set_minimum(company, belt, 0, van(company))
    assert short("dispatcher") == 0
    found = company.see("technician", catalogue.by_number, number="wm-b 10")
    assert found == belt
    with pytest.raises(NotFound):
        company.see("technician", catalogue.by_number, number="X")


def count(company: Company, *found: tuple[int, str], who: str = "dispatcher") -> int:
    (place,) = company.rows(StockPlace)
    begin = inputs.BeginCount(place_id=place.id)
    count_id = company.do(who, counts.begin, begin)
    lines = [
        {"line_id": at, "counted": quantity, "difference_reason": reason}
        for at, (quantity, reason) in enumerate(found, 1)
    ]
    finish = parse(inputs.FinishCount, {"count_lines": lines})
    company.act(who, StockCount, count_id, finish)
    return count_id


def test_differences_are_settled_by_another_than_who_counted(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 5, batch="A")
    stocked.deliver(company, belt, 5, batch="B")
    count_id = count(company, (4, "丢失一件"), (6, "多一件"))
    assert stocked.lying(company) == {(STORE, "A"): 5, (STORE, "B"): 5}
    with pytest.raises(NotAllowed) as refused:
        company.act("dispatcher", StockCount, count_id, inputs.SettleCount())
    assert refused.value.details["reason"] == "own_count"
    company.act("warehouse", StockCount, count_id, inputs.SettleCount())
    assert stocked.lying(company) == {(STORE, "A"): 4, (STORE, "B"): 6}
    stocked.check_books(company)


def test_a_batch_that_is_not_on_the_sheet_is_counted_and_settled_too(company: Company) -> None:
    belt, paste = stocked.part(company), stocked.part(company, **stocked.PASTE)
    stocked.deliver(company, belt, 5, batch="A")
    (place,) = company.rows(StockPlace)
    count_id = company.do("dispatcher", counts.begin, inputs.BeginCount(place_id=place.id))
    sheet: dict[str, Any] = {"count_lines": [{"line_id": 1, "counted": 5}]}

    def finish(*lots: dict[str, Any]) -> None:
        found = [{"counted": 2, "difference_reason": "未入账"} | lot for lot in lots]
        command = parse(inputs.FinishCount, sheet | {"found_lots": found})
        company.act("dispatcher", StockCount, count_id, command)

    with pytest.raises(InvalidInput) as refused:
        finish({"part_id": paste}, {"part_id": belt, "batch": "A"})
    assert problems(refused) == [
        ("found_lots.0.batch", "missing"),
        ("found_lots.0.expires_on", "missing"),
        ("found_lots.1.batch", "on_the_sheet"),
    ]
    finish({"part_id": paste, "batch": "P1", "expires_on": stocked.DAY}, {"part_id": belt})
    assert stocked.lying(company) == {(STORE, "A"): 5}
    (view,) = company.see("warehouse", counts.listed)
    assert [(each.part, each.batch, each.counted) for each in view.differences] == [
        ("导热膏 TP-1", "P1", 2),
        ("皮带 WM-B10", "", 2),
    ]
    company.act("warehouse", StockCount, count_id, inputs.SettleCount())
    assert stocked.lying(company) == {(STORE, "A"): 5, (STORE, "P1"): 2, (STORE, ""): 2}
    stocked.check_books(company)


def test_a_difference_has_a_reason_and_no_line_is_left_out(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), 5)
    with pytest.raises(InvalidInput) as refused:
        count(company, (4, ""))
    assert problems(refused) == [("count_lines.0.difference_reason", "missing")]
    (place,) = company.rows(StockPlace)
    with pytest.raises(InvalidInput) as refused:
        company.do("dispatcher", counts.begin, inputs.BeginCount(place_id=place.id))
    assert problems(refused) == [("place_id", "counted_already")]


def test_a_tool_says_for_which_jobs_it_was_taken_along(company: Company) -> None:
    facts = AddTool(number="T-1", tool_name="万用表", station_id=Company.NORTH)
    id = company.do("dispatcher", register.add, facts)
    (first, one), (second, two) = company.dispatched(), company.dispatched(phone="13900000002")
    with pytest.raises(InvalidInput) as refused:
        company.act("technician.colleague", Tool, id, TakeTool(job_id=one))
    assert problems(refused) == [("job_id", "not_an_option")]
    company.act("technician", Tool, id, TakeTool(job_id=one))
    later = NOW + timedelta(hours=2)
    company.act("technician", Tool, id, TakeToNextJob(job_id=two), now=later)
    (trip,) = company.see("technician", trips.of_job, job_id=one)
    assert (trip.tool, trip.person, trip.back_at) == ("万用表 T-1", "technician", later)
    assert company.see("technician", trips.of_job, job_id=two)[0].back_at is None
    company.act("technician", Tool, id, GiveBackTool(), now=later)
    assert company.see("technician", trips.of_job, job_id=two)[0].back_at == later
    on_tool = company.see("dispatcher", trips.of_tool, id=id)
    assert [trip.case_id for trip in on_tool] == [second, first]
    assert not company.see("technician.stranger", trips.of_job, job_id=one)
    with pytest.raises(NotFound):
        company.see("dispatcher.stranger", trips.of_tool, id=id)
    # Without a job it is taken along as it is.
    company.act("technician", Tool, id, TakeTool())
    assert len(company.rows(ToolTrip)) == 2


def test_the_house_hears_of_parts() -> None:
    assert {"part_order.asked", "part_use.used", "stock_count.settled"} <= HOUSE.facts
    assert Part.__tablename__ == "parts"

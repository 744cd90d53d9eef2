"""The board: who works when, what is planned, what waits, and what a move on it comes to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.dispatch import board, moves
from core.dispatch.board import Board, Card, Filter
from core.dispatch.moves import Place, Swap
from core.jobs import actions as jobs
from core.jobs import worksheet
from core.kernel.errors import InvalidInput, NotAllowed, Refused, Stale
from core.kernel.inputs import parse
from core.process import workflow
from db.codes import JobStatus, NoticeKind, RequestKind, RequestStatus, VisitOutcome
from db.tables import History, Job, Notice, Qualification, ServiceRequest, Visit
from tests.company_cast import NOW, Company, local

MONDAY = date(2026, 3, 2)
TEN, HOUR = local("2026-03-02 14:00"), timedelta(hours=1)


def shown(company: Company, who: str = "dispatcher", **asked: Any) -> Board:
    return company.see(who, board.board, **({"since": MONDAY} | asked))


def card_of(company: Company, case_id: int) -> Card:
    found = company.see("dispatcher", board.card, case_id=case_id)
    assert found is not None
    return found


def place(
    company: Company,
    card: Card,
    technician: str = "technician",
    start: datetime | None = TEN,
    *,
    who: str = "dispatcher",
    length: timedelta = HOUR,
    note: str = "",
    now: datetime = NOW,
) -> Any:
    facts = {
        "technician_id": company[technician].id,
        "planned_from": start,
        "planned_to": start and start + length,
        "note": note,
    }
    return company.do(
        who,
        moves.place,
        parse(Place, facts),
        case_id=card.case_id,
        job_id=card.job_id,
        seen_version=card.version,
        now=now,
    )


def codes(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in refusal.value.problems]


def test_a_day_shows_rows_with_their_work_time_and_what_waits(company: Company) -> None:
    first, second = company.register(), company.register(symptom="漏水", kind="installation")
    company.register(kind="consultation")
    found = shown(company)
    assert [row.name for row in found.rows] == ["technician", "technician.colleague"]
    begins = {row.working[0].start for row in found.rows}
    assert begins == {local("2026-03-02 08:30")}
    assert (found.total, {card.case_id for card in found.waiting}) == (2, {first, second})
    only = shown(company, filters=Filter(kind=RequestKind.INSTALLATION))
    assert [card.case_id for card in only.waiting] == [second]
    assert len(shown(company, "manager").rows) == 3
    sunday = shown(company, since=date(2026, 3, 1))
    assert [row.working for row in sunday.rows] == [(), ()]


def test_whoever_sends_nobody_sees_no_board(company: Company) -> None:
    for who in ("agent", "technician", "auditor"):
        with pytest.raises(NotAllowed):
            shown(company, who)


def test_a_card_on_a_row_sends_the_technician_at_a_time(company: Company) -> None:
    case_id = company.register()
    place(company, card_of(company, case_id))
    (job,) = company.rows(Job, request_id=case_id)
    assert (job.status, job.technician_id) == (JobStatus.ASSIGNED, company["technician"].id)
    assert (job.planned_from, job.planned_to, job.confirmed_at) == (TEN, TEN + HOUR, None)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS
    found = shown(company)
    assert [(card.job_id, card.start, card.end) for card in found.planned] == [
        (job.id, TEN, TEN + HOUR)
    ]
    assert found.total == 0
    (notice,) = company.rows(Notice, person_id=job.technician_id, kind=NoticeKind.ASSIGNED)
    assert notice.case_id == case_id
    assert shown(company, since=date(2026, 3, 3)).planned == ()


def test_nobody_is_in_two_places_at_once(company: Company) -> None:
    first, second = company.register(), company.register(symptom="漏水")
    place(company, card_of(company, first))
    for start in (TEN - HOUR / 2, TEN, TEN + HOUR / 2):
        with pytest.raises(InvalidInput) as refused:
            place(company, card_of(company, second), start=start)
        assert codes(refused) == [("planned_from", "double_booked")]
        assert refused.value.problems[0].details["number"] == card_of(company, first).number
    assert company.rows(Job, request_id=second) == []
    place(company, card_of(company, second), start=TEN + HOUR)
    # Neither by moving what is on the board, nor by moving to the other row.
    with pytest.raises(InvalidInput) as refused:
        place(company, card_of(company, second), start=TEN)
    assert codes(refused) == [("planned_from", "double_booked")]
    place(company, card_of(company, second), "technician.colleague", start=TEN)
    assert {card.technician for card in shown(company).planned} == {
        "technician",
        "technician.colleague",
    }


def test_a_window_agreed_with_the_customer_is_taken_too_and_moved_with_a_reason(
    company: Company,
) -> None:
    case_id, job_id = company.dispatched()
    window = jobs.AgreeVisit(agreed_from=TEN, agreed_to=TEN + 2 * HOUR)
    company.act("technician", Job, job_id, window)
    other = company.register(symptom="漏水")
    with pytest.raises(InvalidInput) as refused:
        place(company, card_of(company, other), start=TEN + HOUR)
    assert codes(refused) == [("planned_from", "double_booked")]
    # Within what was agreed it is planned; outside only with a reason, and agreed anew.
    place(company, card_of(company, case_id), start=TEN + HOUR)
    assert company.get(Job, job_id).status is JobStatus.AGREED
    with pytest.raises(InvalidInput) as refused:
        place(company, card_of(company, case_id), start=TEN + 2 * HOUR)
    assert codes(refused) == [("planned_from", "outside_agreed")]
    place(company, card_of(company, case_id), start=TEN + 2 * HOUR, note="配件未到")
    job = company.get(Job, job_id)
    assert (job.status, job.planned_from) == (JobStatus.ASSIGNED, TEN + 2 * HOUR)
    (visit,) = company.rows(Visit, job_id=job_id)
    assert (visit.outcome, visit.note) == (VisitOutcome.MOVED, "配件未到")


def test_outside_the_shift_is_planned_with_a_reason_only_and_the_past_never(
    company: Company,
) -> None:
    card = card_of(company, company.register())
    evening = local("2026-03-02 20:00")
    with pytest.raises(InvalidInput) as refused:
        place(company, card, start=evening)
    assert codes(refused) == [("planned_from", "off_duty")]
    with pytest.raises(InvalidInput) as refused:
        place(company, card, start=NOW - 2 * HOUR)
    assert codes(refused) == [("planned_to", "in_the_past")]
    with pytest.raises(InvalidInput) as refused:
        place(company, card, length=-HOUR)
    assert codes(refused) == [("planned_to", "window")]
    place(company, card, "technician.colleague", evening - 6 * HOUR, length=HOUR)
    planned = card_of(company, card.case_id)
    place(company, planned, "technician.colleague", evening, note="客户只有晚上在家")
    assert card_of(company, card.case_id).start == evening


def test_a_first_time_outside_the_shift_has_its_reason_too(company: Company) -> None:
    case_id = company.register()
    evening = local("2026-03-02 20:00")
    place(company, card_of(company, case_id), start=evening, note="客户只有晚上在家")
    (job,) = company.rows(Job)
    assert (job.planned_from, job.instructions) == (evening, "客户只有晚上在家")


def test_who_may_sends_against_the_rule_book_from_the_board_with_a_reason(company: Company) -> None:
    without = company["technician.colleague"].id
    ends = Qualification.__table__.update().where(Qualification.person_id == without)
    with company.engine.begin() as rows:
        rows.execute(ends.values(valid_until=MONDAY - timedelta(days=1)))
    first, second = company.register(), company.register(symptom="漏水")
    why = {"note": "证件已在补办"}
    for who, said in (("dispatcher", why), ("manager", {})):
        with pytest.raises(InvalidInput) as refused:
            place(company, card_of(company, first), "technician.colleague", who=who, **said)
        assert codes(refused) == [("technician_id", "certificate_over")]
    place(company, card_of(company, first), "technician.colleague", who="manager", **why)
    later = {"start": TEN + HOUR, "who": "manager"}
    place(company, card_of(company, second), **later)
    place(company, card_of(company, second), "technician.colleague", **later, **why)
    assert {job.technician_id for job in company.rows(Job)} == {without}
    kept = [row.data.get("exception") for row in company.rows(History, action="reassigned")]
    assert kept == ["证件已在补办"]


def test_a_board_with_what_has_moved_is_the_board_that_is_read_anew(company: Company) -> None:
    cases = [company.register(symptom=f"第{n}台") for n in range(4)]
    everything = Filter()

    def moved(case_id: int, start: datetime | None, technician: str = "technician") -> None:
        before = shown(company)
        place(company, card_of(company, case_id), technician, start=start)
        anew = shown(company)
        again = company.see(
            "dispatcher", board.again, found=before, cases=[case_id], filters=everything
        )
        assert sorted(again.planned, key=lambda card: card.case_id) == sorted(
            anew.planned, key=lambda card: card.case_id
        )
        assert (again.waiting, again.total, again.rows) == (anew.waiting, anew.total, anew.rows)

    for later, case_id in enumerate(cases[:3]):
        moved(case_id, TEN + later * HOUR)
    moved(cases[1], TEN - 3 * HOUR)
    moved(cases[2], TEN, "technician.colleague")
    moved(cases[0], TEN + timedelta(days=1))
    moved(cases[1], None)
    moved(cases[1], TEN + HOUR)


def test_what_is_taken_off_the_board_waits_with_its_technician(company: Company) -> None:
    case_id = company.register()
    place(company, card_of(company, case_id))
    place(company, card_of(company, case_id), start=None)
    found = shown(company)
    assert found.planned == ()
    (card,) = found.waiting
    assert (card.technician, card.status, card.start) == ("technician", JobStatus.ASSIGNED, None)


def test_a_plan_is_confirmed_by_who_goes_and_asked_again_once_it_moves(company: Company) -> None:
    case_id = company.register()
    place(company, card_of(company, case_id))
    job_id = card_of(company, case_id).job_id
    with pytest.raises(Refused):
        company.act("technician.colleague", Job, job_id, jobs.ConfirmPlan())
    company.act("technician", Job, job_id, jobs.ConfirmPlan())
    assert card_of(company, case_id).confirmed
    place(company, card_of(company, case_id), start=TEN + HOUR)
    assert not card_of(company, case_id).confirmed


def test_the_worksheet_tells_the_plan_and_the_form_of_the_visit_proposes_it(
    company: Company,
) -> None:
    first, second = company.register(), company.register(symptom="漏水")
    place(company, card_of(company, first), start=TEN + HOUR)
    place(company, card_of(company, second))
    mine = company.see("technician", worksheet.mine)
    assert [(job.case_id, job.planned_from) for job in mine] == [(second, TEN), (first, TEN + HOUR)]
    assert not mine[0].confirmed
    asked = {"process": jobs.PROCESS, "record_id": mine[0].id, "action": jobs.AgreeVisit}
    shown = company.see("technician", workflow.form, **asked)
    assert shown.values == {"agreed_from": TEN, "agreed_to": TEN + HOUR}


def test_an_agreed_window_beside_the_plan_takes_its_place(company: Company) -> None:
    case_id = company.register()
    place(company, card_of(company, case_id))
    job_id = card_of(company, case_id).job_id
    window = jobs.AgreeVisit(agreed_from=TEN + 2 * HOUR, agreed_to=TEN + 3 * HOUR)
    company.act("technician", Job, job_id, window)
    card = card_of(company, case_id)
    assert (card.start, card.end) == (TEN + 2 * HOUR, TEN + 3 * HOUR)


def test_a_move_of_what_somebody_has_moved_is_refused(company: Company) -> None:
    case_id = company.register()
    place(company, card_of(company, case_id))
    seen = card_of(company, case_id)
    place(company, seen, start=TEN + HOUR)
    with pytest.raises(Stale):
        place(company, seen, start=TEN + 2 * HOUR)
    assert card_of(company, case_id).start == TEN + HOUR


def test_another_stations_case_is_not_placed(company: Company) -> None:
    card = card_of(company, company.register())
    with pytest.raises(Refused):
        place(company, card, "technician.stranger", who="dispatcher.stranger")
    assert company.rows(Job) == []


def test_many_dispatchers_at_once_book_a_technician_once(company: Company) -> None:
    cards = [card_of(company, company.register(symptom=f"第{n}台")) for n in range(8)]

    def try_to(card: Card) -> str:
        try:
            place(company, card)
        except InvalidInput as refused:
            return refused.problems[0].code
        return "placed"

    with ThreadPoolExecutor(len(cards)) as pool:
        said = sorted(pool.map(try_to, cards))
    assert said == ["double_booked"] * 7 + ["placed"]
    assert len(company.rows(Job)) == 1


def planned(company: Company, technician: str = "technician", hours: int = 0) -> Card:
    """A case that has a place on the board, so many hours after ten."""
    case_id = company.register(symptom=f"第{hours}台", serial=f"SN-{technician}-{hours}")
    place(company, card_of(company, case_id), technician, TEN + hours * HOUR)
    return card_of(company, case_id)


def swap(company: Company, one: Card, other: Card, note: str = "", who: str = "dispatcher") -> Any:
    command = Swap(other=other.mark, note=note)
    return company.do(who, moves.swap, command, job_id=one.job_id, seen_version=one.version)


def places(company: Company) -> dict[int, tuple[str, datetime | None]]:
    return {card.case_id: (card.technician, card.start) for card in shown(company).planned}


def test_two_jobs_swap_their_places(company: Company) -> None:
    one, other = planned(company), planned(company, "technician.colleague", 1)
    swap(company, one, other)
    assert places(company) == {
        one.case_id: ("technician.colleague", TEN + HOUR),
        other.case_id: ("technician", TEN),
    }
    # Of the same technician too, where each stands in the other's way; and one that was agreed.
    beside = planned(company, "technician", 2)
    other = card_of(company, other.case_id)
    swap(company, other, beside)
    assert places(company)[other.case_id] == ("technician", TEN + 2 * HOUR)
    assert places(company)[beside.case_id] == ("technician", TEN)


def test_a_swap_is_refused_whole(company: Company) -> None:
    one, other = planned(company), planned(company, "technician.colleague", 1)
    before = places(company)
    # The longer one does not fit where the shorter one was.
    longer = planned(company, "technician.colleague", 2)
    late = {"length": 2 * HOUR, "note": "客户晚归"}
    place(company, longer, "technician.colleague", TEN + 2 * HOUR, **late)
    planned(company, "technician", 1)
    with pytest.raises(InvalidInput) as refused:
        swap(company, one, card_of(company, longer.case_id))
    assert codes(refused) == [("planned_from", "double_booked")]
    # Somebody was faster with either of them; without a place there is nothing to swap.
    with pytest.raises(Stale):
        swap(company, one, longer)
    with pytest.raises(Stale):
        swap(company, longer, one)
    place(company, other, "technician.colleague", None)
    with pytest.raises(InvalidInput) as refused:
        swap(company, one, card_of(company, other.case_id))
    assert codes(refused) == [("other", "not_an_option")]
    with pytest.raises(NotAllowed):
        swap(company, one, card_of(company, longer.case_id), who="agent")
    assert places(company)[one.case_id] == before[one.case_id]
    assert card_of(company, one.case_id).version == one.version


def test_what_was_agreed_is_swapped_with_a_reason_only(company: Company) -> None:
    one, other = planned(company), planned(company, hours=2)
    for card in (one, other):
        window = jobs.AgreeVisit(agreed_from=card.start, agreed_to=card.end)
        company.act("technician", Job, card.job_id, window)
    one, other = card_of(company, one.case_id), card_of(company, other.case_id)
    with pytest.raises(InvalidInput) as refused:
        swap(company, one, other)
    assert codes(refused) == [("planned_from", "outside_agreed")]
    swap(company, one, other, "客户改口")
    assert places(company)[one.case_id] == ("technician", TEN + 2 * HOUR)
    assert places(company)[other.case_id] == ("technician", TEN)


def test_the_board_of_a_qualification_shows_who_holds_it_and_what_needs_it(
    company: Company,
) -> None:
    wanted = {"wanted_from": TEN + HOUR, "wanted_to": TEN + 2 * HOUR}
    repair = company.register()
    other = company.register(symptom="漏水", kind="installation", **wanted)
    lapsed = company["technician.colleague"].id
    ends = Qualification.__table__.update().where(
        Qualification.person_id == lapsed, Qualification.kind == "repairer"
    )
    with company.engine.begin() as rows:
        rows.execute(ends.values(valid_until=MONDAY - timedelta(days=1)))
    found = shown(company, filters=Filter(skill="repairer"))
    assert [row.name for row in found.rows] == ["technician"]
    assert ([card.case_id for card in found.waiting], found.total) == ([repair], 1)
    found = shown(company, filters=Filter(skill="installer"))
    assert [row.name for row in found.rows] == ["technician", "technician.colleague"]
    assert [card.case_id for card in found.waiting] == [other]
    # On its last day, and in the week of that day, it holds.
    sunday = MONDAY - timedelta(days=1)
    for asked in ({"since": sunday}, {"since": sunday - timedelta(days=6), "days": 7}):
        assert len(shown(company, filters=Filter(skill="repairer"), **asked).rows) == 2
    place(company, card_of(company, repair))
    place(company, card_of(company, other), start=TEN + HOUR)
    found = shown(company, filters=Filter(skill="installer"))
    assert [card.case_id for card in found.planned] == [other]

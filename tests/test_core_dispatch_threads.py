"""Many dispatchers at once: a job goes to one technician, once, and who was slower is told so."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from core.dispatch import moves
from core.dispatch.board import Card
from core.dispatch.moves import Place
from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.process import workflow
from core.requests import actions as requests
from core.requests.inputs import Dispatch
from db.codes import JobStatus
from db.tables import History, Job, ServiceRequest
from tests.company_cast import Company
from tests.test_core_dispatch import HOUR, TEN, card_of, place, swap

THREADS, CASES = 64, 4
PEOPLE = ("technician", "technician.colleague")


def at_once(tries: int, attempt: Any) -> Counter[str]:
    """Let all of them go at the same moment; counts what each was told."""
    ready = Barrier(tries)

    def one(number: int) -> str:
        ready.wait()
        try:
            attempt(number)
        except Refused as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(tries) as pool:
        return Counter(pool.map(one, range(tries)))


def check_each_once(company: Company, cases: list[int]) -> None:
    found = company.rows(Job)
    assert sorted(job.request_id for job in found) == sorted(cases)
    assert {job.status for job in found} == {JobStatus.ASSIGNED}
    sent = company.rows(History, subject="request", action="dispatched")
    assert sorted(row.case_id for row in sent) == sorted(cases)


def test_64_on_the_board_place_each_job_once(company: Company) -> None:
    cards = [card_of(company, company.register(symptom=f"第{n}台")) for n in range(CASES)]

    def attempt(number: int) -> None:
        # Half want another technician, and two of the cases are wanted for the same hour.
        card, who = cards[number % CASES], PEOPLE[number // CASES % 2]
        place(company, card, who, TEN + number % CASES % 3 * HOUR)

    said = at_once(THREADS, attempt)
    assert (said["done"], said.total()) == (CASES, THREADS)
    assert set(said) <= {"done", "Stale", "WrongStatus", "InvalidInput"}
    taken = {(job.technician_id, job.planned_from) for job in company.rows(Job)}
    assert len(taken) == CASES
    check_each_once(company, [card.case_id for card in cards])


def test_64_who_dispatch_without_a_time_send_one_technician(company: Company) -> None:
    cases = [company.register(symptom=f"第{n}台") for n in range(CASES)]
    versions = {id: company.get(ServiceRequest, id).version for id in cases}

    def attempt(number: int) -> None:
        id, who = cases[number % CASES], company[PEOPLE[number // CASES % 2]].id
        command = parse(Dispatch, {"technician_id": who})
        asked = {"id": id, "command": command, "seen_version": versions[id]}
        company.do("dispatcher", workflow.act, requests.PROCESS, **asked)

    said = at_once(THREADS, attempt)
    assert (said["done"], said.total()) == (CASES, THREADS)
    assert set(said) <= {"done", "Stale", "WrongStatus"}
    check_each_once(company, cases)


def test_64_who_swap_the_same_two_jobs_swap_them_once(company: Company) -> None:
    cards: list[Card] = []
    for hours, who in enumerate(PEOPLE):
        case_id = company.register(symptom=f"第{hours}台")
        place(company, card_of(company, case_id), who, TEN + hours * HOUR)
        cards.append(card_of(company, case_id))

    def attempt(number: int) -> None:
        swap(company, *(cards if number % 2 else reversed(cards)))

    said = at_once(THREADS, attempt)
    assert said == {"done": 1, "Stale": THREADS - 1}
    swapped = [card_of(company, card.case_id) for card in cards]
    assert [card.technician for card in swapped] == list(reversed(PEOPLE))
    assert [card.start for card in swapped] == [TEN + HOUR, TEN]


def test_64_keys_of_one_move_are_one_move(company: Company) -> None:
    card = card_of(company, company.register())
    asked = {"technician_id": company["technician"].id}
    asked |= {"planned_from": TEN, "planned_to": TEN + HOUR}
    command = parse(Place, asked)
    seen = {"case_id": card.case_id, "job_id": None, "seen_version": card.version}
    key = "k" * 32

    def attempt(_number: int) -> None:
        company.submit("dispatcher", lambda uow: moves.place(uow, command, **seen), key)

    assert at_once(THREADS, attempt) == {"done": THREADS}
    assert len(company.rows(Job)) == 1

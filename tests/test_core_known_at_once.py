"""Two who register the same new caller at the same instant make one customer."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.customers import again
from core.kernel.errors import InvalidInput
from db.tables import Customer, ServiceRequest
from tests.company_cast import Company

SPELT = ("138 0000 7777", "+86-13800007777", "0086 138 0000 7777", "１３８００００７７７７")


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Whoever has looked for a number waits for the others who look, as far as they may."""
    gate, look = threading.Barrier(len(SPELT)), again.callers

    def slowly(*args: object, **more: object) -> list[Customer]:
        found = look(*args, **more)  # type: ignore[arg-type]
        # Where the others wait until this one has written, nobody comes.
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(0.3)
        return found

    monkeypatch.setattr(again, "callers", slowly)
    return gate


def register(company: Company, names: tuple[str, ...]) -> list[int | str]:
    """Everybody at once; the number of the case, or what was asked."""

    def one(number: int) -> int | str:
        try:
            return company.register(customer_name=names[number], phone=SPELT[number])
        except InvalidInput as error:
            return error.problems[0].code

    with ThreadPoolExecutor(len(SPELT)) as pool:
        return list(pool.map(one, range(len(SPELT))))


@pytest.mark.usefixtures("together")
def test_one_caller_in_four_spellings_is_one_customer(company: Company) -> None:
    cases = register(company, ("王小明",) * len(SPELT))
    assert len(company.rows(Customer)) == 1
    assert len(set(cases)) == len(company.rows(ServiceRequest)) == len(SPELT)


@pytest.mark.usefixtures("together")
def test_of_four_names_under_one_number_three_are_asked(company: Company) -> None:
    said = register(company, ("王小明", "李雷", "韩梅", "赵六"))
    assert said.count("number_known") == len(SPELT) - 1
    assert len(company.rows(Customer)) == len(company.rows(ServiceRequest)) == 1

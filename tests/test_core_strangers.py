"""Nothing of another station comes back, whatever a page may ask of core (C15).

All that one station does is done in one of two companies that are else the same. Whoever is bound
to the other station must be told the same in both, or only what a call in hand needs (C10).
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from functools import partial
from inspect import signature
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from core import kpi
from core.house import HOUSE
from core.kernel.errors import NotAllowed, NotFound, Refused
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.messages import outbox
from core.messages.inputs import WriteMessage
from core.papers.speech import Speech
from core.process import workflow
from core.requests import attachments
from db.codes import Language
from db.session import make_engine
from db.tables import Product
from tests import billed, complaint_steps, courses, maintained, return_steps, shop_steps, stocked
from tests.attached_files import PNG
from tests.company_cast import AT_STATIONS, NOW, Company, meet
from tests.printed_papers import word
from tests.strangers import IDS, entries, plain, trials
from tests.test_core_emergencies import declare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MARCH = kpi.Asked(date(2026, 3, 1), date(2026, 3, 31))
LATER = NOW + timedelta(days=1)
# Where the other station's customers are reached.
WHERE = ("13900139000", "南京市鼓楼区")
TEXTS = ("外站", "FOREIGN-1", "13900139000", "B-9", "SR260302-0002")
# Who a customer is: every station's call is answered, so that a caller is known again (C15, C10).
OF_A_CALL = {
    "core.customers.customers.find": "who calls, without the address and with a masked number",
    "core.customers.customers.view": "the same by a link, with the pieces and their warranty",
    "core.customers.view.view": "the piece that the call is about, without sales and life",
    "core.customers.purchases.of_customer": "what may come back, to whoever takes returns",
    "paper warranty_card": "the card of that piece, with a masked number and no services",
    "request.dispatch": "whom another station could lend, and how much each has to do",
    "request.dispatch_anyway": "the same",
}


def south(company: Company) -> None:
    """What the strangers have themselves, and what belongs to every station."""
    company.register("agent.stranger", station_id=company.SOUTH, serial="OWN-1", symptom="自家")
    stocked.part(company)
    stocked.source(company)
    billed.price(company)
    maintained.product(company)


def north(company: Company) -> None:
    """A little of everything at the other station."""
    case_id, _call = company.finished(serial="FOREIGN-1", batch="B-9", customer_name="李外站")
    company.do("agent", attachments.add, case_id=case_id, name="外站.png", content=PNG)
    charged, _job = company.dispatched(customer_name="韩外站", purchased_on="2010-01-01")
    billed.agreed(company, charged)
    billed.pay(company, charged, 50_00)
    complaint_steps.take(company, company.complaint(symptom="外站投诉"), "proposed")
    told = {"occasion": "own", "message_way": "by_hand", "message": "外站零件明天到"}
    company.do("agent", outbox.write, parse(WriteMessage, told), case_id=case_id)
    for kind in ("quality_feedback", "suggestion", "consultation"):
        facts = {"customer_name": f"赵外站{kind}", "symptom": "外站意见", "batch": "B-9"}
        company.register(kind=kind, **facts)
    return_steps.awaited(company)
    shop_steps.taken(company)
    stocked.deliver(company, 1, 5)
    stocked.ask(company, (1, 1))
    owner = maintained.customer(company, name="孙外站", station_id=company.NORTH)
    (heater,) = company.rows(Product, brand="蓝石")
    maintained.piece(company, heater.id, owner)
    about = {"customer_id": owner, "station_id": company.NORTH, "contract": "外站合同"}
    maintained.make(company, **about)
    courses.hold(company, courses.plan(company, customer_id=owner, headline="外站培训"))
    declare(company)


@pytest.fixture
def without(sqlite_company: Company, files: Path) -> Company:
    """The company in which the other station did nothing."""
    south(sqlite_company)
    return sqlite_company


@pytest.fixture
def both(without: Company, tmp_path: Path) -> Iterator[Company]:
    """The same, in which it worked."""
    without.engine.dispose()
    copy = tmp_path / "both.db"
    shutil.copy(without.engine.url.database or "", copy)
    engine = make_engine(f"sqlite:///{copy}")
    company = meet(engine)
    north(company)
    yield company
    engine.dispose()


def answers(company: Company, who: str) -> dict[tuple[str, str], Any]:
    """Every answer to everything that a stranger may ask."""
    found = {}
    with unit_of_work(company.engine, company[who], HOUSE, write=False, now=LATER) as uow:
        for name, ask, given in _questions():
            try:
                answer = plain(ask(uow, **given))
            except Refused as error:
                # Whether there is such a record is not told either: it is not theirs.
                answer = None if isinstance(error, NotFound | NotAllowed) else repr(error)
            found[name, str(given)] = answer or None
    return found


def _questions() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for name, entry in entries().items():
        for given in trials(entry, TEXTS) or ():
            yield name, entry, given
    for figure, side in product(kpi.FigureName, kpi.Side):
        yield "cases behind", kpi.cases_behind, {"figure": figure, "side": side, "asked": MARCH}
    for paper in HOUSE.papers.values():
        _uow, _speech, *about = signature(paper.read).parameters
        for id in IDS:
            yield f"paper {paper.name}", partial(_read, paper), {about[0]: id}
    for process in HOUSE.processes:
        for action in dict.fromkeys(rule.action for rule in process.rules if rule.action):
            for id in IDS:
                given = {"process": process, "record_id": id, "action": action}
                yield f"{process.subject}.{action.name}", workflow.form, given


def _read(paper: Any, uow: UnitOfWork, **about: int) -> Any:
    return paper.read(uow, Speech(Language.ZH, uow.actor.zone_info, word), **about)


def test_what_another_station_does_is_told_to_no_stranger(without: Company, both: Company) -> None:
    for role in AT_STATIONS:
        who = f"{role.value}.stranger"
        bare, full = answers(without, who), answers(both, who)
        assert len(bare) > 3_000
        differ = {key: str(answer) for key, answer in full.items() if answer != bare[key]}
        assert {name for name, _given in differ} <= OF_A_CALL.keys(), who
        assert not [key for key, told in differ.items() if any(at in told for at in WHERE)]

"""What customers ask for by the company's own pages: kept, pointed out, accepted by a person."""

from datetime import timedelta
from typing import Any

import pytest

from core.erasing import erasing
from core.erasing.erasing import EraseCustomer
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale
from core.kernel.inputs import parse
from core.kernel.unit_of_work import customer_actor, transaction
from core.links import links
from core.online import actions, front, labels, view
from core.online.inputs import Apply, AttachOnline, PutOnlineBack, SetOnlineAside
from core.online.labels import GiveLabel, RevokeLabel
from core.online.view import OnlinePart
from core.overview import overview
from core.requests import attachments
from core.requests.given_photos import GivenPhoto
from core.requests.inputs import Cancel
from core.requests.intake import Register
from db.codes import Channel, Language, OnlineStatus, RequestKind
from db.tables import Company as CompanyRow
from db.tables import Customer, History, OnlineRequest, PieceLabel, ServiceRequest
from tests.attached_files import PNG
from tests.company_cast import NOW, Company

HERE = "203.0.113.7"
WANTED = {"kind": "repair", "name": "王小明", "phone": "+86 138 0013 8000", "body": "不转了"}


def visitor(company: Company) -> Company:
    with transaction(company.engine, write=False) as session:
        row = session.get_one(CompanyRow, 1)
        actor = customer_actor(row, Language.ZH, came_from=HERE)
    return Company(company.engine, company.people | {"customer": actor})


def ask(company: Company, asset_id: int | None = None, now: Any = NOW, **facts: Any) -> int:
    command = parse(Apply, WANTED | facts)
    return int(visitor(company).do("customer", actions.apply, command, asset_id=asset_id, now=now))


def wrong(company: Company, **facts: Any) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        ask(company, **facts)
    return {f"{each.field} {each.code}" for each in caught.value.problems}


def register(company: Company, online_id: int, **facts: Any) -> int:
    row = company.get(OnlineRequest, online_id)
    given = {"customer_name": row.name, "phone": row.phone, "email": row.email}
    given |= {"kind": row.kind, "channel": Channel.ONLINE, "symptom": row.body}
    command = parse(Register, given | facts)
    more = {"online_id": online_id, "seen_version": row.version}
    return int(company.do("agent", actions.accept, command, **more).id)


@pytest.mark.usefixtures("files")
def test_a_request_waits_with_its_doubles_until_a_person_has_accepted_it(company: Company) -> None:
    known = company.register()
    photos = [GivenPhoto("泵.png", PNG), GivenPhoto("again.png", PNG)]
    command = parse(Apply, WANTED)
    more: dict[str, Any] = {"photos": photos, "asset_id": None}
    first = visitor(company).do("customer", actions.apply, command, **more)
    second = ask(company, body="还是不转", now=NOW + timedelta(hours=1))
    (pile,) = [each for each in company.see("agent", overview).piles if each.name == "online"]
    assert pile.count == 2
    seen = company.see("agent", view.view, id=second)
    assert [each.name for each in seen.known] == ["王小明"]
    assert [id for id, _number in seen.known[0].cases] == [known]
    assert [each.id for each in seen.alike] == [first]
    (fact,) = company.rows(History, subject="online_request", subject_id=first)
    assert (fact.actor_id, fact.data["came_from"]) == (None, HERE)
    case_id = register(company, first)
    row = company.get(OnlineRequest, first)
    assert (row.status, row.request_id) == (OnlineStatus.ACCEPTED, case_id)
    case = company.get(ServiceRequest, case_id)
    assert (case.channel, case.customer_id) == (Channel.ONLINE, 1)
    (photo,) = company.see("agent", attachments.list_of, case_id=case_id)
    assert (photo.name, photo.is_there) == ("泵.png", True)
    with pytest.raises(Stale):
        command = parse(
            Register, {"customer_id": 1, "kind": "repair", "channel": "online"} | {"symptom": "x"}
        )
        company.do("agent", actions.accept, command, online_id=first, seen_version=1)
    company.act("agent", OnlineRequest, second, AttachOnline(case_number=case.number))
    settled = company.see("agent", view.listed, part=OnlinePart.SETTLED)
    assert {each.number for each in settled.rows} == {case.number}
    assert company.see("agent", view.listed, part=OnlinePart.NEW).total == 0


def test_what_cannot_be_answered_is_refused_and_a_suggestion_may_be_nameless(
    company: Company,
) -> None:
    assert wrong(company, name=" ", phone="") == {"name missing", "phone missing"}
    assert wrong(company, phone="", email="x") == {"email email"}
    assert wrong(company, body="") == {"body missing"}
    assert wrong(company, body="字" * 2001) == {"body string_too_long"}
    assert {each.partition(" ")[0] for each in wrong(company, kind="training")} == {"kind"}
    id = ask(company, kind="suggestion", name="", phone="", body="电话等太久")
    case_id = register(company, id)
    other = register(company, ask(company, kind="suggestion", name="", phone="", body="再快一点"))
    rows = [company.get(ServiceRequest, each) for each in (case_id, other)]
    assert {row.kind for row in rows} == {RequestKind.SUGGESTION}
    (nobody,) = company.rows(Customer)
    assert {row.customer_id for row in rows} == {nobody.id}
    assert nobody.name == "匿名"


def test_who_may_see_and_settle_it(company: Company) -> None:
    id = ask(company)
    for nobody in ("auditor", "warehouse", "admin"):
        with pytest.raises(NotAllowed):
            company.see(nobody, view.view, id=id)
    with pytest.raises(NotAllowed):
        visitor(company).see("customer", view.listed, part=OnlinePart.NEW)
    company.act("agent", OnlineRequest, id, SetOnlineAside(note="广告"))
    (row,) = company.see("agent", view.listed, part=OnlinePart.ASIDE).rows
    assert row.id == id
    company.act("agent", OnlineRequest, id, PutOnlineBack())
    assert company.get(OnlineRequest, id).reason == ""
    with pytest.raises(InvalidInput):
        company.act("agent", OnlineRequest, id, AttachOnline(case_number="SR-1"))


def test_too_many_are_refused_and_nothing_is_lost(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(company)
    monkeypatch.setattr(actions, "MOST_WAITING", 1)
    assert wrong(company) == {"form too_many_waiting"}
    assert len(company.rows(OnlineRequest)) == 1


def give_label(company: Company, asset_id: int, who: str = "agent") -> str:
    secret = links.new_secret()
    command = GiveLabel(digest=links.digest_of(secret))
    company.do(who, labels.give, command, asset_id=asset_id)
    return secret


def test_a_label_leads_to_its_piece_until_it_is_revoked(company: Company) -> None:
    case_id = company.register(serial="SN-100200", purchased_on="2026-01-10")
    asset_id = company.get(ServiceRequest, case_id).asset_id
    secret = give_label(company, asset_id)
    with pytest.raises(NotFound):
        give_label(company, 999)
    with pytest.raises(NotAllowed):
        give_label(company, asset_id, "auditor")

    def opened(secret: str) -> Any:
        with transaction(company.engine, write=False) as session:
            return front.visitor(session, secret, Language.ZH, HERE)

    found = opened(secret)
    assert found
    actor, piece = found
    assert (piece.asset_id, piece.serial) == (asset_id, "SN-100200")
    assert piece.warranty_until is not None
    assert "王" not in str(piece)
    own = opened("")
    assert own and own[1] is None
    shown = Company(company.engine, {"customer": actor}).see("customer", front.view, piece)
    assert {"A1", "D4", "E5"} <= {each.clause for each in shown.promises}
    id = ask(company, asset_id=asset_id, name="李雷", phone="139 0000 0000")
    seen = company.see("agent", view.view, id=id)
    assert (seen.serial, [each for each, _n in seen.of_piece]) == ("SN-100200", [case_id])
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.view, id=id)
    (row,) = company.rows(PieceLabel)
    company.act("agent", PieceLabel, row.id, RevokeLabel())
    assert opened(secret) is None
    with transaction(company.engine, write=True) as session:
        session.get_one(CompanyRow, 1).customer_pages = False
    assert opened("") is None


def test_nothing_is_left_of_an_erased_person(company: Company) -> None:
    case_id = company.register()
    of_case, waits = ask(company), ask(company, body="王小明家的不转了")
    register(company, of_case, customer_id=1)
    for each in company.rows(ServiceRequest):
        company.act("agent", ServiceRequest, each.id, Cancel(note="重复"))
    version = company.get(Customer, 1).version
    command = parse(EraseCustomer, {"reason": "本人要求"})
    company.do("manager", erasing.erase, id=1, command=command, seen_version=version)
    for id in (of_case, waits):
        row = company.get(OnlineRequest, id)
        assert (row.name, row.phone, row.phone_key, row.body, row.came_from) == ("",) * 5
    assert HERE not in str([row.data for row in company.rows(History)])
    assert case_id

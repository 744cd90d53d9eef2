"""Penalties: inside the band, for those concerned, open to appeal, and hidden from the others."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.complaints import inputs, penalties
from core.complaints import view as complaint_view
from core.demo.complaints_after import penalise
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, transaction
from core.norms.revisions import in_force, norm_of
from core.process import history
from db.codes import NoticeKind, PenaltyGround, PenaltyStatus
from db.tables import Complaint, Notice, Penalty, Person, Responsible
from tests.company_cast import NOW, Company, meet
from tests.complaint_steps import CAUSE, named, shares, steps, take


@pytest.fixture
def told(company: Company) -> int:
    """A complaint that the customer was told about: the handler answers for 60 percent."""
    id = company.complaint()
    take(company, id, "notified")
    return id


def penalty(company: Company, **facts: Any) -> Action:
    values = {"ground": "person", "person_id": company["handler"].id, "percent": 20}
    return parse(inputs.Penalise, values | {"reason": "漏检"} | facts)


def impose(company: Company, id: int, who: str = "manager", **facts: Any) -> int:
    company.act(who, Complaint, id, penalty(company, **facts))
    return int(company.rows(Penalty)[-1].id)


def problems(company: Company, id: int, who: str = "manager", **facts: Any) -> list[Any]:
    with pytest.raises(InvalidInput) as refusal:
        impose(company, id, who, **facts)
    return [(each.field, each.code) for each in refusal.value.problems]


def seen_by(company: Company) -> set[str]:
    return {name for name in company.people if company.see(name, penalties.list_of)}


def make_head(company: Company, name: str, **facts: Any) -> Company:
    with transaction(company.engine, write=True) as session:
        person = session.get_one(Person, company[name].id)
        for field, value in ({"is_head": True} | facts).items():
            setattr(person, field, value)
    return meet(company.engine)


@pytest.mark.parametrize(
    ("loss", "percent", "is_inside"),
    [
        (99_999, 5, True),
        (99_999, 10, True),
        (99_999, 10.5, False),
        (100_000, 9.9, False),
        (100_000, 10, True),
        (499_999, 30, True),
        (500_000, 29, False),
        (2_000_000, 100, True),
    ],
)
def test_the_size_of_the_loss_gives_the_band(
    sqlite_company: Company, loss: int, percent: float, is_inside: bool
) -> None:
    company = sqlite_company
    id = company.complaint()
    take(company, id, "assigned")
    cause = CAUSE | {"loss_cents": loss, "responsibles": shares(company)}
    take_on = {"investigated": ("quality", parse(inputs.Investigate, cause))}
    for fact in ("investigated", "proposed", "approved", "notified"):
        who, command = ({**steps(company), **take_on})[fact]
        company.act(who, Complaint, id, command)
    if is_inside:
        impose(company, id, percent=percent)
        (row,) = company.rows(Penalty)
        assert (row.percent, row.loss_cents, row.clause) == (percent, loss, "E14")
    else:
        assert problems(company, id, percent=percent) == [("percent", "outside_band")]
        assert company.rows(Penalty) == []


def test_only_those_concerned_are_penalised(company: Company, told: int) -> None:
    refused = {
        "person": [("person_id", "not_person")],
        "head": [("person_id", "not_head")],
        "delay": [("person_id", "not_delay")],
    }
    for ground, expected in refused.items():
        some = {"ground": ground, "person_id": company["technician"].id, "percent": 12}
        assert problems(company, told, **some) == expected
    own = {"person_id": company["manager"].id}
    assert problems(company, told, **own) == [("person_id", "not_yourself")]
    impose(company, told)
    assert problems(company, told) == [("person_id", "penalised_already")]


def test_the_head_of_the_department_answers_too(company: Company, told: int) -> None:
    company = make_head(company, "warehouse", department="freight")
    head = {"ground": "head", "person_id": company["warehouse"].id, "percent": 12}
    impose(company, told, **head)
    (row,) = company.rows(Penalty)
    assert row.ground is PenaltyGround.HEAD
    # Whoever is penalised is named from then on.
    assert company["warehouse"].id in named(company, told)


def test_late_handling_is_penalised_where_something_was_late(company: Company) -> None:
    id = company.complaint(now=NOW - timedelta(days=20))
    take(company, id, "notified")
    late = {"ground": "delay", "person_id": company["agent"].id, "percent": 5}
    impose(company, id, **late)
    assert [row.ground for row in company.rows(Penalty)] == [PenaltyGround.DELAY]


def test_it_is_seen_by_the_person_the_head_the_manager_and_the_audit(
    company: Company, told: int
) -> None:
    company = make_head(company, "warehouse", department="freight")
    impose(company, told)
    assert seen_by(company) == {"handler", "warehouse", "manager", "auditor"}
    case_id = company.get(Complaint, told).request_id
    for who, shown in (("manager", 1), ("handler", 1), ("agent", 0), ("leader", 0)):
        view = company.see(who, complaint_view.view, case_id=case_id)
        assert len(view.penalties) == shown, who
        events = company.see(who, history.timeline, case_id=case_id)
        assert len([each for each in events if each.subject == "penalty"]) == shown, who
        # The complaint's own line tells neither whom nor how much.
        (line,) = [each for each in events if each.action == "penalised"]
        assert (line.note, line.data) == ("", {})


def test_the_head_of_a_station_sees_it(company: Company, told: int) -> None:
    company = make_head(company, "dispatcher")
    technician = company["technician"].id
    with transaction(company.engine, write=True) as session:
        row = session.get_one(Responsible, company.rows(Responsible)[0].id)
        row.person_id = technician
    impose(company, told, person_id=technician)
    assert seen_by(company) == {"technician", "dispatcher", "manager", "auditor"}
    assert not company.see("dispatcher.stranger", penalties.list_of)


def test_the_person_is_told_and_appeals_and_another_one_decides(
    company: Company, told: int
) -> None:
    row_id = impose(company, told)
    names = {actor.id: name for name, actor in company.people.items()}

    def informed(kind: NoticeKind) -> list[str]:
        return [names[row.person_id] for row in company.rows(Notice, kind=kind)]

    assert informed(NoticeKind.PENALTY) == ["handler"]
    with pytest.raises(NotFound):
        company.act("agent", Penalty, row_id, penalties.Appeal(appeal="替他申诉"))
    company.act("handler", Penalty, row_id, penalties.Appeal(appeal="当班的不是我"))
    assert informed(NoticeKind.APPEAL) == ["leader"]
    with pytest.raises(NotAllowed) as refusal:
        company.act("manager", Penalty, row_id, penalties.Lift(review="算了"))
    details = refusal.value.details
    assert (details["reason"], details["who"]) == ("own_penalty", ("leader",))
    with pytest.raises(InvalidInput):
        company.act("leader", Penalty, row_id, penalties.Reduce(percent=20, review="一样"))
    company.act("leader", Penalty, row_id, penalties.Reduce(percent=5, review="初犯"))
    row = company.get(Penalty, row_id)
    assert (row.status, row.percent) == (PenaltyStatus.REDUCED, 5)
    assert row.reviewed_by_id == company["leader"].id
    assert informed(NoticeKind.APPEAL_DECIDED) == ["handler"]


def test_a_lifted_penalty_makes_room_for_another(company: Company, told: int) -> None:
    row_id = impose(company, told)
    company.act("handler", Penalty, row_id, penalties.Appeal(appeal="比例算错"))
    company.act("leader", Penalty, row_id, penalties.Lift(review="重新决定"))
    impose(company, told, percent=15)
    found = [(row.status, row.percent) for row in company.rows(Penalty)]
    assert found == [(PenaltyStatus.LIFTED, 20), (PenaltyStatus.IMPOSED, 15)]


def test_the_bands_are_shown_for_the_loss(company: Company, told: int) -> None:
    case_id = company.get(Complaint, told).request_id
    bands = company.see("manager", complaint_view.view, case_id=case_id).bands
    assert [(each.who, each.least_percent, each.most_percent) for each in bands] == [
        ("person", 10, 30),
        ("head", 5, 15),
        ("delay", 5, 20),
    ]


def test_the_demo_penalises_nobody_twice_for_a_complaint_that_was_opened_again(
    company: Company, told: int
) -> None:
    def tried(uow: UnitOfWork) -> tuple[bool, list[Action]]:
        acted: list[Action] = []
        world = SimpleNamespace(
            session=uow.session, norm=norm_of(in_force(uow)), chance=lambda _share: False
        )
        story: Any = SimpleNamespace(
            world=world,
            row=lambda: uow.session.get_one(Complaint, told),
            plot=None,
            act=lambda _actor, _at, command: acted.append(command),
            free=lambda _role: None,
        )
        return penalise(story, NOW), acted

    is_penalised, (command,) = company.see("manager", tried)
    assert is_penalised and command.person_id == company["handler"].id  # type: ignore[attr-defined]
    impose(company, told)
    assert company.see("manager", tried) == (False, [])

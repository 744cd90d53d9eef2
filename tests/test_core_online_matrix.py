"""Online requests and labels: every action in every state by everybody, told a second time."""

from functools import partial

import pytest

from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from core.online import actions, labels
from core.online.inputs import AttachOnline, PutOnlineBack, SetOnlineAside
from core.online.labels import RevokeLabel
from db.codes import LabelStatus, Language, OnlineStatus, RequestKind
from db.tables import OnlineRequest, PieceLabel, ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

DESK = ("agent", "dispatcher", "support", "handler", "manager")
online = partial(Cells, roles=" ".join(DESK), kinds="free of_case")
CELLS = (
    online("attach_online", "attached", "waiting", "attached"),
    online("set_online_aside", "set_aside", "waiting", "set_aside"),
    online("put_online_back", "put_back", "set_aside", "waiting"),
)
REGISTER = "agent dispatcher technician support quality warehouse finance handler manager leader"
LABEL_CELLS = (Cells("revoke_label", "revoked", "given", "revoked", REGISTER, "label"),)
IN_CASE = (OnlineStatus.ACCEPTED, OnlineStatus.ATTACHED)


@pytest.mark.parametrize("status", OnlineStatus)
def test_a_request_moves_as_the_table_says(sqlite_company: Company, status: OnlineStatus) -> None:
    company = sqlite_company
    case_id = company.register(serial="SN-1")
    everybody = [each for each in company.people if not each.endswith(".colleague")]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        case = uow.session.get_one(ServiceRequest, case_id)
        of_case = status in IN_CASE
        row = OnlineRequest(
            status=status,
            kind=RequestKind.REPAIR,
            language=Language.ZH,
            body="不转了",
            request=case if of_case else None,
            asset_id=case.asset_id,
            taken_at=NOW,
            files=[],
        )
        stored_rows.add(uow.session, row)
        far = [each.id for each in company.people.values() if each.station_id == company.SOUTH]
        others = [
            company[each].id
            for each in everybody
            if each.partition(".")[0] not in DESK and not of_case
        ]
        kind = "of_case" if of_case else "free"
        stand = Stand(
            actions.PROCESS, row, status.value, kind, None, CELLS, {}, hidden_from=[*far, *others]
        )
        samples = (
            AttachOnline(case_number=case.number),
            SetOnlineAside(note="广告"),
            PutOnlineBack(),
        )
        check_stand(uow, stand, [company[each] for each in everybody], samples)


@pytest.mark.parametrize("status", LabelStatus)
def test_a_label_moves_as_the_table_says(sqlite_company: Company, status: LabelStatus) -> None:
    company = sqlite_company
    case_id = company.register(serial="SN-1")
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        case = uow.session.get_one(ServiceRequest, case_id)
        ended = NOW if status is LabelStatus.REVOKED else None
        row = PieceLabel(
            asset_id=case.asset_id, status=status, digest="d", made_at=NOW, revoked_at=ended
        )
        stored_rows.add(uow.session, row)
        stand = Stand(labels.PROCESS, row, status.value, "label", None, LABEL_CELLS)
        check_stand(uow, stand, [*company.people.values()], (RevokeLabel(),))


def test_no_rule_is_left_out() -> None:
    samples = (AttachOnline(case_number="1"), SetOnlineAside(note="1"), PutOnlineBack())
    check_no_rule_is_left_out(actions.PROCESS, samples, CELLS)
    check_no_rule_is_left_out(labels.PROCESS, (RevokeLabel(),), LABEL_CELLS)

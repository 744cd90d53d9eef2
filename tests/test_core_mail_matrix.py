"""Mail that comes in: every action in every state by everybody, told a second time by hand."""

from functools import partial

import pytest

from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from core.mail.actions import PROCESS
from core.mail.inputs import AttachMail, PutMailBack, SetMailAside
from db.codes import MailMachine, MailStatus
from db.tables import Mail, ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

mail = partial(Cells, roles="agent dispatcher support handler manager", kinds="free of_case")
CELLS = (
    mail("attach_mail", "attached", "waiting", "attached"),
    mail("set_mail_aside", "set_aside", "waiting", "set_aside"),
    mail("put_mail_back", "put_back", "set_aside left", "waiting"),
)
IN_CASE = (MailStatus.ACCEPTED, MailStatus.ATTACHED)
# Who sees mails that belong to no case; the tool itself does too.
DESK = ("agent", "dispatcher", "support", "handler", "manager")


@pytest.mark.parametrize("status", MailStatus)
def test_a_mail_moves_as_the_table_says(sqlite_company: Company, status: MailStatus) -> None:
    company = sqlite_company
    case_id = company.register()
    everybody = [each for each in company.people if not each.endswith(".colleague")]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        case = uow.session.get_one(ServiceRequest, case_id)
        row = Mail(
            letter_hash="1",
            status=status,
            machine=MailMachine.LIST if status is MailStatus.LEFT else None,
            request=case if status in IN_CASE else None,
            customer_id=case.customer_id,
            received_at=NOW,
            taken_at=NOW,
        )
        stored_rows.add(uow.session, row)
        far = [each.id for each in company.people.values() if each.station_id == company.SOUTH]
        others = [
            company[each].id
            for each in everybody
            if each.partition(".")[0] not in DESK and status not in IN_CASE
        ]
        # Technicians see the cases that they are sent to, and their own station's.
        kind = "of_case" if status in IN_CASE else "free"
        stand = Stand(
            PROCESS, row, status.value, kind, None, CELLS, {}, hidden_from=[*far, *others]
        )
        samples = (
            AttachMail(case_number=case.number),
            SetMailAside(note="广告"),
            PutMailBack(),
        )
        check_no_rule_is_left_out(PROCESS, samples, CELLS)
        check_stand(uow, stand, [company[each] for each in everybody], samples)

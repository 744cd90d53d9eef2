"""Returns: every action in every status, by everybody in every relation, as the cells below say."""

from typing import Any

import pytest

from core.house import HOUSE
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.process.permissions import GRANTS
from core.returns import actions, inputs
from db.codes import Fit, RequestKind, RequestStatus, ReturnStatus, Role, Wish
from db.tables import GoodsReturn, ReturnLine
from tests import stored_returns, stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand
from tests.return_steps import FAULT, TOLD

WORKERS = "agent quality warehouse finance manager leader"
RETURNERS, GRANTERS = "agent manager", "manager leader"
ASKERS = "agent quality manager leader"
NEW = "applied applied+empty applied+hopeless"
EARLY = f"{NEW} screened inspected"
GOODS = "tested+back stored+back refunded+back"
SWAPS = "stored+swap refunded+swap"
STORED = "stored stored+swap stored+back"
REFUNDED = "refunded refunded+owed refunded+swap refunded+back"
OVER = f"{REFUNDED} told closed closed+owed"
REFUSED = "refused refused+heard"
OPEN_TO_CANCEL = f"{EARLY} approved approved+repair {REFUSED} appealed awaited"


def cell(action: str, fact: str, states: str, target: str | None, roles: str, **more: str) -> Cells:
    return Cells(action, fact, states, target, roles, kinds="return", **more)


def decided(action: str, fact: str, target: str, not_for: str) -> tuple[Cells, Cells]:
    # A thousand yuan: the manager or a leader. A dearer one: a leader only.
    return (
        cell(action, fact, "inspected", target, "manager", not_for=f"{not_for} dearer"),
        cell(action, fact, "inspected", target, "leader", not_for=not_for),
    )


HANDS = "own_application own_findings"
CELLS = (
    cell("amend", "amended", NEW, None, RETURNERS),
    cell("screen", "screened", "applied", "screened", RETURNERS),
    cell("decline_return", "declined", "applied+hopeless", "refused", RETURNERS),
    cell("ask_more", "more_asked", EARLY, None, ASKERS),
    cell("supply", "supplied", EARLY, None, RETURNERS),
    cell("inspect", "inspected", "screened", "inspected", "quality", not_for="own_application"),
    *decided("approve_return", "approved", "approved", HANDS),
    *decided("refuse_return", "refused", "refused", f"{HANDS} own_appeal"),
    cell("appeal_refusal", "appealed", "refused told+refused", "appealed", RETURNERS),
    cell("uphold_refusal", "upheld", "appealed", "refused", GRANTERS, not_for="own_refusal"),
    cell("allow_appeal", "allowed", "appealed", "inspected", GRANTERS, not_for="own_refusal"),
    cell("agree_way_back", "way_agreed", "approved", "awaited", RETURNERS),
    cell("track", "tracked", "awaited received", None, RETURNERS),
    cell("remind", "reminded", "awaited", None, RETURNERS),
    cell("receive", "received", "awaited", "received", "warehouse"),
    cell("receive_more", "received_more", "received", None, "warehouse"),
    cell("retest", "tested", "received", "tested", "quality", not_for="own_receipt"),
    cell("put_away", "stored", "tested tested+back", "stored", "warehouse"),
    cell("settle", "settled", STORED, "settled", "agent finance"),
    cell("revise_settlement", "revised", "settled", "stored", "finance"),
    cell("confirm_refund", "refunded", "settled", "refunded", "finance",
         not_for="own_settlement own_approval"),
    cell("send_replacement", "replacement_sent", SWAPS, None, "warehouse"),
    cell("send_goods_back", "sent_back", GOODS, None, "warehouse"),
    cell("move_stock", "stock_moved", f"{STORED} {OVER}", None, "warehouse"),
    cell("record_payment", "owed_paid", "refunded+owed closed+owed", None, "finance"),
    cell("tell_result", "told", f"refunded refunded+owed {REFUSED} approved+repair", "told",
         RETURNERS),
    cell("close_return", "closed", "told told+refused", "closed", RETURNERS),
    cell("cancel_return", "cancelled", OPEN_TO_CANCEL, "cancelled", RETURNERS),
)  # fmt: skip
STATES = (
    *NEW.split(),
    *[
        "screened",
        "inspected",
        "approved",
        "approved+repair",
        "refused",
        "refused+heard",
        "appealed",
    ],
    *["awaited", "received", "tested", "tested+back", "settled"],
    *f"{STORED} {REFUNDED} told told+refused closed closed+owed cancelled".split(),
)
HERE = ("received", "tested", "stored", "settled", "refunded", "told", "closed")
TAKEN = HERE[1:]


def line_of(uow: UnitOfWork, case: Any, status: str, special: str) -> ReturnLine:
    """Two machines, as far as they have come; one of them back or exchanged, maybe."""
    was_refused = special in ("refused", "heard")
    here = status in HERE and not was_refused
    taken = (1 if special == "back" else 2) if status in TAKEN and here else 0
    bought = stored_returns.bought(uow.session, case, stored_returns.product(uow.session))
    return stored_returns.line(
        bought,
        wish=Wish.REPAIR if special == "repair" else Wish.RETURN,
        fit=Fit.FAILS if special == "hopeless" else Fit.OPEN if status == "applied" else Fit.FITS,
        approved=2 if here or status in ("approved", "awaited") else 0,
        received=2 if here else 0,
        accepted=taken,
        replaced=1 if special == "swap" else 0,
    )


def put_return(uow: UnitOfWork, company: Company, state: str, **relations: Any) -> Stand:
    """A return in a state, with people in some relations to it."""
    status, _, special = state.partition("+")
    over = status in ("told", "closed")
    kind, running = RequestKind.RETURN, RequestStatus.IN_PROGRESS
    case = stored_rows.request(
        uow.session, company, RequestStatus.RESOLVED if over else running, kind=kind
    )
    row = stored_returns.goods_return(
        uow.session,
        case,
        ReturnStatus(status),
        **facts_of(company, status, special, relations),
    )
    if special != "empty":
        row.lines.append(line_of(uow, case, status, special))
        uow.session.flush()
        if row.lines[0].accepted and status != "tested":
            row.lines[0].moves.append(stored_returns.move(row.lines[0], row.lines[0].accepted))
    uow.session.flush()
    if status == "inspected" and row.approvers == ["leader"]:
        relations["dearer"] = [company["manager"].id]
    return Stand(actions.PROCESS, row, state, "return", None, CELLS, relations)


COLUMNS = {
    "own_application": "applied_by_id",
    "own_findings": "inspected_by_id",
    "own_screening": "screened_by_id",
    "own_refusal": "refused_by_id",
    "own_appeal": "appeal_by_id",
    "own_receipt": "received_by_id",
    "own_settlement": "settled_by_id",
    "own_approval": "approved_by_id",
}


def facts_of(
    company: Company, status: str, special: str, relations: dict[str, Any]
) -> dict[str, Any]:
    support = company["support"].id  # somebody who does nothing else here
    facts: dict[str, Any] = {
        COLUMNS[name]: ids[0] for name, ids in relations.items() if name in COLUMNS
    }
    facts["approvers"] = relations.get("approvers", ["manager", "leader"])
    if status in ("refused", "appealed") or special == "refused":
        facts.setdefault("refused_by_id", support)
        facts["appeal"] = "不同意" if special == "heard" or status == "appealed" else ""
    elif status in ("refunded", "told", "closed"):
        facts |= {"confirmed_by_id": support, "refunded_at": NOW}
    if special == "owed":
        facts["owed_cents"] = 12_00
    if status == "settled":
        facts |= {"taken_cents": 1000_00, "refund_cents": 1000_00}
    return facts


def samples(row: GoodsReturn, bought_id: int) -> tuple[Action, ...]:
    """A command of each kind that the state of the return allows, if it allows the action."""
    line = row.lines[0] if row.lines else ReturnLine(id=1, accepted=0)
    moves = line.moves if row.lines else []
    about = {"line_id": line.id}
    again = FAULT | {"purchase_line_id": bought_id}
    parcel = {"paid_by": "company"}
    goods = {"received": 2, "appearance": "used"}
    place = {"destination": "quarantine", "value_cents": 100}
    moved = {"move_id": moves[0].id if moves else 1, "quantity": 1, "destination": "scrap"}
    values: dict[type[Action], dict[str, Any]] = {
        inputs.Amend: {"lines": [again]},
        inputs.Screen: {},
        inputs.DeclineReturn: {"note": "不符合"},
        inputs.AskMore: {"note": "请补发票"},
        inputs.Supply: {"note": "已补"},
        inputs.Inspect: {"lines": [about | {"defect": True, "goods_found": "used"}]},
        inputs.ApproveReturn: {"lines": [about | {"approved": 1}]},
        inputs.RefuseReturn: {"note": "不符合"},
        inputs.AppealRefusal: {"appeal": "不同意"},
        inputs.UpholdRefusal: {"note": "维持"},
        inputs.AllowAppeal: {"note": "重新办理"},
        inputs.AgreeWayBack: parcel | {"way_back": "sent_in"},
        inputs.Track: parcel,
        inputs.Remind: {"channel": "hotline"},
        inputs.Receive: {"lines": [about | goods]},
        inputs.ReceiveMore: {"lines": [about | goods]},
        inputs.Retest: {"lines": [about | {"accepted": 2}]},
        inputs.PutAway: {"lines": [about | place | {"quantity": line.accepted or 1}]},
        inputs.Settle: {"refund_method": "cash"},
        inputs.ReviseSettlement: {"note": "重算"},
        inputs.ConfirmRefund: {"refund_ref": "TK-1"},
        inputs.SendReplacement: parcel | {"lines": [about | {"serial": "N1"}]},
        inputs.SendGoodsBack: parcel | {"lines": [about]},
        inputs.MoveStock: moved,
        inputs.RecordPayment: {"reference": "SK-1"},
        inputs.TellResult: TOLD,
        inputs.CloseReturn: {},
        inputs.CancelReturn: {"note": "不退了"},
    }
    return tuple(parse(action, given) for action, given in values.items())


def more_of(uow: UnitOfWork, row: GoodsReturn) -> int:
    """Another purchase of the customer."""
    product = stored_returns.product(uow.session)
    return stored_returns.bought(uow.session, row.request, product, under_way=0).id


def run(company: Company, state: str, actors: list[Actor], **relations: Any) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = put_return(uow, company, state, **relations)
        check_stand(uow, stand, actors, samples(stand.record, more_of(uow, stand.record)))


@pytest.mark.parametrize("state", STATES)
def test_returns_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    # What sets a state apart concerns few; in the plain one everybody is asked.
    few, everybody = "agent warehouse finance manager", f"{WORKERS} agent.stranger"
    names = few if "+" in state else everybody
    run(company, state, [company[name] for name in names.split()])


@pytest.mark.parametrize("state", ["applied", "awaited", "settled", "told"])
def test_other_roles_take_no_step(sqlite_company: Company, state: str) -> None:
    steps = {rule.permission for rule in actions.PROCESS.rules if rule.action}
    others = {role for role in Role if not GRANTS[role] & steps}
    assert others == {*Role} - {Role(name) for name in WORKERS.split()}
    run(sqlite_company, state, [sqlite_company[role.value] for role in others])


RELATIONS = [
    ("screened", "own_application", "quality"),
    *(
        ("inspected", relation, who)
        for relation in ("own_application", "own_findings", "own_appeal")
        for who in ("manager", "leader")
    ),
    *(("appealed", "own_refusal", who) for who in ("manager", "leader")),
    ("received", "own_receipt", "quality"),
    ("settled", "own_settlement", "finance"),
    ("settled", "own_approval", "finance"),
]


@pytest.mark.parametrize(("state", "relation", "who"), RELATIONS)
def test_nobody_checks_their_own_work(
    sqlite_company: Company, state: str, relation: str, who: str
) -> None:
    company = sqlite_company
    actors = [company[name] for name in ("quality", "finance", "manager", "leader")]
    run(company, state, actors, **{relation: [company[who].id]})


def test_nobody_approves_what_they_screened(sqlite_company: Company) -> None:
    company = sqlite_company
    manager = company["manager"].id
    people = {"own_screening": [manager], "own_findings": [None, manager]}
    run(company, "inspected", [company["manager"], company["leader"]], **people)


def test_a_dear_return_is_the_leaders_to_decide(sqlite_company: Company) -> None:
    actors = [sqlite_company["manager"], sqlite_company["leader"]]
    run(sqlite_company, "inspected", actors, approvers=["leader"])


@pytest.mark.parametrize("state", ["applied", "inspected", "settled", "refunded+swap"])
def test_a_sample_of_the_matrix_on_both_databases(company: Company, state: str) -> None:
    names = ("agent", "agent.stranger", "quality", "warehouse", "finance", "manager")
    run(company, state, [company[name] for name in names])


def test_no_rule_is_left_out_of_the_matrix(sqlite_company: Company) -> None:
    with unit_of_work(
        sqlite_company.engine, sqlite_company["admin"], HOUSE, write=True, now=NOW
    ) as uow:
        stand = put_return(uow, sqlite_company, "applied")
        check_no_rule_is_left_out(actions.PROCESS, samples(stand.record, 1), CELLS)

"""Every page with something on it, and what each page reads in its address: right and wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from core import sweep
from core.complaints.inputs import Investigate, Penalise
from core.contracts.inputs import PutInForce
from core.kernel.inputs import parse
from core.kpi.figures import FigureName
from core.meetings import meetings
from core.meetings.inputs import StartMeeting
from core.messages import outbox
from core.messages.inputs import WriteMessage
from core.online.inputs import SetOnlineAside
from core.quality.inputs import Assess
from core.reports import making
from core.reports.inputs import MakeReport
from db.tables import (
    Article,
    Asset,
    Complaint,
    Contract,
    Course,
    Emergency,
    GoodsReturn,
    Job,
    Mail,
    MaintenancePlan,
    Meeting,
    OnlineRequest,
    Part,
    Penalty,
    Product,
    Purchase,
    QualityFeedback,
    Report,
    ReturnParcel,
    ServiceRequest,
    ShopPiece,
    StockPlace,
)
from pages.ui.frame.screens import SCREENS
from tests import (
    articles,
    contracted,
    courses,
    mailed,
    maintained,
    return_steps,
    shop_steps,
    stocked,
)
from tests.company_cast import Company
from tests.complaint_steps import CAUSE, take
from tests.import_files import SERVICE, bring, table
from tests.test_core_emergencies import declare
from tests.test_core_online import ask as ask_online
from tests.test_core_quality import act as act_on_quality

# What the bug page says, in both languages.
BUG = ("系统出错", "Something went wrong")
# What every wrong value may be: an unknown code, text for a number, other scripts, endless ones.
WRONG = (
    *("", "nonsense", "-1", "0", "999999999", "1" * 40, "1.5", "1e3", "٣", "３", " 1", "None"),
    *(
        "true ",
        "TRUE",
        "a\x00b",
        "\x01\x02\n",
        "'; DROP TABLE people; --",
        "<b>{{x}}</b>",
        "http://[",
    ),
    *("%", "\ud7ff\uffff", "🙂" * 50, "x" * 100_000),
)

# Of these each parameter gets each one alone.
WORST = ("nonsense", "999999999", "http://[")

Right = Callable[[Company], list[str]]


def codes(*values: str) -> Right:
    return lambda _company: list(values)


def ids(table: type, name: str = "id", **facts: object) -> Right:
    return lambda company: [str(getattr(row, name)) for row in company.rows(table, **facts)][:2]


TEXT = codes("洗衣机", "SR26")
ON = codes("true")
STATION = codes("1", "2")
MONTH = codes(f"{datetime.now(UTC):%Y-%m}-01")
DAY = codes(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
WAY = codes("station", "remote")
KIND = codes("repair")
# The piles of the page of dispatch but for the first.
QUEUES = codes("running", "forms", "review", "late_reports")
SKILL = codes("electrician")
PILE = {"q": TEXT, "station": STATION, "view": codes("late", "today"), "late": ON}


def _filters(name: str, **fields: Right) -> dict[str, Right]:
    return {f"{name}_{field}": right for field, right in fields.items()}


# What each page reads in its address; a page that is not named reads nothing.
PARAMETERS: Mapping[str, Mapping[str, Right]] = {
    "apply_return": {
        "case": ids(GoodsReturn, "request_id"),
        "customer": codes("1"),
        "done": ids(GoodsReturn, "request_id"),
        "who": codes("138 0013 8000"),
    },
    "batch": {"batch": codes("B23", "b-none"), "batch_part": codes("cases", "owners")},
    "case": {"id": ids(ServiceRequest), "tab": codes("history", "similar")},
    "complaints": {
        "id": ids(Complaint, "request_id"),
        **_filters(
            "complaints",
            whose=codes("mine", "approve"),
            case_class=codes("product_quality"),
            step=codes("judged", "registered"),
            product=codes("XQG100"),
            ended=ON,
            **PILE,
        ),
    },
    "customer": {"id": codes("1", "2"), "customer_kind": codes("repair")},
    "intake": {
        "receipt": ids(ServiceRequest),
        "who": codes("138 0013 8000", "王"),
        "product": ids(Asset),
        "mail": ids(Mail),
        "online": ids(OnlineRequest),
    },
    "job": {"id": ids(Job)},
    "piece": {"id": ids(Asset)},
    "purchase": {"id": ids(Purchase)},
    "my_jobs": {"my_jobs_part": codes("ahead", "later", "to_agree", "done")},
    "desk": {"id": ids(ServiceRequest)} | _filters("desk", kind=codes("consultation"), **PILE),
    "board": _filters(
        "board",
        view=codes("map", "load"),
        day=DAY,
        days=codes("7"),
        rows=codes("station"),
        station=STATION,
        kind=KIND,
        skill=SKILL,
    ),
    "dispatch": {"id": ids(ServiceRequest)}
    | _filters("dispatch", queue=QUEUES, kind=KIND, way=WAY, **PILE)
    | _filters("running", kind=KIND, way=WAY, **PILE)
    | _filters("forms", kind=KIND, way=WAY, **PILE)
    | _filters("review", kind=KIND, way=WAY, **PILE)
    | _filters("late_reports", kind=KIND, way=WAY, **PILE),
    "emergencies": {
        "id": ids(Emergency),
        "number": ids(ServiceRequest, "number"),
        "emergencies_which": codes("closed"),
    },
    "find": {"q": codes("洗衣机", "138 0013")},
    "imports": {"run": codes("1"), **_filters("imports", open=ON)},
    "inbox": {"part": codes("digest")},
    "kpi": _filters(
        "kpi",
        since=MONTH,
        until=MONTH,
        station=STATION,
        kind=KIND,
        span=codes("last", "quarter", "year", "months", "days"),
        figure=codes("satisfaction", "received"),
        by=codes("product", "month"),
        value=codes("1"),
        side=codes("rest"),
        view=codes("more", "charts"),
        chart=codes("pareto", "load", "forecast"),
        of=codes("received"),
        causes=codes("station"),
        cause=codes("1"),
        point=DAY,
        slot=codes("9"),
    ),
    "workshop": {
        "id": ids(ShopPiece),
        **_filters("workshop", q=TEXT, step=codes("received", "ready"), station=STATION, ended=ON),
    },
    "mail": {
        "id": ids(Mail),
        **_filters("mail", part=codes("settled", "aside", "left"), q=TEXT),
    },
    "online": {
        "id": ids(OnlineRequest),
        **_filters("online", part=codes("settled", "aside"), q=TEXT),
    },
    "maintenance": {
        "id": ids(MaintenancePlan),
        "customer": codes("1"),
        **_filters(
            "maintenance",
            part=codes("rounds"),
            view=codes("overdue", "ended"),
            way=codes("contract"),
        ),
        **_filters("rounds", state=codes("overdue", "planned"), station=STATION, plan=codes("1")),
    },
    "contracts": {
        "id": ids(Contract),
        "customer": codes("1"),
        "contracts_part": codes("draft", "ended", "supplements"),
    },
    "knowledge": {
        "id": ids(Article),
        "case": ids(ServiceRequest),
        "new": ON,
        "knowledge_part": codes("under_way", "over", "gaps"),
        **_filters("knowledge", q=TEXT, article_kind=codes("guidance"), product_id=ids(Product)),
    },
    "courses": {
        "id": ids(Course),
        "case": ids(ServiceRequest, kind="training"),
        "customer": codes("1"),
        "new": ON,
        "courses_part": codes("past", "called_off"),
        **_filters("courses", q=TEXT, course_kind=codes("trial")),
    },
    "care": {"care_part": codes("late", "ahead", "keys"), "care_late": ON},
    "meeting": {
        "id": ids(Meeting),
        **_filters("meeting", figure=codes("resolved"), side=codes("numerator")),
    },
    "penalties": {"id": ids(Penalty)},
    "prevention": {
        "prevention_part": codes("causes", "measures"),
        "alarms_which": codes("settled"),
        **_filters(
            "pareto",
            by=codes("loss", "faults"),
            since=MONTH,
            until=MONTH,
            station=STATION,
            case_class=codes("product_quality"),
            product=TEXT,
        ),
        **_filters("measures", which=codes("all", "late"), product=TEXT),
    },
    "quality": {
        "id": ids(QualityFeedback, "request_id"),
        **_filters(
            "quality",
            status=codes("recorded"),
            severity=codes("major"),
            ended=ON,
            **PILE,
        ),
    },
    "reports": {
        "id": ids(Report),
        **_filters(
            "reports",
            content=codes("feedback"),
            every=codes("week", "hand"),
            station=STATION,
        ),
    },
    "return_costs": _filters("return_costs", since=MONTH, until=MONTH, station=STATION),
    "returns": {
        "id": ids(GoodsReturn, "request_id"),
        **_filters(
            "returns",
            whose=codes("my_turn"),
            step=codes("applied"),
            role=codes("warehouse"),
            ended=ON,
            **PILE,
        ),
    },
    "roster": {"roster_part": codes("shifts", "absences", "regions", "starts")},
    "stock": {
        "stock_part": codes("orders", "old", "counts"),
        **_filters("lying", place=ids(StockPlace), q=TEXT, only=ON),
    },
    "parts": {"id": ids(Part), "parts_part": codes("sources"), "parts_q": codes("皮带", "WM")},
    "prices": _filters("prices", q=TEXT, kind=codes("labour", "part"), state=codes("now", "ended")),
    "till": {"till_day": DAY},
    "tools": _filters("tools", retired=ON),
    "scan": {"label": ids(ReturnParcel, "label")},
    "suggestions": {
        "id": ids(ServiceRequest, kind="suggestion"),
        **_filters(
            "suggestions", status=codes("collected"), department=codes("freight"), ended=ON, **PILE
        ),
    },
}
PAGES = tuple(screen.file for screen in SCREENS)
# Whoever opens a page is the first of these who may.
READERS = ("manager", "admin", "technician", "agent")
PARTS = {
    "pareto": {"prevention_part": "causes"},
    "measures": {"prevention_part": "measures"},
    "rounds": {"maintenance_part": "rounds"},
    "running": {"dispatch_queue": "running"},
    **{f"kpi_{name}": {"kpi_view": "charts"} for name in ("chart", "of", "point")},
    **{
        f"kpi_{name}": {"kpi_view": "charts", "kpi_chart": "pareto"} for name in ("causes", "cause")
    },
    "kpi_slot": {"kpi_view": "charts", "kpi_chart": "load"},
}


def parts(name: str) -> dict[str, str]:
    """Which part of its page has a filter, as the address says it."""
    return PARTS.get(name) or PARTS.get(name.split("_")[0], {})


def fill(company: Company) -> None:
    """Something of every kind, so that no page is empty."""
    for number in range(1, 3):
        company.register(serial=f"SN-{number}", now=datetime.now(UTC))
        company.dispatched()
        company.finished()
        company.register(kind="consultation", symptom="怎么清洗滤网")
        company.register(kind="suggestion", symptom="增加夜间客服")
        declare(company, who="manager")
        return_steps.applied(company)
    return_steps.awaited(company)
    return_steps.refunded(company)
    _quality(company)
    _complaints(company)
    _maintenance(company)
    _contracts(company)
    _knowledge(company)
    courses.plan(company, customer_id=1, now=datetime.now(UTC))
    company.register(kind="training", now=datetime.now(UTC))
    _workshop(company)
    _meeting(company)
    _reports(company)
    _stock(company)
    _mail(company)
    _online(company)
    _online(company)
    _messages(company)
    bring(company, table({}), SERVICE)


def _mail(company: Company) -> None:
    mailed.take(company, mailed.letter("滤网怎么清洗"))
    mailed.take(company, mailed.letter("新品", List_Id="<a.b>"))


def _online(company: Company) -> None:
    for _one in range(2):
        first = ask_online(company)
    company.act("agent", OnlineRequest, first, SetOnlineAside(note="重复"))


def _messages(company: Company) -> None:
    facts = {"occasion": "own", "message_way": "by_hand", "message": "零件明天到"}
    company.do("agent", outbox.write, parse(WriteMessage, facts), case_id=1)


def _workshop(company: Company) -> None:
    now = datetime.now(UTC)
    shop_steps.taken(company, now=now)
    shop_steps.take(company, shop_steps.taken(company, now=now), "ready", now=now)


def _stock(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 5)
    stocked.ask(company, (belt, 1))


def _knowledge(company: Company) -> None:
    now = datetime.now(UTC)
    articles.published(company, now=now)
    articles.draft(company, headline="预约时间", now=now)
    company.register(kind="consultation", symptom="滤网怎么清洗", answer="冲洗", now=now)


def _contracts(company: Company) -> None:
    case = company.rows(ServiceRequest)[0]
    id = contracted.draft(company, case.customer_id, contract_work=[{"kind": "cleaning"}])
    company.act("manager", Contract, id, PutInForce(), now=datetime.now(UTC))
    contracted.asked(company, case.id)


def _maintenance(company: Company) -> None:
    maintained.of_one_piece(company, now=datetime.now(UTC))
    sweep.run(company.engine)


def _meeting(company: Company) -> None:
    day = datetime.now(UTC).date()
    about = {"topic": "例会", "since": day, "until": day, "figures": tuple(FigureName)}
    company.do("manager", meetings.start, parse(StartMeeting, about), now=datetime.now(UTC))


def _reports(company: Company) -> None:
    today = datetime.now(UTC).date()
    for content in ("feedback", "quality"):
        command = parse(MakeReport, {"content": content, "since": today, "until": today})
        company.do("manager", making.by_hand, command, now=datetime.now(UTC))


def _quality(company: Company) -> None:
    for _number in range(2):
        company.register(kind="quality_feedback", symptom="桶装涂料起泡")
    first = company.rows(QualityFeedback)[0]
    facts = {"defect_nature": "涂层起泡", "severity": "major", "batch": "B23"}
    act_on_quality(company, "support", first.id, Assess, **facts)


def _complaints(company: Company) -> None:
    """One just registered, one with a penalty, one with a measure, one that is over."""
    company.complaint()
    for until in ("improved", "closed"):
        take(company, company.complaint(), until)
    technician = company["technician"].id
    answers = {"department": "after_sales", "person_id": technician, "share_percent": 100}
    cause = parse(Investigate, CAUSE | {"responsibles": [answers]})
    id = company.complaint()
    take(company, id, "notified", investigated=("quality", cause))
    decided = {"ground": "person", "percent": 20, "reason": "漏检", "person_id": technician}
    company.act("manager", Complaint, id, parse(Penalise, decided))

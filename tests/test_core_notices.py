"""Notices: everybody's own inbox, and the channels outside the tool."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import event

from core import sweep
from core.kernel.errors import NotFound
from core.notices import channels, notices
from core.notices.channels import Message
from core.notices.notices import Group
from core.process.permissions import GRANTS
from db.codes import Language, NoticeKind, Role
from db.tables import Delivery, Notice
from pages.ui.notices.lines import speak
from tests.company_cast import NOW, Company

DATA = {"limit": "service_done", "clause": "D4", "share": 1.0, "receiver": "owner"}
CALLED = DATA | {"receiver": "manager"}
LATER = NOW + timedelta(minutes=1)


def put(company: Company, *names: str, source: str = "limit:1:0", **facts: Any) -> None:
    """A notice about an escalation in the inboxes of some people."""
    defaults = {"kind": NoticeKind.ESCALATION, "source": source, "data": DATA}
    receivers = [company[name].id or 0 for name in names]
    now = facts.pop("now", NOW)
    company.do("admin", notices.put, people=receivers, **defaults | facts, now=now)


def test_everybody_has_an_inbox() -> None:
    assert all("notice:read" in GRANTS[role] for role in Role)


def test_a_person_sees_one_line_for_each_case_with_its_customer(company: Company) -> None:
    case_id = company.register()
    put(company, "agent", "manager", case_id=case_id)
    put(company, "agent", source="limit:1:1", now=LATER, case_id=case_id)
    box = company.see("agent", notices.inbox)
    assert [(row.at, row.read, row.more) for row in box.rows] == [(LATER, False, 1)]
    assert (box.total, box.unread, box.pages) == (1, 1, 1)
    assert box.rows[0].customer == "王小明"
    assert company.see("agent", notices.newest_unread).unread == 1
    assert box.rows[0].data == DATA
    assert box.rows[0].number.startswith("SR260302-")
    assert company.see("manager", notices.inbox).total == 1
    assert company.see("agent.colleague", notices.inbox).rows == ()


def test_what_is_asked_for_comes_before_what_is_late_and_what_is_to_be_known(
    company: Company,
) -> None:
    first, second, third = (company.register(phone=f"1390000000{n}") for n in range(3))
    put(company, "manager", source="a:1", kind=NoticeKind.YOUR_TURN, case_id=first)
    put(company, "manager", source="a:2", case_id=first, now=LATER)
    put(company, "manager", source="a:3", case_id=second, now=LATER)
    put(company, "manager", source="a:4", kind=NoticeKind.REPEAT_FAULT, case_id=third, now=LATER)
    rows = company.see("manager", notices.inbox).rows
    assert [(row.case_id, row.group, row.more) for row in rows] == [
        (first, Group.TURN, 1),
        (second, Group.LATE, 0),
        (third, Group.KNOWN, 0),
    ]
    # What is read of a case is read with what came before it.
    company.do("manager", notices.mark_read, id=rows[0].id)
    assert company.see("manager", notices.newest_unread).unread == 3
    (line,) = [row for row in company.see("manager", notices.inbox).rows if row.case_id == first]
    assert (line.group, line.at) == (Group.LATE, LATER)
    company.do("manager", notices.mark_read, id=line.id)
    groups = [row.group for row in company.see("manager", notices.inbox).rows]
    assert groups == [Group.LATE, Group.KNOWN, Group.READ]


def test_what_a_manager_is_called_to_is_one_line_and_a_line_a_case_where_it_is_asked_for(
    company: Company,
) -> None:
    cases = [company.register() for _ in range(3)]
    urgent = company.register()
    for number, case_id in enumerate(cases):
        about = {"case_id": case_id, "data": CALLED, "now": NOW + timedelta(minutes=number)}
        put(company, "manager", source=f"limit:{number}:1", **about)
        put(company, "manager", source=f"limit:{number}:2", **about)
    put(company, "manager", source="limit:9:1", case_id=urgent, data=CALLED | {"urgent": "true"})
    box = company.see("manager", notices.inbox)
    assert [(row.is_digest, row.case_id, row.more) for row in box.rows] == [
        (True, None, 5),
        (False, urgent, 0),
    ]
    assert company.see("manager", notices.newest_unread).unread == 2
    inside = company.see("manager", notices.digest)
    assert [row.case_id for row in inside.rows] == cases[::-1]
    assert (inside.total, inside.rows[0].customer) == (3, "王小明")
    company.do("manager", notices.mark_digest_read, up_to=inside.newest)
    assert company.see("manager", notices.digest).rows == ()
    left = company.see("manager", notices.newest_unread)
    assert [row.case_id for row in left.rows] == [urgent]
    # What was read is a line a case again, as everything that was read.
    assert company.see("manager", notices.inbox).total == 4


def test_what_is_asked_of_a_manager_stays_beside_the_digest(company: Company) -> None:
    case_id = company.register()
    put(company, "manager", case_id=case_id, data=CALLED)
    put(company, "manager", source="turn", kind=NoticeKind.APPROVAL, case_id=case_id, now=LATER)
    box = company.see("manager", notices.inbox)
    assert [(row.group, row.is_digest) for row in box.rows] == [
        (Group.TURN, False),
        (Group.LATE, True),
    ]


def test_what_is_taken_from_somebody_asks_nothing_of_them_any_more(company: Company) -> None:
    case_id = company.register()
    put(company, "agent", "manager", source="a:1", kind=NoticeKind.ASSIGNED, case_id=case_id)
    put(company, "agent", source="a:2", kind=NoticeKind.WITHDRAWN, case_id=case_id)
    (line,) = company.see("agent", notices.inbox).rows
    assert (line.kind, line.group, line.more) == (NoticeKind.WITHDRAWN, Group.KNOWN, 0)
    assert company.see("manager", notices.inbox).rows[0].group is Group.TURN


def test_the_same_source_tells_a_person_once(company: Company) -> None:
    put(company, "agent")
    put(company, "agent", "manager", now=LATER)
    assert [(row.person_id, row.at) for row in company.rows(Notice)] == [
        (company["agent"].id, NOW),
        (company["manager"].id, LATER),
    ]


def test_reading_marks_one_notice_and_keeps_when(company: Company) -> None:
    put(company, "agent")
    put(company, "agent", source="limit:1:1")
    first = company.rows(Notice)[0].id
    company.do("agent", notices.mark_read, id=first)
    company.do("agent", notices.mark_read, id=first, now=LATER)
    assert [row.read_at for row in company.rows(Notice)] == [NOW, None]
    assert company.see("agent", notices.newest_unread).unread == 1


def test_nobody_marks_another_persons_notice(company: Company) -> None:
    put(company, "agent")
    (row,) = company.rows(Notice)
    for id in (row.id, 4711):
        with pytest.raises(NotFound):
            company.do("admin", notices.mark_read, id=id)
    company.do("admin", notices.mark_all_read, up_to=row.id)
    assert company.get(Notice, row.id).read_at is None


def test_all_are_marked_that_were_on_the_screen(company: Company) -> None:
    for step in range(3):
        put(company, "agent", source=f"limit:1:{step}")
    shown = company.rows(Notice)[1].id
    company.do("agent", notices.mark_all_read, up_to=shown)
    assert [row.read_at for row in company.rows(Notice)] == [NOW, NOW, None]


def test_a_case_out_of_sight_is_not_named(company: Company) -> None:
    case_id = company.register("agent")
    put(company, "technician", case_id=case_id)
    assert company.see("technician", notices.inbox).rows[0].case_id == case_id
    company.people["technician"] = replace(company["technician"], station_id=company.SOUTH)
    (row,) = company.see("technician", notices.inbox).rows
    assert (row.case_id, row.number) == (None, "")


def test_pages_of_an_inbox(company: Company) -> None:
    for step in range(notices.PAGE + 1):
        put(company, "agent", source=f"limit:1:{step}", now=NOW + timedelta(minutes=step))
    newest, oldest = (company.see("agent", notices.inbox, page=page) for page in (1, 2))
    assert (newest.pages, len(newest.rows), len(oldest.rows)) == (2, notices.PAGE, 1)
    assert oldest.rows[0].at == NOW
    assert company.see("agent", notices.inbox, page=99).rows == oldest.rows


def test_an_inbox_is_two_queries_and_the_bell_is_one(company: Company) -> None:
    for step in range(5):
        put(company, "agent", source=f"limit:1:{step}", case_id=company.register())
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def count(verb: Any) -> int:
        seen.clear()
        company.see("agent", verb)
        return len([statement for statement in seen if statement.startswith("SELECT")])

    event.listen(company.engine, "before_cursor_execute", note)
    assert (count(notices.inbox), count(notices.newest_unread)) == (2, 1)
    event.remove(company.engine, "before_cursor_execute", note)


class Channel:
    """A service outside on this machine: what it took, and how often it was asked."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.asked = 0
        self.taken: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def take(self, body: bytes) -> int:
        with self.lock:
            self.asked += 1
            if self.asked <= self.failures:
                return 500
            self.taken.append(json.loads(body))
            return 200


@contextmanager
def listening(failures: int = 0) -> Iterator[tuple[Channel, str]]:
    """A channel that refuses so many messages first, and its address."""
    channel = Channel(failures)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = channel.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield channel, f"json://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def minutes(company: Company, count: int, first: int = 0) -> None:
    for minute in range(first, first + count):
        sweep.run(company.engine, speak, now=NOW + timedelta(minutes=minute))


# apprise still looks for a module of the standard library that is going away.
outside = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@outside
def test_a_channel_gets_one_message_for_all_who_were_told(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = company.register(customer_name="李雷")
    put(company, "agent", "manager", case_id=case_id)
    with listening() as (channel, url):
        monkeypatch.setenv(channels.URLS, url)
        minutes(company, 5)
    (message,) = channel.taken
    assert message["title"].startswith("Test company · SR260302-")
    assert message["message"] == "处理完成（D4）：时限已到\n→ agent、manager"
    assert "李雷" not in json.dumps(message, ensure_ascii=False)
    (row,) = company.rows(Delivery)
    assert (row.attempts, row.sent_at, row.failed_at) == (1, NOW, None)
    assert "127.0.0.1" not in row.channel


@outside
@pytest.mark.parametrize(
    ("failures", "asked", "taken"), [(1, 2, 1), (2, 3, 1), (3, 3, 0), (9, 3, 0)]
)
def test_a_channel_that_fails_is_tried_three_times(
    company: Company, monkeypatch: pytest.MonkeyPatch, failures: int, asked: int, taken: int
) -> None:
    put(company, "agent")
    with listening(failures) as (channel, url):
        monkeypatch.setenv(channels.URLS, url)
        minutes(company, 6)
    assert (channel.asked, len(channel.taken)) == (asked, taken)
    (row,) = company.rows(Delivery)
    assert (row.attempts, row.sent_at is not None) == (asked, bool(taken))


@outside
def test_one_channel_that_fails_sends_nothing_twice_to_another(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(company, "agent")
    with listening() as (good, first), listening(failures=1) as (bad, second):
        monkeypatch.setenv(channels.URLS, f"{first}, {second}")
        minutes(company, 4)
    assert (good.asked, len(good.taken)) == (1, 1)
    assert (bad.asked, len(bad.taken)) == (2, 1)


@outside
def test_two_processes_at_once_send_a_message_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(3):
        put(company, "agent", source=f"limit:1:{step}")
    with listening() as (channel, url), ThreadPoolExecutor() as pool:
        monkeypatch.setenv(channels.URLS, url)
        for done in [pool.submit(minutes, company, 3) for _ in range(2)]:
            done.result()
    assert channel.asked == 3


def test_nobody_repeats_what_a_dying_process_had_taken_up(company: Company) -> None:
    key = {"source": "limit:1:0", "channel": "c"}
    assert company.do("admin", channels.take_up, **key)
    assert not company.do("admin", channels.take_up, **key)


@outside
def test_a_channel_that_is_set_up_later_is_not_told_of_the_past(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(company, "agent", now=NOW - timedelta(hours=2))
    with listening() as (channel, url):
        monkeypatch.setenv(channels.URLS, url)
        minutes(company, 2)
    assert channel.asked == 0


def test_without_a_channel_nothing_leaves_the_tool(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(channels.URLS, raising=False)
    put(company, "agent")
    minutes(company, 2)
    assert company.rows(Delivery) == []


@outside
def test_an_unknown_address_is_told_to_the_administrator(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(company, "agent")
    monkeypatch.setenv(channels.URLS, "pigeon://secret@roof")
    minutes(company, 1)
    assert "AFTERCARE_NOTIFY_URLS holds an address" in caplog.text
    assert "secret" not in caplog.text


@outside
def test_a_comma_inside_an_address_stays_there(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = "mailto://u:p@example.com?to=a@example.com,b@example.com"
    monkeypatch.setenv(channels.URLS, f"{mail}, dingtalk://token")
    assert list(channels.addresses().values()) == [mail, "dingtalk://token"]


def test_old_deliveries_are_forgotten(company: Company) -> None:
    company.do("admin", channels.take_up, source="s", channel="c", now=NOW - timedelta(days=2))
    company.do("admin", channels.take_up, source="s", channel="d")
    sweep.run(company.engine, now=NOW)
    assert [row.channel for row in company.rows(Delivery)] == ["d"]


@pytest.mark.parametrize(
    ("kind", "data", "chinese", "english"),
    [
        ("escalation", DATA | {"share": 0.8}, "时限已用 80%", "80% of the time is used"),
        ("escalation", DATA, "时限已到", "the time is up"),
        ("escalation", {**DATA, "after_minutes": 120}, "已超时 2 小时", "2 hours overdue"),
        ("emergency", {"level": 1, "drill": False}, "应急：1 级", "Emergency: level 1"),
        ("emergency", {"level": 2, "drill": True}, "应急演练：2 级", "Drill: level 2"),
        ("resource_asked", {}, "待审批", "please decide"),
        ("resource_decided", {"status": "refused"}, "未批准", "Refused"),
    ],
)
def test_messages_speak_the_companys_language(
    kind: str, data: dict[str, Any], chinese: str, english: str
) -> None:
    for language, said in ((Language.ZH, chinese), (Language.EN, english)):
        facts = {"company": "Co", "language": language, "zone": "UTC", "number": "SR1"}
        title, text = speak(Message("s", NoticeKind(kind), data=data, people=("a", "b"), **facts))
        assert title == "Co · SR1"
        assert said in text
        assert text.endswith("→ a、b")

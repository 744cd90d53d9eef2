"""Pages for customers as HTTP answers: who gets in, what is said, what a form does, and how often."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.billing import quotes
from core.billing.inputs import AddOwnLine
from core.jobs.actions import AgreeVisit
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.links.links import RevokeLink
from core.links.photos import MOST
from core.requests import attachments
from db.codes import FollowUpStatus, JobStatus, QuoteStatus, RequestKind
from db.tables import (
    Attachment,
    CustomerLink,
    FollowUp,
    Job,
    Quote,
    ServiceRequest,
)
from db.tables import Company as CompanyRow
from pages.ui.links import answering, apart, drawing
from pages.ui.links.flood import Floods, Sieve
from tests import linked
from tests.attached_files import PNG
from tests.company_cast import NOW, Company, local
from tests.visitors import HERE, HTML, LATER, Browser, Clock, key_in, opened, post, stored

pytest_plugins = ["tests.visiting"]


def test_the_page_is_small_closed_and_reading_changes_nothing(
    served: Company, visitor: Browser
) -> None:
    case_id, _job = served.dispatched(symptom=HTML)
    secret = linked.give(served, case_id)
    before = stored(served)
    for _look in range(5):
        answer = visitor.get(f"/c/{secret}")
    assert answer.status_code == 200
    assert visitor.ask("HEAD", f"/c/{secret}").status_code == 200
    assert stored(served) == before
    assert len(answer.content) < 50_000
    number = served.get(ServiceRequest, case_id).number
    for said in (number, "维修", "已派人，将与您约定上门时间", "technician", "Test company", "A2"):
        assert said in answer.text
    assert HTML not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "{{ 7*7 }}" in answer.text
    assert "<script" not in answer.text
    for inside in ("王小明", "13800138000", "中山路"):
        assert inside not in answer.text
    headers = answer.headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert "noindex" in headers["x-robots-tag"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers.get_list("content-security-policy") == [policy]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_it_speaks_as_the_browser_or_the_address_asks(served: Company, visitor: Browser) -> None:
    secret = linked.give(served, served.register())
    english = visitor.get(f"/c/{secret}", headers={"accept-language": "en-GB,en;q=0.8,zh;q=0.5"})
    assert "We have it, and will be in touch soon" in english.text
    assert 'lang="en"' in english.text
    for asked in ({"accept-language": "fr"}, {"accept-language": "zh-CN,en"}, {}):
        assert "已受理" in visitor.get(f"/c/{secret}", headers=asked).text
    chosen = visitor.get(f"/c/{secret}?lang=en", headers={"accept-language": "zh"})
    assert "What we promised you" in chosen.text
    assert drawing.spoken("x", "") == "zh_CN"


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    served: Company, visitor: Browser, clock: type[Clock]
) -> None:
    case_id = served.register()
    over, revoked = linked.give(served, case_id), linked.give(served, case_id)
    (_first, row) = served.rows(CustomerLink)
    served.act("agent", CustomerLink, row.id, RevokeLink())
    clock.now = NOW + timedelta(days=200)
    wrong = (over, revoked, over[:-1], "x/y", "%00", "a" * 3000, "é", HTML)
    answers = [visitor.get(f"/c/{each}") for each in wrong]
    answers += [post(visitor, over, key="k" * 20, score__skill="1")]
    assert {each.status_code for each in answers} == {404}
    assert len({each.text for each in answers}) == 1
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1
    assert "此链接无法打开" in answers[0].text
    assert visitor.ask("PUT", f"/c/{over}").status_code in (401, 405)


def test_the_survey_is_taken_once(served: Company, visitor: Browser, clock: type[Clock]) -> None:
    case_id, call_id = served.finished()
    secret = linked.give(served, case_id)
    clock.now = LATER
    key = key_in(visitor.get(f"/c/{secret}").text)
    empty = post(visitor, secret, key=key, opinion=HTML)
    assert (empty.status_code, "请检查标出的内容" in empty.text) == (422, True)
    assert HTML not in empty.text
    wrong = {"key": key, "score__skill": "11", "opinion": "x" * 3000}
    assert post(visitor, secret, **wrong).status_code == 422
    unknown = post(visitor, secret, key=key, score__nothing="1")
    assert unknown.status_code == 422
    assert served.get(FollowUp, call_id).status is FollowUpStatus.DUE
    done = post(visitor, secret, key=key, score__skill="2", score__attitude="1", opinion=HTML)
    assert (done.status_code, done.headers["location"]) == (303, f"{secret}?lang=zh")
    again = post(visitor, secret, key=key, score__skill="2")
    assert again.status_code == 303
    other = post(visitor, secret, key="k" * 22, score__skill="9")
    assert other.status_code == 409
    assert "现在无需再填写" in other.text
    assert (row := served.get(FollowUp, call_id)).opinion == HTML
    assert (row.score, row.status) == (1.5, FollowUpStatus.ANSWERED)
    (complaint,) = served.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    assert complaint.symptom == HTML
    page = visitor.get(f"/c/{secret}").text
    assert "谢谢，已收到您" in page
    assert 'value="survey"' not in page


def test_the_appointment_is_confirmed_moved_or_called_off_by_a_wish(
    served: Company, visitor: Browser
) -> None:
    case_id, job_id = served.dispatched()
    window = {"agreed_from": LATER, "agreed_to": LATER + timedelta(hours=2)}
    served.act("technician", Job, job_id, AgreeVisit(**window))
    secret = linked.give(served, case_id)

    def send(do: str, **fields: str) -> Any:
        drawn = visitor.get(f"/c/{secret}").text
        return post(visitor, secret, do=do, key=key_in(drawn), **fields)

    drawn = visitor.get(f"/c/{secret}").text
    found = re.search(r'name="visit" value="(\d+)"', drawn)
    assert found and "03-03 10:00–12:00" in drawn
    assert send("confirm", visit="x").status_code == 422
    assert send("confirm", visit="999").status_code == 409
    assert send("confirm", visit=found[1]).status_code == 303
    drawn = visitor.get(f"/c/{secret}").text
    assert "您已确认" in drawn
    assert 'name="visit"' not in drawn
    free = re.findall(r'<option value="(2026[^"]+)">([^<]+)<', drawn)
    assert free and all("03-03" not in said or "10:00" not in said for _value, said in free)
    assert send("time", window=free[0][0]).status_code == 303
    assert served.get(ServiceRequest, case_id).wanted_from.isoformat() == free[0][0].split("/")[0]
    assert send("time", window=HTML).status_code == 422
    times = {"wanted_from": "2026-03-05T14:00", "wanted_to": "2026-03-05T16:00"}
    wrong = send("time", wanted_from="abc", wanted_to=HTML, wish_text=HTML)
    assert (wrong.status_code, HTML in wrong.text) == (422, False)
    assert "<details open>" in wrong.text
    assert send("time").status_code == 422
    assert send("time", **times, wish_text=HTML).status_code == 303
    row = served.get(ServiceRequest, case_id)
    assert row.wanted_from == local("2026-03-05 14:00")
    assert send("cancel").status_code == 422
    assert send("cancel", wish_text="不修了").status_code == 303
    drawn = visitor.get(f"/c/{secret}").text
    assert "申请取消" in drawn
    assert served.get(Job, job_id).status is JobStatus.AGREED


def test_what_is_no_form_of_ours_changes_nothing(
    served: Company, visitor: Browser, clock: type[Clock]
) -> None:
    case_id, _call = served.finished()
    secret = linked.give(served, case_id)
    clock.now = LATER
    key = key_in(visitor.get(f"/c/{secret}").text)
    good = {"key": key, "score__skill": "1"}
    before = stored(served)
    assert post(visitor, secret, "https://evil.example", **good).status_code == 403
    assert post(visitor, secret, "null", **good).status_code == 403
    silent = post(visitor, secret, None, **good)
    assert (silent.status_code, "来自别的网站" in silent.text) == (403, True)
    for broken in ({"score__skill": "1"}, good | {"key": "x"}, good | {"do": "drop"}):
        answer = post(visitor, secret, **broken)
        assert (answer.status_code, "请重新填写" in answer.text) == (400, True)
    address, own = f"/c/{secret}", {"origin": HERE}
    many = {f"f{n}": "1" for n in range(200)}
    assert visitor.post(address, data=good | many, headers=own).status_code == 400
    files = {"photo": ("x.png", b"GIF89a")}
    assert visitor.post(address, data=good, files=files, headers=own).status_code == 400
    assert visitor.post(address, content=b"\xff\xfe", headers=own).status_code == 400
    assert visitor.post(address, content=b"x" * 70_000, headers=own).status_code == 413
    assert stored(served) == before


def test_floods_and_guessing_are_answered_in_words(
    served: Company, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = linked.give(served, served.register())
    monkeypatch.setattr(answering, "FLOODS", Floods(by_link=Sieve(3, 60), wrong=Sieve(4, 60)))
    answers = [visitor.get(f"/c/{secret}").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    guesses = [visitor.get(f"/c/{'x' * 30}{n}") for n in range(5)]
    assert [each.status_code for each in guesses] == [404] * 4 + [429]
    assert "请稍等几分钟" in guesses[-1].text
    sieve = Sieve(2, 10)
    asked = [sieve.take("a", now) for now in (0.0, 1.0, 2.0, 10.5, 10.6)]
    assert asked == [True, True, False, True, False]
    assert sieve.take("b", 2.0)


def test_all_pages_are_turned_off_at_once(served: Company, visitor: Browser) -> None:
    secret = linked.give(served, served.register())
    with transaction(served.engine, write=True) as session:
        session.get_one(CompanyRow, 1).customer_pages = False
    assert visitor.get(f"/c/{secret}").status_code == 404


def test_a_host_of_their_own_answers_nothing_else(
    served: Company, clock: type[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(apart.SETTING, "https://care.example.com")
    secret = linked.give(served, served.register())
    theirs, ours = opened("http://care.example.com"), opened()
    assert theirs.get(f"/c/{secret}").status_code == 200
    for path in ("/", "/case", "/healthz", "/api/x", "/_stcore/health", "/c", "/robots.txt"):
        answer = theirs.get(path)
        assert (answer.status_code, "此链接无法打开" in answer.text) == (404, True)
    assert "此链接无法打开" in ours.get(f"/c/{secret}").text
    assert ours.get("/anything").json() == {"error": "not_found"}
    monkeypatch.setenv(apart.SETTING, "not a host")
    with pytest.raises(ValueError, match=apart.SETTING):
        apart.named()


@pytest.mark.usefixtures("files")
def test_the_quote_and_the_slip_are_read_and_confirmed(
    served: Company, visitor: Browser, clock: type[Clock]
) -> None:
    case_id, _job = served.dispatched(purchased_on="2010-01-01")
    line = {"line_kind": "labour", "line_name": HTML[:40], "unit_cents": 120_00}
    served.do("technician", quotes.add_own_line, parse(AddOwnLine, line), case_id=case_id)
    secret = linked.give(served, case_id)
    drawn = visitor.get(f"/c/{secret}").text
    assert "¥120.00" in drawn and "<script" not in drawn
    seen = re.search(r'name="seen" value="(\w+)"', drawn)
    assert seen
    nameless = post(visitor, secret, do="agree", key=key_in(drawn), seen=seen[1])
    assert (nameless.status_code, "请填写" in nameless.text) == (422, True)
    other = post(visitor, secret, do="agree", key=key_in(drawn), seen="0" * 64, signer="王")
    assert other.status_code == 409
    sent = {"do": "agree", "key": key_in(drawn), "seen": seen[1], "signer": "王小明"}
    assert [post(visitor, secret, **sent).status_code for _twice in range(2)] == [303, 303]
    (quote,) = served.rows(Quote)
    assert (quote.status, quote.agreed_by) == (QuoteStatus.AGREED, "王小明")
    drawn = visitor.get(f"/c/{secret}").text
    assert "您同意" not in drawn
    assert "王小明" not in drawn
    done_id, _call = served.finished(phone="139 0000 0001", customer_name="李雷")
    secret = linked.give(served, done_id)
    drawn = visitor.get(f"/c/{secret}").text
    seen = re.search(r'name="seen" value="(\w+)"', drawn)
    assert seen and "更换皮带" in drawn
    sent = {"do": "slip", "key": key_in(drawn), "seen": seen[1], "signer": "李雷"}
    assert post(visitor, secret, **sent).status_code == 303
    (job,) = served.rows(Job, request_id=done_id)
    assert (job.accepted_by, job.accepted_what) == ("李雷", seen[1])
    assert "已确认" in visitor.get(f"/c/{secret}").text


def test_photos_are_added_and_what_is_none_is_refused(
    served: Company, visitor: Browser, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "FLOODS", Floods(by_link=Sieve(200, 60)))
    case_id = served.register()
    secret = linked.give(served, case_id)
    drawn = visitor.get(f"/c/{secret}").text
    assert 'enctype="multipart/form-data"' in drawn
    own = {"origin": HERE}

    def send(where: str, *given: tuple[str, bytes], key: str = "", **headers: str) -> Any:
        fields = {"do": "photos", "key": key or key_in(visitor.get(f"/c/{secret}").text)}
        sent = [("photos", (name, content, "image/png")) for name, content in given]
        there = f"/c/{where}?lang=zh"
        return visitor.post(there, data=fields, files=sent, headers=own | headers)

    before = stored(served)
    lie = ("泵.png", b"<html><script>alert(1)</script>")
    for given, status in (
        ([lie], 422),
        ([("a.pdf", b"%PDF-1.7\n%%EOF")], 422),
        ([("big.png", PNG + b"0" * (8 << 20))], 422),
        ([(f"{n}.png", PNG + bytes([n])) for n in range(6)], 422),
        ([(f"{n}.png", PNG + bytes([n])) for n in range(9)], 400),
        ([("nothing.png", b"")], 422),
    ):
        assert send(secret, *given).status_code == status
    assert send("x" * 32, ("a.png", PNG)).status_code == 404
    assert send(secret, ("a.png", PNG), origin="https://evil.example").status_code == 403
    assert stored(served) == before
    assert not [*files.rglob("*.*")]
    key = key_in(drawn)
    twice = [send(secret, ("../泵.png", PNG), key=key).status_code for _twice in range(2)]
    assert twice == [303, 303]
    (view,) = served.see("agent", attachments.list_of, case_id=case_id)
    assert (view.name, view.mime, view.added_by, view.is_there) == ("泵.png", "image/png", "", True)
    for n in range(14):
        send(secret, (f"{n}.png", PNG + bytes([n])))
    assert len(served.rows(Attachment)) == MOST

"""Photos, papers and signatures of an erased person leave the disk; proof and backups stay whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from core import sweep
from core.backups import contents, making
from core.followups import actions as followups
from core.jobs.signing import SignReport
from core.kernel import previews
from core.process import proof
from core.requests import attachments, inputs
from core.requests.attachments import AttachmentLost
from db import files as stored
from db.codes import Flaw
from db.tables import Attachment, Customer, FollowUp, History, Job, RecordChange, ServiceRequest
from tests.attached_files import PDF, PNG, picture
from tests.company_cast import NOW, Company
from tests.test_core_erasing import erase

NAME, PHONE = "欧阳小明", "13900001234"
SHARED = picture("JPEG", (9, 9))
SIGNED = SignReport(signer=NAME, strokes=[[[10, 10], [200, 150], [400, 40]]])


def kept(folder: Path) -> set[str]:
    return {each.name for each in folder.rglob("*") if each.is_file()}


def attach(company: Company, case_id: int, name: str, content: bytes) -> int:
    return company.do("agent", attachments.add, case_id=case_id, name=name, content=content)


def story(company: Company) -> tuple[int, str, list[str]]:
    """A signed job with two files of its own and one that is a neighbour's too."""
    id, call = company.finished(customer_name=NAME, phone=PHONE, symptom="不转了", serial="E1")
    (job,) = company.rows(Job)
    company.act("technician", Job, job.id, SIGNED)
    neighbour = company.register(customer_name="李雷", phone="13700001111")
    for case_id, name, content in (
        (id, f"{NAME}的门.png", PNG),
        (id, "合同.pdf", PDF),
        (id, "楼道.jpg", SHARED),
        (neighbour, "楼道.jpg", SHARED),
    ):
        attach(company, case_id, name, content)
    answered = followups.RecordAnswers(scores={"attitude": 10}, opinion="", other_needs="")
    company.act("agent", FollowUp, call, answered, now=NOW + timedelta(days=1))
    signature = company.get(Job, job.id).signature
    assert signature
    return id, stored.sha256(SHARED), [stored.sha256(PNG), stored.sha256(PDF), signature]


def test_files_leave_the_disk_and_what_others_have_stays(company: Company, files: Path) -> None:
    id, shared, own = story(company)
    previews.of(own[:1], now=NOW)
    assert kept(files) == {shared, *own}
    erase(company)
    assert kept(files) == {shared}
    fact = company.rows(History, action="erased")[0]
    assert fact.data["files"] == sorted(own)
    # Its case hands nothing out, not even what the neighbour has; and says why.
    views = company.see("agent", attachments.list_of, case_id=id)
    assert [(v.is_there, v.is_erased) for v in views] == [(False, True)] * 3
    assert company.see("agent", attachments.pictures, case_id=id) == {}
    for view in views:
        with pytest.raises(AttachmentLost) as lost:
            company.see("agent", attachments.read, id=view.id)
        assert lost.value.details["reason"] == "erased"
    said = [*company.rows(Attachment), *company.rows(History), *company.rows(RecordChange)]
    assert not any(NAME in repr(vars(row)) for row in said)
    # The neighbour's is as it was, and all of it is proved.
    (other,) = company.rows(Attachment, name="楼道.jpg")
    assert company.see("agent", attachments.content, id=other.id) == SHARED
    assert company.see("admin", proof.verify) == ()
    # What is missing without a word is found as before.
    stored.erase(shared)
    assert [each.flaw for each in company.see("admin", proof.verify)] == [Flaw.FILE_GONE]


def test_backups_stay_whole_and_say_what_was_erased(
    company: Company, files: Path, tmp_path: Path
) -> None:
    _id, shared, own = story(company)
    folder = tmp_path / "copies"
    before = making.make(company.engine, folder, now=NOW)
    assert contents.read(before).files == tuple(sorted([shared, *own]))
    erase(company)
    after = making.make(company.engine, folder, now=NOW + timedelta(days=1))
    found = contents.read(after)
    assert (found.files, found.lost, found.erased) == ((shared,), (), tuple(sorted(own)))
    # They are gone from the copies too, and the older one is still whole.
    assert kept(folder / "files") == {shared}
    assert (contents.check(before), contents.check(after)) == ((), ())
    assert contents.files_of(before, contents.read(before)) == (shared,)
    (folder / "files" / shared[:2] / shared).unlink()
    assert len(contents.check(before)) == len(contents.check(after)) == 1


def test_nothing_goes_before_the_commit_and_what_a_crash_left_goes_later(
    sqlite_company: Company, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    id = company.register(customer_name=NAME, phone=PHONE)
    attach(company, id, "a.png", PNG)
    company.act("agent", ServiceRequest, id, inputs.Cancel(note="不修了"))

    def crash(_digest: str) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(stored, "erase", crash)
        erase(company)
    assert company.get(Customer, 1).erased_at and len(kept(files)) == 1
    sweep.run(company.engine, now=NOW + timedelta(days=1))
    assert not kept(files)

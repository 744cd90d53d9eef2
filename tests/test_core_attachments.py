"""Attachments: every type by its bytes, limits, scope, and only ever the bytes that were given."""

import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.file_types import fitting_name, type_of
from core.kernel.given_files import LARGEST, LARGEST_FILM, AttachmentLost, AttachmentRefused
from core.kernel.unit_of_work import UnitOfWork
from core.process import history
from core.process.permissions import GRANTS
from core.requests import attachments, inputs
from db import files as store
from db.codes import Role
from db.tables import Attachment, History, ServiceRequest
from tests.attached_files import NOT_TAKEN, PDF, PNG, TAKEN, boxes, picture, turned_photo
from tests.company_cast import NOW, Company

pytestmark = pytest.mark.usefixtures("files")


def attach(
    company: Company, case_id: int, name: str, content: bytes, who: str = "agent", **more: Any
) -> int:
    return company.do(who, attachments.add, case_id=case_id, name=name, content=content, **more)


def refusal(company: Company, case_id: int, content: bytes, name: str = "x.jpg") -> dict[str, Any]:
    with pytest.raises(AttachmentRefused) as refused:
        attach(company, case_id, name, content)
    return refused.value.details


def stored(folder: Path, part: str = "content") -> list[Path]:
    return sorted(path for path in (folder / part).rglob("*") if path.is_file())


def test_a_file_of_every_type_comes_back_as_it_was(company: Company, files: Path) -> None:
    case_id = company.register()
    ids = {name: attach(company, case_id, name, content) for name, (content, _) in TAKEN.items()}
    for name, (content, mime) in TAKEN.items():
        file = company.see("manager", attachments.read, id=ids[name])
        assert (file.name, file.mime, file.content) == (name, mime, content)
    views = company.see("agent", attachments.list_of, case_id=case_id)
    assert [(v.id, v.name, v.size) for v in views] == [
        (ids[name], name, len(content)) for name, (content, _) in TAKEN.items()
    ]
    assert {(v.added_by, v.added_at, v.is_there) for v in views} == {("agent", NOW, True)}
    assert len(stored(files)) == len(TAKEN)


def test_where_and_how_a_file_is_stored(sqlite_company: Company, files: Path) -> None:
    attach(sqlite_company, sqlite_company.register(), "form.pdf", PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    assert stored(files) == [files / "content" / digest[:2] / digest]
    (place,) = stored(files)
    assert stat.S_IMODE(place.stat().st_mode) & 0o137 == 0  # no one else, nothing to execute
    assert {stat.S_IMODE(p.stat().st_mode) & 0o027 for p in (files, place.parent)} == {0}


def test_history_says_what_was_attached(company: Company) -> None:
    case_id = company.register()
    attach(company, case_id, "form.pdf", PDF)
    *_, row = company.rows(History, subject="request", subject_id=case_id)
    assert (row.action, row.old, row.new, row.case_id) == ("attached", None, None, case_id)
    digest = hashlib.sha256(PDF).hexdigest()
    assert row.data == {"name": "form.pdf", "size": len(PDF), "sha256": digest}
    assert company.see("admin", history.verify) == ()
    # What others have on their screens stays valid.
    assert company.get(ServiceRequest, case_id).version == 1


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_other_types_are_refused_whatever_they_are_called(name: str) -> None:
    assert type_of(NOT_TAKEN[name]) is None


@pytest.mark.parametrize("name", TAKEN)
def test_half_a_file_is_no_trouble(name: str) -> None:
    content, mime = TAKEN[name]
    assert all(type_of(content[:end]) in (mime, None) for end in range(len(content)))


def test_refusals_leave_nothing_behind(company: Company, files: Path) -> None:
    case_id = company.register()
    assert refusal(company, case_id, b"") == {"reason": "empty"}
    assert refusal(company, case_id, NOT_TAKEN["page.html"]) == {"reason": "unknown_type"}
    too_large = PNG + bytes(LARGEST + 1 - len(PNG))
    assert refusal(company, case_id, too_large) == {"reason": "too_large", "megabytes": 20}
    assert (company.rows(Attachment), files.exists()) == ([], False)
    assert ("attached", None, None) not in company.history("request", case_id)


def test_a_film_may_be_larger_and_no_other_file_by_its_name(sqlite_company: Company) -> None:
    case_id, (film, _) = sqlite_company.register(), TAKEN["film.mp4"]
    large = film + bytes(LARGEST)
    attach(sqlite_company, case_id, "film.mp4", large)
    details = {"reason": "too_large", "megabytes": 20}
    assert refusal(sqlite_company, case_id, PNG + bytes(LARGEST), "a.mp4") == details
    more = film + bytes(LARGEST_FILM)
    assert refusal(sqlite_company, case_id, more) == details | {"megabytes": 50}
    # A film that is called a voice memo is a film.
    named = boxes(b"M4A ", tracks=(b"soun", b"vide"))
    id = attach(sqlite_company, case_id, "memo.m4a", named)
    assert sqlite_company.see("agent", attachments.read, id=id).name == "memo.m4a.mp4"


def test_the_largest_file_is_taken(sqlite_company: Company) -> None:
    largest = PNG + bytes(LARGEST - len(PNG))
    id = attach(sqlite_company, sqlite_company.register(), "big.png", largest)
    assert sqlite_company.see("agent", attachments.content, id=id) == largest


def test_a_case_takes_fifty_files(company: Company) -> None:
    case_id = company.register()
    for number in range(attachments.MOST):
        last = attach(company, case_id, f"{number}.pdf", PDF + b"%d" % number)
    assert refusal(company, case_id, PDF) == {"reason": "too_many", "most": 50}
    again = attach(company, case_id, "again.pdf", PDF + b"49")  # it is there: no fifty-first
    assert (again, len(company.rows(Attachment))) == (last, 50)
    attach(company, company.register(), "other case.pdf", PDF)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo.png", "photo.png.pdf"),
        ("FORM.PDF", "FORM.PDF"),
        ("form", "form.pdf"),
        ("", "1.pdf"),
        ("pdf", "pdf.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\合同.pdf", "合同.pdf"),
        (" a\x00b\r\nc.pdf ", "ab c.pdf"),
        ("x" * 400 + ".pdf", "x" * 180 + ".pdf"),
        ("x." + "y" * 400, "x." + "y" * 19 + ".pdf"),
        ("x" * 400, "x" * 180 + ".pdf"),
    ],
)
def test_names_are_plain_and_tell_the_type(sqlite_company: Company, name: str, kept: str) -> None:
    id = attach(sqlite_company, sqlite_company.register(), name, PDF)
    (row,) = sqlite_company.rows(Attachment)
    assert (row.id, row.mime) == (id, "application/pdf")
    assert row.name == kept


def test_every_ending_fits_its_own_type_only() -> None:
    assert fitting_name("a.jpeg", "image/jpeg") == "a.jpeg"
    assert fitting_name("a.jpeg", "image/png") == "a.jpeg.png"


def test_the_same_file_twice_in_a_case_is_one(company: Company, files: Path) -> None:
    first, second = company.register(), company.register()
    ids = [attach(company, first, "a.png", PNG), attach(company, first, "b.png", PNG, "manager")]
    assert ids[0] == ids[1]
    assert company.history("request", first).count(("attached", None, None)) == 1
    other = attach(company, second, "c.png", PNG)
    assert other != ids[0]
    assert [row.name for row in company.rows(Attachment)] == ["a.png", "c.png"]
    assert len(stored(files)) == 1


def test_only_who_sees_the_case_sees_its_files(company: Company) -> None:
    case_id = company.register()
    id = attach(company, case_id, "a.png", PNG)
    for who in ("agent.colleague", "quality", "auditor", "admin"):
        assert company.see(who, attachments.read, id=id).content == PNG
        assert [*company.see(who, attachments.pictures, case_id=case_id)] == [id]
    for verb in (attachments.read, attachments.content):
        for asked in (id, 0, -1, id + 1, 2**70):
            with pytest.raises(NotFound):
                company.see("agent.stranger", verb, id=asked)
    assert company.see("agent.stranger", attachments.list_of, case_id=case_id) == ()
    assert company.see("agent.stranger", attachments.pictures, case_id=case_id) == {}
    with pytest.raises(NotFound):
        attach(company, case_id, "b.pdf", PDF, "agent.stranger")


@pytest.mark.parametrize("role", Role, ids=str)
def test_who_may_note_on_a_case_may_attach(sqlite_company: Company, role: Role) -> None:
    case_id = sqlite_company.register()
    if "request:note" in GRANTS[role]:
        assert attach(sqlite_company, case_id, "a.png", PNG, role.value)
        return
    with pytest.raises(NotAllowed):
        attach(sqlite_company, case_id, "a.png", PNG, role.value)
    assert sqlite_company.rows(Attachment) == []


def test_evidence_may_come_after_the_case_was_closed(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    sqlite_company.act("agent", ServiceRequest, case_id, inputs.Cancel(note="客户不修了"))
    assert attach(sqlite_company, case_id, "a.png", PNG)


def lost(company: Company, id: int) -> str:
    with pytest.raises(AttachmentLost) as refused:
        company.see("agent", attachments.read, id=id)
    return str(refused.value.details["reason"])


def test_a_missing_or_altered_file_is_never_handed_out(company: Company, files: Path) -> None:
    case_id = company.register()
    id = attach(company, case_id, "a.png", PNG)
    (place,) = stored(files)
    place.write_bytes(PNG[:-1] + b"x")
    assert lost(company, id) == "altered"
    assert company.see("agent", attachments.pictures, case_id=case_id) == {}
    place.write_bytes(PNG[:-1])
    assert lost(company, id) == "altered"
    assert [v.is_there for v in company.see("agent", attachments.list_of, case_id=case_id)] == [
        False
    ]
    place.unlink()
    assert lost(company, id) == "missing"
    assert [v.is_there for v in company.see("agent", attachments.list_of, case_id=case_id)] == [
        False
    ]
    # The same bytes come again, here or elsewhere: the file is whole again.
    attach(company, company.register(), "again.png", PNG)
    assert company.see("agent", attachments.content, id=id) == PNG


class Interrupted(Exception):
    pass


def test_a_rolled_back_transaction_leaves_no_row(company: Company, files: Path) -> None:
    case_id = company.register()

    def attach_and_fail(uow: UnitOfWork) -> None:
        attachments.add(uow, case_id=case_id, name="a.png", content=PNG)
        raise Interrupted

    with pytest.raises(Interrupted):
        company.do("agent", attach_and_fail)
    assert company.rows(Attachment) == []
    assert ("attached", None, None) not in company.history("request", case_id)
    assert len(stored(files)) == 1  # an orphan, and harmless: it is found when it comes again
    id = attach(company, case_id, "a.png", PNG)
    assert company.see("agent", attachments.content, id=id) == PNG
    assert len(stored(files)) == 1


def test_half_a_file_is_never_stored(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(PNG)
    assert stored(files) == []


def test_a_second_click_attaches_once(company: Company) -> None:
    case_id = company.register()

    def command(uow: UnitOfWork) -> int:
        return attachments.add(uow, case_id=case_id, name="a.png", content=PNG)

    first, again = (company.submit("agent", command, "one key") for _ in range(2))
    assert first == again == company.rows(Attachment)[0].id


def drawn(company: Company, case_id: int, id: int) -> Image.Image:
    content = company.see("agent", attachments.pictures, case_id=case_id)[id]
    return Image.open(io.BytesIO(content))


def test_pictures_are_small_upright_and_keep_no_place(sqlite_company: Company, files: Path) -> None:
    case_id = sqlite_company.register()
    turned = attach(sqlite_company, case_id, "turned.jpg", turned_photo())
    large = attach(sqlite_company, case_id, "large.png", picture("PNG", (3000, 1500)))
    small = drawn(sqlite_company, case_id, turned)
    assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (20, 40), {})
    assert drawn(sqlite_company, case_id, large).size == (800, 400)
    assert len(stored(files, "preview")) == 2
    for place in stored(files):  # made once: the originals are not read again
        place.unlink()
    assert drawn(sqlite_company, case_id, large).size == (800, 400)


def test_what_is_clear_is_drawn_on_white(sqlite_company: Company) -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(clear, "PNG")
    case_id = sqlite_company.register()
    id = attach(sqlite_company, case_id, "clear.png", clear.getvalue())
    assert drawn(sqlite_company, case_id, id).getpixel((1, 1)) == (255, 255, 255)


def test_what_cannot_be_drawn_is_still_attached(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    attach(sqlite_company, case_id, "cut.png", PNG[:40])
    attach(sqlite_company, case_id, "apple.heic", TAKEN["apple.heic"][0])
    attach(sqlite_company, case_id, "form.pdf", PDF)
    huge = picture("PNG", (9000, 6000))  # 54 million pixels in some 160 kB
    attach(sqlite_company, case_id, "huge.png", huge)
    assert sqlite_company.see("agent", attachments.pictures, case_id=case_id) == {}
    assert len(sqlite_company.see("agent", attachments.list_of, case_id=case_id)) == 4

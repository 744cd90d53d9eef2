"""Attachments on the case page: seen, heard, handed out, added; refusals named for each file."""

from pathlib import Path

import pytest

from core.requests import attachments
from db.codes import Language
from db.tables import Attachment, FormKey
from pages.ui.kit import filing, words
from tests.attached_files import NOT_TAKEN, PDF, PNG, TAKEN
from tests.company_cast import Company
from tests.screen import Screen

pytestmark = pytest.mark.usefixtures("files")
TYPE = "application/octet-stream"


def case_page(company: Company, case_id: int, who: str = "agent") -> Screen:
    return Screen(company, who).open("case", id=str(case_id), tab="files")


def choose(screen: Screen, *files: tuple[str, bytes]) -> Screen:
    """Choose files in the uploader, as the browser sends them before anything is pressed."""
    screen.app.get("file_uploader")[0].set_value([(*file, TYPE) for file in files])
    return screen.run()


def attach(company: Company, case_id: int, *names: str) -> list[int]:
    return [
        company.do("agent", attachments.add, case_id=case_id, name=name, content=TAKEN[name][0])
        for name in names
    ]


def labels(screen: Screen) -> list[str]:
    return [b.proto.label for b in screen.app.get("download_button") if "attachment_" in b.proto.id]


def test_several_files_are_attached_at_once(served: Company) -> None:
    case_id = served.register()
    screen = case_page(served, case_id)
    assert "附件" in [each.value for each in screen.app.subheader]
    choose(screen, ("门.png", PNG), ("form.pdf", PDF), ("call.wav", TAKEN["call.wav"][0]))
    screen.press(f"attach_{case_id}_send")
    rows = served.rows(Attachment)
    assert [(row.name, row.mime) for row in rows] == [
        ("门.png", "image/png"),
        ("form.pdf", "application/pdf"),
        ("call.wav", "audio/wav"),
    ]
    assert {row.added_by_id for row in rows} == {served["agent"].id}
    assert [toast.value for toast in screen.app.toast] == ["已添加 3 个附件"]
    assert labels(screen) == ["门\\.png · 1 KB", "form\\.pdf · 1 KB", "call\\.wav · 1 KB"]
    assert len(screen.app.get("image")) == 1
    assert screen.app.get("file_uploader")[0].value in (None, [])
    assert [each.label for each in screen.app.tabs if each.label.startswith("附件")] == ["附件 3"]
    story = Screen(served, "agent").open("case", id=str(case_id), tab="history")
    assert "添加附件** · 门\\.png" in story.texts


def test_a_refused_file_is_named_and_the_others_go_in(served: Company) -> None:
    case_id = served.register()
    screen = case_page(served, case_id)
    choose(
        screen,
        ("lie_1.jpg", NOT_TAKEN["page.html"]),
        ("photo.jpg", PNG),
        ("empty.pdf", b""),
        ("film.mp4", NOT_TAKEN["film.mkv"]),
    )
    screen.press(f"attach_{case_id}_send")
    assert [row.name for row in served.rows(Attachment)] == ["photo.jpg.png"]
    assert [error.split(":")[0] for error in screen.errors] == [
        "lie\\_1\\.jpg",
        "empty\\.pdf",
        "film\\.mp4",
    ]
    assert screen.errors[1] == "empty\\.pdf: 文件是空的。"
    assert "以文件内容为准" in screen.errors[0]
    choose(screen, ("form.pdf", PDF)).press(f"attach_{case_id}_send")
    assert screen.errors == []


def test_a_second_click_finds_the_file_attached(served: Company) -> None:
    case_id = served.register()
    screen = choose(case_page(served, case_id), ("form.pdf", PDF))
    name = f"attach_{case_id}"
    key = screen.app.session_state[f"{name}·key"]
    screen.press(f"{name}_send")
    (used,) = served.rows(FormKey)
    assert screen.app.session_state[f"{name}·key"] != key
    again = served.submit("agent", lambda uow: pytest.fail("sent again"), used.key)
    assert again == served.rows(Attachment)[0].id
    assert len(used.key) == 64


def test_sound_is_read_when_somebody_listens(served: Company, files: Path) -> None:
    case_id = served.register()
    call, _memo, _amr = attach(served, case_id, "call.mp3", "memo.m4a", "call.amr")
    screen = case_page(served, case_id)
    listened = [each for each in screen.app.toggle if each.key.endswith("_listen")]
    assert len(listened) == 2  # browsers do not play AMR
    assert not screen.app.get("audio")
    screen.app.toggle(key=f"attachment_{call}_listen").set_value(True)
    screen.run()
    assert len(screen.app.get("audio")) == 1
    for place in (files / "content").rglob("*"):
        if place.is_file():
            place.write_bytes(place.read_bytes()[:-1] + b"!")
    screen.run()
    assert not screen.app.get("audio")
    assert screen.errors[0].startswith("call\\.mp3: 文件内容已变动")


def test_a_missing_file_is_said_and_the_page_goes_on(served: Company, files: Path) -> None:
    case_id = served.register()
    attach(served, case_id, "photo.png", "form.pdf")
    for place in (files / "content").rglob("*"):
        if place.is_file():
            place.unlink()
    screen = case_page(served, case_id)
    assert [error.split(":")[0] for error in screen.errors] == ["photo\\.png", "form\\.pdf"]
    assert "请联系管理员从备份恢复" in screen.errors[0]
    assert labels(screen) == []
    assert screen.app.get("file_uploader")


def test_who_may_not_note_sees_the_files_only(served: Company) -> None:
    case_id = served.register()
    assert "附件" not in [
        each.value for each in case_page(served, case_id, "auditor").app.subheader
    ]
    attach(served, case_id, "photo.png")
    screen = case_page(served, case_id, "auditor")
    assert labels(screen) == ["photo\\.png · 1 KB"]
    assert not screen.app.get("file_uploader")


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 KB"), (1500, "1 KB"), (1024 * 1023, "1,023 KB"), (1024**2 * 1.26, "1.3 MB")],
)
def test_sizes(count: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "language", lambda: Language.EN)
    assert filing.size_of(int(count)) == said


def test_a_film_is_read_when_somebody_wants_to_see_it(served: Company) -> None:
    case_id = served.register()
    film, other, _letter = attach(served, case_id, "film.mp4", "film.mov", "letter.docx")
    screen = case_page(served, case_id)
    assert not screen.app.get("video")
    assert [each.key for each in screen.app.toggle if "listen" in str(each.key)] == [
        f"attachment_{film}_listen"
    ]
    screen.app.toggle(key=f"attachment_{film}_listen").set_value(True)
    screen.run()
    assert len(screen.app.get("video")) == 1
    assert len(labels(screen)) == 3 and other

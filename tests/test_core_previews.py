"""Small pictures: ordinary photos are drawn; odd ones cost little, once, and nobody else."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from core.kernel import bounded, drawing, previews
from db import files as store
from tests.attached_files import PNG, picture, turned_photo
from tests.company_cast import NOW
from tests.odd_photos import TOO_MUCH, in_two_scans, ordinary

pytestmark = pytest.mark.usefixtures("files")


class Drawings:
    """Counts the processes that are started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.ends: list[bounded.Ended] = []
        self.run = bounded.run
        monkeypatch.setattr(bounded, "run", self._run)

    def _run(self, *asked: str, **more: object) -> bounded.Ended:
        self.count += 1
        return self.ends.pop() if self.ends else self.run(*asked, **more)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> Drawings:
    return Drawings(monkeypatch)


def shown(content: bytes, **later: int) -> bytes | None:
    digest = store.keep(content)
    return previews.of([digest], now=NOW + timedelta(**later)).get(digest)


def test_ordinary_photos_are_drawn() -> None:
    for name, content in ordinary().items():
        small = shown(content)
        assert small, name
        with Image.open(io.BytesIO(small)) as image:
            assert (image.format, max(image.size) <= 800, image.mode) == ("JPEG", True, "RGB"), name


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_asks_for_too_much_is_refused_by_its_head_and_once(
    name: str, drawings: Drawings
) -> None:
    for _view in range(3):
        assert shown(TOO_MUCH[name], days=400) is None
    assert drawings.count == 1
    with pytest.raises(ValueError, match="too many pixels"):
        drawing.draw(TOO_MUCH[name], 800)


@pytest.mark.parametrize("content", [PNG[:40], b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"])
def test_what_is_broken_is_tried_once(content: bytes, drawings: Drawings) -> None:
    assert [shown(content), shown(content, days=400)] == [None, None]
    assert drawings.count == 1


def test_only_a_plain_jpeg_may_be_very_large() -> None:
    plain = picture("JPEG", (64, 64))
    assert drawing.is_in_one_pass(plain)
    assert drawing.is_in_one_pass(picture("JPEG", (64, 64), subsampling=0))
    assert drawing.is_in_one_pass(turned_photo())
    for odd in (
        picture("JPEG", (64, 64), progressive=True),
        in_two_scans(plain),
        plain.replace(b"\xff\xc0", b"\xff\xc9"),  # arithmetic coding
        plain.replace(b"\xff\xda", b"\0\xff\xda"),  # rubbish before the scan
        plain[: plain.index(b"\xff\xda")],
        b"\xff\xd8",
        b"",
    ):
        assert not drawing.is_in_one_pass(odd)


@pytest.mark.parametrize("code", [None, 1, -9, -15])
def test_what_the_machine_ended_is_tried_again_after_an_hour(
    code: int | None, drawings: Drawings
) -> None:
    drawings.ends = [bounded.Ended(code)]
    assert shown(PNG) is None
    assert shown(PNG, minutes=59) is None
    assert drawings.count == 1
    assert shown(PNG, minutes=61)
    assert shown(PNG, days=9)
    assert drawings.count == 2


@pytest.mark.parametrize("code", [bounded.UNREADABLE, bounded.TOO_LARGE, -24, -11])
def test_what_the_photo_itself_ended_is_never_tried_again(code: int, drawings: Drawings) -> None:
    drawings.ends = [bounded.Ended(code)]
    assert [shown(PNG), shown(PNG, days=400)] == [None, None]
    assert drawings.count == 1


@pytest.mark.parametrize("damage", [b"\0\0", b"\xff\xfe", b"2026-99-99"])
def test_a_damaged_picture_is_drawn_again(damage: bytes) -> None:
    small = shown(PNG)
    store.keep_preview(store.sha256(PNG), damage)
    assert shown(PNG) == small


def test_a_machine_that_starts_no_process_is_not_the_photo_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(bounded.sys, "executable", "/nowhere/python")
        assert shown(PNG) is None
    assert shown(PNG, minutes=61)


def test_many_viewers_draw_a_photo_once(drawings: Drawings) -> None:
    photo = picture("PNG", (1000, 1000))
    with ThreadPoolExecutor(8) as viewers:
        seen = list(viewers.map(shown, [photo] * 8))
    assert set(seen) == {shown(photo)}
    assert seen[0]
    assert drawings.count == 1


def test_photos_are_drawn_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[int] = []
    most = []

    def run(*_asked: str, **_more: object) -> bounded.Ended:
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.01)
        at_work.pop()
        return bounded.Ended(bounded.UNREADABLE)

    monkeypatch.setattr(bounded, "run", run)
    with ThreadPoolExecutor(8) as viewers:
        list(viewers.map(shown, [PNG + bytes([n]) for n in range(20)]))
    assert (max(most), len(most)) == (1, 20)


def test_a_page_waits_only_so_long(drawings: Drawings, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = shown(PNG)
    waiting = [store.keep(picture("PNG", (n, 9))) for n in range(1, 4)]
    digests = [store.sha256(PNG), *waiting]
    monkeypatch.setattr(previews, "PATIENCE", 0)
    assert previews.of(digests, now=NOW) == {digests[0]: ready}
    monkeypatch.setattr(previews, "PATIENCE", 60)
    assert set(previews.of(digests, now=NOW)) == set(digests)


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "LONGEST", 0.001)
    assert shown(PNG) is None
    monkeypatch.setattr(previews, "LONGEST", 60)
    assert shown(PNG, hours=2)


def test_memory_and_work_are_limited(tmp_path: Path) -> None:
    script = (
        "import sys; from core.kernel import bounded\n"
        "assert bounded.stay_small(memory=200 << 20, seconds=1)\n"
        "what = sys.stdin.read()\n"
        "try: bytearray(300 << 20)\n"
        "except MemoryError: sys.exit(bounded.TOO_LARGE) if what == 'memory' else None\n"
        "while True: pass\n"
    )
    (tmp_path / "greedy.py").write_text(script, "utf-8")
    (tmp_path / "core").symlink_to(bounded.ROOT / "core")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded, "ROOT", tmp_path)
        memory = bounded.run("greedy", content=b"memory", seconds=60)
        work = bounded.run("greedy", content=b"work", seconds=60)
    assert memory.code == bounded.TOO_LARGE
    assert work.code == -24  # SIGXCPU
    assert memory.is_fault_of_file
    assert work.is_fault_of_file

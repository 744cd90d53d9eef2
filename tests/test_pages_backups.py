"""The page of backups, and the warning of the home page."""

from pathlib import Path

from core import sweep
from db.tables import BackupPlan, BackupRun
from tests.company_cast import NOW, Company
from tests.screen import Screen

NONE = "还没有备份：硬盘一坏，全部数据都会丢失。"


def test_where_copies_go_is_said_once_and_the_copy_is_seen(
    served: Company, tmp_path: Path, files: Path
) -> None:
    screen = Screen(served, "admin").open("backups")
    assert NONE in screen.texts
    screen.fill(folder="copies").press("backup_plan_send")
    assert ":red[请写完整路径，例如 /mnt/backup。]" in screen.texts
    screen.fill(folder=str(tmp_path / "copies"), keep=3).press("backup_plan_send")
    assert "一分钟内开始备份。" in screen.texts
    (row,) = served.rows(BackupPlan)
    assert (row.folder, row.hour, row.keep) == (str(tmp_path / "copies"), 2, 3)
    sweep.run(served.engine)
    screen = Screen(served, "admin").open("backups")
    assert NONE not in screen.texts
    (table,) = [each.value for each in screen.app.dataframe if "结果" in each.value]
    assert list(table["结果"]) == ["完好"]
    screen.press("backup_now")
    assert served.rows(BackupPlan)[0].asked_at is not None
    sweep.run(served.engine)
    assert len(served.rows(BackupRun)) == 2


def test_a_failure_says_what_to_mend(served: Company, tmp_path: Path, files: Path) -> None:
    (tmp_path / "copies").write_text("")
    screen = Screen(served, "admin").open("backups")
    screen.fill(folder=str(tmp_path / "copies")).press("backup_plan_send")
    sweep.run(served.engine, now=NOW)
    screen = Screen(served, "admin").open("backups")
    (table,) = [each.value for each in screen.app.dataframe if "结果" in each.value]
    assert table["结果"][0].startswith("▲ 失败: 硬盘拒绝写入")


def test_the_home_page_warns_who_can_mend_it(served: Company) -> None:
    assert NONE in Screen(served, "admin").open("home").texts
    assert NONE not in Screen(served, "manager").open("home").texts

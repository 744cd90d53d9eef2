"""The administrator's screens: first start, people, stations, company, account, papers."""

import pytest
from sqlalchemy import Engine
from streamlit.runtime.pages_manager import PagesManager

from core.house import HOUSE
from core.kernel.unit_of_work import transaction
from core.norms import revisions
from core.people import company as company_module
from core.printing import placeholders, template, trials
from db.codes import Language, Role
from db.tables import Company as CompanyRow
from db.tables import PaperTemplate, Person, ServiceRequest, SignIn, Station
from pages.ui.kit import words
from pages.ui.printing.trials import meaning
from tests.company_cast import NOW, PASSWORD, Company, address
from tests.odd_templates import edited, everyday, tied
from tests.printed_papers import lines, template_with
from tests.screen import Screen

SETTINGS_RELS = "word/_rels/settings.xml.rels"


class Blank:
    """A migrated database before the first start, where a screen expects a company."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_first_start_founds_the_company_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address(engine))
    original = PagesManager.__init__

    def without_pages_directory(self: PagesManager, *given: object, **more: object) -> None:
        PagesManager.uses_pages_directory = False
        original(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(PagesManager, "__init__", without_pages_directory)
    screen = Screen(Blank(engine), None)  # type: ignore[arg-type]
    assert screen.title == "首次启动"
    screen.fill(company="金陵家电", admin_name="管理员", username="Admin", password="kurz")
    screen.press("setup_send")
    assert ":red[密码至少 12 个字符。]" in screen.texts
    for pack in revisions.pack_names():
        norm = revisions.shipped(pack)
        assert f"{norm.about[Language.ZH]}。{len(norm.limits)} 个时限、" in screen.texts
    screen.fill(password="administrator", station="南京站", token="guess").press("setup_send")
    assert "令牌不正确：请查看服务器启动日志。" in screen.texts
    with transaction(engine, write=True) as session:
        token = company_module.token(session)
    screen.fill(token=token).press("setup_send")
    assert "这个密码太容易被猜到" in screen.texts
    screen.fill(password="battery staple").press("setup_send")
    # No second form: the founder is in.
    assert screen.title == "工作台"
    assert "公司已建立，您已作为系统管理员登录。" in [toast.value for toast in screen.app.toast]
    with transaction(engine, write=False) as session:
        assert session.get_one(CompanyRow, 1).time_zone == "Asia/Shanghai"
        admin = session.query(Person).one()
        assert (admin.username, admin.role) == ("admin", Role.ADMIN)
        assert admin.password_hash.startswith("$2b$12$")
        assert company_module.find(session) is not None
        assert company_module.token(session) is None
        assert not admin.password_is_given
    again = Screen(Blank(engine), None)  # type: ignore[arg-type]
    assert again.title == "金陵家电"


def test_a_person_is_added_changed_and_given_a_new_password(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    screen.fill(username="lilei", name="李雷", role=Role.TECHNICIAN, station_id=1)
    screen.fill(password="first password").press("add_person_send")
    person = served.rows(Person, username="lilei")[0]
    assert (person.role, person.station_id) == (Role.TECHNICIAN, 1)
    names = [p.id for p in sorted(served.rows(Person), key=lambda p: (p.name, p.id))]
    screen.choose_row("people", names.index(person.id))
    screen.fill(active=False).press(f"person·{person.id}_send")
    assert not served.rows(Person, username="lilei")[0].active


def test_a_taken_user_name_is_refused_beside_its_field(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    screen.fill(username="Agent", name="x", role=Role.AGENT, password="battery staple")
    screen.press("add_person_send")
    assert ":red[已存在，请换一个。]" in screen.texts
    assert len(served.rows(Person, username="agent")) == 1


def test_the_administrator_cannot_lock_himself_out(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    names = [p.id for p in sorted(served.rows(Person), key=lambda p: (p.name, p.id))]
    admin = served["admin"].id
    screen.choose_row("people", names.index(admin)).fill(active=False)
    screen.press(f"person·{admin}_send")
    assert screen.errors == ["不能停用自己或更改自己的角色。"]


def test_a_station_is_added(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    form = "add_station·"
    fields = [w for w in screen.app.text_input if w.key and w.key.startswith(form)]
    fields[0].set_value("West")
    screen.press("add_station_send")
    assert "West" in [station.name for station in served.rows(Station)]


def test_the_companys_facts_are_changed(served: Company) -> None:
    screen = Screen(served, "admin").open("company")
    screen.fill(hotline="400 123 4567", time_zone="Europe/Berlin").press("company_send")
    row = served.get(CompanyRow, 1)
    assert (row.hotline, row.time_zone) == ("400 123 4567", "Europe/Berlin")


def test_an_own_new_password_ends_every_sign_in(served: Company) -> None:
    screen = Screen(served, "agent").open("account")
    screen.fill(current="wrong password", password="another password").press("password_send")
    assert ":red[密码不正确。]" in screen.texts
    screen.fill(current=PASSWORD).press("password_send")
    assert screen.title == "Test company"
    assert all(row.ended_at for row in served.rows(SignIn))


def test_many_people_are_pasted_looked_through_and_added(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    screen.fill(text="姓名\t用户名\t岗位\t电话\n张三\tzhangsan\t客服专员\t12\n").run()
    (row,) = table_of(screen, "问题")
    assert row["问题"] == "电话: 不是有效的电话号码（5 至 20 位数字）。"
    assert not [button for button in screen.app.button if button.key == "many_send"]
    screen.fill(text="姓名\t用户名\t岗位\t电话\n张三\tzhangsan\t客服专员\t13800000001\n").run()
    assert table_of(screen, "问题")[0]["问题"] == ""
    box = next(t for t in screen.app.text_input if t.label == "统一初始密码 *")
    box.set_value("first password")
    screen.press("many_send")
    (person,) = served.rows(Person, username="zhangsan")
    assert (person.name, person.role, person.phone) == ("张三", Role.AGENT, "13800000001")


def test_the_list_of_people_is_searched(served: Company) -> None:
    screen = Screen(served, "admin").open("people")
    names = {row["姓名"] for row in table_of(screen, "姓名")}
    screen.fill(people_find="agent").run()
    found = {row["姓名"] for row in table_of(screen, "姓名")}
    assert "agent" in found
    assert found < names
    screen.fill(people_find="nobody at all").run()
    assert "没有符合的人员。" in screen.texts


def table_of(screen: Screen, column: str) -> list[dict[str, object]]:
    (found,) = [t.value for t in screen.app.dataframe if column in t.value.columns]
    return found.to_dict("records")


def test_a_template_is_replaced_and_put_back(served: Company) -> None:
    shipped = served.see("manager", template, paper="acceptance_slip", language=Language.ZH)
    screen = Screen(served, "manager").open("papers")
    upload = screen.app.file_uploader[0]
    upload.upload("no.docx", b"not a Word file")
    screen.run().press("template_send")
    assert screen.errors == ["这不是 Word 文件（.docx）。"]
    screen = Screen(served, "manager").open("papers")
    screen.app.file_uploader[0].upload("own.docx", shipped)
    screen.run().press("template_send")
    (row,) = served.rows(PaperTemplate)
    assert row.content == shipped
    screen.press("template_restore")
    assert not served.rows(PaperTemplate)


def test_a_template_is_tried_on_a_case_before_it_is_used(served: Company) -> None:
    case_id = served.register()
    (case,) = served.rows(ServiceRequest, id=case_id)
    screen = Screen(served, "manager").open("papers")
    assert screen.field("trial·acceptance_slip").value == case.number
    tried = served.see(
        "manager",
        trials.trial,
        paper="acceptance_slip",
        language=Language.ZH,
        number=case.number,
        word=lambda _context, code: code,
        content=template_with("试印 {{ number }}"),
    )
    assert f"试印 {case.number}" in lines(tried.content)
    assert not served.rows(PaperTemplate)
    known = {row["占位符"]: row for t in screen.app.dataframe for row in t.value.to_dict("records")}
    assert known["{{ number }}"]["示例"] == case.number
    assert known["{{ customer }}"]["含义"] == "客户"
    assert known["{{ line.due }}"]["含义"] == "最迟时间"
    screen.fill(trial·acceptance_slip="SR20200101-0001").run()
    assert screen.errors == ["未找到，或您无权查看。"]


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_placeholder_has_a_meaning_in_both_languages(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    for paper in HOUSE.papers:
        for group, names in placeholders(paper).items():
            assert not [name for name in names if meaning(name, group) == name], (paper, group)
            assert not group or meaning(group) != group


def test_a_template_that_would_fetch_something_is_refused_with_the_place(served: Company) -> None:
    fetching = edited(tied("attachedTemplate", "http://evil/x", rels=SETTINGS_RELS))
    screen = Screen(served, "manager").open("papers")
    screen.app.file_uploader[0].upload("own.docx", fetching)
    screen.run().press("template_send")
    (said,) = screen.errors
    assert said.startswith(
        "文档设置（`word/settings.xml`）：`attachedTemplate` → `http://evil/x` 会在打开单据时"
    )
    assert served.rows(PaperTemplate) == []
    screen.app.file_uploader[0].upload("own.docx", everyday(code="INCLUDEPICTURE x"))
    screen.run().press("template_send")
    (said,) = screen.errors
    assert said.startswith("页眉（`word/header1.xml`）：模板中不允许使用域 `INCLUDEPICTURE x`")


def test_a_template_kept_before_is_said_to_be_out_of_use(served: Company) -> None:
    row = PaperTemplate(
        paper="acceptance_slip",
        language=Language.ZH,
        content=edited(tied("oleObject", "http://evil/x")),
        replaced_at=NOW,
    )
    with transaction(served.engine, write=True) as session:
        session.add(row)
    screen = Screen(served, "manager").open("papers")
    (said,) = screen.errors
    assert said.startswith("你们自己的模板已停用")
    assert "正文（`word/document.xml`）：`oleObject` → `http://evil/x`" in said
    assert not screen.app.get("download_button")
    screen.press("template_restore")
    assert screen.errors == []
    assert screen.app.get("download_button")

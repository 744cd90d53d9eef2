"""On the screens: an answer becomes an article, is checked, is taken for the next question."""

from datetime import UTC, datetime, timedelta

from core.knowledge.inputs import ReviseArticle
from core.notices.notices import NoticeView
from db.codes import ArticleStatus, Language, NoticeKind, RequestKind, RequestStatus
from db.tables import Article, ArticlePicture, ArticleUse, Notice, ServiceRequest
from pages.ui.knowledge import notices
from pages.ui.notices import lines
from tests import articles
from tests.attached_files import PNG
from tests.company_cast import Company
from tests.screen import Screen

MARK = "类似问题的现成答复"


def now() -> datetime:
    return datetime.now(UTC)


def question(company: Company, symptom: str = "滤网怎么清洗", **facts: str) -> int:
    return company.register(kind="consultation", symptom=symptom, now=now(), **facts)


def published(company: Company, **said: str) -> int:
    return articles.published(company, now=now(), **said)


def test_an_answer_becomes_an_article_and_answers_the_next_question(served: Company) -> None:
    first = question(served, "王小明问滤网怎么清洗", answer="取下滤网冲洗")
    case = Screen(served, "agent").open("case", id=str(first))
    assert "把这个答复写成文章" in [each.label for each in case.app.get("page_link")]
    screen = Screen(served, "agent").open("knowledge", case=str(first))
    assert "客户姓名、电话、地址和机号已去掉" in screen.texts
    assert screen.field("question").value == "**问滤网怎么清洗"
    screen.fill(headline="清洗<b>滤网</b>", question="王小明问滤网怎么清洗").press("·send")
    assert "里面有这位客户的姓名" in screen.texts
    screen.fill(question="滤网怎么清洗").press("·send")
    (row,) = served.rows(Article)
    assert (row.answer, row.request_id) == ("取下滤网冲洗", first)
    own = Screen(served, "agent").open("knowledge", id=str(row.id))
    assert "文章须由编写人以外的人复核" not in own.texts
    assert r"清洗\<b\>滤网\</b\>" in own.texts
    head = Screen(served, "leader").open("knowledge", knowledge_part="under_way")
    assert [*head.app.dataframe[0].value["状态"]] == ["草稿"]
    head = Screen(served, "leader").open("knowledge", id=str(row.id))
    head.press("check_article·send").turn_to("publish_article")
    head.fill(valid_until=now().date() - timedelta(days=3)).press("publish_article·send")
    assert served.get(Article, row.id).status is ArticleStatus.CHECKED
    head.fill(valid_until=now().date() + timedelta(days=90)).press("publish_article·send")
    assert served.get(Article, row.id).status is ArticleStatus.PUBLISHED
    # Taken below what was typed, and counted.
    second = question(served, "滤网如何清洗")
    screen = Screen(served, "agent").open("case", id=str(second))
    assert MARK in screen.texts and "相同词：滤网、清洗" in screen.texts
    screen.fill(answer="您好。").press(f"article·{row.id}")
    assert screen.field("answer").value == "您好。\n\n取下滤网冲洗"
    screen.press("answer·send")
    case = served.get(ServiceRequest, second)
    assert (case.status, case.answer) == (RequestStatus.CLOSED, "您好。\n\n取下滤网冲洗")
    (used,) = served.rows(ArticleUse)
    screen = Screen(served, "agent").open("case", id=str(second)).press(f"helped·{second}·{row.id}")
    assert served.get(ArticleUse, used.id).said_to_help
    shown = Screen(served, "finance").open("knowledge")
    assert [*shown.app.dataframe[0].value["使用情况"]] == ["用过 1 次，有帮助 1 次"]


def test_at_intake_a_question_is_answered_with_an_article(served: Company) -> None:
    id = published(served)
    earlier = question(served, "滤网多久清洗", answer="每月一次")
    screen = Screen(served, "agent").open("intake", who="138 0013 8000")
    screen.field("kind").set_value(RequestKind.CONSULTATION)
    screen.run()
    assert MARK not in screen.texts
    screen.fill(symptom="滤网要怎么清洗").run()
    assert MARK in screen.texts
    screen.press(f"case·{earlier}").press(f"article·{id}")
    text = f"每月一次\n\n{articles.TEXTS['answer']}"
    assert screen.field("answer").value == text
    # What was taken is kept as if it were typed.
    again = Screen(served, "agent").open("intake")
    assert again.field("answer").value == text
    screen.press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.answer, case.status) == (text, RequestStatus.CLOSED)
    assert [(each.article_id, each.request_id) for each in served.rows(ArticleUse)] == [
        (id, case.id)
    ]
    # Beside another kind of request it is only shown.
    screen = Screen(served, "agent").open("intake", who="138 0013 8000")
    screen.fill(symptom="滤网清洗后不转").run()
    assert MARK in screen.texts
    assert not [b for b in screen.app.button if (b.key or "").startswith("known·")]


def test_a_technician_reads_guidance_and_says_that_it_helped(served: Company) -> None:
    case_id, job_id = served.dispatched(now=now())
    guide = {"headline": "拆机步骤", "question": "洗衣机不转", "article_kind": "guidance"}
    id = published(served, **guide)
    screen = Screen(served, "technician").open("job", id=str(job_id))
    assert "取下滤网" in screen.texts
    screen.press(f"helped·{case_id}·{id}")
    (used,) = served.rows(ArticleUse)
    assert used.said_to_help


def test_what_is_asked_often_is_listed_with_the_way_to_an_article(served: Company) -> None:
    screen = Screen(served, "agent").open("knowledge", knowledge_part="gaps")
    assert "常问的问题都有文章。" in screen.texts
    for answer in ("", "", "按预约键"):
        last = question(served, "怎么预约时间", answer=answer)
    screen.run()
    assert "问过 3 次" in screen.texts
    number = served.get(ServiceRequest, last).number
    labels = [each.label for each in screen.app.get("page_link")]
    labels += [each.label for each in screen.app.button]
    assert f"用 {number} 的答复写文章" in labels
    waits = question(served, "还没有答复")
    screen = Screen(served, "agent").open("knowledge", case=str(waits))
    assert "这张服务单还没有答复。" in screen.texts
    screen = Screen(served, "finance").open("knowledge", new="true")
    assert "文章由答复客户的人员编写。" in screen.texts
    assert Screen(served, "finance").open("knowledge").app.segmented_control[0].options == [
        *("使用中", "编写中", "已停用")
    ]


def test_a_picture_is_added_to_a_draft_and_seen_in_the_edition(served: Company) -> None:
    id = articles.draft(served, now=now())
    screen = Screen(served, "agent").open("knowledge", id=str(id))
    screen.app.file_uploader[0].upload("滤网.png", PNG)
    screen.run().press("_send")
    (row,) = served.rows(ArticlePicture)
    assert row.article_id == id
    # The next one in the field that is empty again; what is refused stays there.
    screen.app.file_uploader[0].upload("滤网2.png", PNG + b"0")
    screen.run().press("_send")
    assert [each.name for each in served.rows(ArticlePicture)] == ["滤网.png", "滤网2.png"]
    screen.app.file_uploader[0].upload("滤网3.png", b"no picture")
    screen.run().press("_send")
    assert screen.errors and screen.app.file_uploader[0].value
    for each in served.rows(ArticlePicture):
        screen.press(f"picture_{each.id}_out")
    assert served.rows(ArticlePicture) == []
    articles.let_out(served, id, now=now())
    served.act("agent", Article, id, ReviseArticle(note="x"), now=now())
    screen = Screen(served, "agent").open("knowledge", id=str(id))
    labels = [each.label for each in screen.app.button]
    assert "新版正在编写" in labels
    assert not screen.app.get("file_uploader")


def test_notices_say_what_became_of_an_article(served: Company) -> None:
    published(served)
    (told,) = served.rows(Notice)
    said = lines.line(told.kind, told.data, Language.ZH)
    assert said == "您的文章“滤网清洗”已发布"
    ending = {"fact": "article.ending", "headline": "滤网清洗", "until": "2026-03-16", "article": 1}
    said = lines.line(NoticeKind.RENEWAL, ending, Language.ZH)
    assert said == "您的文章“滤网清洗”将于 2026年3月16日 到期，请修订或撤回"
    view = NoticeView(1, NoticeKind.RENEWAL, None, "", ending, now(), group="known")  # type: ignore[arg-type]
    place = notices.place(view)
    assert place is not None and (place.page, place.asks) == ("knowledge", {"id": "1"})

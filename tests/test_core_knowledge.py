"""Articles grow from answers, are checked by another, are offered, counted, revised, ended."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core import sweep
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Refused, Stale, WrongStatus
from core.kernel.inputs import parse
from core.knowledge import gaps, growing, lists, offers, pictures, uses, view
from core.knowledge.inputs import (
    CheckArticle,
    EditArticle,
    PublishArticle,
    ReviseArticle,
    SendBackArticle,
    WithdrawArticle,
    WriteArticle,
)
from core.knowledge.lists import ArticlePart, Filter
from core.knowledge.offers import Asked, Offered
from core.process import proof
from core.requests import inputs, intake
from db.codes import ArticleKind, ArticleStatus, NoticeKind
from db.tables import Article, ArticlePicture, ArticleUse, Notice, Product, ServiceRequest
from db.words import spelled
from tests import articles
from tests.articles import TEXTS, TODAY
from tests.attached_files import PDF, PNG
from tests.company_cast import NOW, REPAIR, Company
from tests.test_core_erasing import erase, everything

DAY = timedelta(days=1)


def asked(company: Company, symptom: str, *, who: str = "agent", **facts: Any) -> int:
    return company.register(who, kind="consultation", symptom=symptom, **facts)


def answered(company: Company, symptom: str, answer: str = "关紧阀门", **facts: Any) -> int:
    return asked(company, symptom, answer=answer, **facts)


def offer(
    company: Company, text: str, *, who: str = "agent", now: Any = NOW, **more: Any
) -> list[Offered]:
    return list(company.see(who, offers.offered, asked=Asked(text, **more), now=now))


def wrong(company: Company, call: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        call()
    return {bad.field: bad.code for bad in error.value.problems}


def test_an_answer_becomes_an_article_that_answers_the_next_question(company: Company) -> None:
    name, phone = "欧阳小明", "137 7777 0000"
    said = f"{name}问：滤网怎么清洗？电话 {phone}，机号 SN-77"
    first = answered(
        company, said, "取下滤网冲洗", customer_name=name, phone=phone, serial="SN-77"
    )  # fmt: skip
    grown = company.see("agent", growing.grown, case_id=first)
    assert grown is not None and grown.left_out
    assert grown.values["question"] == "**问：滤网怎么清洗？电话 **，机号 **"
    (product,) = company.rows(Product)
    assert (grown.values["answer"], grown.values["product_id"]) == ("取下滤网冲洗", product.id)
    # Written with the name after all, it is asked for; then somebody has looked.
    values = grown.values | {"question": said}
    with_name = lambda **more: articles.draft(company, case_id=first, **values | more)  # noqa: E731
    assert wrong(company, with_name) == {"question": "names_customer"}
    id = articles.draft(company, case_id=first, **grown.values)
    assert offer(company, "滤网要怎样清洗") == []
    hidden = ("agent.colleague", "technician", "auditor")
    for who in hidden:
        with pytest.raises(NotFound):
            company.see(who, view.view, id=id)
    assert company.see("agent", view.view, id=id).case == (first, grown.number)
    # Never by whoever wrote it; after the check a change has to be checked again.
    with pytest.raises(NotAllowed):
        company.act("agent", Article, id, CheckArticle())
    company.act("leader", Article, id, CheckArticle())
    edit = parse(EditArticle, grown.values | {"answer": "取下滤网，用清水冲洗"})
    company.act("agent", Article, id, edit)
    assert company.get(Article, id).status is ArticleStatus.DRAFT
    articles.let_out(company, id)
    for who in hidden:
        assert company.see(who, view.view, id=id).answer == "取下滤网，用清水冲洗"
    (found,) = offer(company, "我家滤网要怎样清洗")
    assert (found.id, found.words, found.used, found.helped) == (id, ("滤网", "清洗"), 0, 0)
    assert offer(company, "发票什么时候寄出") == offer(company, "") == offer(company, "?") == []
    # The article and the earlier answer beside the next question, the own case not.
    second = asked(company, "滤网怎么清洗")
    known = company.see("agent", offers.known_of_case, case_id=second)
    assert [each.id for each in known.articles] == [id]
    assert [(each.id, each.answer) for each in known.answers] == [(first, "取下滤网冲洗")]
    company.do("agent", uses.take, case_id=second, article_id=id)
    company.do("agent", uses.take, case_id=second, article_id=id)
    assert [(each.used, each.helped) for each in offer(company, "滤网清洗")] == [(1, 0)]
    company.act("agent", ServiceRequest, second, inputs.Answer(answer=found.answer))
    assert [(each.used, each.helped) for each in offer(company, "滤网清洗")] == [(1, 1)]
    company.register(kind="complaint", symptom="没洗干净", now=NOW)
    assert len(company.rows(ArticleUse, failed_at=None)) == 1
    assert company.see("auditor", proof.verify) == ()


def test_what_the_customer_complains_about_has_not_helped(company: Company) -> None:
    id = articles.published(company)
    command = {"kind": "consultation", "symptom": "滤网怎么清洗", "answer": "冲洗"}
    registered = company.do(
        "agent", uses.register, parse(intake.Register, REPAIR | command), article_ids=[id]
    )
    assert [(each.used, each.helped) for each in offer(company, "滤网清洗")] == [(1, 1)]

    def complain(uow: Any) -> None:
        case = uow.session.get_one(ServiceRequest, registered.id)
        about = {name: getattr(case, name) for name in ("customer_id", "channel", "priority")}
        facts = {"kind": "complaint", "symptom": "没用", "origin_id": case.id} | about
        intake.open_request(uow, **facts | {"kind": intake.RequestKind.COMPLAINT})

    company.do("agent", complain)
    assert [(each.used, each.helped) for each in offer(company, "滤网清洗")] == [(1, 0)]
    (used,) = company.see("agent", uses.of_case, case_id=registered.id)
    assert (used.said, used.failed) == (False, True)
    # What somebody says of a case in hand counts before it is over.
    other = asked(company, "滤网怎么清洗")
    company.do("technician", uses.tell_helpful, case_id=other, article_id=id)
    assert [(each.used, each.helped) for each in offer(company, "滤网清洗")] == [(2, 1)]
    # Nobody takes a draft, or what is not there; nobody for a case out of sight.
    for who, case_id, article_id in (
        ("agent", other, 424242),
        ("agent", other, articles.draft(company)),
        ("agent.stranger", other, id),
    ):
        with pytest.raises(NotFound):
            company.do(who, uses.take, case_id=case_id, article_id=article_id)


def test_a_new_edition_takes_the_place_of_the_old_one_when_it_is_published(
    company: Company,
) -> None:
    id = articles.published(company)
    company.do("agent", uses.take, case_id=asked(company, "清洗"), article_id=id)
    seen = company.get(Article, id).version
    company.act("agent", Article, id, ReviseArticle(note="换了新滤网"))
    with pytest.raises(Stale):  # two begin at once
        company.act("manager", Article, id, ReviseArticle(note="我也改"), seen_version=seen)
    again = lambda: company.act("manager", Article, id, ReviseArticle(note="x"))  # noqa: E731
    assert wrong(company, again) == {"note": "being_revised"}
    (draft,) = company.rows(Article, edition=2)
    assert (draft.number, draft.answer) == (company.get(Article, id).number, TEXTS["answer"])
    assert company.see("agent", view.view, id=id).under_way_id == draft.id
    new = parse(EditArticle, TEXTS | {"answer": "用软刷清洗"})
    company.act("agent", Article, draft.id, new)
    assert [each.answer for each in offer(company, "滤网清洗")] == [TEXTS["answer"]]
    company.act("leader", Article, draft.id, CheckArticle())
    version = company.get(Article, draft.id).version
    publish = PublishArticle(valid_until=TODAY + 9 * DAY)
    company.act("manager", Article, draft.id, publish, seen_version=version)
    with pytest.raises(Stale):  # two publish at once
        company.act("leader", Article, draft.id, publish, seen_version=version)
    assert company.get(Article, id).status is ArticleStatus.REPLACED
    (found,) = offer(company, "滤网清洗")
    assert (found.answer, found.used) == ("用软刷清洗", 1)
    company.act("manager", Article, draft.id, WithdrawArticle(note="停产"))
    assert offer(company, "滤网清洗") == []
    part = lambda which: company.see("agent", lists.listed, part=which).total  # noqa: E731
    assert [part(each) for each in ArticlePart] == [0, 0, 2]
    facts = [fact for fact, _old, _new in company.history("article", draft.id)]
    assert facts == ["written", "edited", "checked", "published", "withdrawn"]


def test_bad_input_is_answered_and_nothing_is_written(company: Company) -> None:
    draft = lambda **said: wrong(company, lambda: articles.draft(company, **said))  # noqa: E731
    assert draft(answer="", question=" ") == {"answer": "missing", "question": "missing"}
    assert draft(answer="字" * 50_000) == {"answer": "string_too_long"}
    unknown = {"product_id": 424242, "case_class": "nonsense"}
    assert draft(**unknown) == dict.fromkeys(unknown, "not_an_option")
    assert company.rows(Article) == []
    with pytest.raises(NotAllowed):
        articles.draft(company, who="finance")
    id = articles.draft(company, headline="<b>粗</b>", answer="<script>alert(1)</script>")
    assert company.get(Article, id).answer == "<script>alert(1)</script>"
    company.act("manager", Article, id, CheckArticle())
    past = PublishArticle(valid_until=TODAY - DAY)
    assert wrong(company, lambda: company.act("manager", Article, id, past)) == {
        "valid_until": "in_the_past"
    }
    company.act("leader", Article, id, SendBackArticle(note="写清楚"))
    with pytest.raises(WrongStatus):
        company.act("leader", Article, id, PublishArticle(valid_until=TODAY))
    # Whoever changes a draft has written in it, and does not check it.
    company.act("leader", Article, id, parse(EditArticle, TEXTS))
    with pytest.raises(NotAllowed):
        company.act("leader", Article, id, CheckArticle())
    told = [(row.kind, row.data["fact"]) for row in company.rows(Notice)]
    assert told == [(NoticeKind.PLAN_DECIDED, "article.sent_back")]


def test_the_keeper_is_told_before_it_ends_and_past_its_day_it_is_not_offered(
    company: Company,
) -> None:
    id = articles.published(company, days=15)
    sweep.run(company.engine, now=NOW)
    assert company.rows(Notice, kind=NoticeKind.RENEWAL) == []
    for _ in range(2):
        sweep.run(company.engine, now=NOW + DAY)
    (notice,) = company.rows(Notice, kind=NoticeKind.RENEWAL)
    assert (notice.person_id, notice.data["article"]) == (company["agent"].id, id)
    assert len(offer(company, "滤网清洗", now=NOW + 15 * DAY)) == 1
    late = {"now": NOW + 16 * DAY}
    assert offer(company, "滤网清洗", **late) == []
    assert company.see("agent", view.view, id=id, **late).is_over
    assert company.see("agent", lists.listed, part=ArticlePart.OVER, **late).total == 1


def test_the_same_product_and_fault_come_first_and_technicians_have_their_own(
    company: Company,
) -> None:
    case_id, _job = company.dispatched(symptom="甩干时内筒异响", fault_area="noise")
    (product,) = company.rows(Product)
    said = {"question": "甩干异响怎么办", "answer": "调平"}
    general = articles.published(company, headline="一般", **said)
    own = articles.published(company, headline="本机", product_id=product.id, **said)
    guide = articles.published(
        company,
        headline="拆机步骤",
        question="更换减震器",
        article_kind="guidance",
        product_id=product.id,
        fault_area="noise",
    )
    about = {"brand": product.brand, "model": product.model}
    assert [each.id for each in offer(company, "内筒异响", **about)] == [own, general]
    assert [each.id for each in offer(company, "内筒异响", brand="美的", model="X")] == [
        general,
        own,
    ]
    # Guidance for the product and the fault, in whatever words; not beside the customer's question.
    guided = company.see("technician", offers.guidance, case_id=case_id)
    assert [each.id for each in guided] == [guide]
    # The name of the product makes no two questions alike.
    assert offer(company, f"{product.brand}{product.model}", **about) == []


def test_a_question_is_asked_of_the_index_in_three_statements(company: Company) -> None:
    articles.published(company)
    answered(company, "滤网怎么清洗")
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(company.engine, "before_cursor_execute", note)
    try:
        for text, costs in (("", 0), ("滤网怎么清洗", 3)):
            seen.clear()
            company.see("agent", offers.known, asked=Asked(text))
            assert len([one for one in seen if one.startswith(("SELECT", "WITH"))]) == costs
    finally:
        event.remove(company.engine, "before_cursor_execute", note)


def test_what_is_asked_often_and_has_no_article_is_listed(company: Company) -> None:
    often = [
        asked(company, text) for text in ("洗衣机怎么预约时间", "预约时间怎么设", "怎样预约时间")
    ]
    often.append(answered(company, "预约时间在哪里设"))
    for text in ("滤网怎么清洗", "滤网如何清洗"):
        asked(company, text)
    asked(company, "预约时间怎么设", who="agent.stranger", station_id=company.SOUTH)
    (gap,) = company.see("agent", gaps.gaps)
    assert [id for id, _number in gap.cases] == often[::-1]
    assert gap.answered is not None and gap.answered[0] == often[-1]
    assert company.see("manager", gaps.gaps)[0].cases[0][0] > often[-1]
    assert company.see("agent.stranger", gaps.gaps) == ()
    with pytest.raises(NotAllowed):
        company.see("finance", gaps.gaps)
    articles.published(company, headline="预约时间", question="怎么预约时间")
    assert company.see("agent", gaps.gaps) == ()


def test_an_article_is_found_by_number_and_words_and_learns_from_what_it_answered(
    company: Company,
) -> None:
    id = articles.published(company)
    find = lambda text: [row.id for row in company.see(  # noqa: E731
        "finance", lists.listed, part=ArticlePart.IN_FORCE, filters=Filter(text)
    ).rows]  # fmt: skip
    number = company.get(Article, id).number
    assert find(number.lower()) == find("滤网") == find("清水 晾干") == find("洗") == [id]
    assert find("压缩机") == find("100%") == []
    guides = Filter(kind=ArticleKind.GUIDANCE)
    assert company.see("agent", lists.listed, part=ArticlePart.IN_FORCE, filters=guides).total == 0
    assert offer(company, "网罩积灰堵住了") == []
    case_id = answered(company, "网罩积灰", customer_name="网罩公司")
    company.do("agent", uses.take, case_id=case_id, article_id=id)
    assert [each.id for each in offer(company, "网罩积灰堵住了")] == [id]


def test_what_an_article_says_or_learnt_of_a_person_goes_with_the_person(company: Company) -> None:
    name = "欧阳小明"
    case_id = answered(company, f"{name}的网罩积灰", "擦净", customer_name=name)
    of = company.get(ServiceRequest, case_id)
    said = {"question": f"{name}的网罩", "names_nobody": True}
    id = articles.let_out(company, articles.draft(company, case_id=case_id, **said))
    other = articles.published(company, headline="积灰")
    for taken in (id, other):
        company.do("agent", uses.take, case_id=case_id, article_id=taken)
    assert name in everything(company) and spelled(name) in everything(company)
    erase(company, id=of.customer_id)
    assert name not in everything(company) and spelled(name)[:-2] not in everything(company)
    assert company.get(Article, id).question == "**的网罩"
    assert [each.id for each in offer(company, "网罩积灰")] == [id, other]
    assert company.see("auditor", proof.verify) == ()


def test_pictures_belong_to_a_draft_and_go_on_with_the_next_edition(
    company: Company, files: Any
) -> None:
    id = articles.draft(company)
    add = lambda who, content: company.do(  # noqa: E731
        who, pictures.add, article_id=id, name="滤网.png", content=content
    )
    first = add("agent", PNG)
    assert add("agent", PNG) == first
    with pytest.raises(Refused):
        add("agent", PDF)
    with pytest.raises(NotFound):
        add("agent.colleague", PNG)
    assert company.see("agent", pictures.content, id=first) == PNG
    articles.let_out(company, id)
    with pytest.raises(WrongStatus):
        add("agent", PNG + b"x")
    company.act("agent", Article, id, ReviseArticle(note="新图"))
    (draft,) = company.rows(Article, edition=2)
    (picture,) = company.see("agent", pictures.of_article, article_id=draft.id)
    assert picture.picture is not None
    company.do("agent", pictures.remove, id=picture.id)
    assert [row.article_id for row in company.rows(ArticlePicture)] == [id]
    facts = [fact for fact, _old, _new in company.history("article", draft.id)]
    assert facts == ["written", "picture_removed"]
    assert WriteArticle.name == "write_article"

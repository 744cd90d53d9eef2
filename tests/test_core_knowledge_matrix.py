"""Articles: every action in every state by everybody, told by hand."""

from functools import partial

import pytest

from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from core.knowledge.actions import PROCESS
from core.knowledge.inputs import (
    CheckArticle,
    EditArticle,
    PublishArticle,
    ReviseArticle,
    SendBackArticle,
    WithdrawArticle,
)
from db.codes import ArticleStatus
from tests import stored_rows
from tests.articles import TEXTS, TODAY, article
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

EDITORS = "support quality handler manager leader"
AUTHORS = f"agent dispatcher technician {EDITORS}"
OPEN = "draft checked"
cell = partial(Cells, kinds="article")
CELLS = (
    cell("edit_article", "edited", OPEN, "draft", AUTHORS),
    cell("check_article", "checked", "draft", "checked", EDITORS, not_for="own_article"),
    cell("send_back_article", "sent_back", OPEN, "draft", EDITORS, not_for="own_article"),
    cell("publish_article", "published", "checked", "published", EDITORS),
    cell("revise_article", "revised", "published", None, AUTHORS),
    cell("withdraw_article", "withdrawn", OPEN, "withdrawn", AUTHORS),
    cell("withdraw_article", "withdrawn", "published", "withdrawn", EDITORS),
)
NOTE = {"note": "说明"}
SAMPLES = (
    EditArticle(**TEXTS),
    CheckArticle(),
    SendBackArticle(**NOTE),
    PublishArticle(valid_until=TODAY),
    ReviseArticle(**NOTE),
    WithdrawArticle(**NOTE),
)


@pytest.mark.parametrize("keeper", ["agent", "support"])
@pytest.mark.parametrize("status", ArticleStatus)
def test_an_article_moves_as_the_table_says(
    sqlite_company: Company, status: ArticleStatus, keeper: str
) -> None:
    company = sqlite_company
    mine = company[keeper].id
    everybody = [actor for name, actor in company.people.items() if actor.id is not None]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        facts = {"keeper_id": mine, "writers": [mine]}
        row = stored_rows.add(uow.session, article(company, status, **facts))
        was_out = status in (ArticleStatus.PUBLISHED, ArticleStatus.REPLACED)
        seen = [each.id for each in everybody if was_out or each.role in EDITORS.split()]
        hidden = [each.id for each in everybody if each.id not in (*seen, mine)]
        stand = Stand(
            PROCESS,
            row,
            status.value,
            "article",
            None,
            CELLS,
            {"own_article": [mine]},
            shown_to=[*seen, mine],
            hidden_from=hidden,
        )
        check_stand(uow, stand, everybody, SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(PROCESS, SAMPLES, CELLS)

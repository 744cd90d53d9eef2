"""Articles: written, checked by somebody else, published, revised, withdrawn."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from core.customers import catalogue
from core.kernel import numbers
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import growing, wordings
from core.knowledge.inputs import (
    CheckArticle,
    EditArticle,
    PublishArticle,
    ReviseArticle,
    SendBackArticle,
    WithdrawArticle,
    WriteArticle,
)
from core.knowledge.rules import PUBLISHED, RULES, UNDER_WAY, WRITE, articles
from core.norms.revisions import in_force, norm_of
from core.process import changes, workflow
from core.process.permissions import require
from core.process.rules import Done, Process
from db.tables import Article, ArticlePicture, ServiceRequest

SERIES = "KB"
# How long an article is valid where nobody says otherwise.
USUAL = timedelta(days=365)
SAME = ("headline", "question", "answer", "product_id", "fault_area")


def write(uow: UnitOfWork, command: WriteArticle, *, case_id: int | None = None) -> int:
    """Write an article down as a draft, of a case's answer or of nothing; gives its id."""
    require(uow, WRITE)
    case = growing.case_of(uow, case_id) if case_id else None
    growing.refuse_names(uow, case, command)
    _refuse_unknown(uow, command)
    me = _me(uow)
    row = Article(
        number=f"{SERIES}{numbers.next_value(uow.session, SERIES):04d}",
        edition=1,
        request_id=case.id if case else None,
        keeper_id=me,
        writers=[me],
        **_values(command),
    )
    _begin(uow, row)
    return row.id


def products(uow: UnitOfWork, _article: Any = None) -> Mapping[int, str]:
    """What an article may be about."""
    return catalogue.names(uow)


def classes(uow: UnitOfWork, _article: Any = None) -> Mapping[str, str]:
    """The classes of the rule book in force."""
    language = uow.actor.language
    return {each.name: each.text[language] for each in norm_of(in_force(uow)).classes}


def _me(uow: UnitOfWork) -> int:
    assert uow.actor.id is not None  # whoever has the permission is somebody
    return uow.actor.id


def _values(command: EditArticle) -> dict[str, Any]:
    same = {name: getattr(command, name) for name in SAME}
    return same | {"kind": command.article_kind, "case_class": command.case_class or ""}


def _refuse_unknown(uow: UnitOfWork, command: EditArticle) -> None:
    offers: dict[str, Mapping[Any, str]] = {"product_id": products(uow), "case_class": classes(uow)}
    chosen = {name: getattr(command, name) for name in offers}
    wrong = [name for name, each in chosen.items() if each and each not in offers[name]]
    if wrong:
        raise InvalidInput(*(Problem(name, "not_an_option") for name in wrong))


def _begin(uow: UnitOfWork, row: Article) -> None:
    said = f"{row.number} {row.headline}"
    workflow.begin(uow, PROCESS, row, Done(note=said, data={"edition": row.edition}))
    wordings.remember(uow, [row])


def _edit(uow: UnitOfWork, row: Article, command: EditArticle) -> Done:
    case = uow.session.get(ServiceRequest, row.request_id) if row.request_id else None
    known = growing.case_of(uow, case.id) if case else None
    growing.refuse_names(uow, known, command)
    data = changes.write(row, _values(command))
    row.writers = [*dict.fromkeys([*row.writers, _me(uow)])]
    row.checked_by_id = None
    uow.session.flush()
    wordings.remember(uow, [row])
    return Done(data=data)


def _check(uow: UnitOfWork, row: Article, command: CheckArticle) -> Done:
    with uow.session.no_autoflush:  # a draft is checked by nobody yet
        row.checked_by_id = _me(uow)
    return Done(note=command.note)


def _send_back(_uow: UnitOfWork, row: Article, command: SendBackArticle) -> Done:
    row.checked_by_id = None
    return Done(note=command.note)


def _publish(uow: UnitOfWork, row: Article, command: PublishArticle) -> Done:
    if command.valid_until < uow.today:
        raise InvalidInput(Problem("valid_until", "in_the_past"))
    row.valid_until, row.published_at = command.valid_until, uow.now
    before = select(Article).where(Article.number == row.number, Article.status == PUBLISHED)
    if old := uow.session.scalar(before.with_for_update(of=Article)):
        workflow.advance(uow, PROCESS, old, "replaced", Done(data={"edition": row.edition}))
    return Done(data={"valid_until": command.valid_until.isoformat()})


def _revise(uow: UnitOfWork, row: Article, command: ReviseArticle) -> Done:
    of_it = Article.number == row.number
    if uow.session.scalar(select(Article.id).where(of_it, Article.status.in_(UNDER_WAY))):
        raise InvalidInput(Problem("note", "being_revised"))
    last = uow.session.scalar(select(func.max(Article.edition)).where(of_it)) or 0
    me, copied = _me(uow), (*SAME, "kind", "case_class", "request_id", "number")
    same = {name: getattr(row, name) for name in copied}
    draft = Article(**same, edition=last + 1, keeper_id=me, writers=[me])
    _begin(uow, draft)
    kept = uow.session.scalars(select(ArticlePicture).where(ArticlePicture.article_id == row.id))
    for each in kept.all():
        facts = {"digest": each.digest, "name": each.name, "mime": each.mime}
        uow.session.add(ArticlePicture(article_id=draft.id, **facts))
    return Done(note=command.note, data={"edition": draft.edition})


def _withdraw(_uow: UnitOfWork, _row: Article, command: WithdrawArticle) -> Done:
    return Done(note=command.note)


PROCESS = Process(
    subject="article",
    rules=RULES,
    effects={
        EditArticle: _edit,
        CheckArticle: _check,
        SendBackArticle: _send_back,
        PublishArticle: _publish,
        ReviseArticle: _revise,
        WithdrawArticle: _withdraw,
    },
    select=articles,
    table=Article,
    case_id=lambda row: None,
    options={"products": products, "article_classes": classes},
    proposals={
        EditArticle: lambda _uow, row: {
            "article_kind": row.kind,
            "case_class": row.case_class or None,
        },
        PublishArticle: lambda uow, _row: {"valid_until": uow.today + USUAL},
    },
)

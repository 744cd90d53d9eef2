"""Who is told of an article: its keeper, when it ends soon, and of what became of a draft."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.knowledge.rules import PUBLISHED
from core.notices import notices, receivers
from core.notices.notices import Told
from core.process.rules import Done
from db.codes import NoticeKind, Role
from db.tables import Article, Person

# So long before its last day, so many in one sweep.
BEFORE, MOST = timedelta(days=14), 100
ENDING_FACT = "article.ending"


def ending(uow: UnitOfWork) -> Sequence[int]:
    """The articles in force that end soon, and whose keepers were not told."""
    query = select(Article.id).where(Article.status == PUBLISHED, Article.told_ending_at.is_(None))
    soon = query.where(Article.valid_until <= uow.today + BEFORE)
    return uow.session.scalars(soon.order_by(Article.id).limit(MOST)).all()


def tell_ending(uow: UnitOfWork, article_id: int) -> None:
    """The keeper of an article is told that it ends; where they have left, the managers."""
    query = select(Article).where(Article.id == article_id).with_for_update(of=Article)
    row = uow.session.scalars(query).one()
    if row.told_ending_at is not None or row.valid_until is None:
        return  # another sweep was faster
    row.told_ending_at = uow.now
    keeper = uow.session.get_one(Person, row.keeper_id)
    people = [keeper.id] if keeper.active else receivers.everywhere(uow, [Role.MANAGER])
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.RENEWAL,
        source=f"{ENDING_FACT}:{row.id}",
        data=_about(row) | {"fact": ENDING_FACT, "until": row.valid_until.isoformat()},
    )


def decided(_uow: UnitOfWork, row: Article, done: Done) -> Iterator[Told]:
    """Whoever keeps an article is told that it was sent back, or published."""
    yield Told(NoticeKind.PLAN_DECIDED, [row.keeper_id], _about(row) | {"note": done.note})


def _about(row: Article) -> dict[str, str | int]:
    return {"article": row.id, "headline": row.headline}

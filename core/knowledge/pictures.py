"""Pictures of an article, kept outside the database as the files of cases are."""

from dataclasses import dataclass

from sqlalchemy import select

from core.kernel import previews
from core.kernel.errors import NotFound, WrongStatus
from core.kernel.given_files import AttachmentRefused, checked_type, enter, plain_name, stored
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge.actions import PROCESS
from core.knowledge.rules import NEW, READ, WRITE, articles
from core.process import history, workflow
from core.process.permissions import require
from db import files
from db.tables import Article, ArticlePicture
from db.types import LARGEST_ID

MOST = 12


@dataclass(frozen=True)
class PictureView:
    """A picture of an article, small; none where it is missing or cannot be drawn."""

    id: int
    name: str
    picture: bytes | None


def add(uow: UnitOfWork, *, article_id: int, name: str, content: bytes) -> int:
    """Add a picture to a draft; the same one again is the one that is there."""
    require(uow, WRITE)
    row = _draft(uow, article_id)
    mime = checked_type(content)
    if not mime.startswith("image/"):
        raise AttachmentRefused(reason="unknown_type")
    digest = files.keep(content)
    of_it = ArticlePicture.article_id == row.id
    picture = ArticlePicture(
        article_id=row.id, digest=digest, name=plain_name(name, mime), mime=mime
    )
    there = enter(uow.session, picture, of_it, most=MOST)
    if there is picture:
        _record(uow, row, "picture_added", {"name": picture.name, "sha256": digest})
    return there.id


def remove(uow: UnitOfWork, *, id: int) -> None:
    """Take a picture out of a draft; editions before keep theirs."""
    require(uow, WRITE)
    picture = uow.session.get(ArticlePicture, id) if 0 < id <= LARGEST_ID else None
    if picture is None:
        raise NotFound(subject="attachment", id=id)
    row = _draft(uow, picture.article_id)
    uow.session.delete(picture)
    _record(uow, row, "picture_removed", {"name": picture.name, "sha256": picture.digest})


def of_article(uow: UnitOfWork, *, article_id: int) -> tuple[PictureView, ...]:
    """The pictures of an article that the actor may see, in the order in which they came."""
    require(uow, READ)
    seen = articles(uow.actor).with_only_columns(Article.id).where(Article.id == article_id)
    query = select(ArticlePicture).where(ArticlePicture.article_id.in_(seen))
    rows = uow.session.scalars(query.order_by(ArticlePicture.id)).all()
    drawn = previews.of([row.digest for row in rows], now=uow.now)
    return tuple(PictureView(row.id, row.name, drawn.get(row.digest)) for row in rows)


def content(uow: UnitOfWork, *, id: int) -> bytes:
    """The picture as it was given; AttachmentLost where it is not as it was."""
    require(uow, READ)
    seen = articles(uow.actor).with_only_columns(Article.id)
    query = select(ArticlePicture).where(ArticlePicture.article_id.in_(seen))
    known = 0 < id <= LARGEST_ID
    row = uow.session.scalar(query.where(ArticlePicture.id == id)) if known else None
    if row is None:
        raise NotFound(subject="attachment", id=id)
    return stored(row.name, row.digest)


def _draft(uow: UnitOfWork, article_id: int) -> Article:
    row: Article = workflow.fetch(uow, PROCESS, article_id, lock=True)
    if row.status not in NEW:
        raise WrongStatus(subject="article", status=row.status.value, action="picture")
    if uow.actor.id not in row.writers:  # a picture is written too
        row.writers = [*row.writers, uow.actor.id]
    return row


def _record(uow: UnitOfWork, row: Article, action: str, data: dict[str, str]) -> None:
    history.record(uow, subject="article", subject_id=row.id, action=action, data=data)

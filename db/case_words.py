"""The words in which cases were told."""

from typing import Any

from sqlalchemy import Connection, Select, select

from db.tables import ServiceRequest
from db.words import WordIndex, fold, pieces, spelled, words

__all__ = ["INDEX", "case_words", "fill", "fold", "pieces", "spelled", "words", "write"]

BATCH = 1_000
NAME = "case_words"
INDEX = WordIndex(NAME, "request_id")
case_words, write = INDEX.table, INDEX.write


def fill(connection: Connection) -> None:
    """Keep the words of all cases, a batch at a time: after the index was made or lost."""
    last = 0
    while rows := connection.execute(_after(last)).all():
        write(connection, [(id, symptom) for id, symptom in rows])
        last = rows[-1].id


def _after(id: int) -> Select[Any]:
    request = ServiceRequest.__table__.c
    query = select(request.id, request.symptom).where(request.id > id)
    return query.order_by(request.id).limit(BATCH)

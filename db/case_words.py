"""The words of cases, in pieces that both databases can look up: Chinese has no blanks.

Most Chinese words have two characters (异响), and the indexes that databases bring along cut a
text into pieces of three. So each character is kept together with the one after it, and the last
one of a run stands alone: 晚上异响 gives 晚上, 上异, 异响, 响. A word of a text is then a row of
pieces that follow each other, and never reaches from one run of characters into the next.

Below it are an FTS5 table on SQLite and an array index (GIN) on PostgreSQL.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql

from db.tables import ServiceRequest

NAME = "case_words"
BATCH = 1_000
RUN = re.compile(r"[^\W_]+")

# Not among the declared tables: Alembic knows no FTS5, and would take the tables that SQLite keeps
# below it (case_words_data …) for forgotten ones. FTS5 calls its only key `rowid`, PostgreSQL
# follows it, and so one statement serves both.
case_words = Table(
    NAME,
    MetaData(),
    Column("rowid", Integer, key="request_id", primary_key=True, autoincrement=False),
    Column("pieces", Text, nullable=False),
)


def is_declared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares what it finds under this name: not what belongs to the index."""
    return kind != "table" or not (name or "").startswith(NAME)


def fold(text: str) -> str:
    """A text as it is compared: half width, no capitals, one spelling for each sign (NFKC)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> tuple[str, ...]:
    """The runs of letters and digits of a folded text, each once; other signs only part them."""
    return tuple(dict.fromkeys(RUN.findall(fold(text))))


def pieces(word: str) -> list[str]:
    """The pairs of neighbours of a word: none for a single character."""
    return [word[at : at + 2] for at in range(len(word) - 1)]


def spelled(text: str) -> str:
    """What the index keeps of a text: the pieces of its runs, parted by blanks."""
    return " ".join(piece for run in RUN.findall(fold(text)) for piece in (*pieces(run), run[-1]))


def holds_all(dialect: Dialect, words: Sequence[str]) -> ColumnElement[bool]:
    """Cases that hold every one of these words; at least one is given."""
    if dialect.name == "sqlite":
        return _match(" AND ".join(map(_phrase, words)))
    found = [piece for word in words for piece in pieces(word)]
    # The index knows which pieces a case holds, and the text of the pieces in which order. It has
    # nothing for a single character: then all the texts are read.
    held = [_PIECES.op("@>", is_comparison=True)(_array(found))] if found else []
    ordered = [" ".join(pieces(word)) or word for word in words if len(word) != 2]
    return and_(*held, *(case_words.c.pieces.contains(each) for each in ordered))


def holds_any(dialect: Dialect, found: Sequence[str]) -> ColumnElement[bool]:
    """Cases that hold at least one of these pieces."""
    if dialect.name == "sqlite":
        return _match(" OR ".join(map(_phrase, found)))
    return _PIECES.op("&&", is_comparison=True)(_array(found))


def write(connection: Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Keep the words of cases, by request id; what was kept of them before is replaced."""
    rows = [{"request_id": id, "pieces": spelled(text)} for id, text in texts]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # FTS5 knows REPLACE, and no ON CONFLICT.
        connection.execute(insert(case_words).prefix_with("OR REPLACE"), rows)
        return
    added = postgresql.insert(case_words)
    replaced = {"pieces": added.excluded.pieces}
    connection.execute(added.on_conflict_do_update(index_elements=["rowid"], set_=replaced), rows)


def fill(connection: Connection) -> None:
    """Keep the words of all cases, a batch at a time: after the index was made or lost."""
    last = 0
    while rows := connection.execute(_after(last)).all():
        write(connection, [(id, symptom) for id, symptom in rows])
        last = rows[-1].id


# Written out as in the index, with no parameter: PostgreSQL uses the index for that only.
_PIECES: ColumnElement[Any] = literal_column("string_to_array(case_words.pieces, ' ')")


def _array(found: Sequence[str]) -> ColumnElement[Any]:
    return bindparam(None, list(found), ARRAY(Text))


def _match(query: str) -> ColumnElement[bool]:
    return case_words.c.pieces.op("MATCH", is_comparison=True)(query)


def _phrase(word: str) -> str:
    # Every character begins a piece, so that a single one is found by the beginning of pieces.
    # A word is made of letters and digits, and has no sign that FTS5 would take for its own.
    return f'"{" ".join(pieces(word))}"' if len(word) > 1 else f'"{word}" *'


def _after(id: int) -> Select[Any]:
    request = ServiceRequest.__table__.c
    query = select(request.id, request.symptom).where(request.id > id)
    return query.order_by(request.id).limit(BATCH)

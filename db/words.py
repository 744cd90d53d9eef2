"""Words of texts in pieces that both databases can look up: Chinese has no blanks.

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
    Table,
    Text,
    and_,
    bindparam,
    exists,
    false,
    insert,
    literal_column,
)
from sqlalchemy.dialects import postgresql

RUN = re.compile(r"[^\W_]+")
NAMES = ("case_words", "customer_words", "knowledge_words")
# Marks that nobody sees, beside the category of format signs.
UNSEEN = "\u034f\u115f\u1160\u180b\u180c\u180d"


def is_declared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares what it finds under this name: not what belongs to an index."""
    return kind != "table" or not (name or "").startswith(NAMES)


def fold(text: str) -> str:
    """A text as it is compared: half width, no capitals, one spelling for each sign (NFKC)."""
    if text.isascii():
        return text.casefold()
    seen = "".join(sign for sign in text if not is_unseen(sign))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def is_unseen(sign: str) -> bool:
    """Whether a sign is a mark that nobody sees: a zero-width blank, a direction, a selector."""
    is_selector = 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF
    return is_selector or sign in UNSEEN or unicodedata.category(sign) == "Cf"


def words(text: str) -> tuple[str, ...]:
    """The runs of letters and digits of a folded text, each once; other signs only part them."""
    return tuple(dict.fromkeys(RUN.findall(fold(text))))


def pieces(word: str) -> list[str]:
    """The pairs of neighbours of a word: none for a single character."""
    return [word[at : at + 2] for at in range(len(word) - 1)]


def spelled(text: str) -> str:
    """What the index keeps of a text: the pieces of its runs, parted by blanks."""
    return " ".join(piece for run in RUN.findall(fold(text)) for piece in (*pieces(run), run[-1]))


def index_table(name: str, key: str = "rowid") -> Table:
    """The table of an index, whose number is called by this key."""
    return Table(
        name,
        MetaData(),
        Column("rowid", Integer, key=key, primary_key=True, autoincrement=False),
        Column("pieces", Text, nullable=False),
    )


class WordIndex:
    """The words of one noun's texts, by its id."""

    def __init__(self, name: str, key: str) -> None:
        # Not among the declared tables: Alembic knows no FTS5, and would take the tables that
        # SQLite keeps below it (case_words_data …) for forgotten ones. FTS5 calls its only key
        # `rowid`, PostgreSQL follows it, and so one statement serves both.
        self.table = index_table(name, key)
        self.id: ColumnElement[int] = self.table.c[key]
        self._key = key
        # Written out as in the index, with no parameter: PostgreSQL uses the index for that only.
        self._array: ColumnElement[Any] = literal_column(f"string_to_array({name}.pieces, ' ')")

    def holds_all(self, dialect: Dialect, words: Sequence[str]) -> ColumnElement[bool]:
        """Texts that hold every one of these words; at least one is given."""
        long = [word for word in words if len(word) > 1]
        if dialect.name == "sqlite":
            if not long:
                return self._match(" AND ".join(map(_phrase, words)))
            # Very many pieces begin with one character: it is looked for in what holds the rest.
            single = [self.table.c.pieces.contains(word) for word in words if len(word) == 1]
            return and_(self._match(" AND ".join(map(_phrase, long))), *single)
        found = [piece for word in long for piece in pieces(word)]
        # The index knows which pieces a text holds, and the text of the pieces in which order. It
        # has nothing for a single character: then all the texts are read.
        held = [self._array.op("@>", is_comparison=True)(_array(found))] if found else []
        ordered = [" ".join(pieces(word)) or word for word in words if len(word) != 2]
        return and_(*held, *(self.table.c.pieces.contains(each) for each in ordered))

    def holds_any(self, dialect: Dialect, found: Sequence[str]) -> ColumnElement[bool]:
        """Texts that hold at least one of these pieces."""
        if dialect.name == "sqlite":
            return self._match(" OR ".join(map(_phrase, found)))
        return self._array.op("&&", is_comparison=True)(_array(found))

    def said_of(self, id: Any, words: Sequence[str]) -> ColumnElement[bool]:
        """The same question as `holds_all`, for records that are few: each looks its own up.

        An index of all texts is the wrong way into a hundred open cases: planners then read either
        all hits or all cases.
        """
        if not words:
            return false()
        kept = self.table.c.pieces
        said = (kept.contains(" ".join(pieces(word)) or word) for word in words)
        return exists().where(self.id == id, *said)

    def write(self, connection: Connection, texts: Iterable[tuple[int, str]]) -> None:
        """Keep the words of texts, by id; what was kept of them before is replaced."""
        rows = [{self._key: id, "pieces": spelled(text)} for id, text in texts]
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            # FTS5 knows REPLACE, and no ON CONFLICT.
            connection.execute(insert(self.table).prefix_with("OR REPLACE"), rows)
            return
        added = postgresql.insert(self.table)
        replaced = {"pieces": added.excluded.pieces}
        statement = added.on_conflict_do_update(index_elements=["rowid"], set_=replaced)
        connection.execute(statement, rows)

    def _match(self, query: str) -> ColumnElement[bool]:
        return self.table.c.pieces.op("MATCH", is_comparison=True)(query)


def _array(found: Sequence[str]) -> ColumnElement[Any]:
    return bindparam(None, list(found), ARRAY(Text))


def _phrase(word: str) -> str:
    # Every character begins a piece, so that a single one is found by the beginning of pieces.
    # A word is made of letters and digits, and has no sign that FTS5 would take for its own.
    return f'"{" ".join(pieces(word))}"' if len(word) > 1 else f'"{word}" *'

"""case words"""

from alembic import op

from db import case_words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQLITE = (
    # The ascii tokenizer takes every sign above ASCII for a letter: the pieces stay whole, whatever
    # Unicode this SQLite knows. Nothing ranks by the lengths of texts: no columnsize.
    "CREATE VIRTUAL TABLE case_words USING fts5(pieces, tokenize = 'ascii', columnsize = 0)",
)
POSTGRESQL = (
    "CREATE TABLE case_words ("
    " rowid INTEGER NOT NULL,"
    " pieces TEXT NOT NULL,"
    " CONSTRAINT pk_case_words PRIMARY KEY (rowid),"
    " CONSTRAINT fk_case_words_rowid_requests FOREIGN KEY (rowid)"
    " REFERENCES requests (id) ON DELETE CASCADE)",
    "CREATE INDEX ix_case_words_pieces ON case_words USING gin (string_to_array(pieces, ' '))",
)


def upgrade() -> None:
    connection = op.get_bind()
    statements = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)
    case_words.fill(connection)


def downgrade() -> None:
    op.execute("DROP TABLE case_words")

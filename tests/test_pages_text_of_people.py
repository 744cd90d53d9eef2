"""What people type is shown as they typed it: no link, icon, heading or code comes of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, String, Table, select, text, update
from sqlalchemy.exc import DBAPIError

from db.base import Base
from db.codes import Language
from db.tables import NormRevision
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import words
from tests import addresses
from tests.company_cast import Company, build, meet
from tests.conftest import Databases
from tests.screen import Screen

EVIL = " [evil](//evil)"
RAW = re.compile(r"(?<!\\)\[evil(?<!\\)\]")
# What Streamlit reads as Markdown, of any element, and of widgets whose choices are drawn as text.
READ = ("body", "label", "help", "text", "delta")
CHOICES = ("pills", "segmented_control", "radio")
# What they hold is compared, looked up or read by machines, or made by the tool; a telephone
# number is digits and some signs, wherever it comes from.
MACHINES = re.compile(
    r"(hash|digest|secret|token|key|_id|code|username|zone|language|kind|status|revision|path"
    r"|phone|contact_phone|requests\.number|limits\.name)$"
)
WORDS = {each.value for each in Language}
HARD = {
    "http://evil.example/x": ("http://evil.example/x",),
    "www.evil.example a@evil.example": ("www.evil.example a@evil.example",),
    ":material/delete: :smile:": (":material/delete: :smile:",),
    "x\n===": ("x", "==="),
    "x\n\n    y": ("x", "", "y"),
    "    y": ("y",),
    "a -> b -- c &lt; \\ 1. *x* _y_ `z` $z$ |": ("a -> b -- c &lt; \\ 1. *x* _y_ `z` $z$ |",),
}


def _filled(engine: Engine) -> None:
    build(engine)
    addresses.fill(meet(engine))
    with engine.begin() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(text(triggers)).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        for table in Base.metadata.sorted_tables:
            _spoil(connection, table)
        for revision in connection.execute(select(NormRevision.id, NormRevision.data)).all():
            book = update(NormRevision).where(NormRevision.id == revision.id)
            connection.execute(book.values(data=_spoilt(revision.data)))


def _spoilt(part: Any) -> Any:
    """A rule book whose own words are links, its clauses too where they are named."""
    if isinstance(part, dict):
        if part and part.keys() <= WORDS:
            return {speaks: said + EVIL if said else said for speaks, said in part.items()}
        return {name: _spoilt(each) for name, each in part.items()}
    return [_spoilt(each) for each in part] if isinstance(part, list) else part


def _spoil(connection: Any, table: Table) -> None:
    for column in table.columns:
        if type(column.type) is not String or MACHINES.search(str(column)):
            continue
        try:
            with connection.begin_nested():
                said = f'UPDATE {table.name} SET "{column.name}" = "{column.name}" || :evil'
                connection.execute(text(f"{said} WHERE \"{column.name}\" <> ''"), {"evil": EVIL})
        except DBAPIError:  # a rule of the table says what may stand there
            continue


@pytest.fixture
def sqlite_company(databases: Databases) -> Iterator[Company]:
    """A company in which every text of people is a link in Markdown."""
    with databases.fresh("sqlite", "spoilt", _filled) as engine:
        yield meet(engine)


def raw(screen: Screen) -> list[str]:
    """What is read as Markdown and holds the link as it was typed."""
    said = []
    for kind, element in _elements(screen.app._tree):
        proto = element.proto
        said += [
            getattr(proto, name, "") for name in READ if isinstance(getattr(proto, name, ""), str)
        ]
        if kind in CHOICES:
            said += [str(getattr(each, "content", each)) for each in proto.options]
    return [each for each in said if RAW.search(each)]


def _elements(node: Any) -> Iterator[tuple[str, Any]]:
    for child in getattr(node, "children", {}).values():
        if getattr(child, "proto", None) is not None:
            yield child.type, child
        yield from _elements(child)


@pytest.mark.parametrize("who", ["manager", "admin", "technician", "agent"])
def test_no_page_reads_what_people_typed_as_markdown(served: Company, who: str) -> None:
    screen = Screen(served, who)
    found: dict[str, list[str]] = {}
    for each in SCREENS:
        if not each.opens_to(served[who]):
            continue
        ids = addresses.PARAMETERS.get(each.file, {}).get("id")
        for id in [None, *(ids(served) if ids else ())]:
            screen.app.query_params.clear()
            screen.open(each.file, **({"id": id} if id else {}))
            found[f"{each.file} {id}"] = raw(screen)
    assert not {page: said for page, said in found.items() if said}
    assert len(found) > 5


def test_the_door_reads_nothing_either(served: Company) -> None:
    screen = Screen(served, None)
    assert "evil" in screen.texts
    assert not raw(screen)


@pytest.mark.parametrize("typed", HARD)
def test_what_was_typed_is_what_is_read(typed: str) -> None:
    lines = words.plain(typed).split("\\\n")
    bare = [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line.replace(":small[]", "")) for line in lines]
    assert tuple(bare) == HARD[typed]

"""Who sees what, role by role: a table that a person can read."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import streamlit as st

from core.codes import Role
from core.customers import again
from core.people import sights
from core.people.sights import Sight
from core.process import masked
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

YES = "✓"


class Page(Protocol):
    """A page of the menu, and what opens it."""

    @property
    def file(self) -> str:
        """Its code."""

    @property
    def permission(self) -> str:
        """What opens it."""

    @property
    def or_permission(self) -> str:
        """What opens it as well; empty for nothing."""


def show(pages: Iterable[Page]) -> None:
    """A line for what is seen and for each page, a column for each role."""
    found = gate.read(sights.sights)
    st.caption(
        _(
            "Of their own station: also cases that were given to them, and those of their jobs. "
            "Who belongs to no station sees all of them."
        )
    )
    rows = [
        _row(_("Cases"), {role: words.code(each.cases) for role, each in found.items()}),
        _row(_("Whole telephone numbers"), _marks(found, masked.CALLS)),
        _row(_("Archives of customers"), _marks(found, again.READS)),
        *(_page(each, found) for each in pages),
    ]
    st.dataframe(rows, hide_index=True, height=560, key="sights")


def _page(page: Page, found: Mapping[Role, Sight]) -> dict[str, str]:
    marks = _marks(found, page.permission, page.or_permission)
    return _row(_("Page: {page}", page=words.in_domain("page", page.file)), marks)


def _marks(found: Mapping[Role, Sight], *permissions: str) -> dict[Role, str]:
    return {role: YES if each.opens(*permissions) else "" for role, each in found.items()}


def _row(what: str, by_role: Mapping[Role, str]) -> dict[str, str]:
    return {_("What is seen"): what} | {words.code(role): said for role, said in by_role.items()}

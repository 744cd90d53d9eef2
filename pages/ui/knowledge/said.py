"""An article in words."""

import streamlit as st

from core.knowledge.offers import Offered
from pages.ui.kit import words
from pages.ui.kit.words import _

ICON = ":material/lightbulb:"


def counts(used: int, helped: int) -> str:
    """How often it was used, and how often that helped."""
    if not used:
        return _("not used yet")
    return _("used {used}, helped {helped}", used=used, helped=helped)


def common(found: tuple[str, ...]) -> str:
    """The words that two questions have in common."""
    return _("In common: {words}", words=words.listed(found)) if found else ""


def body(question: str, answer: str) -> None:
    """A question and its answer."""
    st.caption(words.plain(question))
    st.markdown(words.plain(answer))


def facts(row: Offered) -> str:
    """What speaks for an article that is offered."""
    parts = (row.product, counts(row.used, row.helped), common(row.words))
    return words.plain(" · ".join(part for part in parts if part))

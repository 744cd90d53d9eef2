"""The list of articles, and what is asked often and has none."""

import streamlit as st

from core.codes import ArticleKind
from core.knowledge import actions, gaps, lists
from core.knowledge.gaps import Gap
from core.knowledge.lists import ArticlePart, ArticleRow, Filter
from core.knowledge.rules import WRITE
from pages.ui.kit import filters, gate, places, words
from pages.ui.kit.lists import case_link, page_number, pick
from pages.ui.kit.words import _
from pages.ui.knowledge import said

NAME, GAPS = "knowledge", "gaps"
# So many of the cases behind a gap are named.
NAMED = 5


def show() -> None:
    """The part that is looked at; the way to a new article."""
    names = {part.value: words.code(part) for part in ArticlePart}
    may_write = gate.allowed(WRITE)
    if may_write:
        names |= {GAPS: _("Asked often, no article")}
    usual = ArticlePart.IN_FORCE.value
    part = filters.segments(NAME, "part", _("Which articles"), names, usual=usual)
    if part == GAPS:
        _gaps()
    else:
        _listed(ArticlePart(part))
    if may_write:
        places.link("knowledge", _("New article"), icon=":material/edit_note:", new="true")


def _listed(part: ArticlePart) -> None:
    chosen_filters = _filters()
    page = page_number(NAME)
    found = gate.read(lists.listed, part=part, filters=chosen_filters, page=page)
    rows = {row.id: _cells(row, part) for row in found.rows}
    hint = _("An article is made of the answer of a case, or written anew.")
    empty = _("No article here.")
    if chosen := pick(NAME, found, rows, empty=empty, hint=hint, are_cases=False, once=True):
        places.go("knowledge", id=str(chosen))


def _filters() -> Filter:
    with filters.bar():
        text = filters.text(NAME, label=_("Words, number"))
        kinds = {each: words.code(each) for each in ArticleKind}
        kind = filters.select(NAME, "article_kind", kinds)
        product = filters.select(NAME, "product_id", gate.read(actions.products))
    return Filter(text, kind, product)


def _cells(row: ArticleRow, part: ArticlePart) -> dict[str, str]:
    last = {words.field("valid_until"): words.day(row.valid_until)}
    if part is not ArticlePart.IN_FORCE:
        last = {words.field("status"): words.code(row.status)}
    return {
        words.field("headline"): row.headline,
        words.field("article_kind"): words.code(row.kind),
        words.field("product"): row.product,
        **last,
        _("Use"): said.counts(row.used, row.helped),
        words.field("keeper"): row.keeper,
        words.field("number"): row.number,
    }


def _gaps() -> None:
    found = gate.read(gaps.gaps)
    st.caption(_("Of half a year: questions that came three times or more, and took no article."))
    if not found:
        st.info(_("Nothing is asked often that has no article."), icon=":material/check_circle:")
    for gap in found:
        with st.container(border=True):
            _gap(gap)


def _gap(gap: Gap) -> None:
    times = words.n_("asked once", "asked {n} times", len(gap.cases))
    st.markdown(f"**{words.plain(gap.question)}** · {times}")
    about = (gap.product, words.code(gap.fault_area) if gap.fault_area else "")
    st.caption(words.plain(" · ".join(part for part in about if part)))
    with st.container(horizontal=True):
        for id, number in gap.cases[:NAMED]:
            case_link(id, number)
    if gap.answered:
        label = _("Make an article of the answer of {number}", number=gap.answered[1])
        places.link("knowledge", label, icon=said.ICON, case=str(gap.answered[0]))

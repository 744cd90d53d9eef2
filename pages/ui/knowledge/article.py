"""One article on a page of its own, found by its address: what it says, and what may be done."""

from functools import partial

import streamlit as st

from core.codes import ArticleStatus
from core.kernel.file_types import ENDINGS
from core.kernel.given_files import LARGEST, MEGABYTE
from core.knowledge import actions as process
from core.knowledge import pictures, view
from core.knowledge.rules import WRITE
from core.knowledge.view import ArticleView
from pages.ui.kit import actions, edits, filing, gate, headings, places, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _
from pages.ui.knowledge import said

DRAFT, PUBLISHED = ArticleStatus.DRAFT, ArticleStatus.PUBLISHED


def show(article_id: int) -> None:
    """The article, its pictures, its steps, and what was changed of it."""
    row = gate.read(view.view, id=article_id)
    headings.part(words.plain(row.headline))
    _standing(row)
    with st.container(border=True):
        st.markdown(f"**{words.plain(row.question)}**")
        st.markdown(words.plain(row.answer))
        _pictures(row)
    _facts(row)
    actions.barred(row.barred)
    actions.panel(
        process.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=row.actions,
        opened=row.status is not PUBLISHED,
    )
    names = {"product_id": gate.read(process.products)} if row.status is DRAFT else {}
    edits.show(gate.read(view.edits, id=row.id), names, key="article_edits")


def _standing(row: ArticleView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(words.code(row.status), color="green" if row.status is PUBLISHED else "gray")
        edition = _("edition {n}", n=row.edition)
        st.markdown(
            f"{words.plain(row.number)} · {edition} · {words.code(row.kind)}", width="content"
        )
    if row.is_over and row.status is PUBLISHED:
        st.warning(
            _("Its last day was {day}: it is not offered any more.", day=words.day(row.valid_until))
        )
    if row.in_force_id:
        label = _("The edition in force")
        places.link("knowledge", label, icon=said.ICON, id=str(row.in_force_id))
    if row.under_way_id:
        label = _("A new edition is being written")
        places.link("knowledge", label, icon=":material/edit_note:", id=str(row.under_way_id))


def _facts(row: ArticleView) -> None:
    facts(
        {
            words.field("product_id"): row.product,
            words.field("fault_area"): words.code(row.fault_area) if row.fault_area else "",
            words.field("case_class"): row.case_class,
            words.field("valid_until"): words.day(row.valid_until),
            words.field("keeper"): row.keeper,
            words.field("reviewed_by"): row.checked_by,
            _("Use"): said.counts(row.used, row.helped),
        },
        flowing=True,
    )
    if row.case:
        case_link(row.case[0], _("Of the answer of {number}", number=row.case[1]))


def _pictures(row: ArticleView) -> None:
    may_change = row.status is DRAFT and gate.allowed(WRITE)
    for each in gate.read(pictures.of_article, article_id=row.id):
        if each.picture:
            st.image(each.picture, caption=words.plain(each.name), alt=each.name)
        key = f"picture_{each.id}"
        with st.container(horizontal=True):
            content = gate.later(pictures.content, id=each.id)
            filing.hand_out(each.name, content, key=key)
            if may_change:
                filing.take_out(partial(pictures.remove, id=each.id), key=f"{key}_out")
    if may_change:
        filing.offer(
            f"article_picture_{row.id}",
            _("A picture, at most {megabytes} MB", megabytes=LARGEST // MEGABYTE),
            _("Add the picture"),
            [end for mime, ends in ENDINGS.items() if mime.startswith("image/") for end in ends],
            partial(pictures.add, article_id=row.id),
        )

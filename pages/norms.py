"""Norms 规范: the rule book as clauses, its draft in tables, the difference, the next revision."""

import streamlit as st

from core.rulebook import book as rulebook
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _
from pages.ui.rulebook import drafting, reading

headings.title(words.in_domain("page", "norms"))
in_force = gate.read(rulebook.current)
draft = gate.read(rulebook.draft)
parts = [_("Read"), _("Draft"), _("Difference"), _("Revisions and files")]
read, edit, compare, files = st.tabs(parts, key="norm_tabs", on_change="rerun")

if read.open:
    with read:
        reading.book(in_force)
if edit.open:
    with edit:
        if draft is None:
            drafting.offer_draft(in_force)
        else:
            drafting.edit(in_force, draft)
if compare.open:
    with compare:
        drafting.difference(in_force, draft)
if files.open:
    with files:
        drafting.revisions(in_force, draft)

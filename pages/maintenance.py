"""Maintenance 保养计划: what is looked after how often, what is due next, what is overdue."""

import streamlit as st

from core.maintenance import lists
from pages.ui.kit import filters, gate, headings, places, window, words
from pages.ui.kit.words import _
from pages.ui.maintenance import plan, plans, rounds

headings.title(words.in_domain("page", "maintenance"))
if window.is_narrow() and (alone := places.number("id")):
    places.link("maintenance", _("All maintenance plans"), icon=":material/arrow_back:")
    plan.show(gate.read(lists.view, id=alone))
    st.stop()

names = {"plans": _("Plans"), "rounds": _("Rounds")}
part = filters.segments("maintenance", "part", _("Plans or rounds"), names, usual="plans")
if part == "plans":
    plans.show()
else:
    rounds.show()

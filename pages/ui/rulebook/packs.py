"""The shipped rule packs, each said in a line: for whom it is, and what it contains."""

import streamlit as st

from core.norms import revisions
from pages.ui.kit import words
from pages.ui.kit.words import _


def titles() -> dict[str, str]:
    """What the packs are called, by name."""
    speaks = words.language()
    return {name: revisions.shipped(name).title[speaks] for name in revisions.pack_names()}


def show() -> None:
    """Every pack with its line."""
    lines = (
        f"- **{words.plain(title)}** {words.plain(line(name))}" for name, title in titles().items()
    )
    st.markdown("\n".join(lines))


def line(name: str) -> str:
    """For whom a pack is, and how much of what is in it."""
    norm = revisions.shipped(name)
    counts = (
        words.n_("One time limit", "{n} time limits", len(norm.limits)),
        words.n_("one class of cases", "{n} classes of cases", len(norm.classes)),
        words.n_("one check-list", "{n} check-lists", len(norm.check_lists)),
        words.n_("one return rule", "{n} return rules", len(norm.return_conditions)),
        words.n_("one clause", "{n} clauses", len(norm.clauses)),
    )
    return _("{about}. {counts}.", about=norm.about[words.language()], counts=_(", ").join(counts))

"""A product out of the catalogue; a new one is written down behind a switch of its own."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.customers import catalogue
from core.customers.catalogue import Catalogue
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

# What a widget is told, from the name of its field and what sets it apart: its key first of all.
Widget = Callable[[str, str], dict[str, Any]]
MOST = 120


def pick(widget: Widget, *names: str) -> dict[str, str]:
    """What was chosen or written down under these names: brand, model, and more of a new one.

    Nothing that is typed into a list makes a product: part of a brand is no brand.
    """
    known = gate.read(catalogue.known)
    told = widget("new_product", "")
    is_new = st.toggle(
        _("Not in the list: a new product"),
        value=not known and told["key"] not in st.session_state,
        **told,
    )
    if is_new:
        return _written(widget, names, required=("brand", "model") if known else ())
    brand, told = _chosen(widget, known, has_specification="specification" in names)
    return {name: text for name, text in ({"brand": brand} | told).items() if name in names}


def _chosen(
    widget: Widget, known: Catalogue, *, has_specification: bool
) -> tuple[str, dict[str, str]]:
    left, right = st.columns(2)
    with left:
        brand = _list("brand", list(known), widget("brand", ""))
    told = {}
    for model, texts in known.get(brand, {}).items():
        for text in texts if has_specification else ("",):
            told[f"{model} {text}".strip()] = {"model": model, "specification": text}
    with right:
        # A list for each brand: what was chosen of another one is not chosen of this.
        chosen = _list("model", list(told), widget("model", brand))
    return brand, told.get(chosen, {"model": "", "specification": ""})


def _list(name: str, options: list[str], told: dict[str, Any]) -> str:
    if st.session_state.get(told["key"]) not in options:
        st.session_state.pop(told["key"], None)  # kept from before, and not in the list any more
    chosen = st.selectbox(words.field(name), options, index=None, placeholder=_("Choose"), **told)
    return chosen or ""


def _written(
    widget: Widget, names: tuple[str, ...], *, required: tuple[str, ...]
) -> dict[str, str]:
    columns = st.columns(len(names))
    typed = {}
    for name, column in zip(names, columns, strict=True):
        with column:
            typed[name] = st.text_input(
                words.field(name) + " *" * (name in required),
                max_chars=MOST,
                **{"on_change": "ignore", **widget(name, "new")},
            )
    return typed

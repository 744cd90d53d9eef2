"""A product out of the catalogue; a new one is written down behind a switch of its own."""

from collections.abc import Callable

import streamlit as st

from core.customers import catalogue
from core.customers.catalogue import Catalogue
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

# The key of a widget, from the name of its field and what sets it apart.
Key = Callable[[str, str], str]
MOST = 120


def pick(key: Key, *names: str) -> dict[str, str]:
    """What was chosen or written down under these names: brand, model, and more of a new one.

    Nothing that is typed into a list makes a product: part of a brand is no brand.
    """
    known = gate.read(catalogue.known)
    is_new = st.toggle(
        _("Not in the list: a new product"),
        value=not known,
        key=key("new_product", ""),
        persist_state="session",
    )
    if is_new:
        return _written(key, names)
    brand, told = _chosen(key, known, has_specification="specification" in names)
    return {name: text for name, text in ({"brand": brand} | told).items() if name in names}


def _chosen(key: Key, known: Catalogue, *, has_specification: bool) -> tuple[str, dict[str, str]]:
    left, right = st.columns(2)
    with left:
        brand = _list("brand", list(known), key("brand", ""))
    told = {}
    for model, texts in known.get(brand, {}).items():
        for text in texts if has_specification else ("",):
            told[f"{model} {text}".strip()] = {"model": model, "specification": text}
    with right:
        # A list for each brand: what was chosen of another one is not chosen of this.
        chosen = _list("model", list(told), key("model", brand))
    return brand, told.get(chosen, {"model": "", "specification": ""})


def _list(name: str, options: list[str], key: str) -> str:
    chosen = st.selectbox(
        words.field(name),
        options,
        index=None,
        placeholder=_("Choose"),
        key=key,
        persist_state="session",
    )
    return chosen or ""


def _written(key: Key, names: tuple[str, ...]) -> dict[str, str]:
    columns = st.columns(len(names))
    typed = {}
    for name, column in zip(names, columns, strict=True):
        with column:
            typed[name] = st.text_input(
                words.field(name),
                key=key(name, "new"),
                max_chars=MOST,
                on_change="ignore",
                persist_state="session",
            )
    return typed

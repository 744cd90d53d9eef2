"""A template tried on a case, and the table of what a template may name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import printing
from core.codes import Language
from core.kernel.errors import Refused
from core.printing import trials
from pages.ui.kit import gate, headings, papers, words
from pages.ui.kit.words import _


def show(paper: str, language: Language, content: bytes | None) -> None:
    """Try the template that was brought, else the one in force; then every placeholder."""
    headings.part(_("Try it on a case"))
    key = f"trial·{paper}"
    if key not in st.session_state:
        st.session_state[key] = gate.read(trials.newest, paper=paper, word=words.dictionary())
    number = st.text_input(words.field("number"), key=key, width=320, persist_state="session")
    tried = _tried(paper, language, number, content) if number else None
    if tried is not None:
        st.download_button(
            _("Print the case from the new template")
            if content
            else _("Print the case from the template in force"),
            data=tried.content,
            file_name=f"{papers.name_of(paper)}_{tried.number}.docx",
            mime=printing.MIME,
            key="template_trial",
            icon=":material/science:",
            on_click="ignore",
        )
    with st.expander(_("Placeholders that a template may hold")):
        _placeholders(paper, tried.facts if tried else {})


def _tried(
    paper: str, language: Language, number: str, content: bytes | None
) -> trials.Trial | None:
    try:
        return gate.ask(
            trials.trial,
            paper=paper,
            language=language,
            number=number,
            word=words.dictionary(),
            content=content,
        )
    except Refused as error:
        st.error(words.refusal(error))
        return None


def _placeholders(paper: str, facts: Mapping[str, Any]) -> None:
    for group, names in printing.placeholders(paper).items():
        lines = facts.get(group) or [{}]
        values = lines[0] if group else facts
        if group:
            st.markdown(f"**{words.plain(meaning(group))}**")
            st.caption(_("Repeat a row of a table for each line:"))
            st.code(f"{{%tr for line in {group} %}} … {{%tr endfor %}}", language=None)
        st.dataframe(
            [
                {
                    _("Placeholder"): f"{{{{ line.{name} }}}}" if group else f"{{{{ {name} }}}}",
                    _("Meaning"): meaning(name, group),
                    _("Example"): str(values.get(name, "")),
                }
                for name in names
            ],
            hide_index=True,
            key=f"placeholders·{paper}·{group}",
        )


def meaning(name: str, group: str = "") -> str:
    """What a placeholder stands for: by its list, by its name, or as the field is called."""
    for context, code in (
        ("placeholder", f"{group}.{name}"),
        ("placeholder", name),
        ("field", name),
    ):
        if (text := words.in_domain(context, code)) != code:
            return text
    return name

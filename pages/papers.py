"""Paper templates: see them, edit them in Word, put them back."""

import streamlit as st

from core import printing
from core.codes import Language
from core.house import HOUSE
from core.kernel.inputs import Input
from pages.ui.kit import gate, headings, papers, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.printing import trials

headings.title(words.in_domain("page", "papers"))
st.write(_("Download a template, change it in Word, upload it. Placeholders are filled per case."))
templates = {(view.paper, view.language): view for view in gate.read(printing.list_templates)}

with st.container(horizontal=True):
    paper = st.selectbox(
        _("Paper"), [*HOUSE.papers], format_func=papers.name_of, key="paper_choice", width=320
    )
    language = st.segmented_control(
        words.field("language"),
        list(Language),
        default=words.language(),
        required=True,
        format_func=words.NAMES.__getitem__,
        key="paper_language",
    )
view = templates[paper, language]
own = view.replaced_at is not None
refused = gate.read(printing.own_refused, paper=paper, language=language) if own else None
st.caption(
    _("Your own template since {time}.", time=words.moment(view.replaced_at, year=True))
    if own
    else _("The template that came with the tool.")
)
if refused:
    why = words.refusal(refused)
    st.error(
        _(
            "Your own template is not used; the one that came with the tool is printed. {why}",
            why=why,
        )
    )
else:
    st.download_button(
        _("Download the template"),
        data=gate.later(printing.template, paper=paper, language=language),
        file_name=f"{papers.name_of(paper)}_{language.value}.docx",
        mime=printing.MIME,
        key="template_download",
        icon=":material/download:",
        on_click="ignore",
    )

replace = Form(f"template·{paper}·{language}", Input)
upload = st.file_uploader(
    _("Your template (Word, at most {megabytes} MB)", megabytes=5),
    type=["docx"],
    max_upload_size=5,
    key=f"template·{paper}·{language}·{replace.key}·file",
)
if st.button(_("Use this template"), type="primary", key="template_send", disabled=upload is None):
    replace.send(
        lambda uow, _input: printing.replace_template(
            uow, paper=paper, language=language, content=upload.getvalue() if upload else b""
        ),
        done=_("Saved"),
    )
if own and st.button(_("Go back to the template that came with the tool"), key="template_restore"):
    replace.send(
        lambda uow, _input: printing.restore_template(uow, paper=paper, language=language),
        done=_("Saved"),
    )
trials.show(paper, language, upload.getvalue() if upload else None)

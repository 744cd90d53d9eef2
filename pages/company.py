"""The company's own facts."""

import streamlit as st

from core.people import company
from core.people.company import EditCompany
from pages.ui.kit import edits, gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.mail import standing
from pages.ui.people import zones

headings.title(words.in_domain("page", "company"))
view = gate.read(company.view)
form = Form(
    "company",
    EditCompany,
    version=view.version,
    options={"zones": zones.OPTIONS},
    values={name: getattr(view, name) for name in EditCompany.model_fields},
)
with st.form("company_form", enter_to_submit=False):
    form.fields()
    pressed = st.form_submit_button(_("Save"), type="primary", key="company_send")
if pressed:
    form.send(
        lambda uow, command: company.edit(uow, command, seen_version=form.seen), done=_("Saved")
    )
edits.show(gate.read(company.edits), {"language": words.NAMES}, key="company_edits")
standing.show()

"""Backups 备份: how old the newest good copy is, when one is made, and what came of each."""

import streamlit as st

from core.backups import plan
from core.backups.inputs import EditBackupPlan
from pages.ui.backups import told
from pages.ui.kit import edits, gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "backups"))
told.newest()
found = gate.read(plan.view)
left, right = st.columns([3, 2], gap="large")
with left:
    told.runs(gate.read(plan.runs), are_planned=found is not None)
    st.caption(_("How to bring a copy back stands in the README: python -m core restore FOLDER"))
    st.caption(
        _("The key of the history is in no copy: keep one of {file} apart.", file=told.key())
    )
with right:
    if gate.allowed(plan.EDIT):
        if found:
            told.ask(found)
        form = Form(
            "backup_plan",
            EditBackupPlan,
            version=found.version if found else 0,
            values={"folder": found.folder, "hour": found.hour, "keep": found.keep}
            if found
            else {},
        )
        with st.form("backup_plan_form", enter_to_submit=False):
            headings.part(_("Every day"))
            form.fields()
            st.caption(_("Best on another disk or a network drive that is there on the server."))
            pressed = st.form_submit_button(_("Save"), type="primary", key="backup_plan_send")
        if pressed:
            form.send(
                lambda uow, command: plan.edit(uow, command, seen_version=form.seen),
                done=_("Saved"),
            )
    edits.show(gate.read(plan.edits), key="backup_plan_edits")

"""The customer's signature on the screen of a telephone, and what is told of it (E12)."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.jobs import actions as jobs
from core.jobs.signing import HEIGHT, WIDTH, Signed, SignReport
from core.jobs.worksheet import JobCard
from pages.ui.kit import actions, headings, served, words
from pages.ui.kit.forms import Form
from pages.ui.kit.served import Served
from pages.ui.kit.words import _

PAD = Served(
    "signature",
    f"""
<canvas width="{WIDTH}" height="{HEIGHT}"></canvas>
<button type="button" class="undo"></button><button type="button" class="clear"></button>
""",
    Path(__file__).with_name("assets") / "signature.js",
    "job-assets",
)


def ask(job: JobCard) -> None:
    """A sheet to sign on while the report is unsigned; who has signed it afterwards."""
    told(job.signed)
    if not any(rule.action is SignReport for rule in job.actions):
        return
    headings.part(words.action(SignReport.name))
    form = Form(
        f"job·{job.id}·{SignReport.name}",
        SignReport,
        values={"signer": job.confirmed_by},
        version=job.version,
    )
    form.field("signer")
    form.tell("strokes", drawn(form.key, job.to_sign))
    name = words.action(SignReport.name)
    if st.button(name, type="primary", key=f"{form.name}·send", width="stretch"):
        taking = actions.taking(jobs.PROCESS, job.id, form.seen)
        form.send(taking, done=_("Saved: {action}", action=name))


def drawn(key: str, of: str) -> list[Any]:
    """The lines of the drawing; none where it was made below another report."""
    words_of_pad = {"label": _("Sign here"), "undo": _("Undo"), "clear": _("Sign anew")}
    found = served.component(PAD)(
        key=f"signature·{key}",
        data={"of": of, **words_of_pad},
        default={"drawn": None},
        on_drawn_change=lambda: None,
    )
    drawn = found.drawn
    return drawn["lines"] if drawn and drawn["of"] == of else []


def told(signed: Signed | None) -> None:
    """Who signed, when; whether the report is another one since."""
    if signed is None:
        return
    who = {"name": signed.by, "time": words.moment(signed.at)}
    if signed.by_link:
        said = _("Confirmed by {name} by the link at {time}", **who)
    else:
        said = _("Signed by {name} at {time}", **who)
    st.caption(words.plain(said))
    if signed.is_changed:
        st.warning(_("The report was changed after it was signed."), icon=":material/report:")
    if signed.picture:
        st.image(signed.picture, width=240)
    elif not signed.by_link:
        st.warning(_("The file of the signature is missing."), icon=":material/report:")

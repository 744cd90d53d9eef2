"""Links for the customer of a case, on the side of staff: made, shown once, revoked."""

from functools import partial

import streamlit as st

from core.links import links
from core.links.links import GiveLink, LinkView, RevokeLink
from core.links.wishes import SettleWish
from pages.ui.kit import actions, gate, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import shown

KIND = "give_link"


def of_case(case_id: int) -> None:
    """The links of a case, folded; a new one is shown right after it was made."""
    if not gate.allowed(links.GIVE):
        return
    given = gate.read(links.of_case, case_id=case_id)
    for each in given:
        _wish(each)
    fresh = shown.fresh(KIND, case_id)
    with st.expander(_("Link for the customer"), icon=":material/link:", expanded=bool(fresh)):
        if fresh and any(each.id == fresh[0] and each.actions for each in given):
            note = _("Copy it now: it is shown this once. Whoever has it sees this case.")
            shown.code(fresh[1], note=note)
        _make(case_id)
        for each in given:
            _line(each)


def _make(case_id: int) -> None:
    if not gate.read(links.is_offered):
        st.caption(_("The pages for customers are turned off."))
        return
    form, give = Form(f"give_link·{case_id}", GiveLink), partial(links.give, case_id=case_id)
    icon = ":material/qr_code_2:"
    shown.make(form, _("Make a link"), give, kind=KIND, about=case_id, icon=icon)


def _line(link: LinkView) -> None:
    opens = any(rule.action is RevokeLink for rule in link.actions)
    if link.expired and opens:
        standing = _("expired on {day}", day=words.moment(link.expires_at))
    elif opens:
        standing = _("opens until {day}", day=words.moment(link.expires_at, year=True))
    else:
        standing = f"{words.code(link.status)} {words.moment(link.revoked_at)}"
    made = words.plain(link.made_by or _("the tool"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{words.moment(link.made_at)} · {made} · {standing}", width="content")
        if opens:
            _revoke(link)


def _revoke(link: LinkView) -> None:
    name = words.action(RevokeLink.name)
    form = Form(f"revoke_link·{link.id}", RevokeLink, version=link.version)
    if st.button(name, key=f"revoke_link_{link.id}", type="tertiary"):
        form.send(taking(links.PROCESS, link.id, form.seen), done=_("Saved: {action}", action=name))


def _wish(link: LinkView) -> None:
    """What the customer asks for, and the form by which it is settled; nothing without a wish."""
    if link.wish is None:
        return
    with st.container(border=True):
        said = f"{words.code(link.wish)} · {words.moment(link.wished_at)}"
        st.markdown(f":orange[:material/phone_callback:] **{said}**")
        if link.wish_text:
            st.markdown(words.plain(link.wish_text))
        actions.panel(
            links.PROCESS,
            record_id=link.id,
            version=link.version,
            rules=[rule for rule in link.actions if rule.action is SettleWish],
            opened=False,
        )

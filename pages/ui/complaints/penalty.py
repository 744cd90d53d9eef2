"""Penalties on screen, for those whom core lets see them: the list, one of them, its appeal."""

from collections.abc import Sequence

import streamlit as st

from core.codes import PenaltyStatus
from core.complaints import penalties
from core.complaints.penalties import REVIEWS, PenaltyView
from core.norms.parts import PenaltyBand
from pages.ui.kit import actions, gate, papers, places, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _


def cells(row: PenaltyView) -> dict[str, str]:
    """One penalty as a row of the list."""
    return {
        words.field("status"): words.code(row.status),
        words.field("person_id"): row.person,
        _("Penalty"): share(row),
        words.field("ground"): words.code(row.ground),
        words.field("number"): row.number,
        words.field("decided_at"): words.moment(row.decided_at, year=True),
    }


def share(row: PenaltyView) -> str:
    """How much is taken, of what."""
    return _("{percent}% of {base}", percent=f"{row.percent:g}", base=words.code(row.share_of))


def band(each: PenaltyBand) -> str:
    """What the rule book allows for a ground, with its clause."""
    return _(
        "{ground}: {least}–{most}% of {base} ({clause})",
        ground=words.in_domain("PenaltyGround", each.who),
        least=f"{each.least_percent:g}",
        most=f"{each.most_percent:g}",
        base=words.in_domain("PenaltyBase", each.of),
        clause=each.clause,
    )


def show(row: PenaltyView) -> None:
    """One penalty: what was decided and why, the appeal, and what may be done now."""
    st.markdown(f"**{words.plain(row.person)} · {share(row)}** · {words.code(row.status)}")
    actions.panel(
        penalties.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=row.actions,
    )
    if row.status is PenaltyStatus.APPEALED and not row.actions and gate.allowed(REVIEWS):
        st.info(words.in_domain("barred", "own_penalty"), icon=":material/front_hand:")
    facts(
        {
            words.field("number"): row.number,
            words.field("ground"): words.code(row.ground),
            _("Why"): row.reason,
            words.field("loss_cents"): words.money(row.loss_cents),
            _("Clause"): row.clause,
            words.field(
                "decided_by"
            ): f"{row.decided_by} {words.moment(row.decided_at, year=True)}",
            words.field("appeal"): row.appeal,
            _("Decided on the appeal by"): row.reviewed_by,
            words.field("review"): row.review,
        }
    )
    papers.of_penalty(row.id)
    # The person concerned need not see the case of the complaint.
    if gate.allowed("complaint:read"):
        case_link(row.case_id, _("Open the case"))


def of_complaint(rows: Sequence[PenaltyView]) -> None:
    """The penalties of a complaint, in short, each with a way to its page."""
    if not rows:
        return
    title = _("Penalties")
    st.markdown(f"**{title}**")
    for row in rows:
        places.link(
            "penalties",
            f"{words.plain(row.person)} · {share(row)} · {words.code(row.status)}",
            icon=":material/balance:",
            id=str(row.id),
        )

"""Parts of a job: what was built in, the form for one more, and the way to ask for some."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.customers.catalogue import plain_name
from core.stock import orders, uses
from core.stock.inputs import UsePart
from core.stock.lists import Balance
from core.stock.sight import ASK
from core.stock.uses import UseView
from pages.ui.kit import actions, gate, headings, scanning, sending, words
from pages.ui.kit.words import _
from pages.ui.stock import naming, ordering

ICON = ":material/inventory_2:"


def show(job_id: int) -> None:
    """What was built in on a job, and the form for what is."""
    bench = gate.read(uses.bench, job_id=job_id)
    ordered = gate.read(orders.of_job, job_id=job_id)
    headings.part(_("Parts"))
    for row in bench.used:
        _used(row)
    for order in ordered:
        with st.container(border=True):
            ordering.card(order, opened=False)
    if bench.may_use:
        place = st.expander(_("A part was built in"), icon=ICON, key=f"bench_{job_id}")
        with place:
            _use(job_id, bench.in_reach)
    if gate.allowed(ASK):
        label = _("Ask for parts")
        place = st.expander(label, icon=ICON, key=f"bench_ask_{job_id}", on_change="rerun")
        if place.open:  # its options cost
            with place:
                ordering.ask(job_id)


def of_case(case_id: int) -> None:
    """What was built in on a case."""
    if found := gate.read(uses.of_case, case_id=case_id):
        headings.part(_("Parts built in"))
        for row in found:
            st.markdown(_line(row))


def of_piece(asset_id: int) -> None:
    """What was built into a piece, with the warranty of each part."""
    if found := gate.read(uses.of_piece, asset_id=asset_id):
        headings.part(_("Parts built in"))
        for row in found:
            day = words.moment(row.used_at, year=True)
            st.markdown(f":gray[{day} · {words.plain(row.number)}] {_line(row)}")


def _line(row: UseView) -> str:
    old = words.code(row.old_part) if row.old_part != "none" else ""
    until = row.warranty_until
    own = _("Warranty until {day}", day=words.day(until)) if until else ""
    return words.plain(" · ".join(filter(None, (uses.line(row), row.batch, old, own))))


def _used(row: UseView) -> None:
    with st.container(border=True):
        st.markdown(f"{_line(row)} · {words.code(row.status)}")
        rules, version = row.actions, row.version
        actions.panel(uses.PROCESS, record_id=row.id, version=version, rules=rules, opened=False)


def _use(job_id: int, in_reach: Sequence[Balance]) -> None:
    if not in_reach:
        st.info(_("No part lies in your van or in the station's store."), icon=ICON)
        return
    offered = _found(job_id, in_reach)
    if not offered:
        st.warning(_("No such part lies in your van or in the station's store."), icon=ICON)
        return
    only = next(iter(offered)) if len(offered) == 1 else None
    sending.form(
        f"use·{job_id}",
        UsePart,
        lambda uow, filled, _seen: uses.use(uow, filled, job_id=job_id),
        options={"balances": offered},
        values={"balance_id": only},
        button=_("Built in"),
    )


def _found(job_id: int, in_reach: Sequence[Balance]) -> Mapping[int, str]:
    sought = st.text_input(
        _("Scan or type a part"),
        key=f"use_{job_id}_scan",
        placeholder=_("Number or name"),
        icon=":material/qr_code_scanner:",
    )
    if not sought:
        sought = scanning.camera(f"use_{job_id}")
    plain = plain_name(sought)
    return {row.id: naming.lot(row) for row in in_reach if plain in plain_name(row.part)}

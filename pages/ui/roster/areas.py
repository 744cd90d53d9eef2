"""Regions on screen: which addresses lead to whom, and who stands in."""

from typing import Any

import streamlit as st

from core.people import people
from core.roster import regions, sight
from core.roster.regions import EditRegion, RegionView
from pages.ui.kit import edits, gate, headings, words
from pages.ui.kit.fields import Options
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.roster import editing, many


def show() -> None:
    """All regions, where an address leads, and the form of the chosen one or of a new one."""
    rows = gate.read(regions.list_of)
    options: Options = {
        "stations": gate.read(people.station_options),
        "technicians": gate.read(regions.technicians),
    }
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _try_address()
        chosen = choose("regions", {row.id: _cells(row) for row in rows})
        if not rows:
            st.info(_("No region is written down yet."))
    one = next((row for row in rows if row.id == chosen), None)
    with right:
        if one:
            _one(one, options)
        elif gate.allowed(sight.EDIT):
            headings.part(_("New region"))
            editing.form(
                "region",
                EditRegion,
                lambda uow, filled, _seen: regions.add(uow, filled),
                options=options,
                labels=_labels(),
            )
            many.add("regions")


def _try_address() -> None:
    address = st.text_input(
        _("Whose is this address?"),
        key="region_address",
        icon=":material/search:",
        placeholder=_("An address, or a piece of it"),
    )
    if not address.strip():
        return
    region = gate.read(regions.region_of, address=address[:300])
    if region is None:
        st.info(_("It leads to no region."))
        return
    said = " · ".join(filter(None, (region.name, region.station, region.responsible)))
    st.success(words.plain(said), icon=":material/location_on:")


def _one(row: RegionView, options: Options) -> None:
    headings.part(words.plain(row.name))
    if gate.allowed(sight.EDIT):
        values = {name: getattr(row, name) for name in EditRegion.model_fields}
        editing.form(
            f"region·{row.id}",
            EditRegion,
            lambda uow, filled, seen: regions.change(
                uow, id=row.id, command=filled, seen_version=seen
            ),
            options=options,
            values=values | {"places": "\n".join(row.places)},
            version=row.version,
            labels=_labels(),
        )
        editing.removal(
            f"region·{row.id}",
            lambda uow, _filled, seen: regions.remove(uow, id=row.id, seen_version=seen),
            version=row.version,
        )
    names = {
        "station_id": options["stations"],
        "responsible_id": options["technicians"],
        "stand_in_id": options["technicians"],
    }
    edits.show(gate.read(regions.edits, id=row.id), names, key=f"region_{row.id}_edits")


def _labels() -> dict[str, str]:
    return {"name": _("Name of the region")}


def _cells(row: RegionView) -> dict[str, Any]:
    return {
        _("Name of the region"): row.name,
        words.field("responsible_id"): row.responsible,
        words.field("stand_in_id"): row.stand_in,
        words.field("station"): row.station,
        words.field("places"): "、".join(row.places),
    }

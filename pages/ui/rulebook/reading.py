"""The rule book as a person reads it: clause by clause, part by part."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.norms.model import Norm
from core.norms.parts import Scope
from pages.ui.kit import headings, words
from pages.ui.kit.words import _


def book(norm: Norm) -> None:
    """Limits first, because they are asked for most; then the other parts, then every clause."""
    speaks = words.language()
    st.caption(f"{norm.title[speaks]} · {norm.pack}")
    _part(_("Time limits"), [_limit(norm, rule) for rule in norm.limits])
    _part(_("Routes"), [_route(norm, route) for route in norm.routes])
    _part(
        _("Classes"),
        [
            {
                _("Class"): each.text[speaks],
                _("Kinds"): _kinds(each.kinds),
                _("Sub-classes"): "、".join(part.text[speaks] for part in each.parts),
                _("Clause"): each.clause,
            }
            for each in norm.classes
        ],
    )
    _part(
        _("Check-lists"),
        [
            {
                _("Check-list"): each.text[speaks],
                _("Item"): item.text[speaks],
                _("Clause"): item.clause or each.clause,
            }
            for each in norm.check_lists
            for item in each.items
        ],
    )
    _part(_("Return conditions"), [_condition(each) for each in norm.return_conditions])
    _part(_("Approvals"), [_approval(each) for each in norm.approvals])
    _part(_("Penalties"), [_penalty(each) for each in norm.penalties])
    _part(_("Emergency levels"), [_emergency(each) for each in norm.emergencies])
    _part(_("Repeat faults"), [{_("Days"): norm.repeat_days, _("Alarm at"): norm.repeat_count}])
    _part(
        _("Clauses"),
        [
            {_("Clause"): clause, _("Text"): text[speaks]}
            for clause, text in sorted(norm.clauses.items(), key=lambda item: _order(item[0]))
        ],
    )


def length(rule: Any) -> str:
    """How long a limit is, in its own unit."""
    if rule.moment:
        return words.field(rule.moment)
    if rule.unit == "clock_minutes" and rule.amount % 60 == 0:
        return _("{n} h around the clock", n=rule.amount // 60)
    if rule.unit == "working_minutes" and rule.amount % 60 == 0:
        return _("{n} working hours", n=words.number(rule.amount // 60))
    return f"{words.number(rule.amount)} {words.code(rule.unit)}"


def scope(norm: Norm, rule: Scope) -> str:
    """Which cases a rule is for."""
    names = {each.name: each.text[words.language()] for each in norm.classes}
    parts = [_kinds(rule.kinds), "、".join(words.code(each) for each in rule.priorities)]
    parts += [
        "、".join(names.get(each, each) for each in rule.classes),
        "、".join(words.code(each) for each in rule.channels),
    ]
    if rule.in_warranty is not None:
        parts.append(_("in warranty") if rule.in_warranty else _("out of warranty"))
    return " · ".join(part for part in parts if part) or _("all cases")


def _limit(norm: Norm, rule: Any) -> dict[str, str]:
    return {
        _("Clause"): rule.clause,
        _("Limit"): words.in_domain("limit", rule.name),
        _("Length"): length(rule),
        _("For"): scope(norm, rule),
        _("Text"): norm.clauses[rule.clause][words.language()],
    }


def _route(norm: Norm, route: Any) -> dict[str, str]:
    names = {each.name: each.text[words.language()] for each in norm.departments}
    return {
        _("For"): scope(norm, route),
        words.field("region"): route.region,
        _("Department"): names.get(route.department, ""),
        words.field("station"): route.station,
        _("Clause"): route.clause,
    }


def _condition(each: Any) -> dict[str, Any]:
    speaks = words.language()
    return {
        _("Condition"): each.text[speaks],
        _("Days"): each.days,
        _("Freight paid by"): words.in_domain("freight", each.freight),
        _("Source"): each.source[speaks],
        _("Clause"): each.clause,
    }


def _approval(each: Any) -> dict[str, str]:
    most = words.money(each.up_to_cents) if each.up_to_cents else _("any amount")
    return {
        _("What"): words.in_domain("approval", each.what),
        _("Up to"): most,
        words.field("role"): words.code(each.role),
        _("Clause"): each.clause,
    }


def _penalty(each: Any) -> dict[str, str]:
    most = words.money(each.up_to_cents) if each.up_to_cents else "…"
    return {
        _("Who"): words.in_domain("penalty", each.who),
        _("Loss"): f"{words.money(each.from_cents)} – {most}",
        _("Share"): f"{each.least_percent:g} – {each.most_percent:g} %",
        _("Of"): words.in_domain("penalty", each.of),
        _("Clause"): each.clause,
    }


def _emergency(each: Any) -> dict[str, str]:
    return {
        _("Level"): f"{each.level} · {each.text[words.language()]}",
        _("Response"): _("{n} h around the clock", n=f"{each.response_minutes / 60:g}"),
        _("Told"): "、".join(words.code(role) for role in each.tell),
        _("Clause"): each.clause,
    }


def _part(title: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    headings.part(title)
    st.dataframe(list(rows), hide_index=True, key=f"norm·{title}")


def _kinds(kinds: Sequence[Any]) -> str:
    return "、".join(words.code(kind) for kind in kinds)


def _order(clause: str) -> tuple[str, int, str]:
    digits = "".join(sign for sign in clause if sign.isdigit())
    return clause[:1], int(digits or 0), clause

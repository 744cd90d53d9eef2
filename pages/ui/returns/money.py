"""The money of a return as a statement that adds up, line by line and in all (C8)."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.kernel.errors import InvalidInput, Problem, Refused
from core.kernel.inputs import parse
from core.returns import actions
from core.returns.inputs import Settle
from core.returns.money import Amounts, Settlement
from core.returns.view import ReturnView
from pages.ui.kit import gate, words
from pages.ui.kit import rows as lines
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _

# More lines than these do not fit side by side: then only the total is shown.
MOST_COLUMNS = 3


def show(file: ReturnView) -> None:
    """What the return comes to, what was paid out, what was lost."""
    if file.settlement is None:
        return
    title = _("Money")
    st.markdown(f"**{title}**")
    statement(file, file.settlement)
    method = words.code(file.refund_method) if file.refund_method else ""
    paid = words.moment(file.refunded_at, year=True) if file.refunded_at else ""
    facts(
        {
            words.field("refund_method"): " · ".join(filter(None, (method, file.refund_ref))),
            _("Settled by"): file.people["settled_by"],
            _("Confirmed by"): " · ".join(filter(None, (file.people["confirmed_by"], paid))),
            _("Paid by the customer"): words.moment(file.paid_at, year=True),
            _("Loss booked"): words.money(file.booked_loss_cents) if file.refunded_at else "",
        },
        flowing=True,
    )


def in_short(file: ReturnView) -> None:
    """What is to be paid, and how."""
    if file.settlement is None:
        return
    method = words.code(file.refund_method) if file.refund_method else ""
    st.markdown(" · ".join(part for part in (_paid(file.settlement), method) if part))


def preview(file: ReturnView, form: Form) -> None:
    """What the settlement that is being typed would come to, before it is sent."""
    st.form_submit_button(
        _("Work it out"), key=f"{form.name}·reckon", icon=":material/calculate:", type="secondary"
    )
    values = {name: value for name, value in form.typed.items() if value is not None}
    # How it is paid changes no figure: what is reckoned is shown before that is chosen.
    values.setdefault("refund_method", "original")
    try:
        command = parse(Settle, values)
        found = gate.ask(actions.settlement_prospect, case_id=file.case_id, command=command)
    except InvalidInput as error:
        st.caption("  \n".join(_said(bad) for bad in error.problems))
    except Refused as error:
        st.caption(words.refusal(error))
    else:
        statement(file, found)


def statement(file: ReturnView, settlement: Settlement) -> None:
    """Price, what stays, deductions, freight: what is paid; then what the company loses."""
    names = {line.id: line.product for line in file.lines if line.id in settlement.lines}
    columns = [settlement.lines[each] for each in names] if _fits(names) else []
    head = [words.plain(names[each]) for each in names] if columns else []
    # Beside each other where there is room for both.
    with st.container(horizontal=True, gap="medium"):
        _table([*head, _("In all")], _refund([*columns, settlement.total]))
        _table([*head, _("In all")], _loss([*columns, settlement.total]))
    st.markdown(_paid(settlement))
    _cuts(names, settlement)


def _paid(settlement: Settlement) -> str:
    owed = _("To be paid by the customer") if settlement.owed_cents else _("Refund")
    return f"{owed}: **{words.money(settlement.owed_cents or settlement.refund_cents)}**"


def _said(bad: Problem) -> str:
    row = lines.row_of(bad)
    if row:
        return lines.said(bad, *row, places=())
    return words.plain(f"{words.field(bad.field)}: {words.problem(bad)}")


def _fits(names: Mapping[int, str]) -> bool:
    return 1 < len(names) <= MOST_COLUMNS


def _refund(columns: Sequence[Amounts]) -> dict[str, list[int]]:
    rows = {
        _("Price paid"): [each.paid_cents for each in columns],
        _("Stays with the customer"): [-each.with_customer_cents for each in columns],
        _("Given in exchange"): [-each.replaced_cents for each in columns],
        _("Difference to the other model"): [-each.difference_cents for each in columns],
        _("Deductions"): [-each.deducted_cents for each in columns],
        _("Freight borne by the customer"): [-each.freight_charged_cents for each in columns],
        _("Freight that the customer advanced"): [each.freight_repaid_cents for each in columns],
    }
    return rows | {f"**{_balance()}**": [each.balance_cents for each in columns]}


def _loss(columns: Sequence[Amounts]) -> dict[str, list[int]]:
    borne = [each.freight_company_cents + each.freight_repaid_cents for each in columns]
    rows = {
        _("Value lost by the goods"): [each.value_lost_cents for each in columns],
        _("Freight borne by the company"): borne,
        _("Deductions kept"): [-each.deducted_cents for each in columns],
    }
    return rows | {f"**{_total_loss()}**": [each.loss_cents for each in columns]}


def _balance() -> str:
    return _("Balance")


def _total_loss() -> str:
    return _("Loss of the company")


def _table(head: Sequence[str], rows: Mapping[str, Sequence[int]]) -> None:
    lines = ["| | " + " | ".join(head) + " |", "|---|" + "---:|" * len(head)]
    lines += [
        f"| {label} | {' | '.join(words.money(cents) for cents in row)} |"
        for label, row in rows.items()
        # A row of nothing but nothing says nothing; the first and the last always stand.
        if any(row) or label.startswith("**")
    ]
    st.markdown("\n".join(lines), width="content")


def _cuts(names: Mapping[int, str], settlement: Settlement) -> None:
    said = []
    for cut in settlement.cuts:
        given = cut.deduction
        share = f" · {given.percent}%" if given.percent else ""
        text = f"{names.get(given.line, '')} · {words.code(given.kind)} · {given.reason}{share}"
        said.append(f"- {words.plain(text)} · {words.money(cut.cents)}")
    if said:
        st.markdown("\n".join(said))

"""Contracts 服务合同: what binds for whom, and what goes beyond it (S7)."""

from core.contracts.view import ContractPart
from pages.ui.contracts import making, one, several
from pages.ui.kit import filters, headings, places, words
from pages.ui.kit.words import _

SUPPLEMENTS = "supplements"
headings.title(words.in_domain("page", "contracts"))
asked, customer = places.number("id"), places.number("customer")
if asked is not None:
    places.link("contracts", _("All contracts"), icon=":material/arrow_back:")
    one.show(asked)
elif customer is not None:
    making.show(customer)
else:
    names = {part.value: words.code(part) for part in ContractPart}
    names |= {SUPPLEMENTS: _("Supplements to decide")}
    usual = ContractPart.IN_FORCE.value
    part = filters.segments("contracts", "part", _("Which contracts"), names, usual=usual)
    if part == SUPPLEMENTS:
        several.supplements()
    else:
        several.listed(ContractPart(part))

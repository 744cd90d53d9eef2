"""A row that tells of the archive, as it will come in."""

from typing import Any

from core.imports.drafts import ArchiveDraft
from core.imports.mapping import ColumnMap
from core.imports.subjects import FACTS, Fact
from pages.ui.kit import words

# Amounts under the names by which a draft keeps them in cents.
_CENTS = {Fact.UNIT_PRICE: "unit_cents", Fact.TOTAL: "total_cents"}
_CENTS |= {Fact.INVOICE_DISCOUNT: "invoice_discount_cents"}
_DERIVED = (Fact.UNIT_PRICE, Fact.TOTAL)


def row(draft: ArchiveDraft, column_map: ColumnMap) -> dict[str, Any]:
    """The facts that the map reads, and the amounts that follow from them."""
    facts = FACTS[column_map.subject]
    told = [fact for fact in facts if fact in column_map.facts or fact in _DERIVED]
    return {words.field(fact.value): _said(draft, fact) for fact in told if fact != Fact.DISCOUNT}


def _said(draft: ArchiveDraft, fact: Fact) -> Any:
    if fact in _CENTS:
        cents = getattr(draft, _CENTS[fact])
        return "" if cents is None else words.money(cents)
    value = getattr(draft, fact.value)
    return value.isoformat() if hasattr(value, "isoformat") else value

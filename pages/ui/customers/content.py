"""How content a customer is, what they said when called, and what else they want (C9, E20)."""

from core.care import lists as care
from core.followups import opinions
from pages.ui.followups import calls
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def of_customer(customer_id: int) -> None:
    """The mean of all calls that were answered, all other needs, and the calls about cases."""
    said = gate.read(opinions.of_customer, customer_id=customer_id)
    planned = gate.read(care.of_customer, customer_id=customer_id)
    answered = [(call.ended_at, call.score, call.other_needs) for call in said]
    answered += [(call.ended_at, call.score, call.other_needs) for call in planned]
    scores = [score for _at, score, _needs in answered if score is not None]
    needs = [(at, text) for at, _score, text in answered if text and at]
    if scores or needs:
        headings.part(_("Satisfaction and other needs"))
        mean = words.number(sum(scores) / len(scores), 1) if scores else ""
        told = _("{mean}/10, of {n} calls", mean=mean, n=len(scores)) if scores else ""
        wanted = (f"{words.moment(at, year=True)} {text}" for at, text in sorted(needs)[::-1])
        facts({words.field("satisfaction"): told, words.field("other_needs"): "；".join(wanted)})
    if said:
        headings.part(_("What the customer said when called"))
        calls.show(said, with_case=True)

"""A link by which the customer answers the survey without being called."""

from core.care import calls
from core.care.inputs import GiveCareLink
from core.care.lists import CareRow
from core.links import links
from pages.ui.kit import gate, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import shown

KIND = "care_link"


def offer(row: CareRow) -> None:
    """The button that makes it, and right after it the address and its code."""
    may = any(rule.action is GiveCareLink for rule in row.actions)
    if not may or not gate.read(links.is_offered):
        return
    if fresh := shown.fresh(KIND, row.id):
        shown.code(fresh[1], note=_("Copy it now: it is shown this once. The survey opens by it."))
    form = Form(f"care_link·{row.id}", GiveCareLink, version=row.version)
    name, icon = words.action(GiveCareLink.name), ":material/qr_code_2:"
    give = taking(calls.PROCESS, row.id, form.seen)
    shown.make(form, name, give, kind=KIND, about=row.id, icon=icon)

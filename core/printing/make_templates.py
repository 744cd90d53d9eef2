"""Makes the shipped Word templates.

Run by hand after a change, `python -m core.printing.make_templates`, and look at what comes out.
The files are committed: they are what a manager downloads, edits in Word and hands in again.
"""

from collections.abc import Callable
from pathlib import Path

from core.papers.sheet import LATIN, PAGE, PAGES, Sheet
from core.printing import SHIPPED
from core.printing.layouts import (
    billing,
    common,
    complaint,
    courses,
    letters,
    receipts,
    returns,
    service,
    warranty,
    workshop,
)
from core.printing.layouts.common import Say
from db.codes import Language

SPOKEN = (Language.ZH, Language.EN)

DRAW: dict[str, tuple[common.Words, Callable[[Sheet, Say], None]]] = {
    "acceptance_slip": (service.WORDS, service.acceptance_slip),
    "service_report": (service.WORDS, service.service_report),
    "warranty_card": (warranty.WORDS, warranty.warranty_card),
    "quotation": (billing.WORDS, billing.quotation),
    "payment_receipt": (billing.WORDS, billing.payment_receipt),
    "complaint_form": (complaint.WORDS, complaint.complaint_form),
    "investigation_report": (complaint.WORDS, complaint.investigation_report),
    "answer_letter": (letters.WORDS, letters.answer_letter),
    "penalty_notice": (letters.WORDS, letters.penalty_notice),
    "return_application": (returns.WORDS, returns.application),
    "return_instructions": (returns.WORDS, returns.instructions),
    "receipt_note": (receipts.WORDS, receipts.receipt_note),
    "refund_note": (receipts.WORDS, receipts.refund_note),
    "hand_over": (workshop.WORDS, workshop.hand_over),
    "recycling_note": (workshop.WORDS, workshop.recycling_note),
    "training_certificate": (courses.WORDS, courses.training_certificate),
}


def make(folder: Path) -> None:
    """Write all templates into a folder."""
    for paper, (words, draw) in DRAW.items():
        for at, language in enumerate(SPOKEN):
            say = {key: texts[at] for key, texts in (common.WORDS | words).items()}
            sheet = Sheet(latin=LATIN[language], title=say[paper])
            sheet.heading("{{ company }}", say[paper])
            draw(sheet, say)
            left = f"{{{{ number }}}}    {say['hotline']}{{{{ hotline }}}}"
            sheet.footer(left, (say["page"], PAGE, say["of"], PAGES, say["pages"]))
            sheet.save(folder / f"{paper}.{language.value}.docx")


if __name__ == "__main__":
    make(SHIPPED)

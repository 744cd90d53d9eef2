"""Makes the shipped Word templates.

Run by hand after a change, `python -m core.printing.make_templates`, and look at what comes out.
The files are committed: they are what a manager downloads, edits in Word and hands in again.
"""

from collections.abc import Callable
from pathlib import Path

from core.papers.sheet import LATIN, PAGE, PAGES, Sheet
from core.printing import SHIPPED, Paper
from core.printing.layouts import common, complaint, letters, receipts, returns, service
from core.printing.layouts.common import Say
from db.codes import Language

SPOKEN = (Language.ZH, Language.EN)

DRAW: dict[Paper, tuple[common.Words, Callable[[Sheet, Say], None]]] = {
    Paper.ACCEPTANCE_SLIP: (service.WORDS, service.acceptance_slip),
    Paper.SERVICE_REPORT: (service.WORDS, service.service_report),
    Paper.COMPLAINT_FORM: (complaint.WORDS, complaint.complaint_form),
    Paper.INVESTIGATION_REPORT: (complaint.WORDS, complaint.investigation_report),
    Paper.ANSWER_LETTER: (letters.WORDS, letters.answer_letter),
    Paper.PENALTY_NOTICE: (letters.WORDS, letters.penalty_notice),
    Paper.RETURN_APPLICATION: (returns.WORDS, returns.application),
    Paper.RETURN_INSTRUCTIONS: (returns.WORDS, returns.instructions),
    Paper.RECEIPT_NOTE: (receipts.WORDS, receipts.receipt_note),
    Paper.REFUND_NOTE: (receipts.WORDS, receipts.refund_note),
}


def make(folder: Path) -> None:
    """Write all templates into a folder."""
    for paper, (words, draw) in DRAW.items():
        for at, language in enumerate(SPOKEN):
            say = {key: texts[at] for key, texts in (common.WORDS | words).items()}
            sheet = Sheet(latin=LATIN[language], title=say[paper.value])
            sheet.heading("{{ company }}", say[paper.value])
            draw(sheet, say)
            left = f"{{{{ number }}}}    {say['hotline']}{{{{ hotline }}}}"
            sheet.footer(left, (say["page"], PAGE, say["of"], PAGES, say["pages"]))
            sheet.save(folder / f"{paper.value}.{language.value}.docx")


if __name__ == "__main__":
    make(SHIPPED)

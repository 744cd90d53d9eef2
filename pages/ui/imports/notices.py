"""What people are told of imports, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit import filters, gate
from pages.ui.kit.told import N_, Lines, Place

LINES: Lines = {
    NoticeKind.IMPORTED_LATE: N_("An import brought {open} open cases, {late} of them late"),
}


def place(notice: NoticeView) -> Place | None:
    """To the import."""
    run = notice.data.get("run")
    return (
        Place("imports", {"run": str(run), "imports_open": filters.ON})
        if run and gate.allowed("import:run")
        else None
    )

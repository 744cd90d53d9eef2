"""What a report says in sentences: what is off target and where, the main problem, the trend."""

from collections.abc import Iterator

from core.kpi import FrozenFigure
from core.kpi.frozen import Reason
from core.reports.kept import Kept, ReportTable, Table
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.kpi import amounts
from pages.ui.kpi.sentences import because


def of(kept: Kept) -> Iterator[str]:
    """The sentences of a report, the weightiest first."""
    figures = kept.frozen.figures
    aimed = [each for each in figures if each.reached is not None]
    if aimed:
        reached = sum(bool(each.reached) for each in aimed)
        yield _("{n} of {all} targets are reached.", n=reached, all=len(aimed))
    for each in aimed:
        if not each.reached:
            yield _off(each)
    for table in kept.tables:
        yield from _problem(table)
    if silent := [words.code(each.name) for each in figures if each.value is None]:
        yield _("No data yet: {figures}.", figures=words.listed(silent))


def note(figure: FrozenFigure) -> str:
    """The sentence of one figure; empty where there is nothing to say."""
    return _off(figure) if figure.reached is False else ""


def _off(figure: FrozenFigure) -> str:
    facts = {
        "figure": words.code(figure.name),
        "value": amounts.said(figure.value, figure.unit),
        "target": amounts.said(figure.target, figure.unit),
    }
    if why := because(figure, figure.reason or Reason()):
        return _("{figure} is {value}, target {target}; {why}.", **facts, why=why)
    return _("{figure} is {value}, target {target}.", **facts)


def _problem(table: Table) -> Iterator[str]:
    """What comes first in a table of problems."""
    if table.name not in (ReportTable.FAULT_AREAS, ReportTable.PRODUCTS) or not table.lines:
        return
    first = table.lines[0]
    count, share, *_rest = first.cells
    yield _(
        "{table}: most often {name}, {n} cases, {share} of all.",
        table=words.code(table.name),
        name=words.in_domain(table.codes, first.code) if first.code else first.name,
        n=words.number(count or 0),
        share=words.share(share),
    )

"""What to bring, in a line or two: on the route of the day, and on the sheet until the work."""

import streamlit as st

from core.codes import JobStatus
from core.jobs import bringing
from core.jobs.bringing import Bring, NeededPart, NeededTool
from core.jobs.worksheet import JobCard
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

BEFORE = (JobStatus.ASSIGNED, JobStatus.AGREED, JobStatus.UNFINISHED)


def show(job: JobCard) -> None:
    """What to bring to a job that nobody has come to yet."""
    if job.status in BEFORE:
        found = gate.read(bringing.of_jobs, ids=[job.id])
        st.info(told(found.get(job.id)), icon=":material/work:")


def told(bring: Bring | None) -> str:
    """The badge always; then tools, what lies packed, and parts that such faults asked for."""
    if bring is None:
        return ""
    lines = [
        (_("Bring"), [_("badge"), *map(_tool, bring.tools)]),
        (_("Fetch from the store"), bring.ready),
        (_("Such faults asked for"), [_part(each) for each in bring.parts]),
    ]
    said = [f"{label}: {words.listed([*things])}" for label, things in lines if things]
    return "  \n".join(words.plain(line) for line in said)


def _tool(each: NeededTool) -> str:
    return each.tool if each.is_mine else _("{tool} (in the store)", tool=each.tool)


def _part(each: NeededPart) -> str:
    if each.in_van:
        return _("{part} ({n} in the van)", part=each.part, n=each.in_van)
    if each.in_store:
        return _("{part} ({n} in the store)", part=each.part, n=each.in_store)
    return _("{part} (none in reach)", part=each.part)

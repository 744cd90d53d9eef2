"""The report of a job on a telephone: typed with or without a network, and handed in once.

The fields are drawn by a program of ours in the browser, which keeps each letter there. Streamlit
takes its own fields away from whoever has no network.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from core.jobs import actions as jobs
from core.jobs import sheets
from core.jobs.report import FinishJob
from core.jobs.worksheet import JobCard
from core.kernel import drafts
from core.kernel.inputs import Choice
from core.norms.parts import ExtraField
from core.process import workflow
from core.process.rules import Rule
from core.process.workflow import FormView
from pages.ui.jobs.receiving import ADDRESS
from pages.ui.kit import gate, headings, served, words
from pages.ui.kit.fields import is_optional, kind_of, shown_as, word_for
from pages.ui.kit.served import Served
from pages.ui.kit.words import _

SHEET = Served(
    "sheet",
    '<form><p class="state" role="status"></p></form>',
    Path(__file__).with_name("assets") / "sheet.js",
    "job-assets",
)
KINDS = {datetime: "moment", AwareDatetime: "moment", date: "date", int: "number", float: "number"}


def ask(job: JobCard) -> None:
    """The report as the next step of a job that somebody is at."""
    if not is_next(job):
        return
    headings.part(words.action(FinishJob.name))
    drawn = gate.read(workflow.form, process=jobs.PROCESS, record_id=job.id, action=FinishJob)
    kept = gate.read(drafts.find, form=sheets.name_of(job.id))
    served.component(SHEET)(
        key=f"sheet·{job.id}·{job.visit}",
        data={
            "address": f"{ADDRESS}/{job.id}",
            # On one telephone each person's sheets are apart, and so are those of two visits.
            "place": f"aftercare·sheet·{gate.actor().id}·{job.id}·{job.visit}",
            "visit": job.visit,
            "fields": [*_fields(drawn)],
            "typed": dict(kept.typed) if kept else {},
            "words": _words(),
        },
        on_answered_change=lambda: None,
    )


def is_next(job: JobCard) -> bool:
    """Whether the report is what comes next."""
    return any(rule.action is FinishJob for rule in job.actions)


def others(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The actions that are drawn as forms beside it."""
    return tuple(rule for rule in rules if rule.action is not FinishJob)


def _fields(drawn: FormView) -> list[dict[str, Any]]:
    plain = [
        _field(name, FinishJob.model_fields[name], drawn)
        for name in drawn.fields
        if name != "extra"
    ]
    return plain + [_own(field) for field in drawn.extra]


def _field(name: str, info: FieldInfo, drawn: FormView) -> dict[str, Any]:
    kind, choice = kind_of(info), next((m for m in info.metadata if isinstance(m, Choice)), None)
    options: Mapping[Any, str] = {}
    if choice:
        options = drawn.options[choice.options]
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        options = words.options(kind)
    return {
        "name": name,
        "label": words.field(name),
        "required": info.is_required() and not is_optional(info),
        "kind": _drawn_as(kind, shown_as(info), bool(options)),
        "options": [[key, word_for(options, key)] for key in options],
    }


def _drawn_as(kind: Any, shown: str, is_choice: bool) -> str:
    if is_choice:
        return "choice"
    return shown if shown in ("money", "text") else KINDS.get(kind, "line")


def _own(field: ExtraField) -> dict[str, Any]:
    speaks = words.language()
    return {
        "name": f"extra.{field.name}",
        "label": field.text[speaks],
        "required": field.required,
        "kind": "line" if field.kind == "text" else field.kind,
        "options": [[each.name, each.text[speaks]] for each in field.choices],
    }


def _words() -> dict[str, str]:
    return {
        "choose": _("Choose"),
        "finish": words.action(FinishJob.name),
        "phone": _("On this phone only"),
        "unkept": _("This phone has no room for it: keep this page open until it is saved."),
        "going": _("On its way …"),
        "saved": _("Saved"),
        "handing": _("Will be handed in as soon as there is a network. You may go on."),
        "handed": _("Handed in"),
        "kept": _(
            "Your job was changed meanwhile. The report is kept as you wrote it; the dispatcher "
            "decides what becomes of it."
        ),
        "signed_out": _("Please sign in again: what you typed is kept on this phone."),
        "back": _("Change something"),
    }

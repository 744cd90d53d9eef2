"""An input model of core drawn as a Streamlit form.

All bad fields are named at once beside themselves, what was typed stays, and the form's one-time
key makes a second click harmless.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from core.kernel.errors import InvalidInput, NotSignedIn, Problem, Refused
from core.kernel.inputs import Action, Choice, Input, line_of, parse
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import ExtraField
from pages.ui.kit import gate, products, resting, widgets, words
from pages.ui.kit import rows as lines
from pages.ui.kit.drafts import Keeping
from pages.ui.kit.fields import Options, is_optional, is_said, kind_of, shown_as
from pages.ui.kit.words import _


class Form:
    """One form of one model on one screen."""

    def __init__(
        self,
        name: str,
        model: type[Input],
        *,
        options: Options | None = None,
        values: Mapping[str, Any] | None = None,
        version: int = 0,
        rows: lines.Drawer = lines.table,
        drafts: bool = False,
    ) -> None:
        """A form called `name`; `values` are shown first, `options` fill the choices.

        `version` is the record's as of this run. A pressed button was drawn by the run before:
        `seen` is the version that the person had in view, so that a change in between is noticed.
        `rows` draws the fields that hold rows.

        With `drafts` what is typed into the fields outlives the window, but for rows and scores.
        Draw them outside st.form, which would tell of them when the button is pressed and not
        before, and call `keep` below them.
        """
        self.name = name
        self.model = model
        self.rows = rows
        self.options = options or {}
        self.kept = Keeping(name, model, version) if drafts else None
        self.values = {**(values or {}), **(self.kept.first if self.kept else {})}
        self.key: str = st.session_state.setdefault(f"form:{name}", secrets.token_urlsafe(16))
        self.seen: int = st.session_state.get(f"seen:{name}", version)
        st.session_state[f"seen:{name}"] = version
        self.typed: dict[str, Any] = {}
        # What was wrong with what was sent in this run.
        self.problems: tuple[Problem, ...] = ()
        self._slots: dict[str, Any] = {}
        self._records: set[str] = set()
        # Of each table: where its filled rows stand, the first one being 1.
        self._places: dict[str, tuple[int, ...]] = {}

    def field(self, name: str, *, scope: object = "", **extra: Any) -> Any:
        """Draw one field and give what is typed in it, in the model's terms.

        Fields of different scopes keep what is typed apart: each customer has an own contact.
        """
        info = self.model.model_fields[name]
        return self._keep(name, self._draw(name, info, {"key": self._key(name, scope), **extra}))

    def pick(self, name: str, members: list[StrEnum], *, first: StrEnum) -> Any:
        """A code among a few, as buttons side by side."""
        value = st.pills(
            words.field(name),
            members,
            default=first,
            required=True,
            format_func=words.code,
            key=self._key(name),
            persist_state="session",
        )
        return self._keep(name, value)

    def record(
        self, name: str, known: Mapping[int, str], others: Mapping[int, str], *, scope: object = ""
    ) -> int | None:
        """One of some records, or another way; of several none is marked before a person says so.

        None where nobody said, which core is sent as missing. `others` are numbers below 1: they
        name no record, and are sent as nothing.
        """
        names = _told_apart(known) | dict(others)
        marked = st.radio(
            words.field(name),
            list(names),
            index=0 if len(known) == 1 else None,
            format_func=names.__getitem__,
            key=self._key(name, scope),
            persist_state="session",
        )
        chosen = marked if marked in names else None  # a hit that went while more was typed
        self._records.add(name)
        self._keep(name, "" if chosen is None else chosen if chosen > 0 else None)
        return chosen

    def tell(self, name: str, value: Any) -> None:
        """A value that something else than the field's own widget has given."""
        self._keep(name, value)

    def product(self) -> None:
        """Brand and model, out of the catalogue or of a new product."""
        for name, text in products.pick(self._key, "brand", "model").items():
            self._keep(name, text)

    def extra_fields(self, fields: Sequence[ExtraField]) -> None:
        """The rule book's own fields, drawn from its data."""
        typed: dict[str, Any] = {}
        for field in fields:
            label = field.text[words.language()] + (" *" if field.required else "")
            common = {"key": self._key(f"extra.{field.name}"), "persist_state": "session"}
            typed[field.name] = widgets.extra(field, label, common)
            self._slots[f"extra.{field.name}"] = st.empty()
        self.typed["extra"] = typed

    def suggest(self, name: str, value: str, *, scope: object = "") -> None:
        """Fill a field that nobody has typed in yet."""
        key = self._key(name, scope)
        if value and not st.session_state.get(key):
            st.session_state[key] = value

    def keep(self) -> None:
        """Keep what was typed so far as a draft; of what was given back say when it was typed."""
        if self.kept is None:
            return
        self.kept.keep(self.typed)
        if self.kept.given_at is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Goes on from {time}.", time=words.moment(self.kept.given_at)))
            if st.button(_("Start afresh"), key=f"{self.name}·afresh", type="tertiary"):
                self.forget()
                self.kept.drop()
                st.rerun()

    def fields(self, *names: str) -> None:
        """Draw several fields; all of the model's when none is named."""
        for name in names or self.model.model_fields:
            self.field(name)

    def send(
        self,
        command: Callable[[UnitOfWork, Any], Any],
        *,
        done: str = "",
        then: Callable[[Any], None] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Check and send what was typed. On success: a fresh form, the message, a rerun."""
        self.send_by(
            lambda filled, key: gate.send(
                key, lambda uow: command(uow, filled), draft=self.name if self.kept else ""
            ),
            done=done,
            then=then,
            extra=extra,
        )

    def send_by(
        self,
        sender: Callable[[Any, str], Any],
        *,
        done: str = "",
        then: Callable[[Any], None] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """As `send`, by a sender that takes the checked input and the form's key."""
        values = {k: v for k, v in self.typed.items() if v is not None} | dict(extra or {})
        try:
            result = sender(parse(self.model, values), self.key)
        except Refused as error:
            self._refuse(error)
            return
        self.forget()
        resting.rest()
        if done:
            gate.flash(done)
        if then:
            then(result)
        st.rerun()

    def forget(self) -> None:
        """Give the form a fresh key: what was typed is saved or no longer wanted."""
        for key in [k for k in st.session_state if str(k).startswith(f"{self.name}·{self._stem}")]:
            del st.session_state[key]
        st.session_state.pop(f"form:{self.name}", None)
        if self.kept:
            self.kept.forget()

    def _refuse(self, error: Refused) -> None:
        if isinstance(error, NotSignedIn):
            st.session_state["ended"] = True
            st.rerun()
        if not isinstance(error, InvalidInput):
            st.error(words.refusal(error), icon=":material/error:")
            return
        self.problems = error.problems
        beside: dict[str, list[str]] = {}
        for bad in error.problems:
            beside.setdefault(self._home(bad), []).append(f":red[{self._said(bad)}]")
        elsewhere = beside.pop("", [])
        for name, said in beside.items():
            self._slots[name].markdown("  \n".join(said))
        count = len(error.problems)
        st.error(
            words.n_(
                "One field needs a look. Nothing was saved; what you typed is still here.",
                "{n} fields need a look. Nothing was saved; what you typed is still here.",
                count,
            ),
            icon=":material/error:",
        )
        for text in elsewhere:
            st.markdown(text)

    def _home(self, bad: Problem) -> str:
        """The field below which a mistake is said: a row's below its table; none when not drawn."""
        names = (bad.field, bad.field.partition(".")[0])
        return next((name for name in names if name in self._slots), "")

    def _said(self, bad: Problem) -> str:
        if bad.field in self._records and bad.code == "missing":
            return _("Choose one of these.")
        if bad.field in self._slots:
            return words.plain(words.problem(bad))
        if row := lines.row_of(bad):
            return lines.said(bad, *row, places=self._places.get(row[0], ()))
        return _named(bad)

    def _key(self, name: str, scope: object = "") -> str:
        return f"{self.name}·{self._stem}·{name}·{scope}"

    @property
    def _stem(self) -> str:
        return self.kept.stem if self.kept else self.key

    def _keep(self, name: str, value: Any) -> Any:
        self.typed[name] = value
        self._slots[name] = st.empty()
        return value

    def _draw(self, name: str, info: FieldInfo, extra: dict[str, Any]) -> Any:
        label = extra.pop("label", None) or words.field(name)
        kind = kind_of(info)
        if (info.is_required() or is_said(info)) and not is_optional(info):
            label = f"{label} *"
        if line := line_of(info):
            filled = self.rows(label, line, self.values.get(name), self.options, extra["key"])
            self._places[name] = tuple(filled)
            return list(filled.values())
        first = self.values.get(name)
        if first is None and not info.is_required():
            first = info.default  # the record has no such fact yet
        watched = self.kept.watched(name, first) if self.kept else {}
        common: dict[str, Any] = {"persist_state": "session", **watched, **extra}
        choice = next((m for m in info.metadata if isinstance(m, Choice)), None)
        if get_origin(kind) is dict and choice:
            return widgets.scores(self.options.get(choice.options, {}), common)
        if choice:
            return widgets.choose(label, dict(self.options.get(choice.options, {})), first, common)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return widgets.choose(label, words.options(kind), first, common)
        if is_said(info):
            # What is edited is known; what a step asks is said anew by whoever takes it.
            is_fact = is_optional(info) or not issubclass(self.model, Action)
            is_kept = self.kept is not None and name in self.kept.first
            known = self.values.get(name) if is_fact or is_kept else None
            said = widgets.choose(label, {True: _("Yes"), False: _("No")}, known, common)
            # Empty is not nothing: nothing would be taken for the model's own yes.
            return "" if said is None and not is_optional(info) else said
        return widgets.typed(label, kind, shown_as(info), first, common)


def _told_apart(known: Mapping[int, str]) -> dict[int, str]:
    # Options with one label are one option to the browser: the wrong one would be marked.
    times = Counter(known.values())
    return {id: f"{text} #{id}" if times[text] > 1 else text for id, text in known.items()}


def _named(bad: Problem) -> str:
    text = words.plain(words.problem(bad))
    return text if bad.field == "form" else f"{words.plain(words.field(bad.field))}: {text}"

"""An input model of core drawn as a Streamlit form.

All bad fields are named at once beside themselves, what was typed stays, and the form's one-time
key makes a second click harmless.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from core.kernel.errors import AskAgain, InvalidInput, NotSignedIn, Problem, Refused
from core.kernel.inputs import Action, Choice, Input, line_of, parse
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import ExtraField
from pages.ui.kit import asking, gate, products, resting, widgets, words
from pages.ui.kit import rows as lines
from pages.ui.kit.drafts import Keeping
from pages.ui.kit.fields import Options, is_optional, is_said, kind_of, shown_as
from pages.ui.kit.words import _

NOBODY = object()


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
        self.options = dict(options or {})
        self.kept = Keeping(name, version) if drafts else None
        self.values = dict(values or {})
        # Letters and digits alone: Streamlit's components take no name with two underscores.
        self.key: str = st.session_state.setdefault(f"form:{name}", secrets.token_hex(16))
        self.seen: int = st.session_state.get(f"seen:{name}", version)
        st.session_state[f"seen:{name}"] = version
        self.typed: dict[str, Any] = {}
        # What was wrong with what was sent in this run.
        self.problems: tuple[Problem, ...] = ()
        self._suggested: dict[str, str] = {}
        self._slots: dict[str, Any] = {}
        self._records: set[str] = set()
        self._labels: dict[str, str] = {}
        # Of each table: where its filled rows stand, the first one being 1.
        self._places: dict[str, tuple[int, ...]] = {}

    def field(self, name: str, *, scope: object = "", **extra: Any) -> Any:
        """Draw one field and give what is typed in it, in the model's terms.

        Fields of different scopes keep what is typed apart: each customer has an own contact.
        """
        info = self.model.model_fields[name]
        return self._keep(name, self._draw(name, info, scope, extra))

    def widget(
        self, name: str, scope: object = "", *, kind: Any = None, shown: Any = None
    ) -> dict[str, Any]:
        """What a widget beside the fields is told, so that it is kept with them.

        `shown` is what it shows at first, in the terms of the widget; `kind` is that of its value.
        """
        key, place = self._key(name, scope), _place(name, scope)
        if self.kept is None:
            return {"key": key, "persist_state": "session"}
        if self.kept.has(place) and key not in st.session_state:
            st.session_state[key] = self.kept.first(place, kind)
        watched = self.kept.watched(place, key, shown, lambda value: value)
        return {"key": key, "persist_state": "session", **watched}

    def pick(
        self, name: str, members: Sequence[StrEnum], *, first: StrEnum, scope: object = ""
    ) -> Any:
        """A code among a few, as buttons side by side."""
        told = self.widget(name, scope, kind=type(first), shown=first)
        value = st.pills(
            words.field(name),
            list(members),
            default=None if told["key"] in st.session_state else first,
            required=True,
            format_func=words.code,
            **told,
        )
        return self._keep(name, value)

    def record(
        self,
        name: str,
        known: Mapping[int, str],
        others: Mapping[int, str],
        *,
        scope: object = "",
        asked: int | None = None,
    ) -> int | None:
        """One of some records, or another way; of several none is marked before a person says so.

        None where nobody said, which core is sent as missing. `others` are numbers below 1: they
        name no record, and are sent as nothing. `asked` is the record that the address asks for.
        """
        names = _told_apart(known) | dict(others)
        usual = next(iter(known)) if len(known) == 1 else asked
        index = list(names).index(usual) if usual and usual in known else None
        told = self.widget(name, scope, shown=None if index is None else usual)
        if st.session_state.get(told["key"], NOBODY) not in names:
            st.session_state.pop(told["key"], None)
        marked = st.radio(
            words.field(name), list(names), index=index, format_func=names.__getitem__, **told
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
        for name, text in products.pick(self.widget, "brand", "model").items():
            self._keep(name, text)

    def extra_fields(self, fields: Sequence[ExtraField]) -> None:
        """The rule book's own fields, drawn from its data."""
        typed: dict[str, Any] = {}
        for field in fields:
            self._labels[f"extra.{field.name}"] = field.text[words.language()]
            label = words.plain(field.text[words.language()]) + (" *" if field.required else "")
            kind = date if field.kind == "date" else None
            common = self.widget(f"extra.{field.name}", kind=kind)
            typed[field.name] = widgets.extra(field, label, common)
            self._slots[f"extra.{field.name}"] = st.empty()
        self.typed["extra"] = typed

    def suggest(self, name: str, value: str, *, scope: object = "") -> None:
        """Fill a field that nobody has typed in yet."""
        key, place = self._key(name, scope), _place(name, scope)
        is_given_back = self.kept is not None and self.kept.has(place)
        if value and not is_given_back and not st.session_state.get(key):
            st.session_state[key] = self._suggested[place] = value

    def add(self, name: str, text: str) -> None:
        """Write more into a field, below what somebody has typed there."""
        key = self._key(name)
        typed = st.session_state.get(key) or ""
        if text not in typed:
            st.session_state[key] = f"{typed}\n\n{text}".strip()
        if self.kept:
            self.kept.touch(name)

    def keep(self) -> None:
        """Keep what was typed so far as a draft; of what was given back say when it was typed."""
        if self.kept is None:
            return
        self.kept.keep()
        if self.kept.is_hindered:
            st.warning(
                _("What you type stands in this window alone for now: leave it open."),
                icon=":material/hourglass_empty:",
            )
        if self.kept.is_outrun:
            self._ask_which(self.kept)
        elif self.kept.given_at:
            self._offer_fresh(self.kept)

    def drop(self) -> None:
        """Nothing of what was typed is wanted any more: the form is empty from the next run on."""
        self.forget()
        if self.kept:
            self.kept.drop()

    def _ask_which(self, kept: Keeping) -> None:
        st.warning(
            _("Another window has gone on with this form. What is typed here is not kept."),
            icon=":material/tab_duplicate:",
        )
        with st.container(horizontal=True):
            if st.button(_("Take what is there"), key=f"{self.name}·take"):
                self.forget()
                st.rerun()
            if st.button(_("Keep what is here"), key=f"{self.name}·hold"):
                kept.keep(anyway=True)
                st.rerun()

    def _offer_fresh(self, kept: Keeping) -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Goes on from {time}.", time=words.moment(kept.given_at)))
            if st.button(_("Start afresh"), key=f"{self.name}·afresh", type="tertiary"):
                self.drop()
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
            result = sender(parse(self.model, values, kept=self.values), self.key)
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
        if isinstance(error, AskAgain):
            asking.ask()
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
        if names := self._names(error.problems):
            st.markdown(f":red[{words.plain(words.listed(names))}]")
        for text in elsewhere:
            st.markdown(text)

    def _names(self, problems: Sequence[Problem]) -> list[str]:
        """What the fields are called that need a look, each once, in the order of the screen."""
        tops = {self._home(bad) or bad.field.partition(".")[0] for bad in problems} - {"form"}
        drawn = [name for name in self._slots if name in tops]
        named = [*drawn, *sorted(tops - set(drawn))]
        return [self._labels.get(name) or words.field(name) for name in named]

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

    def _draw(self, name: str, info: FieldInfo, scope: object, extra: dict[str, Any]) -> Any:
        label = extra.pop("label", None) or words.field(name)
        kind, key, place = kind_of(info), self._key(name, scope), _place(name, scope)
        if (info.is_required() or is_said(info)) and not is_optional(info):
            label = f"{label} *"
        if line := line_of(info):
            filled = self.rows(label, line, self.values.get(name), self.options, key)
            self._places[name] = tuple(filled)
            return list(filled.values())
        is_kept = self.kept is not None and self.kept.has(place)
        first = self.kept.first(place, kind) if self.kept and is_kept else self.values.get(name)
        if first is None and not info.is_required():
            first = info.default  # the record has no such fact yet
        common: dict[str, Any] = {"key": key, "persist_state": "session", **extra}
        if self.kept:
            read = partial(widgets.said, kind, shown_as(info))
            common |= self.kept.watched(place, key, self._suggested.get(place, first), read)
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
            known = first if is_fact or is_kept else None
            said = widgets.choose(label, {True: _("Yes"), False: _("No")}, known, common)
            # Empty is not nothing: nothing would be taken for the model's own yes.
            return "" if said is None and not is_optional(info) else said
        return widgets.typed(label, kind, shown_as(info), first, common)


def _place(name: str, scope: object) -> str:
    """Where something is kept: fields of different scopes apart."""
    return name if scope == "" else f"{name}·{scope}"


def _told_apart(known: Mapping[int, str]) -> dict[int, str]:
    # Options with one label are one option to the browser: the wrong one would be marked.
    times = Counter(known.values())
    return {id: f"{text} #{id}" if times[text] > 1 else text for id, text in known.items()}


def _named(bad: Problem) -> str:
    text = words.plain(words.problem(bad))
    # A field of the company's own has the name that the rule book gives it.
    own = bad.details.get("name") if bad.field.startswith("extra.") else ""
    label = own or words.field(bad.field)
    return text if bad.field == "form" else f"{words.plain(label)}: {text}"

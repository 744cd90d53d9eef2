"""The actions allowed now on a record, each with its form, drawn from the rule table."""

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.kernel.errors import Stale
from core.kernel.inputs import Action
from core.process import workflow
from core.process.fairness import Barred
from core.process.rules import Process, Rule
from pages.ui.kit import gate, resting, words
from pages.ui.kit import rows as lines
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


@dataclass(frozen=True)
class Look:
    """How the forms of a process are drawn where the plain way does not do."""

    rows: lines.Drawer = lines.table
    # Shown below the fields of an action, from what was typed there.
    previews: Mapping[type[Action], Callable[[Form], None]] = field(default_factory=dict)
    # A shorter way, shown above the form of an action, which is folded where there is one.
    shortcuts: Mapping[type[Action], Callable[[], bool]] = field(default_factory=dict)
    # A button as wide as the form, for fingers.
    is_wide: bool = False
    # What is typed outlives the window: see pages.ui.kit.drafts.
    keeps_drafts: bool = False
    # Only the next step is in view, the other actions are folded.
    folds_others: bool = False
    # Where the button of the next step stands; below its fields, when it is None.
    bar: Any = None
    # Draws the fields of an action where a widget for each would not do: a customer is looked for.
    fields: Mapping[type[Action], Callable[[Form], None]] = field(default_factory=dict)


PLAIN = Look()


def panel(
    process: Process,
    *,
    record_id: int,
    version: int,
    rules: Sequence[Rule],
    after: Callable[[Any], None] | None = None,
    opened: bool = True,
    look: Look = PLAIN,
    part: str = "",
) -> None:
    """Choose one of the allowed actions and fill in its form; the first one is open.

    With `opened` false none is: for what may be done, and is nobody's next move. Neither is any
    one right after something was saved. `part` sets a second panel of one record apart.
    """
    opened = opened and not resting.rests()
    by_name = {rule.action.name: rule for rule in rules if rule.action}
    name = f"{process.subject}·{record_id}"
    _say_outrun(process, name, by_name)
    if not by_name:
        return

    def draw(chosen: str | None, look: Look) -> None:
        if chosen is not None:
            rule = by_name[chosen]
            form_of(process, rule, record_id=record_id, version=version, after=after, look=look)

    key = f"{name}·{version}{part}"
    if not look.folds_others:
        draw(_choice(list(by_name), f"{key}{resting.CHOICE}", opened), look)
        return
    others, turned_to = list(by_name)[1:], f"{key}·others{resting.CHOICE}"
    # One form at a time: two buttons under one thumb are one too many.
    turned = st.session_state.get(turned_to) in others
    if not turned:
        draw(_next_step(next(iter(by_name)), f"{key}{resting.CHOICE}", opened), look)
    if others:
        icon = ":material/more_horiz:"
        with st.expander(_("Other actions"), icon=icon, expanded=turned):
            draw(_choice(others, turned_to, opened=False), look)


def is_turned_to(process: Process, *, record_id: int, version: int) -> bool:
    """Whether somebody has turned to an action in the panel of a record."""
    name, state = f"{process.subject}·{record_id}·{version}", st.session_state
    keys = (f"{name}{resting.CHOICE}", f"{name}·others{resting.CHOICE}")
    return any(state.get(key) is not None for key in keys)


def _next_step(name: str, key: str, opened: bool) -> str | None:
    if not opened:
        return _choice([name], key, opened)
    st.subheader(words.action(name), anchor=False)
    return name


def _choice(names: list[str], key: str, opened: bool) -> str | None:
    if opened and st.session_state.get(key, names[0]) is None:
        st.session_state[key] = names[0]  # it was at rest, until its row was chosen
    return st.pills(
        _("What to do"),
        names,
        default=names[0] if opened and key not in st.session_state else None,
        required=opened,
        format_func=words.action,
        key=key,
        label_visibility="collapsed",
    )


def _say_outrun(process: Process, name: str, allowed: Container[str]) -> None:
    # The button that was pressed is not drawn any more: somebody else was faster. Without this
    # the person would see the screen change and think that it was saved.
    actions = {rule.action.name for rule in process.rules if rule.action}
    for action in sorted(actions):
        if action not in allowed and st.session_state.get(f"{name}·{action}·send"):
            st.error(words.refusal(Stale()), icon=":material/error:")


def form_of(
    process: Process,
    rule: Rule,
    *,
    record_id: int,
    version: int,
    after: Callable[[Any], None] | None = None,
    look: Look = PLAIN,
) -> None:
    """The form of one action."""
    action = rule.action
    assert action is not None  # consequences have no button
    drawn = gate.read(workflow.form, process=process, record_id=record_id, action=action)
    form = Form(
        f"{process.subject}·{record_id}·{action.name}",
        action,
        options=drawn.options,
        values=drawn.values,
        version=version,
        rows=look.rows,
        drafts=look.keeps_drafts,
    )
    shortcut = look.shortcuts.get(action)
    is_loose = form.kept is not None or action in look.fields
    with _folded(form) if shortcut and shortcut() else nullcontext(), _frame(form, is_loose):
        if draws := look.fields.get(action):
            draws(form)
        else:
            form.fields(*drawn.fields)
        if drawn.extra:
            form.extra_fields(drawn.extra)
        form.keep()
        if preview := look.previews.get(action):
            preview(form)
        pressed = _button(form, rule, look, is_loose)
    if not pressed:
        return
    # What is wrong is said where the thumb is.
    with nullcontext() if look.bar is None else st.bottom:
        form.send(
            taking(process, record_id, form.seen),
            done=_("Saved: {action}", action=words.action(action.name)),
            then=lambda result: _saved(rule, result, after),
        )


def _saved(rule: Rule, result: Any, after: Callable[[Any], None] | None) -> None:
    if rule.target:
        resting.move_on()
    if after:
        after(result)


def _folded(form: Form) -> AbstractContextManager[Any]:
    label, icon = _("Choose otherwise"), ":material/tune:"
    return st.expander(label, icon=icon, key=f"{form.name}·folded")


def _frame(form: Form, is_loose: bool) -> AbstractContextManager[Any]:
    if is_loose:
        # In a form of Streamlit's the fields would tell of nothing before the press.
        return st.container(border=bool(form.model.model_fields))
    return st.form(f"{form.name}·form", enter_to_submit=False)


def _button(form: Form, rule: Rule, look: Look, is_loose: bool) -> bool:
    assert rule.action is not None
    # No shortcut: of two panels on a screen it sends the one that nobody looks at.
    button: Callable[..., bool] = st.button if is_loose else st.form_submit_button
    with nullcontext() if look.bar is None else look.bar:
        return button(
            words.action(rule.action.name),
            type="primary",
            key=f"{form.name}·send",
            help=_("Rule {clause}", clause=rule.clause),
            width="stretch" if look.is_wide else "content",
        )


def taking(process: Process, record_id: int, seen_version: int) -> Callable[[Any, Any], Any]:
    """An action on a record, for a form to send."""

    def act(uow: Any, command: Any) -> Any:
        return workflow.act(uow, process, id=record_id, command=command, seen_version=seen_version)

    return act


def barred(kept: Sequence[Barred]) -> None:
    """What a relation keeps from the person: why, and who may do it instead (A23)."""
    said: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for each in kept:
        said.setdefault(each.reason, {}).setdefault(each.who, []).append(words.action(each.action))
    for reason, ways in said.items():
        lines = [words.plain(words.in_domain("barred", reason))]
        lines += [words.plain(_who(actions, who)) for who, actions in ways.items()]
        st.warning("  \n".join(lines), icon=":material/front_hand:")


def _who(actions: list[str], who: tuple[str, ...]) -> str:
    names = words.listed(actions)
    if not who:
        return _("{actions}: nobody else may yet; a role has to be given first.", actions=names)
    return _("{actions}: {who}", actions=names, who=words.listed(who))

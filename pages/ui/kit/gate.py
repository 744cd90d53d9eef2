"""The only door between screens and core: who is signed in, reading, and sending."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.codes import AccessKind, Language
from core.house import HOUSE
from core.kernel import database, drafts, form_keys
from core.kernel.errors import NotAllowed, NotSignedIn, Refused
from core.kernel.unit_of_work import Actor, UnitOfWork, system_actor, transaction, unit_of_work
from core.people import attempts, company, records, sign_ins
from core.people.records import Place
from core.people.sign_ins import Held
from core.process.permissions import may
from pages.ui.kit import places, words
from pages.ui.kit.words import _

P = ParamSpec("P")
ResultT = TypeVar("ResultT")

SECRET = "sign_in"
# A sign-in that lacks something still.
ENTERING = "entering"
# What was read a moment ago and is shown beside the page: it need not be asked for at every run.
KEPT, FRESH = "kept", timedelta(seconds=20)


def enter(secret: str | None) -> Actor | None:
    """Ask the database who holds the sign-in, at the start of every run.

    None, with `entering` to ask for, where the sign-in still lacks something.
    """
    st.session_state.pop("actor", None)
    st.session_state.pop(ENTERING, None)
    found = _speaks(secret) if secret else None
    if secret is None or found is None:
        return None
    st.session_state[SECRET] = secret
    words.use(found.actor.language)
    st.session_state["zone"] = found.actor.zone
    if found.lacking:
        st.session_state[ENTERING] = found
        return None
    sign_ins.mark_seen(secret, now())
    st.session_state["actor"] = (_run(), found.actor)
    return found.actor


def entering() -> Held | None:
    """Whose password was right, and what the sign-in lacks; nothing opens to them yet."""
    found: Held | None = st.session_state.get(ENTERING)
    return found


def own_secret() -> str:
    """The secret of this window's sign-in."""
    return st.session_state.get(SECRET) or ""


def place() -> Place:
    """Where this window is opened."""
    agent = st.context.headers.get("User-Agent") or ""
    return Place(attempts.network(st.context.ip_address or ""), agent)


def actor() -> Actor:
    """Who acts in this run; NotSignedIn when the sign-in has ended."""
    asked: tuple[int, Actor] | None = st.session_state.get("actor")
    if asked is not None and asked[0] == _run():
        return asked[1]
    # A fragment runs without app.py: ask again.
    known = _whole()
    st.session_state["actor"] = (_run(), known)
    return known


def allowed(permission: str) -> bool:
    """Whether whoever acts holds a permission: shows or hides what core guards."""
    return may(actor(), permission)


def read(
    query: Callable[Concatenate[UnitOfWork, P], ResultT], *args: P.args, **kwargs: P.kwargs
) -> ResultT:
    """Run a query of core. What is refused is said in words, and the page ends there."""
    try:
        return ask(query, *args, **kwargs)
    except Refused as error:
        refused = error
    _say_and_stop(refused)
    raise AssertionError("the page has ended")


def ask(
    query: Callable[Concatenate[UnitOfWork, P], ResultT], *args: P.args, **kwargs: P.kwargs
) -> ResultT:
    """As `read`, for a page that itself says in words what is refused."""
    try:
        with unit_of_work(database.engine(), actor(), HOUSE, write=False) as uow:
            return query(uow, *args, **kwargs)
    except NotAllowed as error:
        note_refused(error)
        raise


def note_refused(error: NotAllowed) -> None:
    """Keep on record what somebody was refused."""
    about = error.details.get("permission") or error.details.get("reason") or ""
    told: Any = {"person_id": actor().id, "place": place(), "about": str(about)[:64]}
    database.write_or(
        lambda session: records.note(session, AccessKind.NOT_ALLOWED, now(), **told),
        lambda _session: None,
    )


def kept(query: Callable[[UnitOfWork], ResultT]) -> ResultT:
    """As `read`, kept for a while in this window: until it is old, or something is sent."""
    held = st.session_state.setdefault(KEPT, {})
    name = f"{query.__module__}.{query.__qualname__}"
    asked = held.get(name)
    if asked is None or asked[0] != actor().id or now() - asked[1] > FRESH:
        asked = held[name] = (actor().id, now(), read(query))
    answer: ResultT = asked[2]
    return answer


def work(task: Callable[..., ResultT], **asked: Any) -> ResultT:
    """A long task of core that opens its own transaction; raises Refused for the page to show."""
    return task(database.engine(), actor(), **asked)


def later(
    query: Callable[Concatenate[UnitOfWork, P], ResultT], *args: P.args, **kwargs: P.kwargs
) -> Callable[[], ResultT]:
    """A query that runs when a file is asked for: outside any run, so it asks again who it is."""
    return _outside(lambda uow: query(uow, *args, **kwargs), write=False)


def noting(
    make: Callable[[], ResultT], note: Callable[[UnitOfWork], None]
) -> Callable[[], ResultT]:
    """What makes a file, and then writes down that it was handed out."""
    write = _outside(note, write=True)

    def run() -> ResultT:
        made = make()
        write()
        return made

    return run


def _outside(task: Callable[[UnitOfWork], ResultT], *, write: bool) -> Callable[[], ResultT]:
    secret, speaks = st.session_state.get(SECRET), words.language()

    def run() -> ResultT:
        actor = holder(secret or "", choice=speaks)
        if actor is None:
            raise NotSignedIn()
        with unit_of_work(database.engine(), actor, HOUSE, write=write) as uow:
            return task(uow)

    return run


def now() -> datetime:
    """The instant that a screen compares due times with."""
    return datetime.now(UTC)


def send(key: str, command: Callable[[UnitOfWork], Any], *, draft: str = "") -> Any:
    """Run a command once for a form key; raises Refused for the form to show.

    The draft of the form that is called `draft` ends with it.
    """
    current = _whole()
    st.session_state.pop(KEPT, None)
    sign_ins.mark_seen(own_secret(), now())

    def run(uow: UnitOfWork) -> Any:
        result = command(uow)
        if draft:
            drafts.end(uow, form=draft)
        return result

    try:
        return form_keys.submit(database.engine(), current, HOUSE, run, key=key)
    except NotAllowed as error:
        note_refused(error)
        raise


def send_entering(key: str, command: Callable[[UnitOfWork], Any]) -> Any:
    """As `send`, for what a sign-in still lacks: by whoever gave the right password."""
    found = _speaks(own_secret())
    if found is None:
        raise NotSignedIn()
    return form_keys.submit(database.engine(), found.actor, HOUSE, command, key=key)


def ask_entering(query: Callable[[UnitOfWork], ResultT]) -> ResultT:
    """As `ask`, for what a sign-in still lacks."""
    found = _speaks(own_secret())
    if found is None:
        raise NotSignedIn()
    with unit_of_work(database.engine(), found.actor, HOUSE, write=False) as uow:
        return query(uow)


def keep_draft(form: str, stem: str, typed: Mapping[str, Any], **seen: Any) -> datetime | None:
    """Keep what was typed into a form so far; when that was, None where it was too much."""
    with unit_of_work(database.engine(), actor(), HOUSE, write=True) as uow:
        return drafts.keep(uow, form=form, stem=stem, typed=typed, **seen)


def end_draft(form: str) -> None:
    """What was typed into a form is not wanted any more."""
    with unit_of_work(database.engine(), actor(), HOUSE, write=True) as uow:
        drafts.end(uow, form=form)


def flash(text: str, icon: str = ":material/check:") -> None:
    """Say something on the next run, after the change was saved."""
    st.session_state.setdefault("flash", []).append((text, icon))


def show_flashes() -> None:
    """Say what the run before left to say."""
    for text, icon in st.session_state.pop("flash", []):
        st.toast(text, icon=icon)


def note_ended() -> None:
    """Remember that this browser was signed in until now: the sign-in form says so."""
    if st.session_state.pop(SECRET, None):
        st.session_state["ended"] = True


def find_company() -> company.CompanyView | None:
    """The company; None before the first set-up."""
    with transaction(database.engine(), write=False) as session:
        return company.find(session)


def set_up(command: company.FirstStart, key: str) -> None:
    """Found the company."""
    founder = system_actor()
    form_keys.submit(
        database.engine(), founder, HOUSE, lambda uow: company.first_start(uow, command), key=key
    )


def holder(secret: str, *, choice: Language | None = None) -> Actor | None:
    """Who holds a sign-in, as the database says now."""
    with transaction(database.engine(), write=False) as session:
        return sign_ins.holder(session, secret, datetime.now(UTC), guess=choice)


def _whole() -> Actor:
    """Whose sign-in it is; NotSignedIn when it has ended, or lacks something still."""
    found = _speaks(own_secret())
    if found is None or found.lacking:
        raise NotSignedIn()
    return found.actor


def _speaks(secret: str) -> Held | None:
    # Chosen before signing in, in this browser: stronger than the person's own language.
    with transaction(database.engine(), write=False) as session:
        found = sign_ins.held(session, secret, now(), guess=st.session_state.get("guess"))
    chosen = st.session_state.get("choice")
    if found is None or not chosen:
        return found
    return replace(found, actor=replace(found.actor, language=chosen))


def _run() -> int:
    # One object a run; a fragment's run has another one.
    return id(get_script_run_ctx())


def _say_and_stop(error: Refused) -> None:
    if isinstance(error, NotSignedIn):
        st.rerun()
    st.error(words.refusal(error), icon=":material/block:")
    places.link("home", _("Back to my work"))
    st.stop()

"""Sign-in: streamlit-authenticator's form and cookie over our people and sign-ins.

The library keeps no state of ours: core checks passwords and counts the wrong ones in the
database, where another browser window cannot start from nought, and the cookie carries a random
secret whose row can be ended.
"""

import logging
import os
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.models import cookie_model

from core.kernel import database
from core.kernel.errors import Hindered, NotFound
from core.kernel.unit_of_work import transaction
from core.people import outside as people_outside
from core.people import sign_ins
from core.people.company import CompanyView
from core.people.records import Place
from pages.ui.frame import language
from pages.ui.kit import gate, outside, uploads, words
from pages.ui.kit.cookie import NAME, ROUTE, secret_in, token_of
from pages.ui.kit.words import _

log = logging.getLogger("aftercare")

# The sign-in that this window had last: it still tells that the browser is known.
LAST = "last_sign_in"
# What the company's own service said last, once it was acted on.
VOUCHED = "outside·word"
_tell = st.components.v2.component(
    "document",
    js="""
export default function ({ data }) {
  document.documentElement.lang = data.lang
  if (!data.token || window.keptToken === data.token) return
  window.keptToken = data.token
  const secure = location.protocol === "https:" ? "?secure" : ""
  fetch(data.kept_at + secure, { method: "POST", body: data.token })
    .then((answer) => { if (!answer.ok) throw answer })
    .catch(() => { window.keptToken = undefined })
}
""",
)


class CookieWriter:
    """Stands in for the cookie component that the library brings, which reports back.

    Each report makes a run that cuts off the one under way: whoever pressed a button in that
    moment, the sign-in's own first of all, lost the click without a word.
    """

    def set(self, cookie: str, val: str, *, expires_at: datetime) -> None:
        """Leave a cookie for tell_browser() to have set."""
        st.session_state["cookie"] = {"token": val, "kept_at": ROUTE}


cookie_model.stx = SimpleNamespace(CookieManager=CookieWriter)


class Check:
    """Stands in for the library's check of a password, which counts nothing that lasts."""

    def __init__(self, company: CompanyView, known: dict[str, Any]) -> None:
        """`known` is the library's table of users: it reads there who has come in."""
        self.company = company
        self.known = known
        self.tried: sign_ins.Attempt | None = None

    def __call__(self, username: str, password: str) -> bool:
        """Write the try down, then check it: many at once are no more than allowed."""
        place, browser = gate.place(), _last(self.company)
        asked: Any = {"now": datetime.now(UTC), "address": place.address, "browser": browser}
        self.tried = database.write_or(
            lambda session: sign_ins.attempt(session, username, **asked),
            lambda session: sign_ins.attempt_unwritten(session, username, **asked),
        )
        is_right = sign_ins.is_right(self.tried, password)
        if is_right:
            self.known[username] = {"name": self.tried.name, "email": ""}
        else:
            log.warning("sign-in from %s %s", place.address or "this machine", self.tried.story())
            self._note_wrong(self.tried, place)
        return is_right

    def _note_wrong(self, tried: sign_ins.Attempt, place: Place) -> None:
        try:
            with transaction(database.patient(), write=True) as session:
                sign_ins.note_wrong(session, tried, datetime.now(UTC), place)
        except Hindered as error:
            log.warning("not written down: hindered by %s", error.details["reason"])


def secret(company: CompanyView | None = None) -> str | None:
    """The secret of this browser's sign-in: of this session, else from the cookie."""
    held = st.session_state.get(gate.SECRET)
    if held or st.session_state.get("signed_out"):
        return held
    return _in_cookie(company) if company else None


def form(company: CompanyView) -> None:
    """The sign-in form; a right password opens a sign-in and reruns into the page asked for."""
    library, check = _library(company)
    if word := outside.word():
        if _vouched(library, word):
            return
        _unknown(company)
        return
    slot = st.empty()
    with slot.container(), st.columns([1, 2, 1])[1]:
        tell_browser("door")  # a right password goes on, within the run, into the page
        _heading(company)
        if outside.is_offered():
            label = _("Sign in with the company account")
            st.button(label, key="outside", icon=":material/badge:", on_click=outside.go)
        library.login(fields=_labels(), key="sign_in_form")
        if st.session_state["authentication_status"] and not _open(library, check):
            st.session_state["authentication_status"] = False
        if st.session_state["authentication_status"] is False:
            st.error(
                _("User name or password is wrong. After several wrong tries, wait some minutes.")
            )
        language.choose()
        _demo_accounts()
    if gate.SECRET in st.session_state:
        slot.empty()


def renew() -> None:
    """Whoever was sent to the company's service from inside has shown once more who they are."""
    word = outside.word()
    if word is None or st.session_state.get(VOUCHED) == word:
        return
    st.session_state[VOUCHED] = word
    with transaction(database.engine(), write=True) as session:
        now = datetime.now(UTC)
        confirmed = people_outside.confirm(session, gate.own_secret(), word.name, word.at, now)
    if confirmed:
        gate.flash(_("Thank you: now press once more."))
        st.rerun()


def enter(company: CompanyView, username: str) -> bool:
    """Sign in whoever has just founded the company with a password of their own; no second form."""
    library, check = _library(company)
    st.session_state["username"] = username
    return _open(library, check)


def tell_browser(place: str) -> None:
    """Have the browser speak this window's language, and keep the cookie of its sign-in.

    In every run: drawn only once, it would be gone before the browser has come to it when
    somebody types on at once.
    """
    held = st.session_state.get("cookie") or {}
    _tell(key=f"browser_{place}", data={"lang": words.TAGS[words.language()], **held}, height=0)


def leave() -> None:
    """Sign out: the row is ended, so that the cookie is worth nothing wherever it is."""
    held = st.session_state.get(gate.SECRET)
    if held:
        database.write_or(
            lambda session: sign_ins.end(session, held, datetime.now(UTC)),
            lambda _session: sign_ins.end_unwritten(held, datetime.now(UTC)),
        )
    kept = {key: st.session_state.get(key) for key in ("choice", LAST)}
    st.session_state.clear()
    st.session_state["signed_out"] = True
    st.session_state.update({key: value for key, value in kept.items() if value})
    uploads.forget()
    outside.leave()


def _in_cookie(company: CompanyView) -> str | None:
    return secret_in(st.context.cookies.get(NAME) or "", company.cookie_key)


def _last(company: CompanyView) -> str:
    return st.session_state.get(LAST) or _in_cookie(company) or ""


def _library(company: CompanyView) -> tuple[Authenticate, Check]:
    for key in ("name", "username", "authentication_status", "email", "roles", "logout"):
        st.session_state[key] = None
    library = Authenticate(
        {"usernames": {}},
        NAME,
        company.cookie_key,
        sign_ins.KNOWN.days,
        auto_hash=False,
        login_sleep_time=0,
    )
    model = library.authentication_controller.authentication_model
    model.check_credentials = check = Check(company, model.credentials["usernames"])
    # Its own cookie names a person for days and cannot be revoked: ours is read by secret().
    library.cookie_controller.get_cookie = lambda: None
    # Written by _open, once there is a secret to put into it.
    library.cookie_controller.set_cookie = lambda: None
    return library, check


def _open(library: Authenticate, check: Check) -> bool:
    username = st.session_state["username"]
    try:
        asked: Any = {"now": datetime.now(UTC), "tried": check.tried, "place": gate.place()}
        held = database.write_or(
            lambda session: sign_ins.open_for(session, username, **asked),
            lambda session: sign_ins.open_unwritten(session, username, **asked),
        )
    except NotFound:
        return False
    _hold(library, username, held)
    return True


def _vouched(library: Authenticate, word: outside.Word) -> bool:
    with transaction(database.engine(), write=True) as session:
        now, place = datetime.now(UTC), gate.place()
        held = people_outside.open_for(session, word.name, now, place)
    if held is None:
        return False
    st.session_state[VOUCHED] = word
    _hold(library, word.name, held)
    return True


def _unknown(company: CompanyView) -> None:
    with st.columns([1, 2, 1])[1]:
        _heading(company)
        st.error(_("Nobody here is known by this company account. Ask your administrator."))
        label = _("Another account")
        st.button(label, key="outside_leave", type="primary", on_click=outside.leave)


def _hold(library: Authenticate, username: str, held: str) -> None:
    log.info("sign-in from %s", st.context.ip_address or "this machine")
    if st.session_state.get("last_user") not in (None, username):
        _forget_drafts()
    st.session_state["last_user"] = username
    st.session_state.pop("signed_out", None)
    st.session_state[gate.SECRET] = st.session_state[LAST] = held
    cookie = library.cookie_controller.cookie_model
    # Longer than the sign-in: afterwards it tells that the browser is known.
    cookie._token_encode = lambda: token_of(held, cookie.exp_date, cookie.cookie_key)
    cookie.set_cookie()


def _forget_drafts() -> None:
    # Another person signs in at the same browser: what the first one typed is not theirs.
    for key in [key for key in st.session_state if isinstance(key, str) and "·" in key]:
        del st.session_state[key]


def _heading(company: CompanyView) -> None:
    st.title(words.plain(company.name), anchor=False)
    if st.session_state.pop("ended", False):
        st.info(_("Your sign-in has ended. Sign in again: what you typed is still there."))


def _labels() -> dict[str, str]:
    return {
        "Form name": _("Sign in"),
        "Username": words.field("username"),
        "Password": words.field("password"),
        "Login": _("Sign in"),
    }


def _demo_accounts() -> None:
    if os.environ.get("AFTERCARE_DEMO") != "1":
        return
    from core import demo  # noqa: PLC0415 - no company but the demo pays for it

    st.caption(_("Demo accounts, all with the password {password}", password=demo.PASSWORD))
    st.dataframe(
        [
            {
                words.field("username"): account.username,
                words.field("role"): words.code(account.role),
                words.field("station"): account.station,
            }
            for account in demo.accounts(database.engine())
        ],
        hide_index=True,
        key="demo_accounts",
    )

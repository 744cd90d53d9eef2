"""Sign-in: streamlit-authenticator's form and cookie over our people and sign-ins.

The library keeps no state of ours: passwords come from the database one person at a time, its
cookie carries a random secret whose row can be ended, and wrong passwords are counted in the
database, where another browser window cannot start from nought.
"""

import os
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import jwt
import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.models import cookie_model

from core import database, sign_ins
from core.company import CompanyView
from core.unit_of_work import transaction
from pages.ui import gate, language, words
from pages.ui.words import _

COOKIE = "aftercare"
_write = st.components.v2.component(
    "cookie_writer",
    js="""
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : ""
  const until = new Date(data.until * 1000).toUTCString()
  document.cookie =
    `${data.name}=${data.value}; Path=/; SameSite=Strict; Expires=${until}${secure}`
}
""",
)


class CookieWriter:
    """Stands in for the cookie component that the library brings, which reports back.

    Each report makes a run that cuts off the one under way: whoever pressed a button in that
    moment, the sign-in's own first of all, lost the click without a word.
    """

    def set(self, cookie: str, val: str, *, expires_at: datetime) -> None:
        """Leave a cookie for keep_cookie() to write."""
        held = {"name": cookie, "value": val, "until": expires_at.timestamp()}
        st.session_state["cookie"] = held


cookie_model.stx = SimpleNamespace(CookieManager=CookieWriter)


class People(MutableMapping[str, Any]):
    """The library's user table, read one person at a time."""

    def __init__(self) -> None:
        """Start with nobody read."""
        self._read: dict[str, dict[str, Any]] = {}
        self.tried = ""

    def __getitem__(self, username: str) -> dict[str, Any]:
        if username not in self._read:
            with transaction(database.engine(), write=False) as session:
                found = sign_ins.credentials(session, username, datetime.now(UTC))
            # An unknown name is checked against nobody's password: it takes as long, and fails.
            name, password = (found.name, found.password_hash) if found else ("", sign_ins.NOBODY)
            self._read[username] = {"name": name, "email": "", "password": password}
        return self._read[username]

    def __contains__(self, username: object) -> bool:
        self.tried = str(username)
        return bool(username)

    def __setitem__(self, username: str, value: dict[str, Any]) -> None:
        self._read[username] = value

    def __delitem__(self, username: str) -> None:
        self._read.pop(username, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def secret(company: CompanyView | None = None) -> str | None:
    """The secret of this browser's sign-in: of this session, else from the cookie."""
    held = st.session_state.get(gate.SECRET)
    if held or st.session_state.get("signed_out"):
        return held
    token = st.context.cookies.get(COOKIE)
    if not token or company is None:
        return None
    try:
        claims = jwt.decode(token, company.cookie_key, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    found = claims.get("sid")
    return found if isinstance(found, str) else None


def form(company: CompanyView) -> None:
    """The sign-in form; a right password opens a sign-in and reruns into the page asked for."""
    people = People()
    library = _library(company, people)
    slot = st.empty()
    with slot.container(), st.columns([1, 2, 1])[1]:
        _heading(company)
        library.login(fields=_labels(), key="sign_in_form")
        if st.session_state["authentication_status"] is False:
            _refuse(people.tried)
        language.choose()
        _demo_accounts()
    if st.session_state.get("authentication_status"):
        slot.empty()
        _open(library)


def keep_cookie() -> None:
    """Have the browser write the cookie of this window's sign-in.

    In every run: drawn only once, it would be gone before the browser has come to it when
    somebody types on at once.
    """
    held = st.session_state.get("cookie")
    if held:
        _write(key="cookie_writer", data=held, height=0)


def leave() -> None:
    """Sign out: the row is ended, so that the cookie is worth nothing wherever it is."""
    held = st.session_state.get(gate.SECRET)
    if held:
        with transaction(database.engine(), write=True) as session:
            sign_ins.end(session, held, datetime.now(UTC))
    chosen = st.session_state.get("choice")
    st.session_state.clear()
    st.session_state["signed_out"] = True
    if chosen:
        st.session_state["choice"] = chosen


def _library(company: CompanyView, people: People) -> Authenticate:
    for key in ("name", "username", "authentication_status", "email", "roles", "logout"):
        st.session_state[key] = None
    library = Authenticate(
        {"usernames": {}},
        COOKIE,
        company.cookie_key,
        sign_ins.DAYS,
        auto_hash=False,
        login_sleep_time=0,
    )
    # The constructor copies a mapping into a dict, which would read everybody: put ours in after.
    library.authentication_controller.authentication_model.credentials["usernames"] = people
    # Its own cookie names a person for days and cannot be revoked: ours is read by secret().
    library.cookie_controller.get_cookie = lambda: None
    # Written by _open, once there is a secret to put into it.
    library.cookie_controller.set_cookie = lambda: None
    return library


def _open(library: Authenticate) -> None:
    username = st.session_state["username"]
    with transaction(database.engine(), write=True) as session:
        held = sign_ins.open_for(session, username, datetime.now(UTC))
    if st.session_state.get("last_user") not in (None, username):
        _forget_drafts()
    st.session_state["last_user"] = username
    st.session_state["authentication_status"] = None
    st.session_state.pop("signed_out", None)
    st.session_state[gate.SECRET] = held
    cookie = library.cookie_controller.cookie_model
    cookie._token_encode = lambda: jwt.encode(
        {"sid": held, "exp": cookie.exp_date}, cookie.cookie_key, algorithm="HS256"
    )
    cookie.set_cookie()


def _forget_drafts() -> None:
    # Another person signs in at the same browser: what the first one typed is not theirs.
    for key in [key for key in st.session_state if isinstance(key, str) and "·" in key]:
        del st.session_state[key]


def _heading(company: CompanyView) -> None:
    st.title(company.name)
    if st.session_state.pop("ended", False):
        st.info(_("Your sign-in has ended. Sign in again: what you typed is still there."))


def _labels() -> dict[str, str]:
    return {
        "Form name": _("Sign in"),
        "Username": words.field("username"),
        "Password": words.field("password"),
        "Login": _("Sign in"),
    }


def _refuse(username: str) -> None:
    st.session_state["authentication_status"] = None
    with transaction(database.engine(), write=True) as session:
        sign_ins.note_failure(session, username, datetime.now(UTC))
        locked = sign_ins.is_locked(session, username, datetime.now(UTC))
    if locked:
        st.error(_("Too many wrong passwords. Try again in ten minutes."))
    else:
        st.error(_("User name or password is wrong."))


def _demo_accounts() -> None:
    if os.environ.get("AFTERCARE_DEMO") != "1":
        return
    from core import demo

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

"""Sign-in at the company's own service (OpenID Connect), where its secrets name one.

Streamlit speaks with the service and keeps what it said in a cookie of its own, for weeks. Only
what was said just now counts: a sign-in that was ended here is not opened again by an old cookie.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

FRESH = timedelta(minutes=5)
# Which of the facts that the service tells is the person's name there.
SETTING, USUAL = "AFTERCARE_OIDC_CLAIM", "email"


@dataclass(frozen=True)
class Word:
    """Whom the service vouches for, and when it said so."""

    name: str
    at: datetime


def is_offered() -> bool:
    """Whether the company has such a service."""
    return st.secrets.load_if_toml_exists() and "client_id" in st.secrets.get("auth", {})


def word() -> Word | None:
    """What the service has just said of this browser; None where it said nothing lately."""
    if not is_offered() or not st.user.is_logged_in:
        return None
    said = st.user.to_dict()
    at, name = said.get("iat"), said.get(os.environ.get(SETTING) or USUAL)
    if not isinstance(at, int | float) or not name or said.get("email_verified") is False:
        return None
    since = datetime.fromtimestamp(at, UTC)
    return Word(str(name), since) if abs(datetime.now(UTC) - since) <= FRESH else None


def go() -> None:
    """Send the browser to the service."""
    st.login()


def leave() -> None:
    """Have the browser forget what the service said, and the service itself where it can."""
    if is_offered() and st.user.is_logged_in:
        st.logout()

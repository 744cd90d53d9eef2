"""An address that no page has leads home, before Streamlit says so in its own words."""

from pathlib import Path

import streamlit as st
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from pages.ui.frame.screens import HOME, SCREENS

# What is no page and yet answered: by Streamlit, and by the routes of server.py.
OTHERS = frozenset(
    {"_stcore", "media", "component", "static", "api", "healthz", "auth", "oauth2callback"}
)


class ToHome:
    """Redirects whoever asks for a page that is not there."""

    def __init__(self, app: ASGIApp, *files_of_ours: str) -> None:
        """Wrap an application; it is named where files of our own are served."""
        self.app = app
        files = {path.name for path in Path(file_util.get_static_dir()).iterdir()}
        self.known = {"", *OTHERS, *files_of_ours, *files, *(each.path for each in SCREENS)} - {
            HOME
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = scope["path"] if scope["type"] == "http" else "/"
        place = _below(asked, str(st.get_option("server.baseUrlPath") or ""))
        if scope.get("method") not in ("GET", "HEAD") or place.split("/")[0] in self.known:
            await self.app(scope, receive, send)
            return
        # Relative: a proxy may have taken a prefix off, which we do not know.
        up = "../" * place.count("/") or "./"
        await RedirectResponse(up, headers={"Cache-Control": "no-store"})(scope, receive, send)


def _below(path: str, base: str) -> str:
    prefix = f"/{base.strip('/')}/" if base.strip("/") else "/"
    return path.removeprefix(prefix) if path.startswith(prefix) else ""

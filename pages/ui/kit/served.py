"""Components of ours whose program is a file served beside the pages."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Served:
    """A component: its program, and beside it its look, a .css of the same name."""

    name: str
    html: str
    program: Path
    # Where the process serves the folder of the program.
    address: str

    @property
    def assets(self) -> Path:
        """The folder that is served."""
        return self.program.parent


@lru_cache
def component(about: Served) -> Any:
    """What draws it; the loader is all that travels with each change, the file once a version."""
    version = sha256(about.program.read_bytes()).hexdigest()[:12]
    loader = f"""
const base = new URL(document.querySelector("base")?.href ?? "/", location.origin)
const address = new URL("{about.address}/{about.program.name}?v={version}", base).href
export default async (component) => (await import(address)).default(component)
"""
    style = about.program.with_suffix(".css").read_text("utf-8")
    return st.components.v2.component(about.name, html=about.html, css=style, js=loader)

"""How wide the window is: on a phone a record has a page of its own, on a desk it lies beside."""

import streamlit as st

# Streamlit does not tell the width. This tells it once, and again when it has changed sides.
_measure = st.components.v2.component(
    "window_width",
    js="""
const query = window.matchMedia("(max-width: 899px)")
let forget = () => {}

export default function ({ data, setStateValue }) {
  forget()
  let waiting
  // Not in the middle of a run: what it has put into the widgets would be cut off with it.
  const tell = () => {
    clearTimeout(waiting)
    const run = document.querySelector("[data-test-script-state]")?.dataset.testScriptState
    if (run && run !== "notRunning") waiting = setTimeout(tell, 50)
    else setStateValue("narrow", query.matches)
  }
  query.addEventListener("change", tell)
  forget = () => {
    clearTimeout(waiting)
    query.removeEventListener("change", tell)
  }
  if (query.matches !== data.narrow) tell()
  return forget
}
""",
)
NARROW, KEY = "window·narrow", "window_width"


def measure() -> None:
    """Have the browser tell when its window is narrow, or has become wide."""
    _measure(
        key=KEY,
        data={"narrow": is_narrow()},
        on_narrow_change=_hear,
        height=0,
    )


def is_narrow() -> bool:
    """Whether two columns beside each other are too many; wide, as long as nobody has told."""
    return bool(st.session_state.get(NARROW))


def _hear() -> None:
    st.session_state[NARROW] = bool(st.session_state[KEY].get("narrow"))

"""How wide the window is: on a phone a record has a page of its own, on a desk it lies beside."""

import streamlit as st

# Streamlit does not tell the width. This tells it once, and again when it has changed sides.
_measure = st.components.v2.component(
    "window_width",
    js="""
const narrow = window.matchMedia("(max-width: 899px)")
const phone = window.matchMedia("(max-width: 599px)")
const side = () => (phone.matches ? "phone" : narrow.matches ? "narrow" : "")
let forget = () => {}

export default function ({ data, setStateValue }) {
  forget()
  let waiting
  // Not in the middle of a run: what it has put into the widgets would be cut off with it.
  const tell = () => {
    clearTimeout(waiting)
    const run = document.querySelector("[data-test-script-state]")?.dataset.testScriptState
    if (run && run !== "notRunning") waiting = setTimeout(tell, 50)
    else setStateValue("side", side())
  }
  for (const query of [narrow, phone]) query.addEventListener("change", tell)
  forget = () => {
    clearTimeout(waiting)
    for (const query of [narrow, phone]) query.removeEventListener("change", tell)
  }
  if (side() !== data.side) tell()
  return forget
}
""",
)
NARROW, PHONE, KEY = "window·narrow", "window·phone", "window_width"


def measure() -> None:
    """Have the browser tell when its window is narrow or a telephone's, or has become wide."""
    _measure(
        key=KEY,
        data={"side": "phone" if is_phone() else "narrow" if is_narrow() else ""},
        on_side_change=_hear,
        height=0,
    )


def is_narrow() -> bool:
    """Whether two columns beside each other are too many; wide, as long as nobody has told."""
    return bool(st.session_state.get(NARROW))


def is_phone() -> bool:
    """Whether there is room for a list only: narrower than a tablet that is held upright."""
    return bool(st.session_state.get(PHONE))


def _hear() -> None:
    side = st.session_state[KEY].get("side")
    st.session_state[NARROW], st.session_state[PHONE] = bool(side), side == "phone"

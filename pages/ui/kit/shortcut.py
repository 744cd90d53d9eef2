"""Ctrl+Enter sends the form of a page from every field, with what was typed last."""

import streamlit as st

# Streamlit's own shortcut does not hear what a list or the parts of a day and time keep to
# themselves, and a field gives its value away only when it is left: this hears the keys before
# any field does, leaves the field, then presses the button.
_hear = st.components.v2.component(
    "ctrl_enter",
    js="""
const AGAIN_MS = 700
let forget = () => {}
let pressed = 0

function type(field, key) {
  const about = { key, code: key, bubbles: true, cancelable: true }
  field.dispatchEvent(new KeyboardEvent("keydown", about))
}

function leave(field) {
  // A list gives what it offers for the letters that were typed, a day or time what stands in
  // its parts.
  const isList = field?.getAttribute("aria-expanded") === "true"
  const hasOffer = isList && field.value && field.getAttribute("aria-activedescendant")
  const isPart = field?.getAttribute("role") === "spinbutton"
  if (hasOffer || isPart) type(field, "Enter")
  if (isPart) type(field, "Escape") // its calendar keeps a day back until it is closed
  field?.blur()
}

export default function ({ data }) {
  forget()
  const heard = (event) => {
    const isAsked = event.key === "Enter" && (event.ctrlKey || event.metaKey)
    if (!event.isTrusted || !isAsked || event.isComposing) return
    const find = () => document.querySelector(`.st-key-${data.key} button`)
    if (!find()) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (event.repeat || Date.now() - pressed < AGAIN_MS) return
    pressed = Date.now()
    leave(document.activeElement)
    setTimeout(() => find()?.click(), 50)
  }
  window.addEventListener("keydown", heard, true)
  forget = () => window.removeEventListener("keydown", heard, true)
  return forget
}
""",
)


def sends(key: str) -> None:
    """Have Ctrl+Enter press the button of this key."""
    _hear(key=f"{key}_shortcut", data={"key": key}, height=0)

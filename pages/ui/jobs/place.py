"""Where the technician stands on arriving, if the technician presses to tell it."""

from pathlib import Path

from pages.ui.kit import served
from pages.ui.kit.forms import Form
from pages.ui.kit.served import Served
from pages.ui.kit.words import _

HERE = Served(
    "place",
    '<button type="button"></button><output></output>',
    Path(__file__).with_name("assets") / "place.js",
    "job-assets",
)


def ask(form: Form) -> None:
    """A button below the form of arriving; nothing is told without it."""
    said = {
        "label": _("Tell where I am"),
        "asking": _("Looking for the place …"),
        "refused": _("The place is not known. You can arrive without it."),
    }
    found = served.component(HERE)(
        key=f"place·{form.name}", data=said, default={"place": None}, on_place_change=lambda: None
    )
    for name, value in (found.place or {}).items():
        form.tell(name, value)

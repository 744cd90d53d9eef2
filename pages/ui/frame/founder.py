"""The founder of the company goes on without signing in a second time."""

from pages.ui.frame import sign_in
from pages.ui.kit import gate
from pages.ui.kit.forms import Form


def enter(form: Form) -> None:
    """Sign in by the user name that was typed; core has just taken the password with it."""
    company = gate.find_company()
    if company is not None:
        sign_in.enter(company, str(form.typed["username"]))

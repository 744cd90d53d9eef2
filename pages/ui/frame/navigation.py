"""Which pages there are, who may open them, and the sidebar around them."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.kernel.unit_of_work import Actor
from core.notices import notices
from core.process.permissions import may
from pages.ui.frame import search, sign_in
from pages.ui.kit import gate, places, resting, uploads, words
from pages.ui.kit.words import _


@dataclass(frozen=True)
class Screen:
    """One page: its file, icon, section of the menu, and the permission that opens it."""

    file: str
    icon: str
    section: str
    permission: str
    hidden: bool = False
    # Another permission that opens it as well.
    or_permission: str = ""

    def opens_to(self, actor: Actor) -> bool:
        """Whether the actor may open it."""
        return any(may(actor, each) for each in (self.permission, self.or_permission) if each)

    @property
    def path(self) -> str:
        """The page's address, the same in every language."""
        return self.file


SCREENS = (
    Screen("home", "home", "work", "account:edit"),
    Screen("inbox", "notifications", "work", "notice:read"),
    Screen("intake", "call", "work", "request:register"),
    Screen("dispatch", "assignment_ind", "work", "job:dispatch"),
    Screen("my_jobs", "home_repair_service", "work", "job:work"),
    Screen("desk", "inbox", "work", "request:answer"),
    Screen("followups", "phone_callback", "work", "followup:call"),
    Screen("complaints", "report", "work", "complaint:read"),
    Screen("penalties", "balance", "work", "penalty:appeal", or_permission="penalty:read"),
    Screen("measures", "task_alt", "work", "improvement:do"),
    Screen("quality", "science", "work", "quality:read"),
    Screen("suggestions", "lightbulb", "work", "suggestion:read"),
    Screen("returns", "undo", "work", "return:read"),
    Screen("emergencies", "emergency", "work", "emergency:read"),
    Screen("find", "search", "work", "search:use"),
    Screen("kpi", "monitoring", "review", "kpi:read"),
    Screen("prevention", "health_and_safety", "review", "prevention:read"),
    Screen("return_costs", "money_off", "review", "kpi:read"),
    Screen("norms", "gavel", "review", "norm:read"),
    Screen("what_if", "experiment", "review", "norm:edit"),
    Screen("imports", "upload_file", "settings", "import:run"),
    Screen("people", "group", "settings", "people:edit"),
    Screen("company", "apartment", "settings", "company:edit"),
    Screen("papers", "description", "settings", "paper:edit"),
    Screen("account", "account_circle", "settings", "account:edit"),
    Screen("case", "folder_open", "work", "case:read", hidden=True),
    Screen("job", "home_repair_service", "work", "job:work", hidden=True),
    Screen("customer", "person", "work", "search:use", hidden=True),
    Screen("apply_return", "edit_note", "work", "return:apply", hidden=True),
    Screen("scan", "qr_code_scanner", "work", "return:read", hidden=True),
    Screen("batch", "inventory_2", "work", "quality:read", hidden=True),
)


def for_actor(actor: Actor) -> StreamlitPage:
    """The menu of what the actor may open, and the page asked for.

    Every page is registered for everybody, so that a deep link to a page that is not allowed is
    answered in our words; `run` refuses it.
    """
    # Counted at every run: what is urgent shows on whatever page a person works.
    unread = gate.read(notices.count_unread)
    sections: dict[str, list[StreamlitPage]] = {}
    for screen in SCREENS:
        hidden = screen.hidden or not screen.opens_to(actor)
        page = _page(screen, hidden=hidden, unread=unread)
        sections.setdefault(_section(screen.section), []).append(page)
    page = st.navigation(sections, expanded=True)
    places.arrive(page.url_path)
    _sidebar(actor)
    return page


def signed_out() -> None:
    """Register the pages without a menu: a deep link survives the sign-in and runs nothing."""
    st.navigation([_page(screen, hidden=True) for screen in SCREENS], position="hidden")


def first_start() -> StreamlitPage:
    """The only page before the company is set up."""
    pages = [st.Page("pages/setup.py", title=_("First start"), url_path="setup", default=True)]
    return st.navigation(pages, position="hidden")


def run(page: StreamlitPage) -> None:
    """Run a page if the actor may open it."""
    screen = next((each for each in SCREENS if each.path == page.url_path), SCREENS[0])
    if st.session_state.get("page") not in (None, screen.file):
        uploads.forget()
    st.session_state["page"] = screen.file
    if screen.file != "intake" and not screen.hidden:
        # Whoever goes elsewhere by the menu has read the receipt of the last call. Its case is
        # no elsewhere: the way back leads to the receipt.
        st.session_state.pop("registered", None)
    if not screen.opens_to(gate.actor()):
        st.error(_("Your role may not open this page."), icon=":material/block:")
        places.link("home", _("Back to my work"))
        return
    resting.begin(page.url_path)
    page.run()


def title(screen: Screen, unread: int = 0) -> str:
    """A page in the menu; the inbox with the number of notices that are not read."""
    name = words.in_domain("page", screen.file)
    return f"{name} ({unread})" if unread and screen.file == "inbox" else name


def _page(screen: Screen, *, hidden: bool, unread: int = 0) -> StreamlitPage:
    return st.Page(
        f"pages/{screen.file}.py",
        title=title(screen, unread),
        icon=f":material/{screen.icon}:",
        url_path=screen.path,
        default=screen.file == "home",
        visibility="hidden" if hidden else "visible",
    )


def _section(name: str) -> str:
    return words.in_domain("section", name)


def _sidebar(actor: Actor) -> None:
    with st.sidebar:
        if may(actor, "search:use"):
            search.box()
        place = f" · {actor.station}" if actor.station else ""
        st.caption(f"{words.plain(actor.name)} · {words.code(actor.role)}{words.plain(place)}")
        st.button(_("Sign out"), key="sign_out", icon=":material/logout:", on_click=sign_in.leave)
        sign_in.keep_cookie()

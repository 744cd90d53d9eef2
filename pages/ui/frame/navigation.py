"""Which pages there are, who may open them, and the menu on top of them."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.kernel.unit_of_work import Actor
from core.overview import overview
from core.process.permissions import may
from pages.ui.frame import row
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


HOME = "home"
# In no heading: pages beside the headings, and pages that the row above every page leads to.
BESIDE, IN_ROW = "", "row"
SCREENS = (
    Screen("home", "home", BESIDE, "account:edit"),
    Screen("intake", "call", BESIDE, "request:register"),
    Screen("my_jobs", "home_repair_service", BESIDE, "job:work"),
    Screen("dispatch", "assignment_ind", "service", "job:dispatch"),
    Screen("desk", "inbox", "service", "request:answer"),
    Screen("followups", "phone_callback", "service", "followup:call"),
    Screen("emergencies", "emergency", "service", "emergency:read"),
    Screen("find", "search", "service", "search:use"),
    Screen("complaints", "report", "quality", "complaint:read"),
    Screen("quality", "science", "quality", "quality:read"),
    Screen("suggestions", "lightbulb", "quality", "suggestion:read"),
    Screen("penalties", "balance", "quality", "penalty:appeal", or_permission="penalty:read"),
    Screen("measures", "task_alt", "quality", "improvement:do"),
    Screen("returns", "undo", "returns", "return:read"),
    Screen("scan", "qr_code_scanner", "returns", "return:read"),
    Screen("kpi", "monitoring", "review", "kpi:read"),
    Screen("prevention", "health_and_safety", "review", "prevention:read"),
    Screen("return_costs", "money_off", "review", "kpi:read"),
    Screen("norms", "gavel", "review", "norm:read"),
    Screen("what_if", "experiment", "review", "norm:edit"),
    Screen("imports", "upload_file", "settings", "import:run"),
    Screen("people", "group", "settings", "people:edit"),
    Screen("company", "apartment", "settings", "company:edit"),
    Screen("papers", "description", "settings", "paper:edit"),
    Screen("inbox", "notifications", IN_ROW, "notice:read"),
    Screen("account", "account_circle", IN_ROW, "account:edit"),
    Screen("case", "folder_open", IN_ROW, "case:read", hidden=True),
    Screen("job", "home_repair_service", IN_ROW, "job:work", hidden=True),
    Screen("customer", "person", IN_ROW, "search:use", hidden=True),
    Screen("apply_return", "edit_note", IN_ROW, "return:apply", hidden=True),
    Screen("batch", "inventory_2", IN_ROW, "quality:read", hidden=True),
)
# Where a pile is not on the page of its own name, and what its address asks for there.
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "running": ("dispatch", {"dispatch_queue": "running"}),
    "jobs": ("my_jobs", {}),
}


def for_actor(actor: Actor) -> StreamlitPage:
    """The menu of what the actor may open, and the page asked for.

    Every page is registered for everybody, so that a deep link to a page that is not allowed is
    answered in our words; `run` refuses it.
    """
    page = st.navigation(menu(actor), position="top")
    places.arrive(page.url_path)
    row.draw(actor)
    return page


def menu(actor: Actor) -> dict[str, list[StreamlitPage]]:
    """The pages under their headings, each with how much of it waits for the actor."""
    waiting = _waiting()
    headings: dict[str, list[Screen]] = {BESIDE: []}
    for screen in SCREENS:
        headings.setdefault(screen.section, []).append(screen)
    sections: dict[str, list[StreamlitPage]] = {}
    for name, screens in headings.items():
        shown = [each for each in screens if name != IN_ROW and _is_shown(each, actor)]
        # A heading over one page is a click too many.
        heading = _heading(name, shown, waiting) if len(shown) > 1 else BESIDE
        sections.setdefault(heading, []).extend(
            _page(each, hidden=each not in shown, waiting=waiting.get(each.file, 0))
            for each in screens
        )
    return sections


def signed_out() -> None:
    """Register the pages without a menu: a deep link survives the sign-in and runs nothing."""
    st.navigation([_page(screen, hidden=True) for screen in SCREENS], position="hidden")


def first_start() -> StreamlitPage:
    """The only page before the company is set up, whatever page was asked for."""
    page = st.Page("pages/setup.py", title=_("First start"), url_path="setup", default=True)
    others = [_page(each, hidden=True) for each in SCREENS if each.file != HOME]
    st.navigation([page, *others], position="hidden")
    return page


def run(page: StreamlitPage) -> None:
    """Run a page if the actor may open it."""
    screen = next((each for each in SCREENS if each.path == page.url_path), SCREENS[0])
    if st.session_state.get("page") not in (None, screen.file):
        uploads.forget()
    st.session_state["page"] = screen.file
    if not screen.opens_to(gate.actor()):
        st.error(_("Your role may not open this page."), icon=":material/block:")
        places.link("home", _("Back to my work"))
        return
    resting.begin(page.url_path)
    page.run()


def title(screen: Screen, waiting: int = 0) -> str:
    """A page in the menu, with how much of it waits."""
    return _counted(words.in_domain("page", screen.file), waiting)


def place_of(pile: str) -> tuple[str, dict[str, str]]:
    """The page of a pile, and what its address asks for there."""
    return PAGES.get(pile, (pile, {}))


def _waiting() -> dict[str, int]:
    places_of = ((*place_of(pile.name), pile.count) for pile in gate.kept(overview).piles)
    # A part of a page is what others work on: it is counted nowhere.
    return {page: count for page, part, count in places_of if not part}


def _is_shown(screen: Screen, actor: Actor) -> bool:
    return not screen.hidden and screen.opens_to(actor)


def _heading(name: str, shown: list[Screen], waiting: dict[str, int]) -> str:
    if name == BESIDE:
        return BESIDE
    count = sum(waiting.get(each.file, 0) for each in shown)
    return _counted(words.in_domain("section", name), count)


def _counted(name: str, count: int) -> str:
    return f"{name} {count}" if count else name


def _page(screen: Screen, *, hidden: bool, waiting: int = 0) -> StreamlitPage:
    return st.Page(
        f"pages/{screen.file}.py",
        title=title(screen, waiting),
        icon=f":material/{screen.icon}:",
        url_path=screen.path,
        default=screen.file == HOME,
        visibility="hidden" if hidden else "visible",
    )

"""The menu on top of the pages, and the page that is run."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import Actor
from core.overview import overview
from pages.ui.frame import row
from pages.ui.frame.screens import BESIDE, HOME, IN_ROW, SCREENS, Screen, place_of
from pages.ui.kit import asking, gate, places, resting, uploads, words
from pages.ui.kit.words import _

MENU = "menu"


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
    asking.panel()
    if not screen.opens_to(gate.actor()):
        gate.note_refused(NotAllowed(permission=screen.permission))
        st.error(_("Your role may not open this page."), icon=":material/block:")
        places.link("home", _("Back to my work"))
        return
    resting.begin(page.url_path)
    page.run()


def title(screen: Screen, waiting: int = 0) -> str:
    """A page in the menu, with how much of it waits."""
    return _counted(words.in_domain("page", screen.file), waiting)


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
    # Kept in the window: to make a page is to look for its file, and there are thirty of them.
    name, kept = title(screen, waiting), st.session_state.setdefault(MENU, {})
    shown, page = kept.get(screen.file, (None, None))
    if shown != (name, hidden):
        page = st.Page(
            f"pages/{screen.file}.py",
            title=name,
            icon=f":material/{screen.icon}:",
            url_path=screen.path,
            default=screen.file == HOME,
            visibility="hidden" if hidden else "visible",
        )
        kept[screen.file] = (name, hidden), page
    found: StreamlitPage = page
    return found

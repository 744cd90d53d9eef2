"""Browsers as people know them, out of what they say of themselves."""

# The first that is found: each of them also claims to be some of those below it.
BROWSERS = (
    *(("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR/", "Opera")),
    *(("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
SYSTEMS = (
    *(("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


def named(agent: str) -> str:
    """The browser and the system, as far as they are known; else the beginning of what it says."""
    found = [_first(agent, BROWSERS), _first(agent, SYSTEMS)]
    return " · ".join(each for each in found if each) or agent[:40]


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in agent), "")

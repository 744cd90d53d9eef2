"""Where the tool is found by whoever scans what it printed."""

from urllib.parse import urlsplit, urlunsplit

# What only this very computer calls by such a name no scanner can open.
HERE_ONLY = frozenset({"localhost", "127.0.0.1", "::1"})


def base_address(url: str | None) -> str:
    """Where the tool is found, from the address of one of its pages; "" where others find it not.

    Whoever scans is in the same network as whoever prints, and finds the tool under the same name.
    """
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or parts.hostname in (None, *HERE_ONLY):
        return ""
    folder = parts.path.rpartition("/")[0]
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, folder, "", ""))

"""What the process answers to browsers: packed programs, and addresses that no page has."""

import gzip
import http.client
import io
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from fontTools.ttLib import TTFont

from db.tables import Company
from docs import fonts
from pages.ui.frame import bundle
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import cookie
from tests.company_cast import build
from tests.running_tool import Tool, running


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    with running(tmp_path_factory.mktemp("answers"), build) as tool:
        yield tool


def ask(tool: Tool, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, as they are sent."""
    link = http.client.HTTPConnection(urlsplit(tool.url).netloc, timeout=30)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    link.close()
    return answer.status, found, body


PACKED = {"Accept-Encoding": "gzip"}


def program(tool: Tool) -> str:
    """The address of Streamlit's own program, as its page names it."""
    page = ask(tool, "/")[2].decode()
    found = re.search(r'src="\.?(/static/js/index\.[^"]+\.js)"', page)
    assert found is not None, page
    return found[1]


def test_a_program_is_packed_for_whoever_can_unpack_it(tool: Tool) -> None:
    path = program(tool)
    _status, plain, whole = ask(tool, path)
    assert "content-encoding" not in plain
    status, packed, body = ask(tool, path, **PACKED)
    assert (status, packed["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == whole
    assert len(body) < len(whole) / 2
    # What the other layers put on is still there.
    assert packed["x-content-type-options"] == "nosniff"
    assert "immutable" in packed["cache-control"]


def test_what_is_packed_or_small_already_goes_as_it_is(tool: Tool) -> None:
    for path in ("/favicon.png", "/healthz", "/_stcore/health"):
        status, headers, _body = ask(tool, path, **PACKED)
        assert (status, headers.get("content-encoding")) == (200, None), path


def test_a_cookie_is_set_for_what_the_company_has_signed(tool: Tool) -> None:
    (company,) = tool.rows(Company)
    until = datetime.now(UTC) + timedelta(days=1)
    for key, query, flags in (
        (company.cookie_key, "", {"HttpOnly", "SameSite=strict", "Path=/"}),
        (company.cookie_key, "?secure", {"HttpOnly", "SameSite=strict", "Path=/", "Secure"}),
        ("another key of thirty-two letters", "", None),
    ):
        token = cookie.token_of("a secret", until, key)
        request = urllib.request.Request(f"{tool.url}{cookie.ROUTE}{query}", token.encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                said = answer.headers["Set-Cookie"]
        except urllib.error.HTTPError as error:
            assert (error.code, flags) == (403, None)
            continue
        assert said.startswith(f"aftercare={token}; ")
        assert flags == {part for part in said.split("; ")[1:] if "expires" not in part}
        assert cookie.secret_in(token, company.cookie_key) == "a secret"
    assert ask(tool, cookie.ROUTE)[0] == 404


def test_nothing_that_was_made_stays_behind(tool: Tool) -> None:
    kept = ask(tool, "/media/x.pdf")[1]["cache-control"]
    assert kept == "no-store"
    policy = ask(tool, "/")[1]["content-security-policy"]
    assert "base-uri 'self'; form-action 'self'" in policy
    assert "strict-transport-security" not in ask(tool, "/")[1]
    by_https = {"X-Forwarded-Proto": "https"}
    assert ask(tool, "/", **by_https)[1]["strict-transport-security"] == "max-age=31536000"


def test_a_foreign_page_is_still_refused(tool: Tool) -> None:
    assert ask(tool, program(tool), Host="evil.example", **PACKED)[0] == 403


@pytest.mark.parametrize(
    ("path", "home"),
    [("/home", "./"), ("/nonsense", "./"), ("/setup?x=1", "./"), ("/no/such/page", "../../")],
)
def test_a_wrong_address_leads_home(tool: Tool, path: str, home: str) -> None:
    status, headers, _body = ask(tool, path)
    assert (status, headers["location"]) == (307, home)
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_pages_and_what_is_no_page_are_answered(tool: Tool) -> None:
    pages = [f"/{each.path}?id=1" for each in SCREENS if each.path != "home"]
    for path in ("/", "/manifest.json", "/_stcore/host-config", *pages):
        assert ask(tool, path)[0] == 200, path
    assert ask(tool, "/api/nonsense")[0] == 404
    assert ask(tool, "/dispatch/_stcore/health")[0] == 404
    assert ask(tool, "//evil.example")[0] == 400


def test_every_phrase_that_is_put_into_streamlits_programs_is_there() -> None:
    gone = [
        (stem, found)
        for stem, phrases in bundle.SAID.items()
        for found in phrases
        if not any(
            found in path.read_text(encoding="utf-8")
            for path in bundle.PROGRAMS.glob(f"{stem}.*.js")
        )
    ]
    assert gone == []


def test_streamlits_programs_speak_our_words_in_both_languages(tool: Tool) -> None:
    status, headers, body = ask(tool, program(tool))
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")
    said = body.decode()
    assert "Is Streamlit still running" not in said
    assert "streamlit run" not in said
    assert '"连接中断":"Connection lost"' in said


def test_the_page_says_which_language_it_speaks_before_anything_is_drawn(tool: Tool) -> None:
    for path in ("/", "/intake"):
        _status, headers, page = ask(tool, path)
        assert b"document.documentElement.lang" in page
        assert b"<title>Streamlit</title>" not in page
        assert int(headers["content-length"]) == len(page)
        # A browser takes it packed.
        assert gzip.decompress(ask(tool, path, **PACKED)[2]) == page


def sent_font(tool: Tool, stem: str) -> tuple[TTFont, TTFont]:
    """A font as Streamlit brings it along, and as it is sent."""
    original = bundle.original(stem)
    status, headers, body = ask(tool, f"/static/media/{original.name}", **PACKED)
    assert (status, headers["content-type"]) == (200, "font/woff2")
    assert len(body) < original.stat().st_size / 4
    return TTFont(original), TTFont(io.BytesIO(body))


def test_the_icons_that_are_named_are_sent_and_few_others(tool: Tool) -> None:
    whole, sent = sent_font(tool, "MaterialSymbols-Rounded")
    known = fonts.named() & set(fonts.icons(whole))
    assert {"notifications", "call", "home", "expand_more", "visibility_off"} <= known
    # Otherwise: `python docs/fonts.py`.
    assert known - set(fonts.icons(sent)) == set()


def test_latin_letters_and_signs_are_sent(tool: Tool) -> None:
    whole, sent = sent_font(tool, "SourceSansVF-Upright")
    assert set("AZaz09éßøŁ–—’“…€¥→≤−×■") & set(map(chr, whole.getBestCmap())) <= set(
        map(chr, sent.getBestCmap())
    )

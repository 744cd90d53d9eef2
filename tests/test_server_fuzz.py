"""Whatever is sent to the process, it answers, writes no fault into its log, and goes on."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.company_cast import build
from tests.raw_window import send
from tests.running_tool import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_tool import Tool

PLACES = (
    *("", "case", "api/sheets/1", "api/kept", "healthz", "auth/login", "auth/logout"),
    *("oauth2callback", "_stcore/health", "_stcore/host-config", "_stcore/upload_file/a/b"),
    *("media/0.docx", "component/x/y.js", "static/js/index.js", "job-assets/sheet.js"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
NAMES = (
    *("Cookie", "Origin", "Content-Type", "Accept-Encoding", "Accept-Language", "Range"),
    *("X-Forwarded-For", "X-Xsrftoken", "X-Requested-With", "If-None-Match", "Expect"),
)
LINE = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60)
VALUES = st.one_of(
    LINE,
    st.sampled_from(
        (
            *("application/json", "multipart/form-data; boundary=x", "bytes=0-", "bytes=9-1"),
            *("aftercare=eyJhbGciOiJub25lIn0.e30.", "gzip;q=x", "zh-CN,zh;q=0.9", "null"),
        )
    ),
)
TAILS = st.lists(st.text(max_size=12).map(lambda part: quote(part, safe="./%?=&")), max_size=3)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=6).map(
        lambda value: repr(value).encode("utf-8", "replace")
    ),
)
FEW = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    with running(tmp_path_factory.mktemp("fuzzed"), build) as tool:
        yield tool
        assert send(tool, "GET /healthz HTTP/1.1", f"Host: {urlsplit(tool.url).netloc}")[0] == 200
        log = tool.log.read_text("utf-8", "replace")
        # Streamlit says of rubbish in a window where it could not be read.
        rubbish = log.count("Error deserializing back message")
        assert log.count("Traceback") == rubbish, log[-4_000:]


@FEW
@given(
    method=st.sampled_from(METHODS),
    place=st.sampled_from(PLACES),
    tail=TAILS,
    headers=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
    body=BODIES,
)
def test_every_request_is_answered(
    tool: Tool, method: str, place: str, tail: list[str], headers: dict[str, str], body: bytes
) -> None:
    with closing(http.client.HTTPConnection(urlsplit(tool.url).netloc, timeout=30)) as link:
        link.request(method, "/".join(("", place, *tail)), body, headers)
        assert link.getresponse().status < 500


@FEW
@given(frames=st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_a_window_that_talks_rubbish_ends_and_no_other(tool: Tool, frames: list[bytes]) -> None:
    place = f"ws://{urlsplit(tool.url).netloc}/_stcore/stream"
    with connect(place, max_size=None) as link:
        try:
            for frame in frames:
                link.send(frame)
        except ConnectionClosed:
            return

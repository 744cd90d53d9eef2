"""What a test of the pages for customers asks for: a clock that it sets, and a browser."""

import pytest

from pages.ui.kit import gate
from pages.ui.links import answering
from pages.ui.links.flood import Floods
from tests.company_cast import NOW, Company
from tests.visitors import Browser, Clock, opened


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(Clock, "now", NOW)
    monkeypatch.setattr(gate, "now", lambda: Clock.now)
    monkeypatch.setattr(answering, "FLOODS", Floods())
    return Clock


@pytest.fixture
def visitor(served: Company, clock: type[Clock]) -> Browser:
    return opened()

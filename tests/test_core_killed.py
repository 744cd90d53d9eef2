"""A process that is killed in the middle of its work loses nothing that it acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import killed
from tests.company_cast import meet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.company_cast import Company


def test_what_was_acknowledged_is_there_and_the_rest_is_whole_or_not_at_all(
    company: Company, files: Path
) -> None:
    acknowledged = 0
    for seed, seconds in enumerate((0.0, 0.4, 0.8)):
        told = killed.kill(company.engine, seed, seconds)
        acknowledged += len(told.rows)
        assert killed.lost(company.engine, told) == []
    assert acknowledged > 10
    assert killed.flaws(company.engine) == []
    # Whoever comes after finds a company to work in.
    meet(company.engine).register(customer_name="之后的来电")

"""What was typed and not sent: one draft a person and form, for some days, nobody else's."""

from datetime import timedelta
from typing import Any

import pytest

from core import sweep
from core.kernel import drafts
from core.kernel.errors import Stale
from db.tables import Draft
from tests.company_cast import NOW, Company

FORM = "job·7·finish_job"


def keep(company: Company, who: str, form: str = FORM, *, now: Any = NOW, **typed: Any) -> Any:
    found = find(company, who, form)
    seen = found.saved_at if found else None
    return company.do(who, drafts.keep, form=form, stem="3", typed=typed, seen=seen, now=now)


def find(company: Company, who: str, form: str = FORM) -> Any:
    return company.do(who, drafts.find, form=form)


def test_the_latest_is_given_back(company: Company) -> None:
    assert find(company, "technician") is None
    keep(company, "technician", cause="皮带断裂")
    later = NOW + timedelta(minutes=1)
    keep(company, "technician", cause="皮带断裂", labour_cents=5000, result=None, now=later)
    (row,) = company.rows(Draft)
    assert (row.form, row.person_id) == (FORM, company["technician"].id)
    found = find(company, "technician")
    assert found.typed == {"cause": "皮带断裂", "labour_cents": 5000, "result": None}
    assert (found.stem, found.saved_at) == ("3", later)


def test_each_person_and_each_form_has_its_own(company: Company) -> None:
    keep(company, "technician", cause="一")
    keep(company, "technician.colleague", cause="二")
    keep(company, "technician", "job·8·finish_job", cause="三")
    assert find(company, "technician").typed == {"cause": "一"}
    assert find(company, "technician.colleague").typed == {"cause": "二"}
    company.do("technician", drafts.end, form=FORM)
    assert find(company, "technician") is None
    assert {row.data["typed"]["cause"] for row in company.rows(Draft)} == {"二", "三"}


def test_a_window_that_was_outrun_writes_over_nothing_unasked(company: Company) -> None:
    first = keep(company, "technician", cause="一")
    asked = {"form": FORM, "stem": "3", "typed": {"cause": "二"}}
    with pytest.raises(Stale):
        company.do("technician", drafts.keep, seen=None, **asked)
    second = keep(company, "technician", cause="三")
    assert second > first  # within one moment, and still another one
    with pytest.raises(Stale):
        company.do("technician", drafts.keep, seen=first, **asked)
    assert find(company, "technician").typed == {"cause": "三"}
    company.do("technician", drafts.end, form=FORM)
    with pytest.raises(Stale):
        company.do("technician", drafts.keep, seen=second, **asked)
    assert company.do("technician", drafts.keep, seen=second, anyway=True, **asked)
    assert find(company, "technician").typed == {"cause": "二"}


def test_what_no_database_takes_is_left_out(company: Company) -> None:
    assert keep(company, "technician", note="a\x00b\ud800\nc", rows=[{"part": "x\x00"}])
    assert find(company, "technician").typed == {"note": "ab\nc", "rows": [{"part": "x"}]}
    assert not keep(company, "technician", note="字" * drafts.LONGEST)
    assert find(company, "technician").typed["note"] == "ab\nc"


def test_a_draft_goes_after_some_days(company: Company) -> None:
    keep(company, "technician", cause="旧")
    keep(company, "technician", "job·8·finish_job", cause="新", now=NOW + timedelta(seconds=1))
    sweep.run(company.engine, now=NOW + drafts.KEPT)
    assert len(company.rows(Draft)) == 2
    sweep.run(company.engine, now=NOW + drafts.KEPT + timedelta(seconds=1))
    assert [row.data["typed"]["cause"] for row in company.rows(Draft)] == ["新"]

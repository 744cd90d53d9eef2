"""How often a question finds what was written for questions of its kind, beside plain word search.

python benchmarks/knowledge.py cars.csv    (writes benchmarks/knowledge.md)

The file is a list of complaints about cars, one in a line, as core/imports/maps/car_complaints.yaml
reads it: its experts have given each line codes of defects. Lines with one and the same code are
questions of one kind, told by different people. Each line is an article of its own here; each is
then asked as a question, and is not found by itself.
"""

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine

from core.house import HOUSE
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.kernel.weighing import pairs
from core.knowledge import lists, offers, wordings
from core.knowledge.lists import ArticlePart, Filter
from core.knowledge.offers import Asked
from db import knowledge_words, migrate
from db.codes import ArticleStatus
from db.session import make_engine
from db.tables import Product
from db.words import spelled
from tests.articles import article
from tests.company_cast import NOW, Company, build, meet

PAGE = Path(__file__).with_suffix(".md")
FIRST = 5
# Articles of one kind: what each is written from, what it was taken for, and what asks.
TAKEN = 3


@dataclass(frozen=True)
class Line:
    """One complaint: its article, what it says, about which car, its only code or none."""

    id: int
    text: str
    brand: str
    model: str
    code: str

    @property
    def bare(self) -> str:
        """What it says beside the name of the car."""
        text = self.text
        for name in sorted({self.model, self.brand, self.brand.replace("-", "")}, key=len)[::-1]:
            text = text.replace(name, " ")
        return text


HEAD = """\
# Ranking of the knowledge base

Made by `python benchmarks/knowledge.py cars.csv`; do not edit by hand. The file is a public list
of complaints about cars in Chinese, which is not part of this repository: one line a complaint,
with the codes of defects that its experts gave it. Held-out pairs are lines whose only code is the
same and whose words are not. Each line is an article and is asked once as a question, without
itself and its copies; a hit is one of its kind among the first five.
"""
ROWS = (
    "| way | questions | hit in the first five | questions, other models alone | hit |",
    "|---|---:|---:|---:|---:|",
)
MEANS = """\
A code is no answer: lines of one code may be about quite different things, and one thing has
several codes, so no way comes near to all. Read the ways against each other.
"""
LEARNS = """
## What an article learns

An article keeps the words of the questions for which it was taken. Of each code with five lines or
more the first one is an article; it is taken for none, one or three others, and the rest is asked,
with the car known. A hit is the article of its code among these articles.

| taken for | questions | first | in the first five |
|---:|---:|---:|---:|"""
Find = Callable[[Line, set[int]], Sequence[int]]


def read(path: Path) -> list[Line]:
    """The lines of the file."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["desc"].strip()]
    found = []
    for id, row in enumerate(rows, 1):
        codes = {code.strip() for code in row["problem"].split(",") if code.strip()}
        only = codes.pop() if len(codes) == 1 else ""
        found.append(Line(id, row["desc"].strip(), row["brand"], row["car_model"], only))
    return found


def write(company: Company, lines: Iterable[Line]) -> None:
    """An article in force of each line, as if it had been written and published."""
    with unit_of_work(company.engine, company["manager"], HOUSE, write=True, now=NOW) as uow:
        products: dict[tuple[str, str], Product] = {}
        for line in lines:
            name = (line.brand, line.model)
            if name not in products:
                products[name] = Product(brand=line.brand, model=line.model)
                uow.session.add(products[name])
                uow.session.flush()
            facts = {"number": f"KB{line.id:04d}", "product_id": products[name].id}
            said = {"headline": line.text[:100], "question": line.text, "answer": "—"}
            valid = {"valid_until": NOW.date() + timedelta(days=365)}
            row = article(company, ArticleStatus.PUBLISHED, **facts, **said, **valid)
            row.id = line.id
            uow.session.add(row)
            uow.session.flush()
            wordings.remember(uow, [row])


def ranked(uow: UnitOfWork, *, with_car: bool) -> Find:
    """As the tool offers articles."""

    def find(line: Line, hidden: set[int]) -> Sequence[int]:
        car = {"brand": line.brand, "model": line.model} if with_car else {}
        found = offers.offered(uow, asked=Asked(line.text, **car))
        return [each.id for each in found if each.id not in hidden]

    return find


def all_words(uow: UnitOfWork) -> Find:
    """As a search finds articles: those that hold every word, the newest first."""

    def find(line: Line, hidden: set[int]) -> Sequence[int]:
        chosen = Filter(line.text)
        page = lists.listed(uow, part=ArticlePart.IN_FORCE, filters=chosen)
        return [row.id for row in page.rows if row.id not in hidden]

    return find


def any_words(lines: Sequence[Line]) -> Find:
    """Articles with the most pieces of words in common, all counting alike, the newest first."""
    held = {line.id: set(pairs(spelled(line.text))) for line in lines}

    def find(line: Line, hidden: set[int]) -> Sequence[int]:
        shared = {id: len(held[line.id] & own) for id, own in held.items() if id not in hidden}
        return sorted((id for id in shared if shared[id]), key=lambda id: (-shared[id], -id))

    return find


def share(lines: Sequence[Line], find: Find, *, other_car: bool) -> tuple[int, float]:
    """How many questions were asked, and the share that has one of its kind in the first five."""
    asked = hit = 0
    for line in lines:
        hidden = {
            each.id
            for each in lines
            if each.text == line.text or (other_car and each.model == line.model)
        }
        kind = {each.id for each in lines if each.code == line.code and line.code} - hidden
        if kind:
            asked += 1
            hit += any(id in kind for id in find(line, hidden)[:FIRST])
    return asked, hit / asked


def learnt(uow: UnitOfWork, lines: Sequence[Line], taken: int) -> tuple[int, float, float]:
    """One article for each kind, that was taken for some questions; the others are asked."""
    kinds: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.code and line.text not in {each.text for each in kinds[line.code]}:
            kinds[line.code].append(line)
    known = {code: of for code, of in kinds.items() if len(of) > TAKEN + 1}
    texts = {of[0].id: " ".join(each.bare for each in of[: taken + 1]) for of in known.values()}
    knowledge_words.write(uow.session.connection(), texts.items())
    asked = first = five = 0
    for of in known.values():
        for line in of[TAKEN + 1 :]:
            found = offers.offered(uow, asked=Asked(line.text, brand=line.brand, model=line.model))
            ids = [each.id for each in found if each.id in texts]
            asked, five = asked + 1, five + (of[0].id in ids[:FIRST])
            first += ids[:1] == [of[0].id]
    return asked, first / asked, five / asked


def ways(uow: UnitOfWork, lines: Sequence[Line]) -> dict[str, Find]:
    """What is compared."""
    return {
        "search: every word": all_words(uow),
        "most words in common": any_words(lines),
        "knowledge base, text alone": ranked(uow, with_car=False),
        "knowledge base, car known": ranked(uow, with_car=True),
    }


def cost(uow: UnitOfWork, lines: Sequence[Line]) -> float:
    """Milliseconds of one question among all articles, the median."""
    took = []
    for line in lines[:100]:
        begun = time.perf_counter()
        offers.offered(uow, asked=Asked(line.text, brand=line.brand, model=line.model))
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def page(engine: Engine, lines: Sequence[Line]) -> str:
    """All figures as a document."""
    company = meet(engine)
    write(company, lines)
    kinds = Counter(line.code for line in lines if line.code)
    counts = (
        f"{len(lines)} articles, {sum(kinds.values())} lines with one code, {len(kinds)} codes."
    )
    told = [HEAD, counts, "", *ROWS]
    with unit_of_work(engine, company["agent"], HOUSE, write=False, now=NOW) as uow:
        for name, find in ways(uow, lines).items():
            one, other = (share(lines, find, other_car=each) for each in (False, True))
            told.append(f"| {name} | {one[0]} | {one[1]:.1%} | {other[0]} | {other[1]:.1%} |")
        spent = cost(uow, lines)
    took = f"One question among these articles took {spent:.0f} ms (median, SQLite), one statement."
    told += ["", MEANS, took, LEARNS]
    for taken in (0, 1, TAKEN):
        with unit_of_work(engine, company["agent"], HOUSE, write=True, now=NOW) as uow:
            hide_others(uow, lines)
            asked, first, five = learnt(uow, lines, taken)
            uow.session.rollback()
        told.append(f"| {taken} | {asked} | {first:.1%} | {five:.1%} |")
    return "\n".join(told) + "\n"


def hide_others(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    """No article has words, until some are given theirs again."""
    knowledge_words.write(uow.session.connection(), ((line.id, "") for line in lines))


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="the complaints about cars")
    lines = read(parser.parse_args().file)
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/knowledge.db")
        migrate.upgrade(engine)
        build(engine)
        offers.MOST = len(lines)  # what is hidden is left out of what comes back
        PAGE.write_text(page(engine, lines), encoding="utf-8")
        engine.dispose()
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

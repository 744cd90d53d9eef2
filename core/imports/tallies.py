"""What the judgement of some rows came to, and the running sums of a file."""

from dataclasses import dataclass, field, fields
from typing import Any

from core.imports.errors import RowProblem
from core.imports.parties import Fresh

# The preview names so many bad cells and differences; all of them are counted.
KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file says otherwise of somebody or something on file; what is on file stays."""

    line: int
    who: str
    field: str
    here: str
    there: str


@dataclass
class Counts:
    """How many rows, and what they came to."""

    rows: int = 0
    new: int = 0
    known: int = 0
    # Of the known ones, how many tell what was not on file.
    completed: int = 0
    bad: int = 0
    # Of the new ones, how many are not over in their file.
    open: int = 0
    customers: int = 0
    products: int = 0


@dataclass
class Batch(Counts):
    """Some rows, judged."""

    # What is to be written; of cases also what they add to the archive.
    placed: list[Any] = field(default_factory=list)
    fresh: Fresh = field(default_factory=Fresh)
    problems: list[RowProblem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def refuse(self, *problems: RowProblem) -> None:
        """A row that stays out."""
        self.problems += problems
        self.bad += bool(problems)


@dataclass
class Tally(Counts):
    """The running sums of an import or of its preview."""

    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    difference_count: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Count a batch in."""
        for each in fields(Counts):
            setattr(self, each.name, getattr(self, each.name) + getattr(batch, each.name))
        self.problem_count += len(batch.problems)
        self.problems += batch.problems[: KEPT - len(self.problems)]
        self.difference_count += len(batch.differences)
        self.differences += batch.differences[: KEPT - len(self.differences)]

"""How long a what-if takes: every case of a seeded database judged again under a draft.

python benchmarks/seed.py --cases 100000 --database sqlite:///var/seeded.db
python benchmarks/what_if.py --database sqlite:///var/seeded.db
"""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.house import HOUSE
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.rulebook import replay
from db.session import make_engine
from db.tables import Company


def main() -> int:
    """Judge everything twice: under the same rule book, and with every limit halved."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    engine = make_engine(parser.parse_args().database)
    print("| draft | cases | seconds | cases a second | change side |")
    print("|---|---|---|---|---|")
    for name in ("the same", "every limit halved"):
        with unit_of_work(engine, system_actor("Asia/Shanghai"), HOUSE, write=False) as uow:
            company = uow.session.get_one(Company, 1)
            assert company.time_zone == "Asia/Shanghai"
            norm = norm_of(in_force(uow))
            draft = norm if name == "the same" else halved(norm)
            begun = time.perf_counter()
            found = replay.replay(uow, draft=draft, since=date(2000, 1, 1), until=uow.today)
            spent = time.perf_counter() - begun
        rate = found.cases / spent
        print(f"| {name} | {found.cases:,} | {spent:.1f} | {rate:,.0f} | {found.change_count:,} |")
    engine.dispose()
    return 0


def halved(norm: Norm) -> Norm:
    """A rule book with limits half as long."""
    data = norm.dump()
    for rule in data["limits"]:
        if rule.get("amount", 0) > 1:
            rule["amount"] //= 2
    return Norm.model_validate(data)


if __name__ == "__main__":
    sys.exit(main())

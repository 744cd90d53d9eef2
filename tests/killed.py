"""Work that is cut off at any moment: a process that says what was acknowledged to it.

Killed like a server whose plug is pulled on the process: nothing is tidied up. What it said before
must be there afterwards, whole; what it had begun must be there whole or not at all.
"""

import json
import os
import select as polling
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Thread
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy import select as query

from core.complaints.inputs import Judge
from core.house import HOUSE
from core.jobs import actions as jobs
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, transaction, unit_of_work
from core.process import proof
from core.requests import attachments
from db import files
from db.session import make_engine
from db.tables import Attachment, Complaint, History, Job, ServiceRequest
from tests.attached_files import PDF
from tests.company_cast import NOW, REPORT, Company, address, meet

TABLES: dict[str, Any] = {
    table.__tablename__: table for table in (ServiceRequest, Job, Complaint, Attachment)
}
THREADS = 3
Say = Callable[[type, int], None]


@dataclass
class Acknowledged:
    """What was said to be done, before the process was killed."""

    rows: dict[tuple[str, int], int] = field(default_factory=dict)

    def hear(self, line: bytes) -> None:
        """One word of the process: a row, and its version by then."""
        name, id, version = json.loads(line)
        self.rows[name, id] = max(version, self.rows.get((name, id), 0))


def kill(engine: Engine, seed: int, seconds: float) -> Acknowledged:
    """Let people work in a process of its own, and kill it so long after its first word."""
    url, told = address(engine), Acknowledged()
    engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(url, seed, writing)
    os.close(writing)
    rest = _listen(reading, told, child, seconds)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 16):
        rest += more
    os.close(reading)
    for line in rest.split(b"\n")[:-1]:
        told.hear(line)
    return told


def _listen(reading: int, told: Acknowledged, child: int, seconds: float) -> bytes:
    rest, until = b"", time.monotonic() + 60
    while time.monotonic() < until:
        if polling.select([reading], [], [], 0.01)[0]:
            if not rest and not told.rows:
                until = time.monotonic() + seconds
            *lines, rest = (rest + os.read(reading, 1 << 16)).split(b"\n")
            for line in lines:
                told.hear(line)
    os.kill(child, signal.SIGKILL)
    return rest


def _work(url: str, seed: int, writing: int) -> None:
    """What the child does until it is killed; it never returns."""
    company, numbers = meet(make_engine(url)), count(1)

    def say(table: type, id: int) -> None:
        version = getattr(company.get(table, id), "version", 1)
        os.write(writing, json.dumps([table.__tablename__, id, version]).encode() + b"\n")

    def serve(random: Random) -> None:
        while True:
            _serve(company, say, random, f"{seed}·{next(numbers)}·{random.random()}")

    workers = [Thread(target=serve, args=(Random(f"{seed}·{n}"),)) for n in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    os._exit(1)  # a worker has ended: nothing more is acknowledged, and the parent will see


def _serve(company: Company, say: Say, random: Random, name: str) -> None:
    if random.random() < 0.3:
        complaint = company.complaint(customer_name=name)
        say(Complaint, complaint)
        judge = Judge(nature="product_quality.defect")
        company.act("quality", Complaint, complaint, judge)
        say(Complaint, complaint)
        return
    case_id, job_id = company.dispatched(customer_name=name, purchased_on="2026-02-01")
    say(ServiceRequest, case_id)
    say(Job, job_id)
    photo = {"name": "a.pdf", "content": PDF + name.encode()}
    say(Attachment, company.do("agent", attachments.add, case_id=case_id, **photo))
    window = {"agreed_from": NOW, "agreed_to": NOW.replace(hour=NOW.hour + 2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT)):
        company.act("technician", Job, job_id, step)
        say(Job, job_id)


def lost(engine: Engine, told: Acknowledged) -> list[str]:
    """What was acknowledged and is not there, or is there by half."""
    found = []
    with transaction(engine, write=False) as session:
        for (name, id), version in told.rows.items():
            row = session.get(TABLES[name], id)
            if row is None or getattr(row, "version", 1) < version:
                found.append(f"{name} {id} at version {version}")
        for row in session.scalars(query(Attachment)):
            if files.size(row.digest) is None:
                found.append(f"the file of attachment {row.id}")
        begun = query(History.subject_id).where(History.subject == "request")
        bare = query(ServiceRequest.id).where(ServiceRequest.id.not_in(begun))
        found += [f"case {id} without a beginning" for id in session.scalars(bare)]
        if engine.dialect.name == "sqlite":
            said = session.scalar(text("PRAGMA integrity_check"))
            found += [] if said == "ok" else [str(said)]
    return found


def flaws(engine: Engine) -> list[str]:
    """Where rows, files and their history do not agree."""
    with unit_of_work(engine, system_actor("Asia/Shanghai"), HOUSE, write=False) as uow:
        return [str(each) for each in proof.verify(uow)]

"""The workshop on the screen: taking in from a case and from a job, the pile, the scanner."""

from datetime import UTC, datetime, timedelta

from core.jobs import actions as jobs
from db.codes import JobStatus, ShopStatus
from db.tables import Job, ShopPiece
from tests import shop_steps
from tests.company_cast import Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def take(screen: Screen, case_id: int) -> Screen:
    """Open the form and send it."""
    screen.app.session_state[f"take_goods_{case_id}"] = True
    screen.run()
    screen.fill(condition="外壳有划痕", accessories="电源线", shelf="A-03")
    return screen.press(f"take_goods·{case_id}_send")


def test_goods_that_are_brought_to_the_counter_are_taken_in_on_the_case(served: Company) -> None:
    case_id = served.register(now=now())
    screen = take(Screen(served, "agent").open("case", id=str(case_id)), case_id)
    assert not screen.errors
    (piece,) = served.rows(ShopPiece, request_id=case_id)
    assert (piece.condition, piece.shelf) == ("外壳有划痕", "A-03")
    assert "已收取" in screen.texts
    assert "在维修间" in " ".join(
        link.proto.label for link in screen.open("case", id=str(case_id)).app.get("page_link")
    )


def test_a_technician_takes_the_goods_along_on_the_job(served: Company) -> None:
    case_id, job = served.dispatched(now=now())
    window = {"agreed_from": now(), "agreed_to": now() + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        served.act("technician", Job, job, step, now=now())
    screen = take(Screen(served, "technician").open("job", id=str(job)), case_id)
    assert not screen.errors
    assert served.get(Job, job).status is JobStatus.UNFINISHED
    (piece,) = served.rows(ShopPiece, request_id=case_id)
    assert piece.technician_id == served["technician"].id


def test_the_next_step_is_taken_beside_the_pile(served: Company) -> None:
    id = shop_steps.taken(served, now=now())
    screen = Screen(served, "technician").open("workshop", id=str(id))
    screen.fill(diagnosis="电源板烧坏").press("diagnose·send")
    assert served.get(ShopPiece, id).status is ShopStatus.DIAGNOSED


def test_unclaimed_goods_are_said_above_the_pile(served: Company) -> None:
    long_ago = now() - timedelta(days=20)
    id = shop_steps.taken(served, now=long_ago)
    shop_steps.take(served, id, "ready", now=long_ago)
    screen = Screen(served, "agent").open("workshop")
    assert "顾客还没来取" in screen.texts


def test_the_label_of_a_piece_opens_it(served: Company) -> None:
    id = shop_steps.taken(served, now=now())
    number = served.get(ShopPiece, id).number
    for who in ("technician", "warehouse"):
        screen = Screen(served, who).open("scan", label=number)
        assert screen.title == "维修间"
        assert screen.app.query_params["id"] == str(id)


def test_the_case_says_that_its_goods_are_in_the_shop(served: Company) -> None:
    case_id = served.register(now=now())
    shop_steps.taken(served, case_id, now=now())
    screen = Screen(served, "agent").open("case", id=str(case_id))
    screen.turn_to("取消").fill(note="不修了").press("cancel·send")
    assert "产品还在维修间" in " ".join(screen.errors)


def test_while_goods_are_taken_in_nothing_else_is_offered_below(served: Company) -> None:
    case_id, job = served.dispatched(now=now())
    window = {"agreed_from": now(), "agreed_to": now() + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        served.act("technician", Job, job, step, now=now())
    screen = Screen(served, "technician").open("job", id=str(job))

    def offered() -> set[str]:
        ends = ("finish_job·send", "end_visit·send")
        drawn = {ends[0]} if screen.served("sheet") else set()
        return drawn | {end for b in screen.app.button for end in ends if str(b.key).endswith(end)}

    assert offered() == {"finish_job·send"}
    assert screen.turn_to("end_visit") and offered() == {"end_visit·send"}
    (turned_to,) = [each for each in screen.app.pills if each.value == "end_visit"]
    turned_to.set_value(None)
    screen.run()
    assert offered() == {"finish_job·send"}
    screen.app.session_state[f"take_goods_{case_id}"] = True
    screen.run()
    assert offered() == set()

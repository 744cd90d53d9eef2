"""A field of rows on screen: a table whose rows are proposed, typed, refused and kept."""

import json
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from core.kernel.inputs import Input
from tests.screen import Screen


def order_form() -> None:
    """The screen: an order with parts. AppTest runs the source of this function."""
    from typing import Annotated

    import streamlit as st
    from pydantic import Field

    from core.codes import Charge
    from core.kernel.errors import InvalidInput, Problem
    from core.kernel.inputs import Choice, Day, Input, Money, RequiredLine, RequiredText
    from pages.ui.kit import words
    from pages.ui.kit.forms import Form

    class Part(Input):
        model: RequiredLine
        station_id: Annotated[int, Choice("stations")]
        charge: Charge = Charge.FREE
        labour_cents: Money = 0
        quantity: Annotated[int, Field(ge=1)] = 1
        purchased_on: Day | None = None
        urgent: bool = False

    class Order(Input):
        note: RequiredText
        parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=3)]

    def accept(filled: Input, key: str) -> None:
        if any(part.station_id == 3 for part in filled.parts):  # type: ignore[attr-defined]
            gone = Problem("parts.0.station_id", "not_an_option")
            raise InvalidInput(gone, Problem("nuts.1.quantity", "missing"))
        st.session_state["sent"] = filled

    state = st.session_state
    words.use(state.get("speak", words.language()))
    form = Form(
        "order",
        Order,
        options={"stations": {1: "北站", 2: "南站", 3: state.get("third", "东站")}},
        values={"parts": state.get("proposed", [])},
    )
    with st.form("order_form", enter_to_submit=False):
        form.fields(*state.get("drawn", ("note", "parts")))
        pressed = st.form_submit_button("ok", key="order_send")
    state["typed"] = form.typed.get("parts")
    if pressed:
        form.send_by(accept)


class Orders(Screen):
    def __init__(self, **state: Any) -> None:
        self.app = AppTest.from_function(order_form, default_timeout=30)
        self.set(**state).run()

    def set(self, **state: Any) -> "Orders":
        for name, value in state.items():
            self.app.session_state[name] = value
        return self

    def state(self, name: str) -> Any:
        return self.app.session_state.get(name)

    @property
    def table(self) -> Any:
        (table,) = self.app.get("dataframe")
        return table


BELT = {"model": "皮带", "station_id": 1}
FILTER = {
    "model": " 滤网\x00\n ",
    "station_id": 2,
    "charge": "paid",
    "labour_cents": 12.34,
    "quantity": 4,
    "purchased_on": "2026-02-28",
    "urgent": True,
}


def test_rows_are_sent_in_the_terms_of_the_model() -> None:
    screen = Orders()
    screen.fill(note="配件", parts=[BELT, FILTER]).press("order_send")
    assert screen.errors == []
    belt, filter_ = screen.state("sent").parts
    assert belt.model_dump() == {
        "model": "皮带",
        "station_id": 1,
        "charge": "free",
        "labour_cents": 0,
        "quantity": 1,
        "purchased_on": None,
        "urgent": False,
    }
    assert filter_.model_dump() == {
        "model": "滤网",
        "station_id": 2,
        "charge": "paid",
        "labour_cents": 1234,
        "quantity": 4,
        "purchased_on": date(2026, 2, 28),
        "urgent": True,
    }
    assert screen.run().state("typed") == []  # a fresh form


def test_rows_left_as_they_came_up_are_no_rows() -> None:
    screen = Orders()
    screen.fill(note="配件", parts=[{}, BELT, {"model": ""}]).press("order_send")
    assert [part.model for part in screen.state("sent").parts] == ["皮带"]
    screen.fill(note="配件", parts=[{}]).press("order_send")
    assert ":red[请填写。]" in screen.texts
    assert len(screen.state("sent").parts) == 1


def test_a_mistake_is_said_in_the_row_that_the_person_counts() -> None:
    screen = Orders()
    bad = {"model": "", "station_id": 1, "quantity": 0, "labour_cents": -1}
    cleared = BELT | {"charge": None}
    screen.fill(note="", parts=[BELT, {}, bad, cleared]).press("order_send")
    assert screen.errors == ["有 5 项需要修改，尚未保存，已填内容都在。"]
    below = next(text for text in screen.texts.split("\n") if "第 3 行" in text)
    assert below.startswith(":red[第 3 行 · 型号: 请填写。]")
    assert ":red[第 3 行 · 人工费（元）: 不能小于 0。]" in screen.texts
    assert ":red[第 3 行 · 数量: 不能小于 1。]" in screen.texts
    assert ":red[第 4 行 · 费用: 请填写。]" in screen.texts
    assert screen.state("sent") is None


def test_what_only_core_knows_is_said_there_too() -> None:
    screen = Orders()
    screen.fill(note="配件", parts=[{}, BELT | {"station_id": 3}]).press("order_send")
    assert ":red[第 2 行 · 网点: 该选项已不可用，请重新选择。]" in screen.texts
    # Of a table that this screen does not show: the table is named.
    assert ":red[nuts · 第 2 行 · 数量: 请填写。]" in screen.texts


def test_what_was_typed_survives_a_refusal_a_language_and_a_new_offer() -> None:
    screen = Orders()
    screen.fill(note="", parts=[BELT, FILTER]).press("order_send")
    typed = screen.state("typed")
    assert [row["model"] for row in typed] == ["皮带", " 滤网\x00\n "]
    first = screen.table.proto.id
    screen.run()
    assert (screen.table.proto.id, screen.state("typed")) == (first, typed)
    screen.set(speak="en").run()
    assert (screen.table.proto.id != first, screen.state("typed")) == (True, typed)
    screen.set(third="西站").run()
    assert screen.state("typed") == typed
    assert list(screen.table.value["model"]) == [row["model"] for row in typed]
    screen.set(drawn=("note",)).run().set(drawn=("note", "parts")).run()  # away and back
    assert screen.state("typed") == typed
    screen.fill(note="配件").press("order_send")
    assert [part.labour_cents for part in screen.state("sent").parts] == [0, 1234]


def test_proposed_rows_come_first_and_stand_still() -> None:
    class Proposed(Input):
        model: str
        labour_cents: int

    screen = Orders(proposed=[Proposed(model="皮带", labour_cents=1250), {"model": "滤网"}])
    assert screen.table.value["labour_cents"].tolist() == [12.5, 0.0]
    assert [row["labour_cents"] for row in screen.state("typed")] == [1250, 0]
    assert [row["charge"] for row in screen.state("typed")] == ["free", "free"]
    # Somebody else changed the record: the table must not change under the person's hands.
    screen.set(proposed=[]).run()
    assert [row["model"] for row in screen.state("typed")] == ["皮带", "滤网"]


def test_columns_speak_words_and_star_what_is_required() -> None:
    columns = json.loads(Orders().table.proto.columns)
    assert columns["model"]["label"] == "型号 *"
    assert columns["labour_cents"]["label"] == "人工费（元）"
    kinds = {
        name: about["type_config"]["type"] for name, about in columns.items() if about.get("label")
    }
    assert kinds == {
        "model": "text",
        "station_id": "selectbox",
        "charge": "selectbox",
        "labour_cents": "number",
        "quantity": "number",
        "purchased_on": "date",
        "urgent": "checkbox",
    }
    offered = columns["station_id"]["type_config"]["options"]
    assert offered == [
        {"value": 1, "label": "北站"},
        {"value": 2, "label": "南站"},
        {"value": 3, "label": "东站"},
    ]
    assert [each["label"] for each in columns["charge"]["type_config"]["options"]] == [
        "免费",
        "收费",
    ]

"""The hand-over of goods that are taken in and given back."""

from core.papers.sheet import Sheet, Table
from core.printing.layouts.common import Say, Words, who_and_what

WORDS: Words = {
    "hand_over": ("送修产品交接单", "Hand-over of Goods for Repair"),
    "piece": ("交接单号：", "Hand-over no. "),
    "taken_in_at": ("收取时间：", "Taken in: "),
    "s_in": ("收取产品", "Taken in"),
    "s_out": ("交还产品", "Given back"),
    "came_from": ("来源", "Came from"),
    "shelf": ("存放位置", "Place"),
    "symptom": ("故障或需求", "Symptom or wish"),
    "condition": ("外观与状况", "Condition"),
    "accessories": ("随附配件", "Accessories"),
    "promised": ("承诺完成", "Promised for"),
    "lent": ("借用备用机", "Lent meanwhile"),
    "lent_until": ("归还日期", "To be back"),
    "handed_over_by": ("交件人", "Handed over by"),
    "taken_in_by": ("收件人", "Taken in by"),
    "diagnosis": ("检测结果", "Finding"),
    "quote": ("报价", "Quote"),
    "work": ("维修内容", "Work done"),
    "given_to": ("取件人", "Given to"),
    "given_by": ("交还人", "Given back by"),
    "given": ("交还时间", "Given back"),
    "condition_back": ("交还状况", "Condition on return"),
    "sign_in": ("送修时签字\n顾客：\n\n收件人：", "When taken in\nCustomer:\n\nTaken in by:"),
    "sign_out": ("取回时签字\n顾客：\n\n交还人：", "When given back\nCustomer:\n\nGiven back by:"),
    "recycling_note": ("旧件回收单", "Note of Goods Given up for Recycling"),
    "s_old": ("旧件", "Old goods"),
    "old_condition": ("品名与状况", "What it is, and its condition"),
    "given_up_by": ("交出人", "Given up by"),
    "recycled_to": ("回收单位", "Recycled by"),
    "recycled": ("运走时间", "Fetched"),
    "sign_up": ("交出时签字\n顾客：\n\n收件人：", "When given up\nCustomer:\n\nTaken in by:"),
    "sign_away": ("运走时签字\n回收单位：\n\n经办人：", "When fetched\nRecycler:\n\nGiven by:"),
    "recycling_text": (
        "顾客自愿交出上述旧件，不再取回。旧件按规定回收处理，不再装用或转售。",
        "The customer gives up these goods for good. They are recycled by the rules, and neither "
        "built in again nor sold.",
    ),
    "hand_over_note": (
        "凭本单取回产品。承诺日期如有变动，我们会提前告知并说明原因。",
        "Please bring this paper to collect the goods. If the promised day moves, you are told "
        "before, with the reason.",
    ),
}


def hand_over(sheet: Sheet, say: Say) -> None:
    """The hand-over 《送修产品交接单》, signed both ways."""
    sheet.sides(say["piece"] + "{{ piece }}", say["taken_in_at"] + "{{ taken_in }}")
    grid = sheet.table((25, 64, 25, 64))
    who_and_what(grid, say)
    grid.section(say["s_in"])
    _pairs(grid, say, ("came_from", "shelf"), ("promised", "taken_in_by"))
    for name in ("symptom", "condition", "accessories"):
        grid.wide(say[name], f"{{{{ {name} }}}}")
    _pairs(grid, say, ("lent", "lent_until"))
    grid.wide(say["handed_over_by"], "{{ handed_over_by }}")
    grid.section(say["s_out"])
    for name in ("diagnosis", "work", "condition_back"):
        grid.wide(say[name], f"{{{{ {name} }}}}")
    quote = f"{{% if quote %}}{{{{ quote }}}}{say['money']}{{% endif %}}"
    grid.pairs(say["quote"], quote, say["given"], "{{ given }}")
    _pairs(grid, say, ("given_to", "given_by"))
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_in"], say["sign_out"], height=26)
    sheet.note(say["hand_over_note"])


def recycling_note(sheet: Sheet, say: Say) -> None:
    """The note of old goods 《旧件回收单》: given up, and fetched to be recycled (D29)."""
    sheet.sides(say["piece"] + "{{ piece }}", say["taken_in_at"] + "{{ taken_in }}")
    grid = sheet.table((25, 64, 25, 64))
    grid.section(say["s_customer"])
    _pairs(grid, say, ("customer", "contact"), ("phone", "station"))
    grid.wide(say["address"], "{{ address }}")
    grid.section(say["s_old"])
    grid.wide(say["old_condition"], "{{ condition }}")
    grid.wide(say["accessories"], "{{ accessories }}")
    grid.pairs(say["given_up_by"], "{{ handed_over_by }}", say["taken_in_by"], "{{ taken_in_by }}")
    _pairs(grid, say, ("recycled_to", "recycled"))
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_up"], say["sign_away"], height=26)
    sheet.note(say["recycling_text"])


def _pairs(grid: Table, say: Say, *names: tuple[str, str]) -> None:
    for left, right in names:
        grid.pairs(say[left], f"{{{{ {left} }}}}", say[right], f"{{{{ {right} }}}}")

"""What several papers share: fixed words, the customer and the product."""

from core.papers.sheet import Table

# A fixed word in Chinese and in English.
Words = dict[str, tuple[str, str]]
# The fixed words of one language.
Say = dict[str, str]

WORDS: Words = {
    "no": ("编号：", "No. "),
    "received_at": ("受理时间：", "Received: "),
    "hotline": ("服务热线：", "Hotline: "),
    "printed": ("打印时间：", "Printed: "),
    "page": ("第 ", "Page "),
    "of": (" 页，共 ", " of "),
    "pages": (" 页", ""),
    "s_customer": ("顾客信息", "Customer"),
    "s_product": ("产品信息", "Product"),
    "customer": ("顾客名称", "Customer"),
    "contact": ("联系人", "Contact"),
    "phone": ("联系电话", "Phone"),
    "station": ("服务网点", "Station"),
    "address": ("地址", "Address"),
    "brand": ("品牌", "Brand"),
    "model": ("型号", "Model"),
    "serial": ("序列号/车牌", "Serial / plate"),
    "purchased": ("购买日期", "Purchased"),
    "warranty": ("保修状态", "Warranty"),
    "warranty_until": ("保修至", "Valid until"),
    "channel": ("受理渠道", "Channel"),
    "owner": ("受理人", "Taken by"),
    "due_what": ("服务时限", "What is due"),
    "due_when": ("最迟", "Not later than"),
    "clause": ("条款", "Clause"),
    "clause_text": ("规定", "What the rule says"),
    "cause": ("原因", "Cause"),
    "total": ("合计", "Total"),
    "money": (" 元", " CNY"),
}


def who_and_what(grid: Table, say: Say) -> None:
    """The customer and the product."""
    grid.section(say["s_customer"])
    grid.pairs(say["customer"], "{{ customer }}", say["contact"], "{{ contact }}")
    grid.pairs(say["phone"], "{{ phone }}", say["station"], "{{ station }}")
    grid.wide(say["address"], "{{ address }}")
    grid.section(say["s_product"])
    model = "{{ model }}{% if specification %} · {{ specification }}{% endif %}"
    grid.pairs(say["brand"], "{{ brand }}", say["model"], model)
    grid.pairs(say["serial"], "{{ serial }}", say["purchased"], "{{ purchased }}")
    grid.pairs(say["warranty"], "{{ warranty }}", say["warranty_until"], "{{ warranty_until }}")

"""The receipt note 《退货收货单》 and the refund note 《退款单》."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words

WORDS: Words = {
    "receipt_note": ("退货收货单", "Receipt Note for Returned Goods"),
    "refund_note": ("退款单", "Refund Note"),
    "none": ("（无）", "(none)"),
    "arrived_at": ("收货时间：", "Received: "),
    "confirmed_at": ("确认时间：", "Confirmed: "),
    "s_received": ("收货核对", "Checked against the application"),
    "s_parcels": ("包裹", "Parcels"),
    "s_receipts": ("收货记录", "Receipts"),
    "product": ("产品规格", "Product"),
    "serial": ("序列号/批号", "Serial / batch"),
    "quantity": ("申请", "Asked"),
    "approved": ("应收", "Due"),
    "received": ("实收", "Received"),
    "missing": ("短少", "Missing"),
    "specification_ok": ("规格相符", "Spec. OK"),
    "appearance": ("外观（申请/实际）", "State (asked / found)"),
    "difference": ("差异说明", "Difference"),
    "received_by": ("收货人", "Received by"),
    "carrier": ("承运方", "Carrier"),
    "tracking": ("运单号", "Tracking no."),
    "label": ("标签", "Label"),
    "arrived": ("到达", "Arrived"),
    "at": ("时间", "When"),
    "who": ("收货人", "Who"),
    "remark": ("备注", "Note"),
    "sign_warehouse": ("仓库签字：\n\n日期：", "Warehouse:\n\nDate:"),
    "sign_quality": ("质量检验签字：\n\n日期：", "Quality control:\n\nDate:"),
    "s_lines": ("一、退款明细（元）", "1  Lines (CNY)"),
    "s_deductions": ("二、扣款明细", "2  Deductions"),
    "s_freight": ("三、运费明细", "3  Freight"),
    "s_total": ("四、结算", "4  Settlement"),
    "accepted": ("接收", "Taken back"),
    "replaced": ("换货", "Exch."),
    "refunded": ("退款", "Refund"),
    "price": ("单价", "Price"),
    "amount": ("货款", "Goods"),
    "deducted": ("扣款", "Kept"),
    "carriage": ("运费±", "Freight ±"),
    "balance": ("应退", "Balance"),
    "kind": ("类别", "Kind"),
    "reason": ("原因", "Reason"),
    "percent": ("比例", "Percent"),
    "cut": ("金额（元）", "Amount (CNY)"),
    "direction": ("方向", "Direction"),
    "paid_by": ("支付方", "Paid by"),
    "freight": ("运费（元）", "Freight (CNY)"),
    "t_amount": ("退回货款", "Price of the goods"),
    "t_deducted": ("减：扣款", "Less deductions"),
    "t_charged": ("减：顾客承担运费", "Less freight of the customer"),
    "t_repaid": ("加：退还垫付运费", "Plus freight advanced"),
    "refund": ("实退金额", "Refund"),
    "owed": ("顾客应补", "Customer owes"),
    "owed_paid": ("补款时间", "Paid on"),
    "method": ("退款方式", "Paid through"),
    "reference": ("退款凭证号", "Reference"),
    "without_goods": ("免退货退款", "Without the goods"),
    "status": ("进度", "Step"),
    "approved_by": ("批准人", "Approved by"),
    "settled_by": ("结算人", "Settled by"),
    "settled": ("结算时间", "Settled"),
    "confirmed_by": ("财务确认人", "Confirmed by"),
    "confirmed": ("确认时间", "Confirmed"),
    "open": ("（待财务确认）", "(to be confirmed by finance)"),
    "sign_settled": ("结算人签字：\n\n日期：", "Settled by:\n\nDate:"),
    "sign_confirmed": ("财务确认签字：\n\n日期：", "Confirmed by:\n\nDate:"),
    "sign_customer": ("顾客签收：\n\n日期：", "Received by the customer:\n\nDate:"),
    "four_eyes": (
        "结算与确认须由不同人员办理，批准退货的人不得确认退款。",
        "Two people settle and confirm; whoever approved the return does not confirm the refund.",
    ),
}

GRID = (25, 64, 25, 64)
PRODUCT = "{{ line.product }}{% if line.specification %} · {{ line.specification }}{% endif %}"
SERIAL = "{{ line.serial }}{% if line.serial and line.batch %} / {% endif %}{{ line.batch }}"


def receipt_note(sheet: Sheet, say: Say) -> None:
    """What came, against what was applied for."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", f"{say['arrived_at']}{{{{ arrived }}}}")
    _who(sheet, say)
    sheet.gap()
    _received(sheet, say)
    sheet.gap()
    _arrived(sheet, say)
    sheet.gap()
    signs = (say["sign_warehouse"], say["sign_quality"])
    sheet.table((89, 89)).places(*signs, height=20)


def refund_note(sheet: Sheet, say: Say) -> None:
    """Price, deductions, freight and refund; settled by one person, confirmed by another."""
    sheet.sides(
        f"{say['no']}{{{{ number }}}}",
        f"{say['confirmed_at']}{{% if confirmed %}}{{{{ confirmed }}}}{{% else %}}{say['open']}"
        "{% endif %}",
    )
    _who(sheet, say)
    sheet.gap()
    _money(sheet, say)
    sheet.gap()
    _deductions(sheet, say)
    sheet.gap()
    _freight(sheet, say)
    sheet.gap()
    _settlement(sheet, say)
    sheet.gap()
    signs = (say[f"sign_{who}"] for who in ("settled", "confirmed", "customer"))
    sheet.table((59, 60, 59)).places(*signs, height=20)
    sheet.note(say["four_eyes"])


def _who(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_customer"])
    grid.pairs(say["customer"], "{{ customer }}", say["contact"], "{{ contact }}")
    grid.pairs(say["phone"], "{{ phone }}", say["station"], "{{ station }}")


def _received(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 34, 25, 14, 12, 17, 16, 14, 20, 18))
    table.section(say["s_received"])
    counts = ("quantity", "approved", "received", "missing", "specification_ok")
    names = ("product", "serial", *counts, "appearance", "difference")
    table.head("#", *(say[name] for name in names))
    table.rows(
        *("line", "lines", "{{ line.number }}", PRODUCT, SERIAL),
        *(f"{{{{ line.{name} }}}}" for name in counts),
        "{{ line.goods }}{% if line.appearance %} / {{ line.appearance }}{% endif %}",
        "{{ line.difference }}",
    )
    sums = sheet.table((30, 26, 30, 26, 30, 36))
    sums.pairs(
        *(say["approved"], "{{ total_approved }}", say["received"], "{{ total_received }}"),
        *(say["missing"], "{{ total_missing }}"),
    )


def _arrived(sheet: Sheet, say: Say) -> None:
    table = sheet.table((10, 36, 44, 48, 40))
    table.section(say["s_parcels"])
    names = ("carrier", "tracking", "label", "arrived")
    table.head("#", *(say[name] for name in names))
    table.repeat("each", "parcels", "number", *names, none=say["none"])
    sheet.gap()
    came = sheet.table((40, 38, 100))
    came.section(say["s_receipts"])
    came.head(say["at"], say["who"], say["remark"])
    came.repeat("each", "receipts", "at", "who", "note", none=say["none"])


def _money(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 40, 15, 14, 16, 17, 18, 16, 16, 18))
    table.section(say["s_lines"])
    values = ("accepted", "replaced", "refunded", "price", "amount", "deducted")
    names = (*values, "carriage", "balance")
    table.head("#", say["product"], *(say[name] for name in names))
    figures = (f"{{{{ line.{name} }}}}" for name in names)
    serial = "{% if line.serial %} · {{ line.serial }}{% endif %}"
    table.rows("line", "lines", "{{ line.number }}", PRODUCT + serial, *figures)


def _deductions(sheet: Sheet, say: Say) -> None:
    table = sheet.table((10, 48, 30, 48, 16, 26))
    table.section(say["s_deductions"])
    names = ("product", "kind", "reason", "percent", "cut")
    table.head("#", *(say[name] for name in names))
    table.rows(
        *("each", "deductions", "{{ each.number }}", "{{ each.product }}", "{{ each.kind }}"),
        "{{ each.reason }}",
        "{% if each.percent %}{{ each.percent }}%{% endif %}",
        "{{ each.amount }}",
        none=say["none"],
    )


def _freight(sheet: Sheet, say: Say) -> None:
    table = sheet.table((36, 40, 46, 28, 28))
    table.section(say["s_freight"])
    names = ("direction", "carrier", "tracking", "paid_by", "freight")
    table.head(*(say[name] for name in names))
    table.repeat("each", "parcels", *names, none=say["none"])


def _settlement(sheet: Sheet, say: Say) -> None:
    grid = sheet.table((34, 55, 34, 55))
    grid.section(say["s_total"])
    money = say["money"]
    amounts = ("t_amount", "amount"), ("t_deducted", "deducted")
    more = ("t_charged", "freight_charged"), ("t_repaid", "freight_repaid")
    for pairs in (amounts, more):
        grid.pairs(*(text for title, n in pairs for text in (say[title], f"{{{{ {n} }}}}{money}")))
    grid.pairs(say["refund"], f"{{{{ refund }}}}{money}", say["method"], "{{ method }}")
    grid.pairs(say["reference"], "{{ reference }}", say["without_goods"], "{{ without_goods }}")
    grid.mark("if owed")
    grid.pairs(say["owed"], f"{{{{ owed }}}}{money}", say["owed_paid"], "{{ owed_paid }}")
    grid.mark("endif")
    grid.pairs(say["approved_by"], "{{ approved_by }}", say["status"], "{{ status }}")
    for name in ("settled", "confirmed"):
        by = f"{name}_by"
        grid.pairs(say[by], f"{{{{ {by} }}}}", say[name], f"{{{{ {name} }}}}")

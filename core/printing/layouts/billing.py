"""The quote 《服务报价单》 and the receipt 《收款收据》."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words, who_and_what

WORDS: Words = {
    "quotation": ("服务报价单", "Quote for Service"),
    "payment_receipt": ("收款收据", "Receipt of Payment"),
    "s_charges": ("费用明细（元）", "What it costs (CNY)"),
    "s_payments": ("收款记录（元）", "Payments (CNY)"),
    "none": ("（无）", "(none)"),
    "symptom": ("故障或需求", "Symptom or wish"),
    "kind": ("类别", "Kind"),
    "item": ("项目", "Item"),
    "quantity": ("数量", "Quantity"),
    "price": ("单价", "Price"),
    "amount": ("金额", "Amount"),
    "listed": ("标价合计", "Listed"),
    "discount": ("优惠", "Discount"),
    "discount_reason": ("优惠原因", "Reason"),
    "agreed_by": ("确认人", "Agreed by"),
    "agreed": ("确认时间", "Agreed"),
    "invoice": ("发票号码", "Invoice no."),
    "status": ("状态", "Status"),
    "receipt": ("收据号", "Receipt no."),
    "at": ("时间", "When"),
    "means": ("方式", "Means"),
    "reference": ("凭证号", "Reference"),
    "by": ("收款人", "Taken by"),
    "paid": ("已收", "Paid"),
    "owed": ("未收", "Still owed"),
    "sign_quote": (
        "顾客确认签字：{{ signature }}\n{{ agreed_by }}\n日期：{{ agreed_at }}",
        "Agreed by the customer: {{ signature }}\n{{ agreed_by }}\nDate: {{ agreed_at }}",
    ),
    "sign_receipt": ("收款单位盖章：\n\n日期：", "Seal:\n\nDate:"),
    "sign_payer": ("付款人签字：\n\n日期：", "Paid by:\n\nDate:"),
    "quote_note": (
        "开工前请确认以上项目和价格；项目有变动时重新报价，经您确认后再施工。",
        "Please confirm items and prices before the work starts. If they change, you get a new "
        "quote, and the work waits for your word.",
    ),
    "receipt_note": (
        "本收据为收款凭证，不作发票使用；发票号码见上。",
        "This receipt shows what was paid. It is no invoice; the number of that stands above.",
    ),
}


def quotation(sheet: Sheet, say: Say) -> None:
    """The quote, signed by the customer."""
    _head(sheet, say)
    _charges(sheet, say)
    sheet.gap()
    sheet.table((178,)).places(say["sign_quote"], height=22)
    sheet.note(say["quote_note"])


def payment_receipt(sheet: Sheet, say: Say) -> None:
    """What was paid, by which means, and what for."""
    _head(sheet, say)
    _charges(sheet, say)
    sheet.gap()
    _payments(sheet, say)
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_receipt"], say["sign_payer"], height=20)
    sheet.note(say["receipt_note"])


def _head(sheet: Sheet, say: Say) -> None:
    sheet.sides(f"{say['no']}{{{{ number }}}}", f"{say['printed']}{{{{ printed }}}}")
    grid = sheet.table((25, 64, 25, 64))
    who_and_what(grid, say)
    grid.wide(say["symptom"], "{{ symptom }}")
    sheet.gap()


def _charges(sheet: Sheet, say: Say) -> None:
    table = sheet.table((10, 22, 74, 22, 24, 26))
    table.section(say["s_charges"])
    names = ("kind", "item", "quantity", "price", "amount")
    table.head("#", *(say[name] for name in names))
    table.repeat("each", "charges", "number", *names, none=say["none"])
    sums = sheet.table((25, 64, 25, 64))
    sums.pairs(say["listed"], "{{ listed }}", say["discount"], "{{ discount }}")
    sums.mark("if discount_reason")
    sums.wide(say["discount_reason"], "{{ discount_reason }}")
    sums.mark("endif")
    sums.pairs(say["total"], "{{ total }}" + say["money"], say["status"], "{{ status }}")
    sums.pairs(say["agreed_by"], "{{ agreed_by }}", say["agreed"], "{{ agreed_at }}")


def _payments(sheet: Sheet, say: Say) -> None:
    table = sheet.table((36, 36, 20, 26, 34, 26))
    table.section(say["s_payments"])
    names = ("at", "means", "amount", "reference", "by")
    table.head(say["receipt"], *(say[name] for name in names))
    table.repeat("each", "payments", "number", *names, none=say["none"])
    sums = sheet.table((25, 64, 25, 64))
    sums.pairs(say["paid"], "{{ paid }}" + say["money"], say["owed"], "{{ unpaid }}" + say["money"])
    sums.wide(say["invoice"], "{{ invoice }}")

"""The application for a return 《退换货申请表》 and the instructions 《退货须知》."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words

WORDS: Words = {
    "return_application": ("退换货申请表", "Application for Return or Exchange"),
    "return_instructions": ("退货须知（寄回说明）", "Return Instructions"),
    "none": ("（无）", "(none)"),
    "status": ("进度", "Step"),
    "asked": ("申请日期", "Asked on"),
    "applied_by": ("登记人", "Entered by"),
    "symptom": ("申请说明", "What is wrong"),
    "mileage": ("行驶里程（公里）", "Mileage (km)"),
    "s_goods": ("一、退换商品", "1  Goods"),
    "s_conditions": ("二、退换条件核对", "2  Conditions"),
    "s_inspection": ("三、质量检验", "3  Inspection"),
    "s_decision": ("四、审批", "4  Decision"),
    "product": ("产品", "Product"),
    "serial": ("序列号/批号", "Serial / batch"),
    "bought": ("购买/签收日期", "Bought / received"),
    "quantity": ("数量", "Qty"),
    "price": ("单价（元）", "Price (CNY)"),
    "amount": ("金额（元）", "Amount (CNY)"),
    "reason": ("原因", "Reason"),
    "wish": ("要求", "Wish"),
    "goods": ("商品状态", "State"),
    "condition": ("条件", "Condition"),
    "fit": ("结论", "Holds"),
    "why": ("不符合或待定的原因", "Why not, or not yet"),
    "last_day": ("截止日期", "Last day"),
    "payer": ("运费承担", "Freight"),
    "rule": ("条款与依据", "Clause and source"),
    "payers": ("运费承担方", "Freight paid by"),
    "screened_by": ("初审人", "Screened by"),
    "inspected_by": ("检验人", "Inspected by"),
    "sample": ("抽样", "Sample"),
    "finding": ("检验结果", "Finding"),
    "defect": ("缺陷", "Defect"),
    "goods_found": ("实际状态", "State found"),
    "approved": ("批准数量", "Approved"),
    "approval": ("审批权限", "May approve"),
    "decision": ("审批结果", "Decision"),
    "decided_by": ("审批人", "Decided by"),
    "decided": ("审批时间", "Decided"),
    "decision_note": ("审批意见", "Remark"),
    "appeal": ("申诉理由", "Appeal"),
    "without_goods": ("免退货退款", "Without the goods"),
    "sign_customer": ("顾客签字：\n\n日期：", "Customer:\n\nDate:"),
    "sign_quality": ("质量检验签字：\n\n日期：", "Quality control:\n\nDate:"),
    "sign_manager": ("审批人签字：\n\n日期：", "Approved by:\n\nDate:"),
    # How far the first line of a paragraph is moved in, in millimetres: two Chinese characters.
    "indent": ("7.4", "0"),
    "greeting": ("尊敬的{{ customer }}：", "Dear {{ customer }},"),
    "opening": (
        "您的退换货申请（编号 {{ number }}）已获批准，请按以下说明办理。",
        "Your application (our number {{ number }}) was approved. Please proceed as follows.",
    ),
    "s_sent": ("需退回的商品", "Goods to be returned"),
    "left": ("尚未收到", "Still to come"),
    "batch": ("批号", "Batch"),
    "serial_no": ("序列号", "Serial"),
    "model": ("型号规格", "Specification"),
    "s_way": ("退回方式", "How they come back"),
    "way_back": ("方式", "Way"),
    "due": ("最迟收到", "Here not later than"),
    "fetched_from": ("取件地址", "Fetched from"),
    "send_to": ("寄往地址", "Send to"),
    "to_station": ("接收网点", "Station"),
    "hotline_no": ("服务热线", "Hotline"),
    "s_freight": ("运费", "Freight"),
    "freight_by": ("承担方", "Paid by"),
    "s_parcels": ("包裹与标签", "Parcels and labels"),
    "parcel_no": ("序号", "No."),
    "carrier": ("承运方", "Carrier"),
    "tracking": ("运单号", "Tracking no."),
    "label": ("标签", "Label"),
    "paid_by": ("运费先由谁支付", "Carrier paid first by"),
    "s_enclose": ("请一并放入包裹", "Please enclose"),
    "enclose": (
        "□ 商品主机及全部配件、附件、说明书\n□ 随货赠品\n□ 购货凭证（发票）复印件\n"
        "□ 本须知，或写有编号 {{ number }} 的字条",
        "□ the goods with all accessories and manuals\n□ gifts that came with them\n"
        "□ a copy of the invoice\n□ this sheet, or a slip with the number {{ number }}",
    ),
    "s_notes": ("注意事项", "Please note"),
    "notes": (
        "1. 请保留原包装，妥善包装，防止运输途中损坏。\n"
        "2. 请将随附的二维码标签贴在包裹外侧；没有标签时，请在包裹上写明编号 {{ number }}。\n"
        "3. 请清除设备中的个人信息与数据，并解除账号绑定。\n"
        "4. 请保留寄件凭证，并将运单号告知我们。\n"
        "5. 收到后我们核对数量、规格和外观，并再次检验，结果将通知您。\n"
        "6. 由公司承担、您已先行支付的运费，随退款一并退还。",
        "1. Use the original packaging where you can, and pack the goods safely.\n"
        "2. Put the label with the code on the outside of the parcel; without one, write the "
        "number {{ number }} on it.\n"
        "3. Delete personal data from the device and sign it out of your accounts.\n"
        "4. Keep the carrier's receipt and tell us the tracking number.\n"
        "5. We check quantity, specification and appearance, test the goods again and tell you "
        "the result.\n"
        "6. Freight that the company bears and you have paid is repaid with the refund.",
    ),
}

GRID = (25, 64, 25, 64)
MODEL = "{{ line.product }}{% if line.specification %} · {{ line.specification }}{% endif %}"
SERIAL = "{{ line.serial }}{% if line.serial and line.batch %} / {% endif %}{{ line.batch }}"
PAYER = "{{ line.payer }}{% if line.clause %} · {{ line.clause }}{% endif %}"


def application(sheet: Sheet, say: Say) -> None:
    """What is to come back, under which condition, what was found and decided."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", f"{say['received_at']}{{{{ received }}}}")
    _applicant(sheet, say)
    sheet.gap()
    _goods(sheet, say)
    sheet.gap()
    _conditions(sheet, say)
    sheet.gap()
    _inspection(sheet, say)
    sheet.gap()
    _decision(sheet, say)
    sheet.gap()
    signs = (say[f"sign_{who}"] for who in ("customer", "quality", "manager"))
    sheet.table((59, 60, 59)).places(*signs, height=20)


def instructions(sheet: Sheet, say: Say) -> None:
    """Where to, how, with what, until when, at whose cost."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", "{{ printed }}")
    sheet.gap()
    sheet.prose(say["greeting"])
    sheet.prose(say["opening"], indent=float(say["indent"]))
    _sent(sheet, say)
    sheet.gap()
    _way(sheet, say)
    sheet.gap()
    _parcels(sheet, say)
    sheet.gap()
    notes = sheet.table((178,))
    for name in ("enclose", "notes"):
        notes.section(say[f"s_{name}"])
        notes.lines(say[name])


def _applicant(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_customer"])
    grid.pairs(say["customer"], "{{ customer }}", say["contact"], "{{ contact }}")
    grid.pairs(say["phone"], "{{ phone }}", say["station"], "{{ station }}")
    grid.wide(say["address"], "{{ address }}")
    grid.pairs(say["asked"], "{{ asked }}", say["channel"], "{{ channel }}")
    grid.pairs(say["applied_by"], "{{ applied_by }}", say["status"], "{{ status }}")
    grid.wide(say["symptom"], "{{ symptom }}", height=14)
    grid.mark("if mileage")
    grid.wide(say["mileage"], "{{ mileage }}")
    grid.mark("endif")


def _goods(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 33, 20, 32, 11, 19, 16, 20, 19))
    table.section(say["s_goods"])
    names = ("product", "serial", "bought", "quantity", "amount", "reason", "wish", "goods")
    table.head("#", *(say[name] for name in names))
    table.rows(
        *("line", "lines", "{{ line.number }}", MODEL, SERIAL),
        "{{ line.purchased }}{% if line.received %}\n{{ line.received }}{% endif %}",
        "{{ line.quantity }}",
        "{{ line.amount }}",
        *("{{ line.reason }}", "{{ line.wish }}", "{{ line.goods }}"),
    )
    total = sheet.table(GRID)
    total.pairs(say["total"], f"{{{{ total }}}}{say['money']}", say["payers"], "{{ payers }}")


def _conditions(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 38, 17, 30, 30, 20, 35))
    table.section(say["s_conditions"])
    names = ("condition", "fit", "why", "last_day", "payer", "rule")
    table.head("#", *(say[name] for name in names))
    fields = ("number", "condition", "fit", "why", "last_day", "payer")
    table.rows(
        *("each", "conditions", *(f"{{{{ each.{name} }}}}" for name in fields)),
        "{{ each.clause }}{% if each.source %} · {{ each.source }}{% endif %}",
        none=say["none"],
    )


def _inspection(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 40, 34, 60, 14, 22))
    table.section(say["s_inspection"])
    names = ("product", "sample", "finding", "defect", "goods_found")
    table.head("#", *(say[name] for name in names))
    table.repeat("line", "lines", "number", *names)
    who = sheet.table(GRID)
    who.pairs(
        *(say["screened_by"], "{{ screened_by }}", say["inspected_by"], "{{ inspected_by }}"),
    )


def _decision(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 52, 18, 60, 40))
    table.section(say["s_decision"])
    table.head("#", *(say[name] for name in ("product", "approved", "condition", "payer")))
    table.rows(
        *("line", "lines", "{{ line.number }}", "{{ line.product }}"),
        *("{{ line.approved }}", "{{ line.condition }}", PAYER),
    )
    grid = sheet.table(GRID)
    clause = "{% if approval_clause %} · {{ approval_clause }}{% endif %}"
    approval = f"{{{{ approval }}}}{clause}"
    grid.pairs(say["approval"], approval, say["without_goods"], "{{ without_goods }}")
    grid.pairs(say["decision"], "{{ decision }}", say["decided_by"], "{{ decided_by }}")
    grid.wide(say["decided"], "{{ decided }}")
    grid.wide(say["decision_note"], "{{ decision_note }}", height=10)
    grid.mark("if appeal")
    grid.wide(say["appeal"], "{{ appeal }}", height=10)
    grid.mark("endif")


def _sent(sheet: Sheet, say: Say) -> None:
    table = sheet.table((8, 62, 36, 24, 12, 18, 18))
    table.section(say["s_sent"])
    names = ("product", "serial_no", "batch", "quantity", "left", "wish")
    table.head("#", *(say[name] for name in names))
    fields = ("serial", "batch", "quantity", "left", "wish")
    values = (f"{{{{ line.{name} }}}}" for name in fields)
    table.rows("line", "lines", "{{ line.number }}", MODEL, *values)


def _way(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_way"])
    grid.pairs(say["way_back"], "{{ way_back }}", say["due"], "{{ due }}")
    grid.mark("if fetched_from")
    grid.wide(say["fetched_from"], "{{ fetched_from }}")
    grid.mark("else")
    grid.wide(say["send_to"], "{{ send_to }}", height=12)
    grid.mark("endif")
    grid.pairs(say["to_station"], "{{ station }}", say["hotline_no"], "{{ hotline }}")
    sheet.gap()
    table = sheet.table((30, 120, 28))
    table.section(say["s_freight"])
    table.head(say["freight_by"], say["condition"], say["clause"])
    table.repeat("each", "freight", "payer", "condition", "clause", none=say["none"])


def _parcels(sheet: Sheet, say: Say) -> None:
    table = sheet.table((12, 36, 44, 56, 30))
    table.section(say["s_parcels"])
    table.head(*(say[n] for n in ("parcel_no", "carrier", "tracking", "label", "paid_by")))
    fields = ("number", "carrier", "tracking", "label", "paid_by")
    table.repeat("each", "parcels", *fields, none=say["none"])

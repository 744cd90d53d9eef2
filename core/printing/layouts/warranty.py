"""The warranty card of a piece."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words

WORDS: Words = {
    "warranty_card": ("保修卡", "Warranty Card"),
    "status": ("状态", "Status"),
    "invoice": ("发票号", "Invoice"),
    "warranty_months": ("保修月数", "Months of warranty"),
    "repair_days": ("维修顺延天数", "Days added for repair"),
    "s_services": ("维修记录", "Service"),
    "service_day": ("日期", "Date"),
    "service_number": ("服务单", "Case"),
    "service_symptom": ("故障或需求", "Symptom or wish"),
    "service_work": ("维修内容", "Work done"),
    "service_parts": ("更换部件", "Parts"),
    "service_technician": ("维修人", "By"),
    "sign_card": ("网点盖章：", "Stamp of the station:"),
    "card_note": (
        "请妥善保管本卡，报修时出示。保修到期日以本卡为准。",
        "Please keep this card and show it when service is asked for. The warranty ends on the "
        "day that stands here.",
    ),
}
COLUMNS = ("day", "number", "symptom", "work", "parts", "technician")


def warranty_card(sheet: Sheet, say: Say) -> None:
    """The warranty card 《保修卡》: the piece, its warranty, and each work on it (E11)."""
    sheet.sides(say["no"] + "{{ number }}", say["printed"] + "{{ printed }}")
    grid = sheet.table((25, 64, 25, 64))
    grid.section(say["s_customer"])
    grid.pairs(say["customer"], "{{ customer }}", say["phone"], "{{ phone }}")
    grid.wide(say["address"], "{{ address }}")
    grid.section(say["s_product"])
    model = "{{ model }}{% if specification %} · {{ specification }}{% endif %}"
    grid.pairs(say["brand"], "{{ brand }}", say["model"], model)
    grid.pairs(say["serial"], "{{ serial }}", say["status"], "{{ status }}")
    grid.pairs(say["purchased"], "{{ purchased }}", say["invoice"], "{{ invoice }}")
    months = "{{ warranty_months }}"
    grid.pairs(say["warranty_months"], months, say["repair_days"], "{{ repair_days }}")
    grid.pairs(say["warranty_until"], "{{ warranty_until }}", say["station"], "{{ station }}")
    sheet.gap()
    services = sheet.table((24, 30, 38, 42, 26, 18))
    services.head(*(say[f"service_{name}"] for name in COLUMNS))
    services.repeat("service", "services", *COLUMNS)
    sheet.gap()
    sheet.table((178,)).places(say["sign_card"], height=22)
    sheet.note(say["card_note"])

"""The acceptance slip and the service report."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words, who_and_what

WORDS: Words = {
    "acceptance_slip": ("售后服务申请受理单", "Service Acceptance Slip"),
    "service_report": ("售后服务报告单", "Service Report"),
    "finished_at": ("完工时间：", "Finished: "),
    "s_request": ("服务申请", "Request"),
    "s_visits": ("上门记录", "Visits"),
    "s_work": ("服务情况", "Work"),
    "kind": ("服务类别", "Kind"),
    "wanted": ("期望时间", "Wanted time"),
    "symptom": ("故障或需求", "Symptom or wish"),
    "service_content": ("服务内容", "Service content"),
    "charge": ("收费", "Charge"),
    "visit": ("预约上门", "Agreed visit"),
    "technician": ("服务工程师", "Technician"),
    "assigned": ("派工时间", "Dispatched"),
    "visit_no": ("次", "No."),
    "visit_agreed": ("约定时间", "Agreed"),
    "visit_arrived": ("到达", "Arrived"),
    "visit_ended": ("离开", "Left"),
    "visit_outcome": ("结果", "Outcome"),
    "symptom_found": ("故障复核", "Symptom on site"),
    "explained": ("向顾客说明", "Explained"),
    "work_time": ("服务用时", "Time of work"),
    "s_photos": ("维修前后照片", "Photos before and after"),
    "work": ("处理措施", "Work done"),
    "parts": ("更换配件", "Parts"),
    "result": ("处理结果", "Result"),
    "labour": ("人工费", "Labour"),
    "parts_amount": ("配件费", "Parts amount"),
    "remarks": ("顾客意见", "Customer's remarks"),
    "confirmed_by": ("确认人", "Confirmed by"),
    "s_checks": ("检查清单", "Check-lists"),
    "check_mark": ("", ""),
    "check_item": ("项目", "Item"),
    "check_list": ("清单", "List"),
    "check_ticked": ("完成", "Done"),
    "unticked": ("未完成说明", "Why not all"),
    "satisfaction": ("满意程度", "Satisfaction"),
    "satisfaction_ticks": (
        "□ 很满意　　□ 满意　　□ 一般　　□ 不满意　　□ 很不满意",
        "□ very good    □ good    □ fair    □ poor    □ very poor",
    ),
    "sign_accept": ("受理人签字：\n\n日期：", "For the company:\n\nDate:"),
    "sign_customer": ("顾客确认签字：\n\n日期：", "Confirmed by the customer:\n\nDate:"),
    "sign_report": (
        "顾客确认签字：{{ signature }}\n{{ signed_by }}\n日期：{{ signed }}",
        "Confirmed by the customer: {{ signature }}\n{{ signed_by }}\nDate: {{ signed }}",
    ),
    "sign_technician": ("服务工程师签字：\n\n日期：", "Technician:\n\nDate:"),
    "slip_note": (
        "本单由顾客确认服务内容与时间后生效；收费服务在开工前告知价格。请保留本单以便查询。",
        "The customer confirms content and time. For paid work the price is told before it "
        "starts. Please keep this slip for enquiries.",
    ),
    "report_note": (
        "顾客签字即确认上述服务内容、更换的配件及费用。如有疑问请拨打服务热线。",
        "The signature confirms the work, the parts and the fees above. For questions please "
        "call the hotline.",
    ),
}

CHARGE = "{{ charge }}{% if charge_reason %} · {{ charge_reason }}{% endif %}"


def acceptance_slip(sheet: Sheet, say: Say) -> None:
    """The acceptance slip 《售后服务申请受理单》; the Service Request Form is the same paper."""
    sheet.sides(say["no"] + "{{ number }}", say["received_at"] + "{{ received }}")
    grid = sheet.table((25, 64, 25, 64), row=8)
    who_and_what(grid, say)
    grid.section(say["s_request"])
    grid.pairs(say["kind"], "{{ kind }}", say["channel"], "{{ channel }}")
    grid.pairs(say["owner"], "{{ owner }}", say["charge"], CHARGE)
    grid.pairs(say["wanted"], "{{ wanted }}", say["visit"], "{{ visit }}")
    grid.wide(say["symptom"], "{{ symptom }}", height=24)
    grid.wide(say["service_content"], "{{ service_content }}", height=16)
    sheet.gap()
    due = sheet.table((32, 42, 16, 88), row=7.5)
    due.head(say["due_what"], say["due_when"], say["clause"], say["clause_text"])
    due.repeat("limit", "limits", "what", "due", "clause", "text")
    sheet.gap()
    sheet.table((25, 153)).wide(say["remarks"], "", height=16)
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_accept"], say["sign_customer"], height=24)
    sheet.note(say["slip_note"])


def service_report(sheet: Sheet, say: Say) -> None:
    """The service report 《售后服务报告单》."""
    sheet.sides(say["no"] + "{{ number }}", say["finished_at"] + "{{ finished }}")
    grid = sheet.table((25, 64, 25, 64))
    who_and_what(grid, say)
    grid.section(say["s_request"])
    grid.pairs(say["kind"], "{{ kind }}", say["charge"], CHARGE)
    grid.pairs(say["technician"], "{{ technician }}", say["assigned"], "{{ assigned }}")
    grid.wide(say["symptom"], "{{ symptom }}")
    sheet.gap()
    _visits(sheet, say)
    sheet.gap()
    _report(sheet, say)
    sheet.gap()
    _checks(sheet, say)
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_technician"], say["sign_report"], height=20)
    sheet.note(say["report_note"])
    _photos(sheet, say)


def _visits(sheet: Sheet, say: Say) -> None:
    visits = sheet.table((9, 55, 43, 43, 28))
    visits.head(*(say[f"visit_{n}"] for n in ("no", "agreed", "arrived", "ended", "outcome")))
    visits.repeat("visit", "visits", "number", "agreed", "arrived", "ended", "outcome")


def _report(sheet: Sheet, say: Say) -> None:
    work = sheet.table((25, 64, 25, 64))
    work.section(say["s_work"])
    work.pairs(say["symptom_found"], "{{ symptom_found }}", say["work_time"], "{{ work_time }}")
    for name in ("cause", "explained", "work", "parts"):
        work.wide(say[name], f"{{{{ {name} }}}}", height=10 if name == "work" else 0)
    work.wide(say["result"], "{{ result }}")
    fees = [f"{{{{ {name} }}}}{say['money']}" for name in ("labour", "parts_amount", "total")]
    work.pairs(say["labour"], fees[0], say["parts_amount"], fees[1])
    work.pairs(say["total"], fees[2], say["confirmed_by"], "{{ confirmed_by }}")
    work.wide(say["satisfaction"], say["satisfaction_ticks"])


def _photos(sheet: Sheet, say: Say) -> None:
    sheet.mark("if photos")
    photos = sheet.table((45, 133))
    photos.section(say["s_photos"])
    photos.rows("each", "photos", "{{ each.moment }}\n{{ each.taken }}", "{{ each.photo }}")
    sheet.mark("endif")


def _checks(sheet: Sheet, say: Say) -> None:
    sheet.mark("if checks")
    checks = sheet.table((9, 84, 40, 45))
    checks.head(*(say[f"check_{name}"] for name in ("mark", "item", "list", "ticked")))
    checks.repeat("check", "checks", "mark", "item", "check_list", "ticked")
    sheet.table((25, 153)).wide(say["unticked"], "{{ unticked_reason }}")
    sheet.mark("endif")

"""The complaint form 《顾客投诉处理单》 and the investigation report 《投诉调查报告》."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words, who_and_what

WORDS: Words = {
    "complaint_form": ("顾客投诉处理单", "Complaint Form"),
    "investigation_report": ("投诉调查报告", "Complaint Investigation Report"),
    "none": ("（无）", "(none)"),
    "closed_at": ("结案时间：", "Closed: "),
    "investigated_at": ("调查时间：", "Investigated: "),
    "s_record": ("一、投诉记录", "1  Record"),
    "s_judge": ("二、性质判定与责任部门", "2  Judgement and department"),
    "s_cause": ("三、原因调查", "3  Investigation"),
    "s_responsibles": ("责任划分", "Who answers for it"),
    "s_plan": ("四、解决办法", "4  Plan"),
    "s_notice": ("五、通知顾客", "5  Notice to the customer"),
    "s_improve": ("六、改善对策", "6  Improvement"),
    "s_limits": ("处理时限", "Time limits"),
    "s_steps": ("处理过程", "Steps"),
    "s_finding": ("一、调查结论", "1  Findings"),
    "s_range": ("二、影响范围", "2  Extent"),
    "s_alike": ("类似的以往案件", "Earlier cases that resemble it"),
    "s_measures": ("三、对顾客的解决办法", "3  Measures for the customer"),
    "s_corrective": ("四、纠正措施", "4  Corrective measures"),
    "s_preventive": ("五、预防措施", "5  Preventive measures"),
    "symptom": ("投诉内容", "Complaint"),
    "about": ("被投诉人", "About whom"),
    "origin": ("来源单号", "Led to by"),
    "batch": ("批号", "Batch"),
    "nature": ("投诉类别", "Class"),
    "verdict": ("判定", "Verdict"),
    "reason_sufficient": ("理由充分", "Reason sufficient"),
    "demand_reasonable": ("要求合理", "Demand reasonable"),
    "department": ("责任部门", "Department"),
    "handler": ("经办人", "Handler"),
    "route": ("规定部门", "By the rule book"),
    "cause_kind": ("原因类别", "Kind of cause"),
    "cause_scope": ("责任归属", "Whose doing"),
    "loss": ("损失金额", "Loss"),
    "investigated_by": ("调查人", "Investigated by"),
    "investigated": ("调查时间", "Investigated"),
    "person": ("责任人", "Person"),
    "share": ("责任比例 %", "Share %"),
    "measure_kind": ("办法", "Measure"),
    "what": ("内容", "What"),
    "cost": ("费用（元）", "Cost (CNY)"),
    "proposed_by": ("拟定人", "Proposed by"),
    "approval": ("审批权限", "May approve"),
    "decision": ("审批结果", "Decision"),
    "decided_by": ("审批人", "Decided by"),
    "decided": ("审批时间", "Decided"),
    "notified": ("通知时间", "Told"),
    "notified_through": ("通知方式", "Through"),
    "reaction": ("顾客反应", "Reaction"),
    "answer": ("答复内容", "Answer"),
    "lesson": ("经验教训", "Lesson"),
    "improvement": ("措施", "Measure"),
    "improvement_kind": ("类型", "Kind"),
    "improver": ("负责人", "Owner"),
    "improve_due": ("完成期限", "Due"),
    "improve_status": ("状态", "State"),
    "finding": ("验证结果", "Effect"),
    "met": ("实际完成", "Met"),
    "step": ("步骤", "Step"),
    "step_at": ("时间", "When"),
    "step_who": ("办理人", "Who"),
    "step_note": ("说明", "Note"),
    "same_batch": ("同批其他案件", "Other cases of the batch"),
    "same_fault": ("同型号同故障", "Same model, same fault"),
    "cases": (" 件", ""),
    "alike_number": ("编号", "No."),
    "alike_received": ("受理日期", "Received"),
    "alike_outcome": ("处理结果", "Outcome"),
    "sign_handler": ("经办人签字：\n\n日期：", "Handler:\n\nDate:"),
    "sign_department": ("责任部门签字：\n\n日期：", "Department:\n\nDate:"),
    "sign_manager": ("售后经理签字：\n\n日期：", "After-sales manager:\n\nDate:"),
    "sign_investigator": ("调查人签字：\n\n日期：", "Investigator:\n\nDate:"),
    "sign_quality": ("质量部门签字：\n\n日期：", "Quality:\n\nDate:"),
}

GRID = (25, 64, 25, 64)


def complaint_form(sheet: Sheet, say: Say) -> None:
    """The whole file of a complaint; penalties are not part of it."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", f"{say['closed_at']}{{{{ closed }}}}")
    _record(sheet, say)
    sheet.gap()
    _judgement(sheet, say)
    sheet.gap()
    _cause(sheet, say, "s_cause")
    sheet.gap()
    _plan(sheet, say, "s_plan")
    _decision(sheet, say)
    sheet.gap()
    _notice(sheet, say)
    sheet.gap()
    _improvement(sheet, say)
    sheet.gap()
    _limits(sheet, say)
    sheet.gap()
    _steps(sheet, say)
    sheet.gap()
    signs = (say[f"sign_{who}"] for who in ("handler", "department", "manager"))
    sheet.table((59, 60, 59)).places(*signs, height=20)


def investigation_report(sheet: Sheet, say: Say) -> None:
    """What was found, how far it reaches, what is done."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", f"{say['investigated_at']}{{{{ investigated }}}}")
    _complaint(sheet, say)
    sheet.gap()
    _cause(sheet, say, "s_finding")
    sheet.gap()
    _extent(sheet, say)
    sheet.gap()
    _plan(sheet, say, "s_measures")
    for kind in ("corrective", "preventive"):
        sheet.gap()
        _measures_of(sheet, say, kind)
    sheet.gap()
    signs = (say[f"sign_{who}"] for who in ("investigator", "quality", "manager"))
    sheet.table((59, 60, 59)).places(*signs, height=20)


def _record(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_record"])
    received = say["received_at"].rstrip("：: ")
    grid.pairs(received, "{{ received }}", say["channel"], "{{ channel }}")
    grid.pairs(say["owner"], "{{ owner }}", say["about"], "{{ about }}")
    grid.pairs(say["origin"], "{{ origin }}", say["batch"], "{{ batch }}")
    who_and_what(grid, say)
    grid.wide(say["symptom"], "{{ symptom }}", height=16)


def _complaint(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    received = say["received_at"].rstrip("：: ")
    grid.pairs(received, "{{ received }}", say["nature"], "{{ nature }}")
    who_and_what(grid, say)
    grid.wide(say["symptom"], "{{ symptom }}", height=16)


def _judgement(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_judge"])
    grid.pairs(say["nature"], "{{ nature }}", say["verdict"], "{{ verdict }}")
    reason, demand = "{{ reason_sufficient }}", "{{ demand_reasonable }}"
    grid.pairs(say["reason_sufficient"], reason, say["demand_reasonable"], demand)
    grid.pairs(say["department"], "{{ department }}", say["handler"], "{{ handler }}")
    grid.wide(say["route"], "{{ route }}{% if route_clause %} · {{ route_clause }}{% endif %}")


def _cause(sheet: Sheet, say: Say, title: str) -> None:
    grid = sheet.table(GRID)
    grid.section(say[title])
    grid.wide(say["cause"], "{{ cause }}", height=14)
    grid.pairs(say["cause_kind"], "{{ cause_kind }}", say["cause_scope"], "{{ cause_scope }}")
    loss = f"{{% if loss %}}{{{{ loss }}}}{say['money']}{{% endif %}}"
    grid.pairs(say["loss"], loss, say["investigated_by"], "{{ investigated_by }}")
    sheet.gap()
    shares = sheet.table((72, 72, 34))
    shares.section(say["s_responsibles"])
    shares.head(say["department"], say["person"], say["share"])
    fields = ("department", "person", "share")
    shares.repeat("each", "responsibles", *fields, none=say["none"])


def _plan(sheet: Sheet, say: Say, title: str) -> None:
    plan = sheet.table((30, 114, 34))
    plan.section(say[title])
    plan.head(say["measure_kind"], say["what"], say["cost"])
    plan.repeat("measure", "measures", "kind", "what", "cost", none=say["none"])


def _decision(sheet: Sheet, say: Say) -> None:
    sheet.gap()
    grid = sheet.table(GRID)
    total = f"{{% if total %}}{{{{ total }}}}{say['money']}{{% endif %}}"
    grid.pairs(say["total"], total, say["proposed_by"], "{{ proposed_by }}")
    approval = "{{ approval }}{% if approval_clause %} · {{ approval_clause }}{% endif %}"
    grid.pairs(say["approval"], approval, say["decision"], "{{ decision }}")
    grid.pairs(say["decided_by"], "{{ decided_by }}", say["decided"], "{{ decided }}")


def _notice(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_notice"])
    through = "{{ notified_through }}"
    grid.pairs(say["notified"], "{{ notified }}", say["notified_through"], through)
    # The answer of an earlier round is not the answer once the complaint is open again.
    grid.wide(say["answer"], "{% if notified %}{{ answer }}{% endif %}", height=14)
    grid.wide(say["reaction"], "{{ reaction }}")


def _improvement(sheet: Sheet, say: Say) -> None:
    grid = sheet.table((25, 153))
    grid.section(say["s_improve"])
    grid.wide(say["lesson"], "{{ lesson }}", height=12)
    sheet.gap()
    table = sheet.table((24, 50, 22, 30, 22, 30))
    titles = ("improvement_kind", "improvement", "improver", "improve_due", "improve_status")
    table.head(*(say[title] for title in (*titles, "finding")))
    fields = ("kind", "measure", "owner", "due", "status", "finding")
    table.repeat("each", "improvements", *fields, none=say["none"])


def _measures_of(sheet: Sheet, say: Say, kind: str) -> None:
    table = sheet.table((68, 24, 30, 22, 34))
    table.section(say[f"s_{kind}"])
    titles = ("improvement", "improver", "improve_due", "improve_status", "finding")
    table.head(*(say[title] for title in titles))
    fields = ("measure", "owner", "due", "status", "finding")
    table.repeat("each", kind, *fields, none=say["none"])


def _extent(sheet: Sheet, say: Say) -> None:
    grid = sheet.table(GRID)
    grid.section(say["s_range"])
    grid.wide(say["batch"], "{{ batch }}")
    batch, fault = (
        f"{{% if {name} %}}{{{{ {name} }}}}{say['cases']}{{% endif %}}"
        for name in ("same_batch", "same_fault")
    )
    grid.pairs(say["same_batch"], batch, say["same_fault"], fault)
    sheet.gap()
    alike = sheet.table((32, 30, 62, 54))
    alike.section(say["s_alike"])
    alike.head(say["alike_number"], say["alike_received"], say["symptom"], say["alike_outcome"])
    fields = ("number", "received", "symptom", "outcome")
    alike.repeat("each", "alike", *fields, none=say["none"])


def _limits(sheet: Sheet, say: Say) -> None:
    due = sheet.table((22, 40, 40, 14, 62))
    due.section(say["s_limits"])
    due.head(*(say[name] for name in ("due_what", "due_when", "met", "clause", "clause_text")))
    due.repeat("limit", "limits", "what", "due", "met", "clause", "text", none=say["none"])


def _steps(sheet: Sheet, say: Say) -> None:
    steps = sheet.table((42, 40, 28, 68))
    steps.section(say["s_steps"])
    steps.head(say["step"], say["step_at"], say["step_who"], say["step_note"])
    steps.repeat("each", "steps", "step", "at", "who", "note")

"""The answer letter 《投诉答复函》 and the penalty notice 《责任处罚通知书》."""

from core.papers.sheet import Sheet, Table
from core.printing.layouts.common import Say, Words

WORDS: Words = {
    "answer_letter": ("投诉答复函", "Answer to Your Complaint"),
    "penalty_notice": ("责任处罚通知书", "Penalty Notice"),
    # How far the first line of a paragraph is moved in, in millimetres: two Chinese characters.
    "indent": ("7.4", "0"),
    "greeting": ("尊敬的", "Dear "),
    "greeting_end": ("：", ","),
    "opening": (
        "您好！您于{{ received }}{% if channel %}通过{{ channel }}{% endif %}反映的"
        "{% if model %}{{ brand }} {{ model }} {% endif %}问题（编号 {{ number }}）我们已收悉。"
        "{% if measures %}由此给您带来的不便，我们深表歉意。{% endif %}现答复如下：",
        "Thank you for telling us on {{ received }} about "
        "{% if model %}your {{ brand }} {{ model }}{% else %}your complaint{% endif %} "
        "(our number {{ number }}). "
        "{% if measures %}We are sorry for the trouble that this has caused you. {% endif %}"
        "This is our answer:",
    ),
    "plan": ("为此，我们将采取以下解决办法：", "This is what we will do:"),
    "between": ("：", ": "),
    "amount": ("，金额 {{ each.amount }} 元", ", {{ each.amount }} CNY"),
    "closing": (
        "如您对本答复仍有疑问或不满意，请{% if hotline %}拨打服务热线 {{ hotline }}{% else %}"
        "与我们联系{% endif %}，并告知编号 {{ number }}，我们将重新处理。",
        "If you have questions, or are not satisfied with this answer, please "
        "{% if hotline %}call our hotline {{ hotline }}{% else %}contact us{% endif %} and name "
        "the number {{ number }}; we will look into it again.",
    ),
    "regards": ("此致", "Yours faithfully,"),
    "regards_end": ("敬礼！", ""),
    "person": ("当事人", "Person"),
    "department": ("部门", "Department"),
    "case": ("投诉编号", "Complaint no."),
    "decided": ("决定日期", "Decided on"),
    "ground": ("处罚事由", "Ground"),
    "loss": ("损失金额", "Loss"),
    "penalty": ("处罚", "Penalty"),
    "share": (
        "{{ share_of }}的 {{ percent }}%",
        "{{ percent }}% of {{ share_of }}",
    ),
    "reason": ("理由", "Reason"),
    "decided_by": ("决定人", "Decided by"),
    "status": ("状态", "State"),
    "s_appeal": ("申诉与复核", "Appeal and review"),
    "appeal": ("申诉理由", "Appeal"),
    "review": ("复核意见", "Review"),
    "reviewed_by": ("复核人", "Reviewed by"),
    "notice": (
        "经调查，依据公司规定并结合损失情况，对{{ person }}作出如下责任处罚决定：",
        "After the investigation, by the company's rules and the size of the loss, the following "
        "was decided about {{ person }}:",
    ),
    "right": (
        "您有权对本决定提出申诉：请在系统中打开本处罚，写明理由并提交。申诉由未参与本决定、"
        "也与本投诉无关的人员复核，可维持、减轻或撤销。",
        "You have the right to appeal: open this penalty in the tool, say why it is not right and "
        "send it. Somebody who neither took this decision nor is named in the complaint reviews "
        "it, and upholds, reduces or lifts it.",
    ),
    "private": (
        "本通知仅供当事人、其负责人、售后经理和监督审计查阅。",
        "For the person concerned, their head, the after-sales manager and the audit only.",
    ),
    "sign_company": ("决定人签字：\n\n日期：", "For the company:\n\nDate:"),
    "sign_person": ("当事人签收：\n\n日期：", "Received by the person concerned:\n\nDate:"),
}

GRID = (25, 64, 25, 64)
CUSTOMER = "{{ customer }}{% if contact and contact != customer %} {{ contact }}{% endif %}"


def answer_letter(sheet: Sheet, say: Say) -> None:
    """What the customer is told, with what will be done."""
    sheet.sides(f"{say['no']}{{{{ number }}}}", "")
    sheet.gap(14)
    sheet.prose(f"{say['greeting']}{CUSTOMER}{say['greeting_end']}")
    sheet.prose(say["opening"], indent=float(say["indent"]))
    sheet.mark("for line in paragraphs")
    sheet.prose("{{ line.text }}", indent=float(say["indent"]))
    sheet.mark("endfor")
    _offers(sheet, say)
    sheet.prose(say["closing"], indent=float(say["indent"]))
    sheet.prose(say["regards"], indent=float(say["indent"]))
    if say["regards_end"]:
        sheet.prose(say["regards_end"])
    sheet.gap(20)
    sheet.prose("{{ company }}", right=True, after=2)
    sheet.prose("{{ answered }}", right=True)


def penalty_notice(sheet: Sheet, say: Say) -> None:
    """One penalty, with its clause and the right to appeal."""
    sheet.sides(f"{say['case']}{say['between']}{{{{ number }}}}", "{{ decided }}")
    sheet.gap()
    sheet.prose(say["notice"], indent=float(say["indent"]))
    grid = sheet.table(GRID, row=8)
    grid.pairs(say["person"], "{{ person }}", say["department"], "{{ department }}")
    grid.pairs(say["ground"], "{{ ground }}", say["loss"], f"{{{{ loss }}}}{say['money']}")
    grid.pairs(say["penalty"], say["share"], say["status"], "{{ status }}")
    grid.wide(say["clause"], "{{ clause }}")
    grid.wide(say["clause_text"], "{{ clause_text }}", height=12)
    grid.wide(say["reason"], "{{ reason }}", height=24)
    grid.pairs(say["decided_by"], "{{ decided_by }}", say["decided"], "{{ decided }}")
    _review(grid, say)
    sheet.gap(10)
    sheet.prose(say["right"], indent=float(say["indent"]))
    sheet.gap()
    sheet.table((89, 89)).places(say["sign_company"], say["sign_person"], height=24)
    sheet.note(say["private"])


def _offers(sheet: Sheet, say: Say) -> None:
    sheet.mark("if measures")
    sheet.prose(say["plan"], indent=float(say["indent"]))
    sheet.mark("endif")
    sheet.mark("for each in measures")
    what = f"{{% if each.what %}}{say['between']}{{{{ each.what }}}}{{% endif %}}"
    amount = f"{{% if each.amount %}}{say['amount']}{{% endif %}}"
    sheet.prose(
        f"{{{{ loop.index }}}}. {{{{ each.kind }}}}{what}{amount}", indent=float(say["indent"])
    )
    sheet.mark("endfor")


def _review(grid: Table, say: Say) -> None:
    grid.mark("if appeal")
    grid.section(say["s_appeal"])
    grid.wide(say["appeal"], "{{ appeal }}", height=12)
    grid.wide(say["review"], "{{ review }}", height=12)
    grid.wide(say["reviewed_by"], "{{ reviewed_by }}")
    grid.mark("endif")

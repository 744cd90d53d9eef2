"""The certificate of somebody who was trained."""

from core.papers.sheet import Sheet
from core.printing.layouts.common import Say, Words

WORDS: Words = {
    "training_certificate": ("培训证书", "Certificate of Training"),
    "certified": (
        "{{ participant }}（{{ customer }}）参加了下列培训"
        "{% if score %}，考核成绩 {{ score }} 分（满分 {{ full_mark }} 分），合格{% endif %}，"
        "特发此证。",
        "{{ participant }} ({{ customer }}) took part in the following training"
        "{% if score %} and passed its exam with {{ score }} of {{ full_mark }} points"
        "{% endif %}.",
    ),
    "s_course": ("培训内容", "The training"),
    "headline": ("培训名称", "Title"),
    "course_kind": ("类别", "Kind"),
    "course_number": ("培训编号", "Training no."),
    "product": ("产品", "Product"),
    "held_on": ("时间", "Held"),
    "trainers": ("讲师", "Trained by"),
    "content": ("内容", "Content"),
    "issued": ("发证日期", "Issued on"),
    "valid_until": ("有效期至", "Valid until"),
    "no_end": ("长期有效", "No end"),
    "sign_certificate": ("盖章：", "Stamp:"),
    "check_note": ("凭证书编号可向我们核验。", "We confirm this certificate by its number."),
}


def training_certificate(sheet: Sheet, say: Say) -> None:
    """The certificate 《培训证书》, with its number and its last day (C11)."""
    sheet.sides(say["no"] + "{{ number }}", say["printed"] + "{{ printed }}")
    sheet.gap(14)
    sheet.prose(say["certified"])
    sheet.gap()
    grid = sheet.table((25, 64, 25, 64))
    grid.section(say["s_course"])
    grid.wide(say["headline"], "{{ headline }}")
    for left, right in (("course_kind", "product"), ("course_number", "trainers")):
        grid.pairs(say[left], f"{{{{ {left} }}}}", say[right], f"{{{{ {right} }}}}")
    grid.wide(say["held_on"], "{{ held_on }}")
    grid.wide(say["content"], "{{ content }}")
    last = f"{{% if valid_until %}}{{{{ valid_until }}}}{{% else %}}{say['no_end']}{{% endif %}}"
    grid.pairs(say["issued"], "{{ issued }}", say["valid_until"], last)
    sheet.gap()
    sheet.table((178,)).places(say["sign_certificate"], height=26)
    sheet.note(say["check_note"])

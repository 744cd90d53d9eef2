import sys; sys.path.insert(0,'/work/main')
import pytest
from pathlib import Path
from core import papers
from core.papers import Paper
from core.complaints import inputs
from db.codes import Language
from db.tables import Complaint, ServiceRequest
from pages.ui import words
from tests.test_core_papers_complaint import complain, finish
def test_look(sqlite_company):
    c=sqlite_company
    c.register(kind="repair", serial="SN3", symptom="脱水时有异响，换皮带", batch="B2507", fault_area="noise")
    case_id, cid = complain(c, address="江苏省南京市玄武区中山东路 1 号 2 幢 301 室", contact="王太太", symptom="2月新买的洗衣机，脱水时异响很大，报修两次都没有解决，师傅态度也不好，要求退款并赔偿误工损失。")
    pen=finish(c,cid)
    out=Path('/tmp/papers_look'); out.mkdir(exist_ok=True)
    for lang in Language:
        for paper in (Paper.COMPLAINT_FORM,Paper.ANSWER_LETTER,Paper.INVESTIGATION_REPORT,Paper.PENALTY_NOTICE):
            about={"penalty_id":pen} if paper is Paper.PENALTY_NOTICE else {"case_id":case_id}
            made=c.see("manager",papers.render,paper=paper,word=words.catalogue(lang).pgettext,language=lang,**about)
            (out/f"{paper.value}.{lang.value}.docx").write_bytes(made.content)

"""A mail out of its bytes: encodings, HTML, broken trees, forged heads."""

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail import letters, texts
from core.mail.letters import Letter
from db.codes import MailFlaw
from tests.mailed import PNG, letter


def plain(body: bytes, charset: str = "", kind: str = "text/plain", subject: bytes = b"") -> Letter:
    head = f"From: a@b.cn\r\nContent-Type: {kind}" + (f"; charset={charset}" if charset else "")
    return letters.read(head.encode() + b"\r\nSubject: " + subject + b"\r\n\r\n" + body)


SAID = "滤网镕㐂怎么清洗"


@pytest.mark.parametrize(
    ("coding", "charset"),
    [
        *(("gb18030", "GB18030"), ("gb18030", "gb2312"), ("gb18030", '"GBK"'), ("gb18030", "")),
        *(("utf-8", "utf-8"), ("utf-8", ""), ("utf-8", "us-ascii"), ("utf-8", "no-such-charset")),
        *(("utf-8", "rot13"), ("utf-8", "base64"), ("utf-16", "utf-16")),
    ],
)
def test_letters_are_read_whatever_they_are_coded_in(coding: str, charset: str) -> None:
    subject = SAID.encode("gb18030")
    found = plain(SAID.encode(coding), charset, subject=subject)
    assert (found.body, found.subject) == (SAID, SAID)
    part = base64.b64encode(SAID.encode("gbk", "ignore")).decode()
    assert "滤网" in plain(b"", subject=f"=?gb2312?B?{part}?=".encode()).subject


def test_html_is_read_as_text_and_asks_for_nothing() -> None:
    page = (
        "<?xml version='1.0' encoding='gbk'?><html><head><style>p {}</style><title>t</title></head>"
        "<body><p>您好&nbsp;<b>张</b></p><script>alert(1)</script><img src='http://x.example/y'>"
        "<table><tr><td>一</td></tr><tr><td>二</td></tr></table>&lt;b&gt;<!-- c -->尾<br>末</body>"
    )
    found = plain(page.encode("gbk"), "gbk", "text/html").body
    assert found == "您好 张\n一\n二\n<b>尾\n末"
    for odd in (
        "",
        "<",
        "<!--" * 20_000,
        "<a" * 90_000,
        "<div>" * 90_000 + "x",
        "\x00<p>y",
        "]]>" * 9,
    ):
        texts.of_html(odd)
    mail = EmailMessage()
    mail.set_content("plain")
    mail.add_alternative("<p>html</p>", subtype="html")
    assert letters.read(mail.as_bytes()).body == "plain"


def test_broken_trees_and_heads_are_mails_too() -> None:
    deep = b"From: a@b.cn\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3000)
    )
    found = letters.read(deep + b"hi")
    assert (found.sender, found.is_cut) == ("a@b.cn", True)
    assert letters.read(b"From: a@b.cn\r\nSubject: x", whole=False).is_cut
    many = EmailMessage()
    many.set_content("x" * 50_000)
    found = letters.read(many.as_bytes())
    assert (len(found.body), found.is_cut) == (letters.LONGEST_BODY, True)
    forged = letters.read(
        b"From: =?utf-8?B?!!?= <a@b.cn\r\nFrom: c@d.cn\r\nMessage-ID: x\r\nSubject: a\r\n b\r\n\r\n"
    )
    assert (forged.subject, forged.message_id) == ("a b", "")
    assert letters.read(b'From: "x@evil.cn" <real@b.cn>\r\n\r\n').sender == "real@b.cn"
    for no_address in (
        b"From: " + b"(" * 900 + b"\r\n\r\n",
        b"",
        b"From: nobody\r\n\r\n",
        b"From: <a@b@c>\r\n\r\n",
        b"From: \xff@\xfe\r\n\r\n",
    ):
        assert letters.address_key(letters.read(no_address).sender) == ""


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(content: bytes) -> None:
    heads = (b"", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", b"Subject: =?gbk?q?")
    for head in heads:
        found = letters.read(head + content)
        assert len(found.body) <= letters.LONGEST_BODY and "\x00" not in found.body + found.subject
        assert found.subject.encode("utf-8") is not None and found.body.encode("utf-8") is not None


def test_a_mail_is_known_again_by_what_it_says_and_not_by_its_name_alone() -> None:
    one = letter("a", Message_ID="<1@x>")
    moved = b"Received: by mx\r\nX-Folder: 2\r\n" + one
    assert letters.read(one).digest == letters.read(moved).digest
    other = letters.read(letter("b", Message_ID="<1@x>"))
    assert other.digest != letters.read(one).digest and other.message_id == "<1@x>"


def test_names_of_files_are_plain_and_forwarded_mails_are_opened() -> None:
    inner = EmailMessage()
    inner.set_content("里面")
    inner.add_attachment(PNG, maintype="image", subtype="png", filename="=?gbk?B?1dXGrA==?=.png")
    outer = EmailMessage()
    outer["From"] = "a@b.cn"
    outer.set_content("外面")
    outer.add_attachment(inner)
    found = letters.read(outer.as_bytes())
    assert found.body == "外面\n\n里面"
    assert [(each.name, each.flaw) for each in found.files] == [("照片.png", None)]
    broken = letters.read(
        b"Content-Type: application/pdf; name*=x'y\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%"
    )
    assert [each.flaw for each in broken.files] == [MailFlaw.UNKNOWN_TYPE] or broken.files


@pytest.mark.parametrize(
    "line",
    [
        "> 原文",
        "-----原始邮件-----",
        "在 2026年3月2日，客服 写道：",
        "On Mon, Mar 2, A <a@b.cn> wrote:",
    ],
)
def test_what_is_new_in_an_answer(line: str) -> None:
    assert texts.fresh(f"好的\n谢谢\n\n{line}\n原文") == "好的\n谢谢"
    assert texts.fresh(f"{line}\n原文") == f"{line}\n原文"

"""Every code, field, action, fact, error and phrase has words in each language."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import core
from core.kernel.errors import Refused
from core.kernel.inputs import Input
from core.norms import revisions
from core.process.rules import Process
from db.codes import Language
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import words

ROOT = Path(__file__).resolve().parent.parent
# What pydantic itself calls the mistakes that our input models can find.
PYDANTIC = (
    *("missing", "string_too_long", "greater_than_equal", "less_than_equal", "int_parsing"),
    *("int_from_float", "int_type", "enum"),
)

# Lists whose words stand under another heading.
ELSEWHERE = {
    "Fact": ("field", ""),
    "StaffColumn": ("field", ""),
    "FileReason": ("error", "file_refused."),
    "Hindrance": ("error", "hindered."),
}
# Lists that core reckons with and no screen shows yet, or the command line only.
SILENT = {"Unit", "LimitUnit", "Measure", "Source", "Family", "Queue"} | {"Standing", "Tables"}
SILENT |= {"Key", "Whom", "What"}

for module in pkgutil.walk_packages(core.__path__, "core."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)


PROCESSES = [
    each
    for name, module in sorted(sys.modules.items())
    if name.startswith("core.")
    for each in vars(module).values()
    if isinstance(each, Process)
]


def below(base: type) -> Iterator[type]:
    for each in base.__subclasses__():
        yield each
        yield from below(each)


def ours(base: type) -> list[type]:
    return [each for each in below(base) if each.__module__.startswith(("core.", "db."))]


def codes() -> Iterator[tuple[str, str]]:
    for members in ours(StrEnum):
        if members.__name__ not in SILENT:
            context, before = ELSEWHERE.get(members.__name__, (members.__name__, ""))
            yield from ((context, f"{before}{member.value}") for member in members)


def fields() -> Iterator[tuple[str, str]]:
    for model in ours(Input):
        yield from (("field", name) for name in model.model_fields)


def rules() -> Iterator[tuple[str, str]]:
    for process in PROCESSES:
        for rule in process.rules:
            yield "fact", f"{process.subject}.{rule.fact}"
            if rule.action:
                yield "action", rule.action.name


def problems() -> Iterator[tuple[str, str]]:
    pattern = re.compile(r'(?:Problem\([^)]*?,\s*|PydanticCustomError\(\s*)"(\w+)"')
    for path in (ROOT / "core").glob("**/*.py"):
        yield from (("problem", code) for code in pattern.findall(path.read_text("utf-8")))
    yield from (("problem", code) for code in PYDANTIC)


def said() -> Iterator[tuple[str, str]]:
    """Codes that a screen names itself."""
    own = {"field": "field", "action": "action"}
    for path in (ROOT / "pages").glob("**/*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            name = call.func.attr
            texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
            if ast.unparse(call.func.value) != "words" or len(texts) != len(call.args):
                continue
            if name in own:
                yield own[name], *texts
            elif name == "in_domain":
                yield tuple(texts)


def others() -> Iterator[tuple[str, str]]:
    yield from (("error", error.code) for error in ours(Refused))
    yield from (("page", screen.file) for screen in SCREENS)
    for pack in revisions.pack_names():
        yield from (("limit", rule.name) for rule in revisions.shipped(pack).limits)


WANTED = sorted({*codes(), *fields(), *rules(), *problems(), *said(), *others()})


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_code_has_a_word(language: Language) -> None:
    catalogue = words.catalogue(language)
    missing = [
        (context, code)
        for context, code in WANTED
        if catalogue.pgettext(context, code) == code and (context, code) not in SAME
    ]
    assert len(WANTED) > 200
    assert not missing


# Codes that read the same in a language.
SAME = {("Language", "en")}


def phrases() -> set[str]:
    found = set()
    for path in (ROOT / "app.py", *sorted((ROOT / "pages").glob("**/*.py"))):
        keywords = {"_": None, "N_": None, "n_": (1, 2)}
        for _line, message, _comments, _context in extract_from_file("python", path, keywords):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def test_every_phrase_is_translated() -> None:
    chinese = words.catalogue(Language.ZH)
    found = phrases()
    assert len(found) > 80
    assert not sorted(text for text in found if text not in chinese._catalog and not _plural(text))


def _plural(text: str) -> bool:
    return (text, 0) in words.catalogue(Language.ZH)._catalog


def test_no_phrase_hides_inside_an_f_string() -> None:
    # The extractor does not look there, and the phrase would stay untranslated unnoticed.
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in (ROOT / "pages").glob("**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "n_")
    ]
    assert not hidden


def test_translations_keep_the_values() -> None:
    chinese = words.catalogue(Language.ZH)
    for key, text in chinese._catalog.items():
        source = key[0] if isinstance(key, tuple) else key
        if source and "\x04" not in source and "{" in str(text):
            assert set(re.findall(r"\{(\w+)\}", str(text))) >= set(
                re.findall(r"\{(\w+)\}", source)
            ), source


ROOMS = sorted(path.parent for path in (ROOT / "pages" / "ui").glob("*/__init__.py"))
# Every room's own file in every language.
FILES = [
    pytest.param(room / f"words.{language.value}.po", language, id=f"{room.name}-{language}")
    for room in ROOMS
    for language in Language
]


def messages(path: Path, language: Language) -> list[Message]:
    with path.open("rb") as source:
        return [each for each in read_po(source, locale=language.value) if each.id]


def key(message: Message) -> tuple[str, str]:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return singular, message.context or ""


@pytest.mark.parametrize(("path", "language"), FILES)
def test_a_file_of_words_is_sorted_and_says_nothing_twice(path: Path, language: Language) -> None:
    keys = [key(each) for each in messages(path, language)]
    assert keys == sorted(keys)
    # One that stands twice in a file is read as one.
    assert len(keys) == len(re.findall(r'^msgid "', path.read_text("utf-8"), re.M)) - 1


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_the_same_codes_in_every_language(room: Path) -> None:
    codes = [
        {key(each) for each in messages(room / f"words.{language.value}.po", language)}
        for language in Language
    ]
    chinese, english = ({each for each in keys if each[1]} for keys in codes)
    assert chinese == english


def test_english_does_not_repeat_a_phrase() -> None:
    # A phrase is its own English; only another wording of it would need an entry.
    english = words.gathered(words.ROOMS, Language.EN)
    assert len(english) > 1000
    assert not [
        each.id for each in english if not each.context and each.id == each.string and each.id
    ]


def test_no_words_stand_there_for_a_phrase_that_no_screen_says() -> None:
    kept = {key(each)[0] for each in words.gathered(words.ROOMS, Language.ZH) if not each.context}
    assert kept - phrases() - {""} == set()


def room_of(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "words.zh_CN.po").write_text(text, "utf-8")


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
ENTRY = 'msgctxt "action"\nmsgid "send"\nmsgstr "发出"\n'


def test_two_rooms_have_no_words_for_the_same(tmp_path: Path) -> None:
    room_of(tmp_path, "parcels", HEAD + ENTRY)
    room_of(tmp_path, "letters", HEAD + ENTRY.replace("action", "field"))
    kept = words.gathered(tmp_path, Language.ZH)
    assert {key(each) for each in kept if each.id} == {("send", "action"), ("send", "field")}
    room_of(tmp_path, "messages", HEAD + ENTRY)
    with pytest.raises(ValueError, match="action send"):
        words.gathered(tmp_path, Language.ZH)


# Words of a code in Chinese and in English, from rooms of every sort.
SAMPLE = {
    ("action", "approve_return"): ("批准退换", "Approve"),
    ("field", "note"): ("说明", "Note"),
    ("page", "my_jobs"): ("我的工单", "My jobs"),
}


def test_words_are_found_whichever_room_they_lie_in() -> None:
    chinese, english = words.catalogue(Language.ZH), words.catalogue(Language.EN)
    assert {code: (chinese.pgettext(*code), english.pgettext(*code)) for code in SAMPLE} == SAMPLE
    assert (chinese.gettext("Sign out"), english.gettext("Sign out")) == ("退出登录", "Sign out")
    one, many = "One piece", "{n} pieces"
    assert [chinese.ngettext(one, many, n) for n in (1, 2)] == ["{n} 件", "{n} 件"]
    assert [english.ngettext(one, many, n) for n in (0, 1, 2)] == [many, one, many]

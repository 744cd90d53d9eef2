"""The door to the process that looks through, tries and fills the templates of people."""

import json
from collections.abc import Sequence
from threading import BoundedSemaphore

from core.kernel import bounded
from core.papers.word import press
from core.papers.word.filling import Texts
from core.papers.word.marks import Vocabulary
from core.papers.word.refusals import TemplateRefused, UnsafeTemplate, refusal

# The limit that counts is that of the work done; this one is for a machine that is very busy.
LONGEST = 30.0
_few_at_a_time = BoundedSemaphore(2)


def look_through(template: bytes) -> None:
    """TemplateRefused with the place where a Word file could do harm."""
    _ask(template, verb="look")


def check(template: bytes, samples: Sequence[Texts], vocabulary: Vocabulary) -> None:
    """TemplateRefused unless a file is a harmless Word template that prints all of the samples."""
    _ask(template, verb="check", samples=samples, **_named(vocabulary))


def fill(template: bytes, texts: Texts, vocabulary: Vocabulary) -> bytes:
    """A template of people with the texts put in; TemplateRefused."""
    return _ask(template, verb="fill", samples=[texts], **_named(vocabulary))


def pdf(filled: bytes, *, title: str) -> bytes:
    """A paper filled from a template of people as a PDF; TemplateRefused.

    Its pictures are anybody's: they are decoded there and not here.
    """
    return _ask(filled, verb="pdf", title=title)


def _named(vocabulary: Vocabulary) -> dict[str, object]:
    return {"texts": vocabulary.texts, "lists": dict(vocabulary.lists)}


def _ask(template: bytes, **asked: object) -> bytes:
    content = json.dumps(asked).encode() + b"\n" + template
    with _few_at_a_time:
        ended = bounded.run("core.papers.word.press", content=content, seconds=LONGEST)
    if ended.code == press.REFUSED:
        said = json.loads(ended.output)
        raise refusal(said["unsafe"], said["details"])
    if ended.is_fault_of_file:
        raise UnsafeTemplate(reason="too_costly")
    if ended.code != 0:
        raise TemplateRefused(reason="not_tried")
    return ended.output

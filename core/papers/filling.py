"""Puts the facts of a paper into a template: the shipped one, or the company's own."""

from dataclasses import asdict

from core.papers.placeholders import Facts, bare, sample, vocabulary
from core.papers.word import apart, filling


def fill(template: bytes, values: Facts) -> bytes:
    """A template that came with the tool, with the facts put in."""
    return filling.fill(template, asdict(values), vocabulary(type(values)))


def fill_own(template: bytes, values: Facts) -> bytes:
    """The company's own template with the facts put in; TemplateRefused."""
    return apart.fill(template, asdict(values), vocabulary(type(values)))


def check(content: bytes, shape: type[Facts]) -> None:
    """TemplateRefused unless the file is a Word template that prints any facts of a family."""
    apart.check(content, [asdict(sample(shape)), asdict(bare(shape))], vocabulary(shape))

"""A merchant's listing as text with its parts: labelled lines, clauses and money, each with its place.

Exact things belong to parsers: nothing here guesses wording, and every value is cut from the listing by its span.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts_gen.facts import Span
from scripts_gen.numerals import flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A clause of the listing at `span`; `label` is the name it stands under (材质, Colors), or empty."""

    span: Span
    text: str
    label: str
    label_span: Span | None
    line: int
    whole: bool  # the value of a labelled line in one piece


class Listing:
    """A listing read once: `text` as it came, `plain` with full-width forms folded (same length)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = flat(text)
        self.lines = tuple(_lines(text))

    def cut(self, span: Span) -> str:
        """The listing's own characters of a span."""
        return self.text[span[0] : span[1]]

    def parts(self) -> tuple[Part, ...]:
        """Every part from left to right: values of labelled lines whole, other lines cut at clause marks."""
        found: list[Part] = []
        for number, (start, end) in enumerate(self.lines):
            found.extend(self._parts_of_line(number, start, end))
        return tuple(found)

    def _parts_of_line(self, number: int, start: int, end: int) -> Iterator[Part]:
        line = self.plain[start:end]
        fields = list(_LABEL.finditer(line))
        if not fields:
            yield from self._clauses(number, start, end, "", None)
            return
        if fields[0].start() > 0:
            yield from self._clauses(number, start, start + fields[0].start(), "", None)
        for field, after in zip(fields, [*fields[1:], None], strict=True):
            label = field["label"].strip()
            label_span = (start + field.start("label"), start + field.start("label") + len(label))
            to = start + after.start() if after else end
            value = self._trimmed(start + field.end(), to)
            if value[0] < value[1]:
                yield Part(
                    span=value, text=self.cut(value), label=label, label_span=label_span, line=number, whole=True
                )

    def _clauses(self, number: int, start: int, end: int, label: str, label_span: Span | None) -> Iterator[Part]:
        position = start
        for match in [*_CLAUSE.finditer(self.plain, start, end), None]:
            stop = match.start() if match else end
            span = self._trimmed(position, stop)
            if span[0] < span[1]:
                yield Part(span=span, text=self.cut(span), label=label, label_span=label_span, line=number, whole=False)
            position = match.end() if match else end

    def _trimmed(self, start: int, end: int) -> Span:
        """The span without blanks, bullets and closing marks around it."""
        while start < end and (
            self.plain[start].isspace() or self.plain[start] in _EDGE or ord(self.plain[start]) >= 0x1F000
        ):
            start += 1
        while end > start and (
            self.plain[end - 1].isspace() or self.plain[end - 1] in _EDGE_END or ord(self.plain[end - 1]) >= 0x1F000
        ):
            end -= 1
        return start, end


_EDGE = "·•*-–—|★☆✅✔▶►,;、.。!:>=～~#/　✨⭐❗\ufe0f①②③④⑤⑥⑦⑧⑨"
_EDGE_END = "·•*-–—|★☆,;、.。!>=～~#/　✨⭐❗\ufe0f"
_LABEL_WORD = r"[一-鿿A-Za-z][一-鿿A-Za-z0-9/() &.-]{0,17}?"
# A label stands at the start of a line or after a strong mark, and ends at a colon or a tab.
_LABEL = re.compile(
    rf"(?:^\s*[·•*★☆▶►✅✔\-–—|]*\s*(?:\d{{1,2}}[.)、]\s*)?|(?<=[;；。|｜])\s*|(?<=\s\s)\s*|(?<=　)|"
    rf"(?<=[,，])(?=[a-z_]+:))"
    rf"(?P<label>{_LABEL_WORD})\s*(?:(?<!\d):|(?<=\d):(?!\d\d)|\t)\s*"
)
_CLAUSE = re.compile(r"[，。；！？;!?｜|\n\t]|,(?!\d{3})|\.\s+(?=[A-Z0-9])|\s{2,}|\s[-–—•·/]\s|[【】]")


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for match in re.finditer(r"\n", text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)

"""From a written line to a spoken one, with the map between the two."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from avatar.line import Line
from avatar.reading import Match, joined, read_aloud, rule
from avatar.spoken_en import RULES as ENGLISH_RULES
from avatar.spoken_zh import RULES as CHINESE_RULES
from avatar.units import CHINESE

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")
_KEPT = frozenset("，。！？；：、…—（）“”‘’《》,.!?;:()'\"-")
_ROMAN = {chr(0x2160 + i): str(i + 1) for i in range(12)} | {chr(0x2170 + i): str(i + 1) for i in range(12)}
_SPELLED = {
    "㎡": "m²",
    "㎥": "m³",
    "℃": "°C",
    "℉": "°F",
    "º": "°",
    "˚": "°",
    "＊": "*",
    "✕": "×",
    "✖": "×",
    "∶": ":",
    "〜": "~",
}
_SPELLED |= _ROMAN


def spoken(text: str, lang: str | None = None, dictionary: Mapping[str, str] | None = None) -> Line:
    """How a host says `text`.

    `lang` is "zh" or "en"; None asks `language`. Chinese lines come out without digits or signs, English
    words in them stay words. `dictionary` (the shop's own readings, written → spoken) goes before every rule.
    """
    lang = lang or language(text)
    plain, origin = _plain_signs(text)
    shop = [
        rule(re.escape(written), _always(said), before=r"(?:^|[^A-Za-z0-9])" if written[:1].isascii() else None)
        for written, said in sorted((dictionary or {}).items(), key=lambda pair: -len(pair[0]))
        if written
    ]
    rules = [*shop, *(CHINESE_RULES if lang == "zh" else ENGLISH_RULES)]
    stretches = [(_sayable(said), start, end) for said, start, end in read_aloud(plain, rules)]
    said, links = joined(stretches, origin)
    return Line(written=text, spoken=said, lang=lang, links=links)


def language(text: str) -> str:
    """ "en" for text with English words and no Chinese; "zh" for all else, bare prices, sizes and codes among it."""
    if _HAN.search(text):
        return "zh"
    words = [word for word in _LATIN.findall(text) if word not in CHINESE]
    if not re.search(r"[\d¥￥]", text):
        return "en" if words else "zh"
    return "en" if any(word.islower() and len(word) > 2 for word in words) else "zh"


def _always(said: str) -> Callable[[Match], str]:
    return lambda match: said


def _plain_signs(text: str) -> tuple[str, list[int]]:
    """Full-width letters, circled digits and squared units in their plain forms; `origin` maps each back."""
    plain: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        form = _SPELLED.get(char)
        if form is None:
            width = unicodedata.east_asian_width(char)
            folded = unicodedata.normalize("NFKC", char)
            compatible = folded != char and char not in _KEPT and char not in "²³"
            form = folded if compatible and (width == "F" or folded[:1].isalnum()) else char
        if unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co", "Cn") and char not in "\n\t":
            form = ""
        plain += form
        origin += [place] * len(form)
    return "".join(plain), [*origin, len(text)]


def _sayable(text: str) -> str:
    """Drop what has no sound: pictures, brackets of decoration, marks over letters stay with their letters."""
    said = ""
    for char in text:
        if char.isalnum() or char in _KEPT or (unicodedata.combining(char) and said[-1:].isalpha()):
            said += char
        elif char.isspace():
            said += " "
        elif char in "【】「」『』[]{}|～~\n":
            said += "，" if said and said[-1].isalnum() and char in "】」』|\n" else ""
    return said

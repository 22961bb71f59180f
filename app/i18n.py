"""The words of the interface: English in the templates, Chinese from a catalogue read at start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from babel.messages.pofile import read_po
from starlette.requests import HTTPConnection

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
COOKIE = "zhubo_lang"
CATALOGUE = Path(__file__).parents[1] / "web/locales/zh_Hans_CN/LC_MESSAGES/zhubo.po"
LOCALES: Mapping[Lang, str] = {"zh": "zh_Hans_CN", "en": "en_US"}


def read_catalogue(path: Path = CATALOGUE) -> dict[str, str]:
    """Every translated msgid of a .po file. Raises OSError when it is missing."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans_CN")
    return {
        message.id: message.string
        for message in catalogue
        if message.id and isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }


def language_of(connection: HTTPConnection) -> Lang:
    """The reader's language: the chosen one, else the first known of Accept-Language, else Chinese."""
    chosen = connection.cookies.get(COOKIE)
    for lang in LANGS:
        if chosen == lang:
            return lang
    for tag in _preferred(connection.headers.get("accept-language", "")):
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


def _preferred(header: str) -> list[str]:
    weighted = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, quality = part.strip().lower().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        weighted.append((-weight, place, tag))
    return [tag for weight, _, tag in sorted(weighted) if weight < 0]

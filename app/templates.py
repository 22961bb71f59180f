"""Pages from templates: one environment a language, everything escaped, nothing undefined let through."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from app.assets import asset_url
from app.i18n import LANGS, LOCALES, Lang, language_of, read_catalogue

WEB = Path(__file__).parents[1] / "web"


class Templates:
    """Every page of the studio in both languages. Raises OSError when the words are missing."""

    def __init__(self, folder: Path = WEB / "templates", chinese: Mapping[str, str] | None = None) -> None:
        words = read_catalogue() if chinese is None else chinese
        self._environments = {lang: _environment(folder, lang, words if lang == "zh" else {}) for lang in LANGS}

    def render(self, lang: Lang, name: str, context: Mapping[str, object]) -> str:
        """The template as text; `lang` is always in its context."""
        return self._environments[lang].get_template(name).render(lang=lang, **context)

    def words(self, lang: Lang, name: str) -> dict[str, Any]:
        """The words of a `.json` template, as scripts and pages look them up by key."""
        words: dict[str, Any] = json.loads(self.render(lang, name, {}))
        return words

    def page(
        self, connection: HTTPConnection, name: str, context: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A whole page in the reader's language, never kept by caches (it shows a shop's own figures)."""
        html = self.render(language_of(connection), name, {"path": connection.url.path, **context})
        return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store", "vary": "cookie"})


def _environment(folder: Path, lang: Lang, words: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )

    def one(msgid: str) -> str:
        return words.get(msgid, msgid)

    def many(singular: str, plural: str, count: int) -> str:
        return words.get(plural, singular if count == 1 else plural)

    environment.install_gettext_callables(one, many, newstyle=True)  # type: ignore[attr-defined]
    locale = LOCALES[lang]
    environment.filters["money"] = lambda value, currency: money(value, currency, locale)
    environment.filters["count"] = lambda value: "—" if value is None else format_decimal(value, locale=locale)
    environment.filters["moment"] = lambda value: moment(value, locale)
    environment.filters["clock"] = lambda value: datetime.fromtimestamp(value, UTC).astimezone().strftime("%H:%M:%S")
    environment.filters["delay"] = delay
    environment.filters["seconds"] = seconds
    environment.filters["share"] = lambda value: "—" if value is None else f"{float(value) * 100:.0f}%"
    environment.globals["asset"] = asset_url
    return environment


def money(value: Decimal | str | None, currency: str, locale: str) -> str:
    """An amount with its currency; decimals only when there are any. None is a dash."""
    if value is None:
        return "—"
    amount = Decimal(value)
    whole = amount == amount.to_integral_value()
    written: str = format_currency(amount, currency, locale=locale, currency_digits=not whole)
    written = written.replace("CN¥", "¥")  # the narrow sign, as the scripts write it
    return written.removesuffix(".00") if whole else written


def moment(value: datetime | float | None, locale: str) -> str:
    """A time (aware, or unix seconds) in the machine's own time zone. None is a dash."""
    if value is None:
        return "—"
    aware = datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else value
    written: str = format_datetime(
        aware.astimezone(), "MMM d, HH:mm" if locale == "en_US" else "M月d日 HH:mm", locale=locale
    )
    return written


def delay(milliseconds: float | None) -> str:
    """A delay in seconds with two decimals. None is a dash."""
    return "—" if milliseconds is None else f"{milliseconds / 1000:.2f} s"


def seconds(value: float | None) -> str:
    """A length as minutes and seconds. None is a dash."""
    return "—" if value is None else f"{int(value) // 60}:{int(value) % 60:02d}"

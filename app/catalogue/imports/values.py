"""Cells → values: amounts, counts, plain text, lists. What cannot be read for sure is a problem, never a guess."""

import html
import re
import unicodedata
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from app.catalogue.imports.problems import Problem, shown
from app.catalogue.money import EXPONENTS, MINOR_MOST, exponent

STOCK_MOST = 10**9
SIGNS = {
    "NT$": "TWD", "HK$": "HKD", "S$": "SGD", "US$": "USD", "A$": "AUD", "C$": "CAD", "RM": "MYR", "$": "USD",
    "€": "EUR", "£": "GBP", "₩": "KRW", "฿": "THB", "₫": "VND", "₹": "INR", "¥": "CNY", "RMB": "CNY", "元": "CNY",
    "块": "CNY", "人民币": "CNY", "円": "JPY", "港币": "HKD", "港元": "HKD", "美元": "USD",
}  # fmt: skip
_SIGN = re.compile("|".join(sorted(map(re.escape, [*SIGNS, *EXPONENTS]), key=len, reverse=True)), re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|li|tr|h[1-6]|ul|ol|table|section|dt|dd)\b[^>]*>", re.IGNORECASE)
_SILENT = re.compile(r"<(script|style|template|iframe|object)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]{0,2000}>", re.DOTALL)
_LITERAL = re.compile(r"\[\s*'.*'\s*\]", re.DOTALL)
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Unreadable(ValueError):
    """A cell that is no such value: the code of the problem and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def at(self, row: int, field: str, found: str) -> Problem:
        """The problem of that row."""
        return Problem(row=row, field=field, code=self.code, found=shown(found), facts=self.facts)


def amount_in(cell: str) -> tuple[Decimal, str | None]:
    """The amount and the currency its sign names: `¥1,299.00` is 1299.00 CNY. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", cell).strip().replace("\u2212", "-")
    found = _SIGN.search(text)
    currency = SIGNS.get(found[0].upper(), found[0].upper()) if found else None
    number = re.sub(r"[\s']", "", _SIGN.sub("", text)).strip("起/件个只盒瓶包约")
    if re.fullmatch(r"\d[\d.,]*[-~～至—–]\d[\d.,]*", number):
        raise Unreadable("amount_range")
    if not re.fullmatch(r"\d[\d.,]*", number):
        raise Unreadable("amount")
    amount = Decimal(_plain(number))
    # 119.00000000000001 is what a program's floating point made of 119, not a price of fourteen decimals.
    if re.search(r"\.\d*(?:0{6}|9{6})\d{1,3}$", f"{amount:f}") and len(number) >= 15:
        amount = amount.quantize(Decimal("0.0001")).normalize() + 0
    return amount, currency


def _plain(number: str) -> str:
    """Digits with at most one point; groups and decimal commas told apart, or Unreadable."""
    if "," in number and "." in number:
        decimal = max(number.rfind(","), number.rfind("."))
        group = "," if number[decimal] == "." else "."
        whole, rest = number[:decimal], number[decimal + 1 :]
        if number[decimal] in whole or not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})+", whole):
            raise Unreadable("amount")
        return f"{whole.replace(group, '')}.{rest}"
    if "," in number:
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+", number):
            return number.replace(",", "")
        if re.fullmatch(r"\d+,\d{1,2}", number):
            return number.replace(",", ".")
        raise Unreadable("amount")
    if number.count(".") > 1:
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number):
            return number.replace(".", "")
        raise Unreadable("amount")
    return number.rstrip(".")


def price_in(cell: str, currency: str) -> tuple[Decimal, str]:
    """A price above 0 in whole minor units, and its currency (the cell's own sign before the given). Raises Unreadable.

    A yen sign stands for whichever of CNY and JPY the sheet is in; a dollar sign for any dollar.
    """
    amount, named = amount_in(cell)
    dollars = currency.endswith("D") and named == "USD" and "US" not in cell.upper()
    if (
        named is None
        or dollars
        or (named == "CNY" and currency == "JPY" and "¥" in unicodedata.normalize("NFKC", cell))
    ):
        named = currency
    digits = exponent(named)
    if amount <= 0 or len(amount.as_tuple().digits) > 24:
        raise Unreadable("amount")
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise Unreadable("amount_fine", digits=digits, currency=named)
    if minor > MINOR_MOST or amount > Decimal(10) ** 10:
        raise Unreadable("amount_large")
    return amount, named


def stock_in(cell: str) -> int:
    """A whole number of pieces; `1,200 件` is 1200, `-0` is 0. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", cell).strip().replace(",", "")
    found = re.fullmatch(r"(\d{1,12})(?:\.0+)?\s*[件个只盒瓶包套台双箱份支条片 pcs]*", text)
    if found is None:
        if re.fullmatch(r"-0+(?:\.0+)?", text):
            return 0
        raise Unreadable("stock")
    if int(found[1]) > STOCK_MOST:
        raise Unreadable("stock")
    return int(found[1])


def currency_in(cell: str) -> str:
    """An ISO 4217 code, also from a sign or a Chinese name. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", cell).strip().upper()
    code = SIGNS.get(text, text)
    if code not in EXPONENTS:
        raise Unreadable("currency")
    return code


def text_in(cell: str, *, lines: bool = False) -> str:
    """Plain text: tags and entities resolved, invisible characters gone; one line unless `lines` are kept."""
    if _LITERAL.fullmatch(cell):
        cell = " ".join(re.findall(r"'((?:[^'\\]|\\.)*)'", cell)).replace("\\t", " ").replace("\\n", " ")
    if "<" in cell or "&" in cell:
        cell = html.unescape(_TAG.sub(" ", _BLOCK.sub("\n", _SILENT.sub(" ", cell))))
        cell = _TAG.sub(" ", cell)  # what entities were hiding
    cell = _INVISIBLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        return re.sub(r"\s+", " ", cell).strip()
    kept = (re.sub(r"[^\S\n]+", " ", line).strip() for line in cell.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def items_in(cell: str, most: int) -> tuple[str, ...]:
    """The items of a list cell, cut at line ends and strong marks only, each once."""
    text = text_in(cell, lines=True)
    parts = re.split(r"\n+|[；;|｜]|(?<=\S)[、](?=\S)", text)
    if len(parts) == 1 and len(text) <= 60 and re.search(r"[,，/]", text) and not re.search(r"\d[,/]\d", text):
        parts = re.split(r"[,，/]", text)
    seen = dict.fromkeys(part.strip(" ·•-*✓√") for part in parts)
    return tuple(part[:200] for part in seen if part)[:most]


def last_of(path: str, separators: str = r"[>＞»/]|->") -> str:
    """The leaf of the first category path: `Clothing > Shirts, Sale` is Shirts."""
    first = re.split(r"[,;；|]", text_in(path))[0]
    return re.split(separators, first)[-1].strip()[:60]


def picture_names(cell: str) -> list[str]:
    """The file names or addresses in a picture cell, in order. Taobao Assistant writes `name:1:0:|;` for each."""
    names = []
    for part in re.split(r"[\n;,，；]|\s+(?=https?://)", cell):
        name = re.sub(r":\d+:\d+:\|?.*$", "", part.strip()).strip("|\"' ")
        if name:
            names.append(f"https:{name}" if name.startswith("//") else name)
    return names[:20]


def stem(name: str) -> str:
    """A picture's name as it is matched: last part of the path, no ending, folded."""
    last = unquote(urlsplit(name).path if "://" in name else name).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"\.(?:jpe?g|png|webp|tbi)$", "", unicodedata.normalize("NFKC", last).strip(), flags=re.I).casefold()

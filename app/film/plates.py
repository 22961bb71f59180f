"""What stands before the host, as on the overlay: AI label, comment, notice, captions by words, product card."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import segno
from PIL import Image, ImageDraw, ImageOps

from app.film.lettering import Colour, Patch, blank, fitting, font, wrapped
from app.film.output import HEIGHT, WIDTH

MARGIN = 29  # pixels left and right
FOOT = 41  # pixels under the card
LABEL = {"zh": "AI生成 · 数字人主播", "en": "AI-generated host"}
LABEL_SIZE = 48  # pixels: the ink of a Chinese letter is then 6 % of 720 high (tests/film/test_plates.py)
REHEARSAL = {"zh": "彩排", "en": "Rehearsal"}
SHADE = (18, 16, 13, 205)  # the label's ground; white on it is 9:1 or more on any picture behind
PAPER, INK, SOFT = (255, 253, 250, 255), (25, 23, 20, 255), (106, 100, 92, 255)
THEMES: Mapping[str, tuple[Colour, Colour]] = {
    "jade": ((12, 107, 88), (213, 55, 28)),
    "cinnabar": ((179, 54, 31), (179, 54, 31)),
    "ink": ((31, 41, 55), (17, 24, 39)),
    "plum": ((123, 45, 91), (163, 25, 91)),
    "night": ((224, 177, 91), (255, 210, 122)),
}
"""Accent and price of the overlay's themes (web/static/css/overlay.css)."""
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩"}


def money(amount: str, currency: str) -> str:
    """A decimal string as the card shows it: `59.00` CNY → ¥59."""
    value = Decimal(amount)
    shown = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{SYMBOLS[currency]}{shown}" if currency in SYMBOLS else f"{shown} {currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a picture is drawn with: theme, the overlay's words, where pictures lie and the shop's public address."""

    theme: str
    words: Mapping[str, str]
    pictures: Mapping[str, Path]  # URL prefix → folder
    public_url: str | None
    show: str


class Plates:
    """Draws each plate when it changes and keeps it; the label is drawn once and belongs to every frame."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._accent, self._price = THEMES.get(setting.theme, THEMES["jade"])
        self._dark = setting.theme == "night"
        self._kept: dict[str, tuple[object, Patch | None]] = {}

    def _when(self, name: str, key: object) -> bool:
        return name not in self._kept or self._kept[name][0] != key

    def label(self, lang: str, rehearsal: bool) -> Patch:
        """The AI label, and that it is a rehearsal. Always there: no theme, message or setting takes it away."""
        key = (lang, rehearsal)
        if self._when("label", key):
            texts = [(LABEL[lang], SHADE)] + ([(REHEARSAL[lang], (163, 74, 0, 235))] if rehearsal else [])
            face, high = font(LABEL_SIZE), round(LABEL_SIZE * 1.3)
            wide = [round(face.getlength(text)) + 36 for text, _ in texts]
            below = len(texts) > 1 and sum(wide) + 10 > WIDTH - 2 * MARGIN
            picture, pencil = blank(max(wide) if below else sum(wide) + 10, high * (2 if below else 1) + 10)
            x, y = 0, 0
            for (text, ground), width in zip(texts, wide, strict=True):
                pencil.rounded_rectangle((x, y, x + width - 1, y + high - 1), 13, ground)
                pencil.text((x + 18, y + high / 2), text, (255, 255, 255, 255), face, anchor="lm")
                x, y = (x, y + high + 8) if below else (x + width + 10, y)
            self._kept["label"] = (key, Patch.of(picture, MARGIN, FOOT))
        patch = self._kept["label"][1]
        assert patch is not None  # noqa: S101 - drawn just above
        return patch

    def comment(self, comment: Mapping[str, Any] | None) -> Patch | None:
        """The comment being answered, with its name."""
        key = None if comment is None else (comment["name"], comment["text"], comment["simulated"])
        if self._when("comment", key):
            self._kept["comment"] = (key, None if comment is None else self._bubble(comment))
        return self._kept["comment"][1]

    def _bubble(self, comment: Mapping[str, Any]) -> Patch:
        small, large = font(23), font(30)
        name = fitting(comment["name"], small, 300)
        mark = self._setting.words["simulated"] if comment["simulated"] else ""
        lines = wrapped([comment["text"]], large, 480)[:3]
        wide = max([line[-1][2] + large.getlength(line[-1][1]) for line in lines] or [0.0])
        wide = max(wide, small.getlength(name) + (small.getlength(mark) + 30 if mark else 0))
        picture, pencil = blank(round(wide) + 41, 44 + 41 * len(lines) + 14)
        pencil.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 21, self._paper)
        pencil.text((20, 12), name, self._accent, small)
        if mark:
            at = 20 + small.getlength(name) + 12
            pencil.rounded_rectangle((at, 12, at + small.getlength(mark) + 14, 42), 7, (255, 230, 196))
            pencil.text((at + 7, 12), mark, (122, 61, 0), small)
        for row, line in enumerate(lines):
            pencil.text((20, 44 + 41 * row), "".join(part for _, part, _ in line), self._ink, large)
        return Patch.of(picture, MARGIN, 122)

    def notice(self, text: str, above: int) -> Patch | None:
        """A disclosure, a correction, thanks for a gift, or a state; it stands over `above`."""
        if self._when("notice", (text, above)):
            patch = None
            if text:
                face = font(27)
                shown = fitting(text, face, WIDTH - 2 * MARGIN - 40)
                picture, pencil = blank(round(face.getlength(shown)) + 40, 52)
                pencil.rounded_rectangle((0, 0, picture.width - 1, 51), 26, SHADE)
                pencil.text((20, 26), shown, (255, 255, 255), face, anchor="lm")
                patch = Patch.of(picture, (WIDTH - picture.width) // 2, above - 62)
            self._kept["notice"] = ((text, above), patch)
        return self._kept["notice"][1]

    def captions(self, speech: Mapping[str, Any] | None, position: float | None) -> Patch | None:
        """The clause being said, lit word by word, above the card."""
        pieces = [] if speech is None or position is None else pieces_of(speech)
        now = 0 if position is None else sum(start <= position for _, start, _ in pieces)
        ended = position is not None and bool(pieces) and position >= pieces[-1][2]
        key = None if speech is None else (speech["line"], speech["clause"], now, ended)
        if self._when("captions", key):
            self._kept["captions"] = (key, self._caption(pieces, now, ended) if pieces else None)
        return self._kept["captions"][1]

    def _caption(self, pieces: list[tuple[str, float, float]], now: int, ended: bool) -> Patch | None:
        face = font(34)
        lines = wrapped([text for text, _, _ in pieces], face, WIDTH - 2 * MARGIN - 40)
        if not lines:
            return None
        # Four lines fit over the card; of a longer clause those that are being said.
        spoken = next((k for k, line in enumerate(lines) if line[-1][0] >= now - 1), len(lines) - 1)
        first = min(max(0, spoken - 2), max(0, len(lines) - 4))
        lines = lines[first : first + 4]
        picture, pencil = blank(WIDTH, 54 * len(lines) + 2)
        for row, line in enumerate(lines):
            wide = line[-1][2] + face.getlength(line[-1][1])
            left = (WIDTH - wide) / 2
            pencil.rounded_rectangle((left - 16, 54 * row, left + wide + 16, 54 * row + 51), 9, (18, 16, 13, 190))
            for piece, part, x in line:
                lit = (255, 223, 141, 255) if piece == now - 1 and not ended else (255, 255, 255, 255)
                tone = lit if piece < now else (190, 188, 185, 255)
                pencil.text((left + x, 54 * row + 25), part, tone, face, anchor="lm")
        return Patch.of(picture, 0, CARD_TOP - 20 - picture.height)

    def card(self, card: Mapping[str, Any] | None, at: float) -> Patch | None:
        """The product card: picture, title, offer, price, struck-through price with its basis, stock, countdown."""
        left = 0 if card is None or card["ends_ms"] is None else max(0, -int(-(card["ends_ms"] / 1000 - at) // 1))
        key = None if card is None else (tuple(sorted((k, str(v)) for k, v in card.items())), left)
        if self._when("card", key):
            self._kept["card"] = (key, None if card is None else self._card(card, left))
        return self._kept["card"][1]

    @property
    def _paper(self) -> Colour:
        return (27, 25, 22, 255) if self._dark else PAPER

    @property
    def _ink(self) -> Colour:
        return (250, 246, 239, 255) if self._dark else INK

    def _card(self, card: Mapping[str, Any], left: int) -> Patch:
        words, gone = self._setting.words, card["stock_band"] == "sold_out"
        picture, pencil = blank(WIDTH - 2 * MARGIN, CARD_HIGH)
        pencil.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 29, self._paper)
        goods = self._goods(card["picture"], CARD_HIGH - 36)
        x, right = 22, picture.width - 20
        if goods is not None:
            picture.alpha_composite(_grey(goods) if gone else goods, (18, 18))
            x = 232
        code = self._code(card)
        if code is not None:
            right -= code.width + 12
            picture.alpha_composite(code, (picture.width - code.width - 18, CARD_HIGH - code.height - 18))
        y = 16
        if card["number"] is not None:
            number, face = str(card["number"]), font(26)
            wide = max(40, round(face.getlength(number)) + 18)
            pencil.rounded_rectangle((x, y + 3, x + wide, y + 37), 8, self._accent)
            pencil.text((x + wide / 2, y + 20), number, self._paper, face, anchor="mm")
            pencil.text(
                (x + wide + 12, y), fitting(card["title"], font(29), picture.width - x - wide - 34), self._ink, font(29)
            )
        else:
            pencil.text((x, y), fitting(card["title"], font(29), picture.width - x - 22), self._ink, font(29))
        y += 46
        if card["offer"]:
            face = font(21)
            offer = fitting(card["offer"], face, right - x - 24)
            pencil.rounded_rectangle((x, y, x + face.getlength(offer) + 20, y + 32), 8, None, self._price, 2)
            pencil.text((x + 10, y + 16), offer, self._price, face, anchor="lm")
        y += 40
        tone = SOFT if gone else self._price
        told = words["live_price"] if card["price"] else words["ask_price"]
        pencil.text((x, y + 40), told, tone, font(21), anchor="ls")
        if card["price"]:
            at = x + font(21).getlength(told) + 12
            pencil.text((at, y + 42), money(card["price"], card["currency"]), tone, font(52), anchor="ls")
        y += 56
        self._was(pencil, card, x, y)
        y += 34
        self._stock(pencil, card, left, x, y)
        return Patch.of(picture, MARGIN, CARD_TOP)

    def _was(self, pencil: ImageDraw.ImageDraw, card: Mapping[str, Any], x: float, y: float) -> None:
        # A struck-through price stands only beside its basis (price rule of 2022, articles 16–19).
        if not card["list_price"] or not card["list_price_basis"] or card["list_price"] == card["price"]:
            return
        face, basis = font(21), self._setting.words[f"basis_{card['list_price_basis']}"]
        pencil.text((x, y), basis, SOFT, face)
        x += face.getlength(basis) + 10
        was = money(card["list_price"], card["currency"])
        pencil.text((x, y), was, SOFT, face)
        pencil.line((x, y + 15, x + face.getlength(was), y + 15), SOFT, 2)

    def _stock(self, pencil: ImageDraw.ImageDraw, card: Mapping[str, Any], left: int, x: float, y: float) -> None:
        face, band = font(21), card["stock_band"]
        if band != "unknown":
            ground, ink = {
                "plenty": ((228, 241, 237), (10, 88, 72)),
                "low": ((255, 240, 214), (122, 61, 0)),
                "sold_out": ((25, 23, 20), (255, 255, 255)),
            }[band]
            told = self._setting.words[f"stock_{band}"]
            wide = face.getlength(told) + 20
            pencil.rounded_rectangle((x, y, x + wide, y + 31), 8, ground)
            pencil.text((x + 10, y + 15), told, ink, face, anchor="lm")
            x += wide + 16
        if left:
            clock = f"{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}"
            pencil.text((x, y + 15), clock, self._price, face, anchor="lm")

    def _goods(self, url: str | None, size: int) -> Image.Image | None:
        """The goods' picture, square with round corners; none when there is no file of ours behind the address."""
        prefix = next((known for known in self._setting.pictures if (url or "").startswith(known)), None)
        if url is None or prefix is None:
            return None
        folder = self._setting.pictures[prefix].resolve()
        path = (folder / url.removeprefix(prefix)).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        with Image.open(path) as found:
            goods = ImageOps.fit(found.convert("RGBA"), (size, size))
        mask = Image.new("L", (size, size), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size - 1, size - 1), 19, 255)
        goods.putalpha(mask)
        return goods

    def _code(self, card: Mapping[str, Any]) -> Image.Image | None:
        """The QR code of the product's short link, where the shop has a public address."""
        if self._setting.public_url is None or not card["qr"]:
            return None
        out = io.BytesIO()
        link = f"{self._setting.public_url.rstrip('/')}/go/{self._setting.show}/{card['product']}"
        segno.make(link, error="m").save(out, kind="png", scale=4, border=2)
        with Image.open(out) as code:
            return code.convert("RGBA").resize((126, 126), Image.Resampling.NEAREST)


def _grey(goods: Image.Image) -> Image.Image:
    grey = ImageOps.grayscale(goods).convert("RGBA")
    grey.putalpha(goods.getchannel("A"))
    return grey


CARD_HIGH = 232
CARD_TOP = HEIGHT - FOOT - CARD_HIGH


def pieces_of(speech: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """The clause's text in pieces with the seconds in which each is said, as the page's captions cut it."""
    pieces: list[tuple[str, float, float]] = []
    text, place = speech["text"], 0
    for word, start, end in speech["words"]:
        found = text.find(word, place) if word else -1
        if found >= 0:
            pieces.append((text[place : found + len(word)], start, end))
            place = found + len(word)
    if text[place:]:
        last = pieces[-1][2] if pieces else 0.0
        pieces.append((text[place:], last, last if pieces else speech["seconds"]))
    return pieces

"""A short show without a studio: the messages a page would get, and clips whose every sentence begins with a click."""

import io
import json
from typing import Any

import numpy as np
import soundfile

from app.film.plates import Setting
from app.film.viewer import RATE
from app.templates import WEB, Templates

START = 1_000_000.0  # unix seconds of the show's first moment
CARD: dict[str, Any] = {
    "product": "linen",
    "title": "亚麻连衣裙 春夏新款",
    "picture": "/static/img/sample/wear-linen-dress.webp",
    "price": "159.00",
    "list_price": "259.00",
    "list_price_basis": "msrp",
    "currency": "CNY",
    "offer": "满两件减二十",
    "ends_ms": None,
    "stock_band": "plenty",
    "qr": None,
    "number": 1,
}


def setting(theme: str = "jade") -> Setting:
    """What the show is drawn with."""
    words = Templates().words("zh", "words_overlay.json")
    pictures = {"/static/img/": WEB / "static" / "img"}
    return Setting(theme=theme, words=words, pictures=pictures, public_url=None, show="tea")


def snapshot(**more: Any) -> str:
    """A room on air, with the card."""
    whole = {
        "type": "snapshot", "epoch": "e", "seq": 0, "state": "on_air", "rehearsal": True, "lang": "zh",
        "host": "/static/hosts/lan/", "card": CARD, "comment": None, "speech": None,
    }  # fmt: skip
    return json.dumps({**whole, **more})


def speech(at: float, seconds: float, *, line: str = "l1", clause: int = 0) -> dict[str, Any]:
    """A clause that begins `at` seconds into the show; its mouth is wide open from the first moment to the last."""
    return {
        "line": line,
        "clause": clause,
        "starts_ms": round((START + at) * 1000),
        "seconds": seconds,
        "text": "大家好呀",
        "words": [["大家", 0.0, seconds / 2], ["好呀", seconds / 2, seconds]],
        "visemes": [["aa", 0.0, seconds, 1.0]],
        "mood": "calm",
        "gesture": None,
    }


def starts(said: dict[str, Any]) -> str:
    """The message that announces a clause."""
    return json.dumps({"type": "speech.start", "epoch": "e", "seq": 1, "speech": said})


def ends(line: str, outcome: str) -> str:
    """The message that a line ended."""
    return json.dumps({"type": "speech.end", "line": line, "outcome": outcome, "heard_seconds": 0.0})


def tone(seconds: float) -> bytes:
    """A clip of 440 Hz that is loud from its first sample to its last."""
    moments = np.arange(round(seconds * RATE)) / RATE
    out = io.BytesIO()
    soundfile.write(out, (0.5 * np.sin(2 * np.pi * 440 * moments)).astype("f4"), RATE, format="OGG", subtype="OPUS")
    return out.getvalue()

"""What a show can be cast with: digital humans, voices, looks of the overlay."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import BadInput

HOSTS = ("lan", "chen")
VOICES: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "zf_xiaoxiao",
        "zf_xiaobei",
        "zf_xiaoyi",
        "zm_yunyang",
        "zm_yunxi",
        "zm_yunjian",
        "zm_yunxia",
    ),
    "en": ("af_heart", "af_bella", "af_sarah", "am_michael", "am_fenrir", "am_puck"),
}
"""The embedded voices of each language; the first is the usual one."""
THEMES = ("jade", "cinnabar", "ink", "plum", "night")
BACKGROUNDS = ("none", "studio", "mist", "night", "green")
SAMPLE_WORDS = {
    "zh": "大家好，欢迎来到直播间。我是AI数字人主播，今天的商品我一件一件讲给您听，想问什么就打在评论里。",
    "en": (
        "Hello and welcome to the show. I'm an AI host, and I'll take you through today's products one by one. "
        "Ask me anything in the comments."
    ),
}
"""What a voice says to introduce itself; also how its pace is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who speaks, how it looks."""

    lang: str
    host: str
    voice: str
    theme: str
    background: str


def checked_cast(cast: Cast) -> Cast:
    """The cast, if every part of it exists and the voice speaks the language. Raises BadInput."""
    for field, value, choices in (
        ("lang", cast.lang, tuple(VOICES)),
        ("host", cast.host, HOSTS),
        ("theme", cast.theme, THEMES),
        ("background", cast.background, BACKGROUNDS),
        ("voice", cast.voice, VOICES.get(cast.lang, ())),
    ):
        if value not in choices:
            raise BadInput(field, f"one of {', '.join(choices)}", value)
    return cast

"""How a clause is delivered: a greeting lively, a price slowly, the rest as the voice was trained.

By the words of the clause and not by its segment: of an offer only the clause with the money is slow, and an answer
that names a price is as clear as the script that does.
"""

import re

from avatar.speech import Voice

LIVELY = (1.06, 0.6)  # speed, loudness units above the usual; all stay within ±1 of the level platforms ask for
SLOW = (0.92, 0.0)
CALM = (0.97, -0.4)
PLAIN = (1.0, 0.0)

_MONEY = {
    "zh": re.compile(
        r"[¥￥]\s*\d|\d[\d,.]*\s*(?:元|块|折|%|％)|[满减省]\s*\d|[零一二三四五六七八九十百千万两点]+(?:元|块钱|折)"
    ),
    "en": re.compile(r"[$€£¥]\s*\d|\d[\d,.]*\s*(?:dollars|euros|yuan|pounds|percent|% off)", re.IGNORECASE),
}
_GREETING = {
    "zh": re.compile(r"欢迎|(?:早上|上午|中午|下午|晚上|大家|你|您)好|哈喽|嗨|[！!]\s*$"),
    "en": re.compile(r"\b(?:welcome|hello|hi|good (?:morning|afternoon|evening))\b|!\s*$", re.IGNORECASE),
}
_NOTICE = {
    "zh": re.compile(r"AI|人工智能|数字人|更正|说错了"),
    "en": re.compile(r"\bAI\b|artificial|digital human|correct(?:ion| myself)"),
}


def delivered(name: str, clause: str, lang: str) -> Voice:
    """The voice `name` as it says this written clause; money goes before notices, notices before greetings."""
    tongue = "en" if lang == "en" else "zh"
    for pattern, (speed, level) in ((_MONEY, SLOW), (_NOTICE, CALM), (_GREETING, LIVELY)):
        if pattern[tongue].search(clause):
            return Voice(name=name, speed=speed, level=level)
    return Voice(name=name, speed=PLAIN[0], level=PLAIN[1])

"""Phones → the 15 Oculus visemes with times and weights: one table for Chinese and English."""

from collections.abc import Sequence

from avatar.speech import Phone

NAMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")
VOWELS = frozenset(("aa", "E", "I", "O", "U"))
ROUNDED = frozenset(("O", "U"))

Viseme = tuple[str, float, float, float]  # name, start, end (seconds), weight 0..1

# phone (without tone, stress, length) → visemes with their share of its time and weight
_TABLE: dict[str, tuple[tuple[str, float, float], ...]] = {
    "sil": (("sil", 1, 1.0),),
    **dict.fromkeys(("p", "pʰ", "b", "m"), (("PP", 1, 1.0),)),
    **dict.fromkeys(("f", "v"), (("FF", 1, 1.0),)),
    **dict.fromkeys(("θ", "ð"), (("TH", 1, 0.9),)),
    **dict.fromkeys(("t", "tʰ", "d", "ɾ", "T"), (("DD", 1, 0.8),)),
    **dict.fromkeys(("k", "kʰ", "ɡ", "x", "h", "ʔ"), (("kk", 1, 0.7),)),
    "ŋ": (("kk", 1, 0.6),),
    **dict.fromkeys(("ʧ", "ʤ", "ʃ", "ʒ", "ꭧ", "ꭧʰ", "ʂ"), (("CH", 1, 0.9),)),
    **dict.fromkeys(("s", "z", "ʦ", "ʦʰ", "ʣ", "ʨ", "ʨʰ", "ɕ"), (("SS", 1, 0.9),)),
    **dict.fromkeys(("n", "l", "ɲ", "ɳ"), (("nn", 1, 0.8),)),
    **dict.fromkeys(("ɹ", "ɻ"), (("RR", 1, 0.8),)),
    **dict.fromkeys(("a", "ɑ", "æ", "ɐ"), (("aa", 1, 1.0),)),
    "ʌ": (("aa", 1, 0.7),),
    **dict.fromkeys(("e", "ɛ"), (("E", 1, 1.0),)),
    **dict.fromkeys(("ə", "ɤ", "ɜ", "ᵊ"), (("E", 1, 0.75),)),
    "ɚ": (("E", 0.5, 0.8), ("RR", 0.5, 0.7)),
    **dict.fromkeys(("i", "j"), (("I", 1, 1.0),)),
    **dict.fromkeys(("ɪ", "ᵻ"), (("I", 1, 0.8),)),
    "ɨ": (("SS", 1, 0.7),),
    **dict.fromkeys(("o", "ɔ"), (("O", 1, 1.0),)),
    **dict.fromkeys(("u", "w", "ʊ", "y", "ɥ"), (("U", 1, 1.0),)),
    "A": (("E", 0.6, 1.0), ("I", 0.4, 0.9)),
    "I": (("aa", 0.6, 1.0), ("I", 0.4, 0.9)),
    "W": (("aa", 0.6, 1.0), ("U", 0.4, 0.9)),
    "O": (("O", 0.6, 1.0), ("U", 0.4, 0.8)),
    "Q": (("O", 0.6, 1.0), ("U", 0.4, 0.8)),
    "Y": (("O", 0.6, 1.0), ("I", 0.4, 0.9)),
}

CLOSURE = 0.07  # seconds a PP or FF lasts at least, or the lips never meet at 25 frames a second
_MARKS = "→↗↘↓ː\u0303ᵝˈˌ"


def visemes(phones: Sequence[Phone]) -> list[Viseme]:
    """The mouth's track for phones in order.

    Lips round already during the consonant before a rounded vowel; p, b, m, f, v last at least CLOSURE; a vowel
    repeated by the next phone is held as one.
    """
    track: list[Viseme] = []
    for phone in phones:
        shapes = _TABLE.get(phone.symbol.strip(_MARKS), _TABLE["ə"])
        start = phone.start
        for name, share, weight in shapes:
            end = start + share * (phone.end - phone.start)
            if track and track[-1][0] == name and abs(track[-1][2] - start) < 1e-6:
                track[-1] = (name, track[-1][1], end, max(weight, track[-1][3]))
            else:
                track.append((name, start, end, weight))
            start = end
    return _closed(_rounded(track))


def _rounded(track: list[Viseme]) -> list[Viseme]:
    """A rounded vowel begins in the middle of the consonant before it, unless that one needs the lips."""
    shaped: list[Viseme] = []
    for name, start, end, weight in track:
        if name in ROUNDED and shaped and shaped[-1][0] not in VOWELS | {"sil", "PP", "FF"}:
            before = shaped[-1]
            start = (before[1] + before[2]) / 2
        shaped.append((name, start, end, weight))
    return shaped


def _closed(track: list[Viseme]) -> list[Viseme]:
    """Closures of full length: what is missing is taken from before."""
    return [
        (name, min(start, max(0.0, end - CLOSURE)), end, weight) if name in ("PP", "FF") else (name, start, end, weight)
        for name, start, end, weight in track
    ]

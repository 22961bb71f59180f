"""Mandarin syllables in the phone symbols the voice was trained on: IPA with one arrow a tone, after the nucleus.

Source of the inventory: San Duanmu, The Phonology of Standard Chinese (2007), ch. 2; arrows → ↗ ↓ ↘ are tones 1-4.
"""

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}

INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip

# final → (glide and nucleus, coda); the tone arrow stands between the two
FINALS = {
    "a": ("a", ""), "ai": ("ai", ""), "an": ("a", "n"), "ang": ("a", "ŋ"), "ao": ("au", ""), "e": ("ɤ", ""),
    "ei": ("ei", ""), "en": ("ə", "n"), "eng": ("ə", "ŋ"), "er": ("ɚ", ""), "o": ("wo", ""), "ong": ("ʊ", "ŋ"),
    "ou": ("ou", ""), "i": ("i", ""), "ia": ("ja", ""), "ian": ("jɛ", "n"), "iang": ("ja", "ŋ"), "iao": ("jau", ""),
    "ie": ("je", ""), "in": ("i", "n"), "ing": ("i", "ŋ"), "iong": ("jʊ", "ŋ"), "iu": ("jou", ""), "u": ("u", ""),
    "ua": ("wa", ""), "uai": ("wai", ""), "uan": ("wa", "n"), "uang": ("wa", "ŋ"), "ui": ("wei", ""), "un": ("wə", "n"),
    "uo": ("wo", ""), "ueng": ("wə", "ŋ"), "v": ("y", ""), "ve": ("ɥe", ""), "van": ("ɥɛ", "n"), "vn": ("y", "n"),
    "ê": ("ɛ", ""), "io": ("jɔ", ""),
}  # fmt: skip

# spelling of syllables without an initial
_BARE = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in", "ying": "ing",
    "yong": "iong", "you": "iu", "yo": "io", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "yai": "ai",
    "wu": "u", "wa": "ua", "wai": "uai", "wan": "uan", "wang": "uang", "wei": "ui", "wen": "un", "wo": "uo",
    "weng": "ueng",
}  # fmt: skip

_LONE = {"o": ("ɔ", ""), "m": ("m", ""), "n": ("n", ""), "ng": ("ŋ", ""), "hm": ("hm", ""), "hng": ("hŋ", "")}


class UnknownSyllable(ValueError):
    """Not a syllable of pinyin with a tone digit."""


def split(syllable: str) -> tuple[str, str]:
    """Initial and final of a syllable without its tone: `zhuang` → ("zh", "uang"), `ju` → ("j", "v")."""
    if syllable in _BARE:
        return "", _BARE[syllable]
    initial = next((i for i in (syllable[:2], syllable[:1]) if i in INITIALS), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if final == "ue":
        final = "ve"
    return initial, final


def ipa(pinyin: str, *, rhotic: bool = False) -> str:
    """Phones of one syllable such as `zhong1`; `rhotic` adds the 儿 of 儿化 and drops a coda n."""
    bare, tone = pinyin[:-1], pinyin[-1:]
    if tone not in TONES:
        raise UnknownSyllable(f"expected pinyin with a tone digit 1-5, found {pinyin!r}")
    if bare in _LONE:
        nucleus, coda = _LONE[bare]
        return nucleus + TONES[tone] + coda
    initial, final = split(bare)
    if final not in FINALS:
        raise UnknownSyllable(f"expected a syllable of Mandarin, found {pinyin!r}")
    nucleus, coda = FINALS[final]
    if final == "i" and initial in ("z", "c", "s", "zh", "ch", "sh", "r"):
        nucleus = "ɨ"
    if rhotic:
        coda = "ɚ" if coda in ("", "n") else coda + "ɚ"
    return INITIALS.get(initial, "") + nucleus + TONES[tone] + coda

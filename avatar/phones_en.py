"""English words → phones: a lexicon, its plain endings, letters of abbreviations, a small network for the rest."""

import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

_VOWELS = frozenset("AIOQWYaeiouæɑɐɔəɛɜɪʊʌᵻᵊ")
_LIGHT = {  # words that lean on their neighbours; before a vowel the second form
    "the": ("ðə", "ði"), "a": ("ɐ", "ɐ"), "an": ("ən", "ən"), "to": ("tə", "tʊ"), "and": ("ænd", "ænd"),
    "of": ("ʌv", "ʌv"), "for": ("fɔɹ", "fɔɹ"), "i": ("ˌI", "ˌI"), "vs": ("vˈɜɹsəs", "vˈɜɹsəs"),
}  # fmt: skip
# brands and trade words the lexicon lacks or would misread
_TRADE = {
    "iphone": "ˈIfˌOn", "ipad": "ˈIpˌæd", "ios": "ˌIˌOˈɛs", "wifi": "wˈIfˌI", "wi-fi": "wˈIfˌI", "pro": "pɹˈO",
    "max": "mˈæks",
    "mini": "mˈɪni", "plus": "plˈʌs", "ultra": "ˈʌltɹə", "type": "tˈIp", "lamy": "lˈɑmi", "ok": "ˌOkˈA", "app": "ˈæp",
    "airpods": "ˈɛɹpˌɑdz", "macbook": "mˈækbˌʊk", "youtube": "jˈutˌub", "tiktok": "tˈɪktˌɑk", "huawei": "wˈɑwˌA",
    "xiaomi": "ʃˈWmi",
    "dyson": "dˈIsᵊn", "nike": "nˈIki", "adidas": "ədˈidəs", "led": "ˌɛlˌiˈdi", "vip": "vˌiˌIpˈi", "usb": "jˌuˌɛsbˈi",
    "pvc": "pˌiˌvisˈi",
    "cotton": "kˈɑtᵊn", "bluetooth": "blˈutˌuθ", "top": "tˈɑp", "loreal": "lˌɔɹiˈɑl", "ii": "tˈu", "iii": "θɹˈi",
}  # fmt: skip

_ARPABET = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "B": "b", "CH": "ʧ", "D": "d", "DH": "ð",
    "EH": "ɛ",
    "ER": "ɜɹ", "EY": "A", "F": "f", "G": "ɡ", "HH": "h", "IH": "ɪ", "IY": "i", "JH": "ʤ", "K": "k", "L": "l", "M": "m",
    "N": "n", "NG": "ŋ", "OW": "O", "OY": "Y", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "UH": "ʊ",
    "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_STRESSED = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")


def _network_outputs() -> list[str]:
    """The network's output alphabet: four marks, then ARPAbet in order, vowels with their three stresses."""
    symbols = ["<pad>", "<unk>", "<s>", "</s>"]
    for phone in sorted(_ARPABET):
        if phone in _STRESSED:
            symbols += (["UW"] if phone == "UW" else []) + [f"{phone}{stress}" for stress in "012"]
        else:
            symbols.append(phone)
    return symbols


class Speller:
    """Letters → phones by a one-layer GRU encoder and decoder (Cho et al. 2014), weights of the g2p-en package."""

    def __init__(self, weights: Path) -> None:
        with np.load(weights) as arrays:
            self._w: dict[str, Array] = {name: arrays[name].astype(np.float32) for name in arrays.files}
        self._outputs = _network_outputs()
        wanted = self._w["dec_emb"].shape[0]
        if len(self._outputs) != wanted:
            raise ValueError(f"expected weights for {len(self._outputs)} phones, found {wanted} in {weights.name}")

    def _step(self, part: str, x: Array, h: Array) -> Array:
        """One GRU step; x (64,), h (128,) → (128,)."""
        gates_x = self._w[f"{part}_w_ih"] @ x + self._w[f"{part}_b_ih"]
        gates_h = self._w[f"{part}_w_hh"] @ h + self._w[f"{part}_b_hh"]
        reset_x, update_x, new_x = np.split(gates_x, 3)
        reset_h, update_h, new_h = np.split(gates_h, 3)
        update = 1 / (1 + np.exp(-(update_x + update_h)))
        new = np.tanh(new_x + new_h / (1 + np.exp(-(reset_x + reset_h))))
        mixed: Array = (1 - update) * new + update * h
        return mixed

    def phones(self, word: str) -> str:
        """Phones of an unknown word of letters a-z."""
        h = np.zeros(self._w["enc_w_hh"].shape[1], np.float32)
        for letter in [*(3 + ord(c) - ord("a") for c in word if "a" <= c <= "z"), 2]:  # 0 pad, 1 unknown, 2 end
            h = self._step("enc", self._w["enc_emb"][letter], h)
        said, last = "", 2
        for _ in range(20):
            h = self._step("dec", self._w["dec_emb"][last], h)
            last = int(np.argmax(self._w["fc_w"] @ h + self._w["fc_b"]))
            name = self._outputs[last]
            if name == "</s>":
                break
            base, stress = name.rstrip("012"), name[-1]
            if base not in _ARPABET:
                continue
            symbol = _ARPABET[base]
            if stress == "0":
                symbol = {"AH": "ə", "ER": "əɹ"}.get(base, symbol)
            said += {"1": "ˈ", "2": "ˌ"}.get(stress, "") + symbol
        return said


class English:
    """English front end over the files of the voice directory: `us_gold.json`, `us_silver.json`, `checkpoint20.npz`."""

    def __init__(self, directory: Path) -> None:
        self._lexicon: dict[str, str] = {}
        for name in ("us_silver.json", "us_gold.json"):
            for word, entry in json.loads((directory / name).read_text(encoding="utf-8")).items():
                said = entry["DEFAULT"] if isinstance(entry, dict) else entry
                if said:
                    self._lexicon[word] = said
        self._speller = Speller(directory / "checkpoint20.npz")

    def word(self, word: str, *, before_vowel: bool = False) -> str:
        """Phones of one written word (letters and apostrophes)."""
        low = word.lower().replace("’", "'")
        if low in _LIGHT and not (len(word) > 1 and word.isupper()) and word != "A":
            return _LIGHT[low][before_vowel]
        if low in _TRADE:
            return _TRADE[low]
        for form in (word, low, low.capitalize()):
            if form in self._lexicon and not (word.isupper() and 1 < len(word) <= 3 and form == low.capitalize()):
                return self._lexicon[form]
        if word.isupper() and (len(word) <= 4 or not re.search(r"[AEIOUY]", word)):
            return self._letters(word)
        parts = re.findall(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])", word)
        if len(parts) > 1 and all(len(p) > 1 or p == "i" for p in parts):
            return "".join(self.word(p) for p in parts)
        return self._ending(low) or (
            self._letters(word) if not re.search(r"[aeiouy]", low) else self._speller.phones(low)
        )

    def _letters(self, word: str) -> str:
        """Letters one by one, the last stressed most."""
        said = [self._lexicon.get(letter.upper(), "") for letter in word if letter.isalpha()]
        return "".join(s.replace("ˈ", "ˌ") for s in said[:-1]) + (said[-1] if said else "")

    def _ending(self, low: str) -> str:
        """A known stem with 's, s, ed or ing."""
        if low.endswith(("'s", "s")) and len(low) > 3:
            stem = self._lexicon.get(low[:-2] if low.endswith("'s") else low[:-1])
            if stem:
                return stem + ("ᵻz" if stem[-1] in "szʃʒʧʤ" else "s" if stem[-1] in "ptkfθ" else "z")
        if low.endswith("ed") and len(low) > 4:
            stem = self._lexicon.get(low[:-2]) or self._lexicon.get(low[:-1])
            if stem:
                return stem + ("ᵻd" if stem[-1] in "td" else "t" if stem[-1] in "pkfθsʃʧ" else "d")
        if low.endswith("ing") and len(low) > 5:
            stem = self._lexicon.get(low[:-3]) or self._lexicon.get(low[:-3] + "e")
            if stem:
                return stem + "ɪŋ"
        return ""


def begins_with_vowel(symbols: str) -> bool:
    """Whether the first sound is a vowel (for the, a, to)."""
    bare = symbols.lstrip("ˈˌ")
    return bool(bare) and bare[0] in _VOWELS

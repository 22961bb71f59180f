"""Chinese words → phones: readings in context, tone changes, 儿化."""

import logging
import re
from functools import cache

import jieba
from pypinyin import Style, lazy_pinyin

from avatar.pinyin_ipa import UnknownSyllable, ipa
from avatar.polyphones import DE_VERBS, PHRASES, WHOLE_ER

_NUMBER = re.compile(
    r"[零〇一二三四五六七八九十百千万亿两幺](?:[零〇一二三四五六七八九十百千万亿两幺]|点(?=[零一二三四五六七八九]))+"
)
_FOOT = re.compile(r"[一二三四五六七八九两幺][十百千万亿点]|[零〇一二三四五六七八九幺]{1,4}(?![十百千万亿点])|.")
_LONGEST = max(map(len, PHRASES))


@cache
def _segmenter() -> jieba.Tokenizer:
    logging.getLogger("jieba").setLevel(logging.WARNING)  # it announces its cache file on stderr
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    return segmenter


def load_dictionary() -> None:
    """Read the word list now (half a second of pure computing), so that no first sentence has to wait for it."""
    _segmenter()


def words(text: str) -> list[str]:
    """Chinese text cut into words; numbers are cut into feet such as 九百 · 九十 · 九."""
    cut: list[str] = []
    place = 0
    for number in _NUMBER.finditer(text):
        cut += _segmenter().lcut(text[place : number.start()])
        cut += _FOOT.findall(number[0])
        place = number.end()
    return [*cut, *_segmenter().lcut(text[place:])]


def readings(text: str) -> list[str]:
    """One pinyin syllable with tone digit a character, before tone changes."""
    found: list[str] = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=list)  # type: ignore[arg-type]
    place = 0
    while place < len(text):
        for length in range(min(_LONGEST, len(text) - place), 0, -1):
            phrase = PHRASES.get(text[place : place + length])
            if phrase:
                found[place : place + length] = phrase.split()
                place += length
                break
        else:
            place += 1
    for i, char in enumerate(text):
        if (
            char == "得"
            and i
            and text[i - 1] in DE_VERBS
            and text[i - 1 : i + 1] not in PHRASES
            and text[i : i + 2] not in PHRASES
        ) or (char == "地" and i > 1 and text[i - 1] == text[i - 2]):
            found[i] = "de5"
        elif char == "只" and i and text[i - 1] in "一二三四五六七八九十两几每这那百":
            found[i] = "zhi1"
        elif char == "一":
            found[i] = "yi1"
        elif char == "不" and found[i] != "bu5":
            found[i] = "bu4"
    return found


def _change_yi_bu(text: str, tones: list[str]) -> None:
    """一 and 不 before other tones; in numbers and ordinals 一 keeps its own."""
    for i, char in enumerate(text):
        after = tones[i + 1][-1] if i + 1 < len(text) else ""
        before = text[i - 1] if i else ""
        follower = text[i + 1 : i + 2]
        if char == "不":
            if before and before == follower:
                tones[i] = "bu5"
            elif after == "4" and tones[i] != "bu5":
                tones[i] = "bu2"
        elif char == "一" and follower:
            if before and before == follower:
                tones[i] = "yi5"
            elif before in set("第零一二三四五六七八九十点百幺之〇") and follower not in "百千万亿":
                continue
            elif follower in "零一二三四五六七八九十点月号楼级〇幺" or follower == "年":
                tones[i] = "yi4" if text[i : i + 3] in ("一点点", "一点儿") or text[i : i + 2] == "一年" else "yi1"
            elif follower == "个" or after == "4":
                tones[i] = "yi2"
            elif after in "123":
                tones[i] = "yi4"


def _change_thirds(cut: list[str], tones: list[str]) -> None:
    """A third tone before a third becomes a second, inside words and after a single-syllable word."""
    place, low = 0, [t.endswith("3") for t in tones]
    for word in cut:
        last = place + len(word) - 1
        for i in range(place, last + 1):
            inside = i < last or len(word) == 1
            if inside and i + 1 < len(tones) and low[i] and low[i + 1]:
                tones[i] = tones[i][:-1] + "2"
        place = last + 1


def phones(text: str) -> list[tuple[str, str]]:
    """`(word, symbols)` for a run of Chinese characters; a character without a reading gets no symbols."""
    cut = words(text)
    tones = readings(text)
    _change_yi_bu(text, tones)
    _change_thirds(cut, tones)
    said: list[tuple[str, str]] = []
    place = 0
    for word in cut:
        symbols = ""
        for offset in range(len(word)):
            i = place + offset
            if text[i] == "儿" and offset and not word.startswith(WHOLE_ER) and not word.endswith(WHOLE_ER):
                continue
            rhotic = (
                offset + 1 < len(word)
                and word[offset + 1] == "儿"
                and not word.endswith(WHOLE_ER)
                and not word.startswith(WHOLE_ER)
            )
            try:
                symbols += ipa(tones[i], rhotic=rhotic)
            except UnknownSyllable:
                continue  # a character outside the dictionary has no sound; the rest of the word is still said
        said.append((word, symbols))
        place += len(word)
    return said

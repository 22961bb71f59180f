"""What a model's sentence must pass before it may reach the voice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts_gen.adlaw import judge
from scripts_gen.chat import beyond
from scripts_gen.claims import Verdict, check
from scripts_gen.facts import ProductFacts
from scripts_gen.numerals import flat

LONGEST = {"zh": 70, "en": 220}  # characters of one sentence: about 16 s of speech
SHORTEST = {"zh": 4, "en": 8}
PARROT = 9  # characters in a row taken from the viewer's words

_THINK = re.compile(r"<think>.*?(?:</think>|$)|</?think>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"<[^>]{0,200}>|\[/?[A-Za-z_ ]{1,20}\]|```.*?(?:```|$)|[*_`#>~|]+", re.DOTALL)
_SPEAKER = re.compile(r"^\s*(?:主播|数字人|助手|回答|答案?|host|assistant|answer|reply)\s*[:：]\s*", re.IGNORECASE)
_LINK = re.compile(
    r"https?:|www\.|\.(?:com|cn|net|vip|shop)\b|微信|薇信|加v|\bvx\b|wechat|whatsapp|\bqq\b|私聊|1[3-9]\d{9}|"
    r"\d{3}[-\s]\d{3,4}[-\s]\d{4}|@\w+",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{}\[\]\\=]|\"\w+\"\s*:|tool_call|function_call|null\b|</|&\w+;", re.IGNORECASE)
_SYSTEM = re.compile(
    r"语言模型|作为(?:一个|一名)?AI|提示词|系统|指令|设定|训练|抱歉|对不起|无法(?:回答|提供)|language model|"
    r"as an ai\b|prompt|instruction|"
    r"i'?m sorry|i apologi[sz]e|i cannot|guideline",
    re.IGNORECASE,
)
# A yes, a no, a denial or a promise: only code that has compared the facts may say such words.
_ASSERTION = re.compile(
    r"是的|对的|没错|没问题|放心(?!问)|保证|肯定|一定(?!要看)|绝对|完全|(?<!不)可以(?!看|点|直接|先|随时|问|下单|"
    r"放心问|在评论|发|留言|选|慢慢)|能够|不会|不能|不可以|不支持|"
    r"不(?:用|含|包|送|是|行|会|可|支|带|退|换|收|需|提供|建议)|没有|没(?!关系)|无(?!妨|需着急)|支持|适合|马上|"
    r"立刻|赶紧|赶快|手慢|错过|抢|"
    r"你刚才|您刚才说|答应|承诺|承认|\byes\b|\byeah\b|\bsure\b|\bof course\b|\bdefinitely\b|\babsolutely\b|\bguarantee|"
    r"\bpromise|\bperfect for\b|\bsuitable\b|\bsafe\b|\bcan't\b|\bwon't\b|\bhurry\b|\bdon't miss\b|"
    r"\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b|\blast chance\b|\bconfirm(?:ed)?\b|\bagree",
    re.IGNORECASE,
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_END = re.compile(r"[。！？!?]+[”』」\"']?|\.(?=\s|$)[\"']?|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Whether a sentence may be spoken, in the words to speak, on which facts; `reason` says what stopped it."""

    ok: bool
    text: str
    facts: tuple[str, ...] = ()
    reason: str = ""


def washed(text: str) -> str:
    """The words alone: no thinking, tags, markup, speaker's name, emoji or quotation around the whole."""
    text = _THINK.sub("", text)
    text = _EMOJI.sub("", _TAGS.sub("", text))
    text = _SPEAKER.sub("", text)
    text = re.sub(r"\s+", " ", text).strip().strip("\"“”'「」『』 ")
    return text.strip()


def sentences(text: str) -> Iterator[str]:
    """The whole sentences of a text, each with its end mark; a last piece without one is left out."""
    start = 0
    for match in _END.finditer(text):
        if piece := text[start : match.end()].strip():
            yield piece
        start = match.end()


def passes(
    raw: str,
    facts: ProductFacts,
    *,
    lang: str,
    extra: Sequence[str] = (),
    comment: str = "",
    said: Sequence[str] = (),
) -> Passed:
    """Judge one sentence of a model.

    `comment` must not be parroted nor its subject taken up, `said` not be repeated. Yes, no and promises are barred
    unless the facts use that very phrase; every word must stand in the facts or be small talk.
    """
    text = washed(raw)

    def stopped(reason: str) -> Passed:
        return Passed(ok=False, text=text, reason=reason)

    if not SHORTEST[lang] <= len(text) <= LONGEST[lang]:
        return stopped(f"wanted {SHORTEST[lang]} to {LONGEST[lang]} characters, found {len(text)}")
    hanzi = len(re.findall(r"[㐀-鿿]", text))
    if (lang == "zh") != (hanzi * 2 >= len(re.findall(r"[A-Za-z]", text))) or (lang == "en" and hanzi):
        return stopped("another language")
    if _LINK.search(text):
        return stopped("a link or a contact")
    if _CODE.search(text):
        return stopped("code or markup")
    if _SYSTEM.search(text):
        return stopped("speaks of itself as a machine")
    known = flat("\n".join(value for _, value in facts.items())).lower()
    for promise in _ASSERTION.finditer(flat(text).lower()):
        if flat(text).lower()[promise.start() : promise.end() + 2] not in known:
            return stopped(f"a promise: {promise.group()}")
    if _looped(text):
        return stopped("repeats itself")
    if comment and _parrots(text, comment, facts):
        return stopped("repeats the viewer")
    if comment and (subject := _subject(text, comment)):
        return stopped(f"answers by itself: {subject}")
    if any(alike(text, earlier) > 0.6 for earlier in said):
        return stopped("said before")
    if (law := judge(text, facts.category)).verdict == "ban":
        return stopped(law.why)
    if more := beyond(text, facts, extra):
        return stopped("no fact for " + ", ".join(more[:3]))
    verdict: Verdict = check(text, facts, extra)
    if not verdict.ok:
        return stopped(verdict.reason)
    return Passed(ok=True, text=_ended(text, lang), facts=verdict.used)


def alike(one: str, other: str) -> float:
    """The share of character pairs two sentences have in common, 0..1."""
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))


def _ended(text: str, lang: str) -> str:
    if text[-1] in "。！？.!?":
        return text
    return text.rstrip("，,；;、") + ("。" if lang == "zh" else ".")


def _looped(text: str) -> bool:
    bare = re.sub(r"[^\w]", "", text)
    return bool(re.search(r"(.{2,12}?)\1\1", bare)) or bool(
        len(bare) > 24 and len({bare[i : i + 2] for i in range(len(bare) - 1)}) < 0.5 * len(bare)
    )


_COMMON_TEXT = """
what when where which with have does this that there will would could should much many your they them from about
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def _subject(text: str, comment: str) -> str:
    """A word of the comment's subject in the text: what was asked is answered by code, which compares the facts."""
    plain, asked = flat(text).lower(), flat(comment).lower()
    words = set(re.findall(r"[a-z]{4,}", asked)) - _COMMON
    found = next((word for word in sorted(words) if re.search(rf"\b{word}", plain)), "")
    runs = re.findall(
        r"[㐀-鿿]{2,}", re.sub(r"[的了吗呢啊呀吧么是有这那个我你您请问一下多少怎什哪么喜欢看想要买拍]", " ", asked)
    )
    pairs = {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
    return found or next((pair for pair in sorted(pairs) if pair in plain), "")


def _parrots(text: str, comment: str, facts: ProductFacts) -> bool:
    """Whether a long run of the viewer's own words, none of the product's, is spoken back."""
    plain, asked = flat(text).lower(), flat(comment).lower()
    known = " ".join(value for _, value in facts.items()).lower()
    pairs = [plain[i : i + 2] for i in range(len(plain) - 1)]
    if len(pairs) > 8 and sum(pair in asked and pair not in known for pair in pairs) > 0.6 * len(pairs):
        return True
    width = PARROT if re.search(r"[㐀-鿿]", asked) else 24
    return any(
        asked[i : i + width] in plain and asked[i : i + width] not in known
        for i in range(max(0, len(asked) - width + 1))
    )

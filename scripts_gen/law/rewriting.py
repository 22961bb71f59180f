"""Lawful words for unlawful ones: the boast taken out of a clause, or a plain line on the same matter instead of it.

Nothing is invented: a softened clause says less than before, a plain line sends the viewer to what is shown.
"""

import re

CLAUSE = re.compile(r"[^，。！？；,!?;\n.]+(?:(?<=\d)\.(?=\d)[^，。！？；,!?;\n.]+)*[，。！？；,!?;\n.]*")
# In order; the first that fits a stretch is taken. What stays must still read as a clause.
_SOFTER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(found, re.IGNORECASE), said)
    for found, said in (
        (r"(?:全网|史上|全国|历史|全城|行业|全年|市面上?)最低(?:的)?价(?:格)?", "今天的价格"),
        (r"最(?:低|便宜|实惠|划算)的?(?:价格?|一次)", "今天的价格"),
        (r"(?:是|就是)?(?:全网|全国|行业|世界|市面上)?最(好[用吃喝穿看搭])的", r"挺\1的"),
        (r"最好的", "用心做的"),
        (
            r"(?:全网|全国|行业|世界)?最((?:[轻薄软暖亮甜香厚大小快])|舒服|方便|实用|耐用|安静|清爽|柔软|百搭|"
            r"显瘦|保暖|透气|新鲜)的?",
            r"比较\1的",
        ),
        (r"(?:国家|世界|国际|宇宙|大师|殿堂|王者|帝王)级(?:的)?", ""),
        (r"(?:顶级|顶尖|极致|至尊|至臻|极品|绝佳|完美)(?:的)?", "讲究的"),
        (r"(?:全国|全网|行业|世界|全球)?(?:销量)?第一(?:的)?(品牌|名牌)", "这个牌子"),
        (r"(?:绝对|百分百|100%|百分之百|永远|永久|一定|肯定)(?=[一-鿿])", ""),
        (r"(?:万能|神器|独一无二|独家|唯一)(?:的)?", ""),
        (r"(?:没有之一|无人能(?:及|敌)|无与伦比|史无前例|遥遥领先|首屈一指)", ""),
        (
            r"\b(?:the )?(?:very )?(?:best|finest|greatest|perfect|ultimate|unbeatable|unmatched|world[- ]class|"
            r"top[- ]notch) (?=[a-z])",
            "a carefully made ",
        ),
        (r"\b(?:the )?(softest|lightest|warmest|quietest|strongest|thinnest)(?= )", "a well made"),
    )
)
_BROKEN = re.compile(
    r"^今天的价格\W*$|"
    r"^(?:的|是|了|就|和|也|都|不|地|得|在|把)|(?:是|的是|比|把|被|和|为|就|这|那)[，。！？,.!?]*$|是的[，。！]|"
    r"的的|^\W*$"
)
_PLAIN_ZH = {
    "price": "价格就是屏幕上这个，您可以比一比再决定。",
    "effect": "它的成分和用法我照着详情页讲，感受因人而异。",
    "sales": "好不好用，您看参数，也看看自己需不需要。",
    "others": "别人怎么样我不评价，我只讲自己这款。",
    "pressure": "不着急，看清规格再下单。",
    "gain": "内容和条款都写在页面上，您看清楚再决定。",
    "absolute": "它合不合适，您照着参数看。",
}
_PLAIN_EN = {
    "price": "The price is the one on the screen, so take your time to compare.",
    "effect": "I'll go through what's in it and how it is used, and results vary.",
    "sales": "Have a look at the details and see whether it suits you.",
    "others": "I won't comment on anyone else, I'll just show you this one.",
    "pressure": "No hurry, check the details before you order.",
    "gain": "The terms are on the page, so read them before you decide.",
    "absolute": "Have a look at the details and see whether it suits you.",
}
_MATTER = (
    ("price", re.compile("price")),
    ("sales", re.compile("ranking|state organs|sales")),
    ("others", re.compile("others")),
    ("pressure", re.compile("pressure|superstition|alcohol")),
    ("gain", re.compile("gain|finance|education")),
    ("effect", re.compile("effect|food|cosmetic|medical|figure|endorsement|breast|safety")),
)


def softened(clause: str) -> str:
    """The clause with its boasts taken out; empty when what is left is no clause."""
    for found, said in _SOFTER:
        clause = found.sub(said, clause)
    clause = re.sub(r"\ba (?:a|an|the) ", "a ", clause)
    words = re.sub(r"[^\w]", "", clause)
    return "" if _BROKEN.search(clause.strip()) or len(words) < (4 if re.search("[一-鿿]", words) else 9) else clause


def plain_line(why: str, text: str) -> str:
    """A line of the same matter that promises nothing, in the text's language."""
    matter = next((name for name, words in _MATTER if words.search(why)), "absolute")
    return (_PLAIN_ZH if re.search("[一-鿿]", text) else _PLAIN_EN)[matter]


def ended(text: str) -> str:
    """The text as a sentence: no loose mark at its end."""
    text = text.strip().lstrip("，,；;。 ").rstrip("，,；; ")
    if text and text[-1] not in "。！？.!?":
        text += "." if text.isascii() else "。"
    return text

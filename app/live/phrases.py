"""The room's own fixed sentences in both languages: acknowledgements, fillers, changes, disclosures.

They are approved texts: no number but the `{price}` slot (money with its unit), no promise, nothing of a viewer's
words. Several of each, because a host who repeats herself sounds like a machine.
"""

from collections.abc import Mapping, Sequence

ACKNOWLEDGEMENTS = {
    "zh": ("好问题。", "我来说。", "问得好。", "说到这个。", "来，看看。", "这个我说下。"),
    "en": ("Good question.", "Right, about that.", "Sure.", "Glad you asked.", "Let's see.", "Yes, that one."),
}
"""Cached first sounds of an answer, about a second each: the answer's own words must come within two."""

NOTED = {
    "zh": ("看到了。", "嗯，这个啊。", "收到。", "看到你说的了。"),
    "en": ("I see it.", "Okay, so.", "I hear you.", "Right."),
}
"""The same for what is no question about the goods: insults, greetings, attempts to steer the host."""

BREATHS = {
    "zh": ("我看下。", "稍等啊。", "嗯，等下。"),
    "en": ("One sec.", "Let me look.", "Just a moment."),
}
"""Said first when the answer's own words are late: about a second, so that they delay little."""

PAUSES = {
    "zh": ("稍等，我看一下详情。", "我再核对一下页面。", "嗯，让我确认一下。"),
    "en": ("One moment, let me look it up.", "Let me double-check the page.", "Just a second, I'm checking."),
}
"""Said when the wait goes on, so that silence stays short."""

IDLE = {
    "zh": (
        "刚进来的朋友，欢迎你们。",
        "想了解哪一款，打在评论里就好。",
        "大家慢慢看，有问题随时问我。",
        "商品卡片就在屏幕上，可以点开看看。",
        "我们接着往下看。",
        "喜欢的话，可以先点个关注。",
        "评论区的问题，我会一条一条看。",
        "详情都写在商品页里，可以边听边看。",
    ),
    "en": (
        "Welcome, everyone who just joined.",
        "Tell me in the comments which one you'd like to hear about.",
        "Take your time, and ask me anything.",
        "The product card is on the screen, feel free to open it.",
        "Let's keep going.",
        "If you like what you see, you can follow us.",
        "I read your questions one by one.",
        "All the details are on the product page.",
    ),
}
"""Recorded lines of last resort: true at any time, about no product."""

DISCLOSURE = {
    "zh": (
        "大家好，我是AI数字人主播，画面和声音由AI生成。",
        "再提醒一次，我是AI数字人主播，声音和形象都是AI生成的。",
        "刚进来的朋友知道一下，我是AI数字人主播，画面和声音由AI生成。",
    ),
    "en": (
        "Hello everyone, I'm an AI-generated digital host.",
        "A quick reminder: I'm an AI-generated digital host, voice and picture included.",
        "If you just joined: I'm an AI-generated digital host.",
    ),
}
"""The first opens the show; the others come every ten minutes."""

DISCLOSED_AGAIN = {lang: lines[1:] for lang, lines in DISCLOSURE.items()}

NOTICE = {"zh": "AI生成 · 数字人主播", "en": "AI-generated host"}

CORRECTION = {
    "zh": ("更正一下价格，现在是{price}，刚才说的不算了。", "价格要更正一下，现在是{price}，刚刚变的。"),
    "en": (
        "A correction to the price: it is now {price}.",
        "The price has just changed: it is now {price}.",
    ),
}
CHANGE = {
    "zh": ("价格刚刚更新了，现在是{price}。", "价格这边有更新，现在是{price}。"),
    "en": ("The price was just updated. It is now {price}.", "An update on the price: it is now {price}."),
}
"""A short clause that is always ready, then at once the price, which has to be made."""
SOLD_OUT = {
    "zh": ("这款刚刚售罄了，我们看下一款。", "不好意思，这款卖完了，先看下一款。"),
    "en": ("This one just sold out, let's look at the next one.", "Sorry, this one is sold out. On to the next one."),
}
BACK_IN_STOCK = {
    "zh": ("这款又补上货了。",),
    "en": ("This one is back in stock.",),
}
THANKS = {
    "zh": ("谢谢大家的支持。", "谢谢你们的礼物。", "谢谢，心意收到了。"),
    "en": ("Thank you all for the support.", "Thanks for the gifts.", "Thank you, that's kind."),
}
CORRECTING = {"zh": "更正一下，", "en": "A correction: "}
"""Before a correction that somebody at the desk typed."""

RESUMING = {"zh": "接着说刚才的问题，", "en": "Back to that question. "}
"""Before an answer that was broken off and is begun anew."""

NAMED = {"zh": "{names}问的，", "en": "{names} asked. "}
AND = {"zh": "和", "en": " and "}

CHANGING = {lang: (*CORRECTION[lang], *CHANGE[lang], *SOLD_OUT[lang]) for lang in ("zh", "en")}
"""Sales-critical lines; what stands before their price slot is kept ready, so that they begin at once."""

FIXED: dict[str, Sequence[str]] = {
    lang: (
        *ACKNOWLEDGEMENTS[lang],
        *NOTED[lang],
        *BREATHS[lang],
        *PAUSES[lang],
        *IDLE[lang],
        *DISCLOSURE[lang],
        *BACK_IN_STOCK[lang],
        *THANKS[lang],
    )
    for lang in ("zh", "en")
}
"""Everything without a slot: synthesised once at the start of a room, kept in the clip cache."""


def one_of(lines: Mapping[str, tuple[str, ...]], lang: str, turn: int) -> str:
    """The `turn`-th of the variants, round and round."""
    variants = lines["en" if lang == "en" else "zh"]
    return variants[turn % len(variants)]


def corrected(text: str, lang: str) -> str:
    """A correction in somebody's own words."""
    return CORRECTING["en" if lang == "en" else "zh"] + text


def named(names: Sequence[str], lang: str) -> str:
    """An opening that names at most two viewers; empty when no name may be said."""
    lang = "en" if lang == "en" else "zh"
    return NAMED[lang].format(names=AND[lang].join(names[:2])) if names else ""

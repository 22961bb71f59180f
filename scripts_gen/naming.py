"""The name and the brand of a product in its listing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts_gen.adlaw import judge
from scripts_gen.facts import Span
from scripts_gen.listing import Listing, Part

# How sure each way of finding is; measured against hand-made records by field (see docs of the evaluation).
SURE = {"label": 0.9, "pattern": 0.75, "first line": 0.6, "model": 0.6, "guess": 0.4}


@dataclass(slots=True, kw_only=True)
class Named:
    """Where title and brand stand, and how sure each is."""

    title: Span | None = None
    brand: Span | None = None
    sure: dict[str, float] = field(default_factory=dict)


_TITLE_LABEL = re.compile(
    r"^(?:品名|商品名称?|商品名|名称|产品名称?|产品|标题|商品|宝贝|品|name|title|product|item|title_en)$", re.IGNORECASE
)


_BRAND_LABEL = re.compile(r"^(?:品牌|牌子|商标|店铺|brand|vendor|maker|by)$", re.IGNORECASE)


_NOT_BRAND = re.compile(
    r"现货|直播|包邮|新品|接龙|团|预售|福利|专享|活动|秒杀|特价|清仓|爆|限|链接|群|主推|好物|公告|提示|面料|颜色|"
    r"尺|价|参考|里布|注意|勘误|系统|套餐|号|日|月|年|\d|次抛|件套|推荐|正品|通知|款|装|同款|材质|成分"
)


_BRAND_INLINE = re.compile(
    r"(?:品牌|牌子|商标|brand|vendor)\s*[:： ]\s*(?P<a>[^\s,，;；。|｜/（(\n]{1,16})|"
    r"[「『\"“]?(?P<b>[一-鿿]{1,7}[一-鿿A-Za-z]?(?<![吊品名大车招厂老商铭杂两多]))[」』\"”]?牌(?![子照价匾])",
    re.IGNORECASE,
)


_BRACKET = re.compile(r"[【\[](?P<name>[^】\]\n]{1,16})[】\]]")


_QUOTED = re.compile(r"[「『](?P<name>[^」』\n]{1,12})[」』]")


_TITLE_END = re.compile(
    r"[，。；！!;\n|｜]|\s[-–—]{1,2}\s(?=[a-z])|[￥¥$£€]\s?\d|\s[-–—]\s|,\s|\.\s|\s{2,}|\t|"
    r"(?<=\S)[（(](?=[^)）]*(?:价|元|包邮|copy|desc))|\s?//|\s?到手|\s?券后|\s?直播价"
)


def name_of(read: Listing, parts: Sequence[Part]) -> Named:
    """Where title and brand stand: a labelled line first, then brackets and quotes, then the first line's words."""
    found = Named()
    labelled = next((part for part in parts if _TITLE_LABEL.match(part.label)), None)
    branded = next((part for part in parts if _BRAND_LABEL.match(part.label) and len(part.text) <= 24), None)
    if branded:
        cut = (
            re.split(r"[\s,，;；/|（(]", branded.text)[0] if not branded.text.isascii() else branded.text.split(",")[0]
        )
        found.brand, found.sure["brand"] = (branded.span[0], branded.span[0] + len(cut)), SURE["label"]
    if found.brand is None:
        _brand_in_text(read, found)
    if labelled:
        found.title, found.sure["title"] = labelled.span, SURE["label"]
    else:
        found.title, found.sure["title"] = _first_title(read, found.brand), SURE["first line"]
    if found.brand is None and found.title:
        _brand_of_title(read, found.title, found)
    return found


def _brand_in_text(read: Listing, found: Named) -> None:
    head = read.plain[: read.lines[min(2, len(read.lines) - 1)][1]] if read.lines else read.plain
    for pattern, text, sure in (
        (_BRAND_INLINE, read.plain, SURE["label"]),
        (_BRACKET, head, SURE["pattern"]),
        (_QUOTED, head, 0.5),
    ):
        for match in pattern.finditer(text):
            name = next(group for group in match.groups() if group)
            if name and not _NOT_BRAND.search(name) and len(name) <= 14:
                start = match.start() + match.group().index(name)
                found.brand, found.sure["brand"] = (start, start + len(name)), sure
                return


def _first_title(read: Listing, brand: Span | None) -> Span | None:
    for start, end in read.lines:
        line = read.plain[start:end]
        lead = re.match(r"[^\w\"「『【《]*(?:(?:【[^】]*】|《[^》]*》|\[[^\]]*\])\s*)*[^\w\"「『]*", line)
        at = start + (lead.end() if lead else 0)
        if brand and at <= brand[0] < at + 3 and read.plain[brand[1] : brand[1] + 1] in ' 　」』"”':
            after = re.match(r"[」』\"”\s　]*", read.plain[brand[1] : end])
            if re.search(r"[一-鿿]", read.cut(brand)):
                at = brand[1] + (after.end() if after else 0)
        stop = _TITLE_END.search(read.plain, at + 1, end)
        to = stop.start() if stop else end
        text = read.plain[at:to].strip()
        if (
            len(text) >= 3
            and judge(text).verdict != "ban"
            and not re.search(r"团购|接龙|备注|公告|摘录|群|专场|上新|[￥¥]", text)
        ):
            if not text.isascii() and len(text) > 30:
                # A keyword-stuffed title keeps its first words.
                words = re.match(r"(?:\S+\s+){1,3}?\S{4,}", text)
                text = words.group() if words and len(words.group()) >= 8 else text[:30]
            lead_space = len(read.plain[at:to]) - len(read.plain[at:to].lstrip())
            return at + lead_space, at + lead_space + len(text)
    return read.lines[0] if read.lines else None


def _brand_of_title(read: Listing, title: Span, found: Named) -> None:
    text = read.plain[title[0] : title[1]]
    if text.isascii() or not re.search(r"[一-鿿]", text):
        match = re.match(
            r"(?:the |[\"'])?((?:[A-Z][A-Za-z&'’.]+|&)(?:\s(?:[A-Z][A-Za-z&'’.]+|&)){0,2}?)(?=\s[a-z0-9(]|"
            r"\s[A-Z][a-z]+ [a-z])",
            text,
        )
        if match is None:
            match = re.match(r"((?:[A-Z]{2,}\s?&?\s?){1,3})(?=\s|$)", text) or re.match(
                r"([A-Z][A-Za-z&'’]+)(?=\s)", text
            )
        if match and len(match.group(1).strip()) > 2:
            name = match.group(1).strip()
            start = title[0] + match.start(1)
            found.brand, found.sure["brand"] = (start, start + len(name)), SURE["guess"]
        return
    match = re.match(r"([一-鿿]{2,4}|[A-Za-z][A-Za-z&]{2,12})[\s·]+(?=\S{2,})", text)
    if match and not _NOT_BRAND.search(match.group(1)):
        found.brand, found.sure["brand"] = (title[0], title[0] + len(match.group(1))), SURE["guess"]

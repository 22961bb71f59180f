"""Numbers in running text, Arabic, Chinese or English, with what they measure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Measure = Literal["money", "percent", "fold", "unit", "counter", "bare"]

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
SCALES = {"十": 10, "百": 100, "千": 1000}
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_WORDS += " seventeen eighteen nineteen"
ENGLISH = {word: value for value, word in enumerate(_WORDS.split())} | {
    word: (index + 2) * 10
    for index, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
ENGLISH_SCALES = {"hundred": 100, "thousand": 1000, "million": 1000000}

# Numerals that count nothing. Matched longest first, before any numeral is read.
_IDIOMS_TEXT = """
一起 一下 一样 一直 一定 一般 一边 一会儿 一会 一旦 一切 一致 一律 一向 一味 一些 一点点 一点儿 一点 一共 一眼
一口气 一体 一次性 一不小心 一年四季 一天到晚 一年到头 一分钱一分货 一是一 一五一十 万一 万分 万能 万用 万物 万家
万事 千万 千万别 千层 千金 千言万语 百搭 百合 百货 百变 百科 百姓 百香果 百分百 百分之百 百里挑一 老百姓 十分 十足
十全十美 四季 四周 四处 四肢 四方 四件套 五官 五花肉 五花八门 五谷 五香 五颜六色 六神 六一 五一 七夕 七彩 七上八下
乱七八糟 七七八八 八宝粥 八宝 八卦 八角 九宫格 九层塔 九九重阳 双十一 双十二 双11 双12 618 三八节 三三两两 三五
三明治 三文鱼 三心二意 三七 三餐 二维码 二话不说 二次元 第一时间 第一眼 第一步 第一次 第一件事 不三不四 独一无二
统一 唯一 周一 周二 周三 周四 周五 周六 星期一 星期二 星期三 星期四 星期五 星期六 礼拜一 礼拜六 亿点点 半 四川 九江
三亚 六安 十堰 五常 万宁 千岛湖 五台山 九寨沟 八达岭 四平 三门峡 百色 六盘水 千禧 万圣节 三角 四角 五金 六角 七分裤
九分裤 五分裤 七分袖 五分袖 二手 两边 两侧 两头 两用 两面 双面 一手 百年好合 一拍 一放 一摸 一看 一试 一穿 一喝 一吃
一用 一捏 一倒 一冲 一泡 一撕 一抹 一擦 一戴 一套上 一按 一键 一句 一家人 一家 一路 一年比一年
"""
IDIOMS = tuple(_IDIOMS_TEXT.split())
_IDIOM = re.compile(
    r"(?<![零〇一二两三四五六七八九十百千万亿\d])(?:"
    + "|".join(sorted(map(re.escape, IDIOMS), key=len, reverse=True))
    + r")(?<!十分(?=钟))"
)

# Spellings of one unit; the first names it.
UNITS: tuple[tuple[str, ...], ...] = (
    ("ml", "毫升", "mL", "ML", "milliliter", "milliliters", "millilitre", "millilitres"),
    ("l", "升", "L", "liter", "liters", "litre", "litres"),
    ("kg", "公斤", "千克", "KG", "Kg", "kilo", "kilos", "kilogram", "kilograms"),
    ("g", "克", "gram", "grams", "G"),
    ("mg", "毫克"),
    ("斤", "市斤"),
    ("两重",),
    ("lb", "磅", "lbs", "pound", "pounds"),
    ("oz", "盎司", "ounce", "ounces"),
    ("mm", "毫米", "MM"),
    ("cm", "厘米", "公分", "CM", "centimeter", "centimeters", "centimetres"),
    ("m", "米", "meter", "meters", "metre", "metres"),
    ("km", "公里", "千米"),
    ("in", "英寸", "寸", "inch", "inches"),
    ("ft", "英尺", "feet", "foot"),
    ("w", "瓦", "W", "watt", "watts"),
    ("kw", "千瓦", "kW", "KW"),
    ("v", "伏", "V", "volt", "volts"),
    ("hz", "赫兹", "Hz"),
    ("mah", "毫安时", "毫安", "mAh", "MAH"),
    ("pa", "帕", "Pa"),
    ("db", "分贝", "dB"),
    ("c", "度", "℃", "°C", "摄氏度", "degrees"),
    ("hour", "小时", "个小时", "钟头", "个钟头", "h", "H", "hr", "hrs", "hours"),
    ("minute", "分钟", "min", "mins", "minutes"),
    ("second", "秒", "秒钟", "s", "seconds", "sec"),
    ("day", "天", "日", "days"),
    ("night", "晚", "nights"),
    ("week", "周", "星期", "个星期", "weeks"),
    ("month", "个月", "月", "months", "月龄"),
    ("year", "年", "years", "yr", "yrs", "周年"),
    ("age", "岁", "周岁"),
    ("gb", "G内存", "GB"),
    ("tb", "T", "TB"),
    ("sqm", "㎡", "平米", "平方米", "平方"),
)
COUNTERS = (
    "片盒瓶包袋支件条双套个只罐杯粒颗张把台根枚对卷本册层档格节课次人位间份箱桶碗束朵株盆块枝管听提斤种款色步处道排圈场"
    "名单家口户顿餐勺滴泵页遍辆艘"
)
_NO_COUNTERS = frozenset({"包邮", "包退", "包运", "包赔", "包换", "个性", "条件", "条码", "口感", "口味", "处理"})
_UNIT_NAMES = {spelling: names[0] for names in UNITS for spelling in names}
_UNIT = "|".join(sorted(map(re.escape, _UNIT_NAMES), key=len, reverse=True))
_ZH = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_EN = "|".join(sorted([*ENGLISH, *ENGLISH_SCALES], key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<percent_zh>百分之(?P<of_hundred>[{_ZH}]+(?:点[{_ZH}]+)?|{_ARABIC}))"
    rf"|(?P<arabic>{_ARABIC})(?P<scale>[万亿千百kKwW](?![A-Za-z]))?"
    rf"|(?P<zh>[{_ZH}]+(?:点[零〇一二三四五六七八九]+)?)"
    rf"|(?P<en>\b(?:{_EN})(?:(?:\s+and\s+|[\s-]+)(?:{_EN}))*\b)",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r"\s*(?:元|块钱|块(?!头|状|装|地)|圆|人民币|RMB|rmb|CNY|USD|EUR|GBP|dollars?|bucks?|euros?|quid|cents?|刀|"
    r"欧元|美元|美金|英镑|港币|"
    r"港元|円|日元)",
)
_MONEY_BEFORE = re.compile(r"(?:[¥￥$€£]|RM|S\$|A\$|CNY|USD|EUR|GBP|HKD|₱|AED|NT\$|HK\$|RMB)\s*$", re.IGNORECASE)
_TAIL = re.compile(r"(?:块|元)(?P<tenth>[\d一二两三四五六七八九])(?!\d|[折件个盒片])(?:毛|角)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a text: code points [start, end) with its unit, its value, and what it measures."""

    start: int
    end: int
    text: str
    value: Decimal
    measure: Measure
    unit: str


@lru_cache(maxsize=1024)  # the facts of a show are folded for every sentence of it
def flat(text: str) -> str:
    """The text with full-width forms folded, code point for code point, so that offsets stay true."""
    folded = (unicodedata.normalize("NFKC", char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def chinese_value(word: str) -> Decimal:
    """The value of a Chinese numeral: 三百九十九, 两千三 (2300), 二零二六, 三点五. Raises ValueError for other text."""
    whole, _, decimals = word.partition("点")
    if not whole or any(char not in DIGITS and char not in SCALES and char not in "万亿" for char in whole):
        raise ValueError(f"wanted a Chinese numeral, found {word!r}")
    tail = "".join(str(DIGITS[char]) for char in decimals)
    if len(whole) > 1 and all(char in DIGITS for char in whole):
        value = Decimal("".join(str(DIGITS[char]) for char in whole))
    else:
        value = Decimal(_scaled(whole))
    return value + Decimal(f"0.{tail}") if tail else value


def _scaled(word: str) -> int:
    total = section = digit = 0
    unit = 1
    pending = False
    for char in word:
        if char in DIGITS:
            digit, pending = DIGITS[char], True
            if digit == 0:
                unit = 1
        elif char in SCALES:
            unit = SCALES[char]
            section += (digit if pending else 1) * unit
            digit, pending = 0, False
        else:
            unit = 10**4 if char == "万" else 10**8
            total = (total + section + digit or 1) * unit
            section, digit, pending = 0, 0, False
    if pending and unit >= 100 and digit:  # 两百五, 三千二: the last digit counts the next lower place
        digit *= unit // 10
    return total + section + digit


def _english_value(words: str) -> Decimal:
    total = part = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ENGLISH:
            part += ENGLISH[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in ENGLISH_SCALES:
            total, part = total + (part or 1) * ENGLISH_SCALES[word], 0
    return Decimal(total + part)


def numbers(text: str) -> Iterator[Number]:
    """Every number of the text from left to right; idioms such as 一起, 百搭, 周三 are none."""
    plain = flat(text)
    idle = [match.span() for match in _IDIOM.finditer(plain)]
    position = 0
    while match := _NUMBER.search(plain, position):
        position = match.end()
        if any(start < match.end() and match.start() < end for start, end in idle if end - start > 1) and match["zh"]:
            position = next(end for start, end in idle if start < match.end() and match.start() < end)
            continue
        if match["zh"] and set(match["zh"]) <= set("百千万亿"):
            continue
        if (
            match["arabic"]
            and match.start()
            and plain[match.start() - 1].isascii()
            and plain[match.start() - 1].isalpha()
            and not _MONEY_BEFORE.search(plain[: match.start()])
        ):
            continue  # a model code such as S8 is a name, checked as a word
        number = _measured(plain, match)
        yield number
        position = max(position, number.end)


def _measured(plain: str, match: re.Match[str]) -> Number:
    start, end = match.span()
    measure: Measure = "bare"
    unit = ""
    if match["of_hundred"]:
        inner = match["of_hundred"]
        value = chinese_value(inner) if inner[0] in _ZH else Decimal(inner.replace(",", ""))
        return Number(start=start, end=end, text=match.group(), value=value, measure="percent", unit="%")
    if match["arabic"]:
        value = Decimal(match["arabic"].replace(",", ""))
        scale = match["scale"]
        if scale and scale in "kKwW" and not _is_scale(plain, match):
            end -= 1
        elif scale:
            value *= {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100, "k": 1000, "K": 1000, "w": 10**4, "W": 10**4}[
                scale
            ]
    elif match["zh"]:
        value = chinese_value(match["zh"])
    else:
        value = _english_value(match["en"])
    rest = plain[end:]
    if fold := re.match(r"\s*折(?!叠|痕|合|射|扣率)", rest):
        if (match["zh"] and len(match["zh"]) == 2 and all(char in DIGITS for char in match["zh"])) or value >= 10:
            value /= 10
        return Number(
            start=start,
            end=end + fold.end(),
            text=plain[start : end + fold.end()],
            value=value,
            measure="fold",
            unit="折",
        )
    if percent := re.match(r"\s*(?:%|percent\b|个点)", rest):
        end += percent.end()
        measure, unit = "percent", "%"
    elif money := _MONEY_AFTER.match(rest):
        measure, unit = "money", "money"
        if tail := _TAIL.match(rest):
            tenth = tail["tenth"]
            value += Decimal(DIGITS.get(tenth, 0) if tenth in DIGITS else int(tenth)) / 10
            end += tail.end()
        else:
            end += money.end()
    elif _MONEY_BEFORE.search(plain[:start]):
        measure, unit = "money", "money"
    elif found := re.match(rf"[ ]?(?:-|个)?({_UNIT})(?![A-Za-z])", rest):
        end += found.end()
        measure, unit = "unit", _UNIT_NAMES[found.group(1)]
    elif rest[:1] and rest[0] in COUNTERS and rest[:2] not in _NO_COUNTERS:
        end += 1
        measure, unit = "counter", rest[0]
    return Number(start=start, end=end, text=plain[start:end], value=value, measure=measure, unit=unit)


def _is_scale(plain: str, match: re.Match[str]) -> bool:
    """Whether the k or w behind digits counts thousands (1.2w人) and is no watt."""
    return bool(re.match(r"[+多]?\s*(?:人|单|件|粉|次|条|个)", plain[match.end() :]))

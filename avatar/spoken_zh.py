"""How a Chinese host reads what is written on a product sheet: money, sizes, codes, dates, symbols."""

import re

from avatar.dates_zh import DATES, TO
from avatar.named_zh import NAMED, code_digits
from avatar.numbers_zh import amount, cardinal, counted, digit_by_digit, number
from avatar.reading import Match, Rule, rule
from avatar.units import CHINESE, alternatives

# thousands by commas, or tens of thousands as some sheets have them (1,0000)
N = r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)(?!,?\d)(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])"
UNIT = rf"(?:{alternatives(CHINESE)})(?![A-Za-z²³]|:\d)"
PASSED = r"(?:GB|TB|MB|KB|Gbps|G|T|M|K|P|D|X(?!\s*\d)|XL|B|R|S)(?![A-Za-z])"  # said as letters after a number
CURRENCY = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑", "₩": "韩元", "HK$": "港币", "US$": "美元",
            "A$": "澳元", "C$": "加元", "S$": "新加坡元", "NT$": "新台币"}  # fmt: skip
CURRENCY_WORD = {"RMB": "元", "CNY": "元", "USD": "美元", "HKD": "港币", "EUR": "欧元", "GBP": "英镑", "JPY": "日元",
                 "AUD": "澳元", "CAD": "加元", "SGD": "新加坡元", "KRW": "韩元", "TWD": "新台币"}  # fmt: skip
SIGN = r"(?:(?:HK|US|NT|A|C|S)\$|[¥￥$€£₩])"
WORD = rf"(?:{'|'.join(CURRENCY_WORD)})(?![A-Za-z]|\s?\d[\d.]*码)"


def _currency(sign: str) -> str:
    return CURRENCY.get(sign) or CURRENCY_WORD[sign]


def _money(m: Match) -> str:
    """`¥1,299`, `¥99-199`, `¥1.2万`; two to a currency is 两."""
    low, high, large = m["low"], m["high"], m["large"] or ""
    unit = large + _currency(m["sign"])
    spoken = _sum(low, unit)
    return f"{amount(low)}到{_sum(high, unit)}" if high else spoken


def _sum(text: str, unit: str) -> str:
    spoken = amount(text)
    return ("两" if spoken == "二" else spoken) + unit


def _code(m: Match) -> str | None:
    """`XR-500` → XR五百, `A1023-B` → A幺零二三B; a word without digits is left alone."""
    token = m[0]
    if not re.search(r"\d", token) or not re.search(r"[A-Za-z]", token):
        return None
    spoken = ""
    for part in re.finditer(r"(\d+)\.(\d+)|(\d+)|([A-Za-z]+)|(.)", token):
        if part[1]:
            spoken += cardinal(part[1]) + "点" + digit_by_digit(part[2])
        elif part[3]:
            # a number in front of letters counts something (128GB); behind letters it names (A1023)
            front = part.start() == 0 and len(part[3]) < 4
            spoken += number(part[3]) if front and part[3][0] != "0" else code_digits(part[3])
        elif part[4]:
            spoken += part[4]
        elif part[5] == "+":
            spoken += "加"
        elif part[5] == "/":
            spoken += "、"
        elif spoken[-1:].isascii() and token[part.end() : part.end() + 1].isalpha():
            spoken += "-"  # SK-II stays one English word
    return spoken


def _size(text: str) -> str:
    return cardinal(text[0]) + text[1:] if text[0].isdigit() else text


def _range(m: Match) -> str:
    """`3-5天`, `10cm~20cm`, `1-2件` (一到两件); a falling pair is not a range."""
    low, high = m["low"], m["high"]
    first = _unit(m["first"]) if m["first"] else ""
    last = _unit(m["unit"]) if m["unit"] else ""
    after = m.string[m.end() : m.end() + 1]
    if float(high.replace(",", "")) <= float(low.replace(",", "")) and not first:
        return f"{number(low)}杠{number(high)}{last}"
    tail = counted(high, last or after) if last or _is_han(after) else number(high)
    if m["plus"]:
        tail += "多"
    return f"{counted(low, first) if first else number(low)}{first}{'至' if '至' in m[0] else '到'}{tail}{last}"


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _unit(symbol: str) -> str:
    return CHINESE.get(symbol, symbol)


def _quantity(m: Match) -> str:
    unit = _unit(m["unit"])
    if m["unit"] in ("w", "k") and m["plus"]:
        return f"{counted(m['n'], unit)}{unit}多"
    return counted(m["n"], unit) + ("多" if m["plus"] else "") + unit


def _product(m: Match) -> str:
    """`1.5m×2.0m`, `210*285*40mm`, `200ml*2瓶`."""
    spoken = ""
    for part in re.finditer(rf"({N})\s*({UNIT}|{PASSED}|[\u4e00-\u9fff]?)", m[0]):
        unit = _unit(part[2])
        after = unit or m.string[m.end() : m.end() + 1]
        spoken += ("乘" if spoken else "") + (counted(part[1], after) if _is_han(after) else number(part[1])) + unit
    return spoken


def _percent(m: Match) -> str:
    head = "千分之" if m["sign"] == "‰" else "百分之"
    low = ("百" if m["low"] == "100" and head == "百分之" else number(m["low"])) if m["low"] else ""
    minus = "负" if m["minus"] else ""
    high = "百" if m["high"] == "100" and head == "百分之" else number(m["high"])
    return f"{head}{low}到{head}{high}" if low else f"{minus}{head}{high}"


def _discount(m: Match) -> str:
    """`8.8折` 八点八折, `88折` 八八折, `6-8折` 六到八折."""

    def one(text: str) -> str:
        return digit_by_digit(text) if len(text) == 2 and text != "10" else number(text)

    return f"{one(m['low'])}到{one(m['high'])}折" if m["low"] else f"{one(m['high'])}折"


def _degrees(m: Match) -> str:
    unit = _unit(m["unit"])

    def one(minus: str | None, text: str) -> str:
        return ("零下" if minus else "") + counted(text, unit)

    if not m["low"]:
        return one(m["minus2"], m["high"]) + unit
    first = unit if m["first"] else ""
    return f"{one(m['minus'], m['low'])}{first}到{one(m['minus2'], m['high'])}{unit}"


def _more(m: Match) -> str | None:
    """`1000+` 一千多, `10万+` 十万多; `18+` and `3+` keep their plus."""
    large = m["large"] or ""
    n = m["n"].replace(",", "")
    if large or (len(n) > 1 and n.endswith("0")):
        return counted(n, large) + large + "多"
    return number(n) + "加"


def _plain(m: Match) -> str:
    n = m[0]
    whole = n.replace(",", "").partition(".")[0]
    after = m.string[m.end() : m.end() + 1]
    if "." not in n and ((len(whole) > 1 and whole[0] == "0") or len(whole) > 8):
        return digit_by_digit(whole)
    if after in ("元", "块"):
        return _sum(n, "")
    return counted(n, after) if _is_han(after) else number(n)


SYMBOLS = {
    "%": "百分号", "&": "和", "+": "加", "=": "等于", "@": "艾特", "±": "正负", "≥": "大于等于", "≤": "小于等于",
    "≈": "约等于",
    "÷": "除以", "→": "到", "°": "度", "²": "平方", "³": "立方", "¥": "元", "￥": "元", "$": "美元", "€": "欧元",
    "£": "英镑",
    "×": "乘", "Ω": "欧", "℉": "华氏度", "‰": "千分号",
}  # fmt: skip
RULES: tuple[Rule, ...] = (
    *NAMED,
    *DATES,
    # money and discounts
    rule(
        rf"({SIGN})\s*({N})([万亿]?)\+(?!\d)(?:元|块)?", lambda m: counted(m[2], m[3]) + m[3] + "多" + _currency(m[1])
    ),
    rule(
        rf"(?P<sign>{SIGN})\s*(?P<low>{N})(?:{TO}(?:{SIGN})?(?P<high>{N}))?\s*(?P<large>[万亿千])?(?:元|块钱|块)?",
        _money,
    ),
    rule(rf"(?P<sign>{WORD})\s*(?P<low>{N})(?:{TO}(?P<high>{N}))?(?P<large>[万亿])?", _money),
    rule(rf"(?P<low>{N})(?:{TO}(?P<high>{N}))?(?P<large>[万亿])?\s*(?P<sign>{WORD}|[￥¥€£](?!\d))", _money),
    rule(rf"({N})(?:元|块)?{TO}({N})(?=元|块)", lambda m: f"{amount(m[1])}到{_sum(m[2], '')}"),
    rule(rf"({N})(?=[元圆])", lambda m: _sum(m[1], "")),
    rule(rf"(?:(?P<low>\d(?:\.\d)?){TO})?(?P<high>\d\.\d{{1,2}}|10|\d{{2}}|\d)\s*折(?![叠扇断返])", _discount),
    rule(rf"({N})元?\s?[-−]\s?({N})", lambda m: f"{amount(m[1])}减{amount(m[2])}", before=r"(?:满|券|每满)\s?"),
    rule(rf"(?:(?P<low>{N})\s*[%％‰]?{TO})?(?P<minus>[-−])?(?P<high>{N})\s*(?P<sign>[%％‰])", _percent),
    rule(
        rf"(?:(?P<minus>[-−])?(?P<low>{N})\s*(?P<first>°C|°)?\s*(?:[~–—至到]{{1,2}}|-)\s*)?(?P<minus2>[-−])?(?P<high>{N})\s*(?P<unit>°C|°F|度(?=以下|低温|冷冻)|°)",
        _degrees,
    ),
    # sizes, products, fractions, ratios, ranges
    rule(
        r"(1[3-9]\d|200)/(\d{2,3})([A-CYa-cy]?)(?![\dA-Za-z])",
        lambda m: digit_by_digit(m[1], one="一") + digit_by_digit(m[2], one="一") + m[3].upper(),
    ),
    rule(
        rf"(?:{N})\s*(?:{UNIT}|{PASSED}|[\u4e00-\u9fff](?=\s*[×*xX]\s*\d))?(?:\s*[×*xX]\s*(?:{N})\s*(?:{UNIT}|{PASSED})?)+(?![A-Za-z])",
        _product,
    ),
    rule(
        rf"[×*xX]\s*({N})",
        lambda m: "乘" + counted(m[1], m.string[m.end() : m.end() + 1]),
        before=r"[\u4e00-\u9fff\d)）]\s?",
    ),
    rule(r"\d\d(?![\d.])", lambda m: digit_by_digit(m[0].rstrip("0")), before=r"\d米"),
    rule(
        r"(\d{1,3})[/⁄](\d{1,4})(?![\d/])",
        lambda m: f"{number(m[2])}分之{number(m[1])}" if int(m[1]) < int(m[2]) else f"{number(m[1])}斜杠{number(m[2])}",
    ),
    rule(
        rf"({N})\s*[:：]\s*({N})(?:\s*[:：]\s*({N}))?",
        lambda m: f"{number(m[1])}比{number(m[2])}" + (f"比{number(m[3])}" if m[3] else ""),
    ),
    rule(r"\d+(?:\.\d+){2,}", lambda m: "点".join(cardinal(p) for p in m[0].split("."))),
    rule(
        rf"(?P<low>{N})(?P<first>{UNIT}|万)?{TO}(?P<high>{N})\s*(?P<unit>{UNIT}|{PASSED})?(?P<plus>\+(?!\d))?(?![A-Za-z-]|\s*[-~]\s*\d)",
        _range,
    ),
    rule(
        r"(\d?X*[SL]|M|均)\s?[-~～–—至]\s?(\d?)(X*[SL]|M)(?=码|[^A-Za-z0-9-]|$)",
        lambda m: f"{_size(m[1])}到{cardinal(m[2]) if m[2] else ''}{m[3]}",
        before=r"(?:^|[^A-Za-z0-9-])",
    ),
    # ranks, more-than, quantities
    rule(r"[Nn][Oo]\.?\s?1(?!\d)", lambda m: "第一"),
    rule(r"NO\.\s?(\d+)(?!\d)", lambda m: "第" + cardinal(m[1])),
    rule(r"[Nn]o\.\s?(\d+)", lambda m: cardinal(m[1]) + "号"),
    rule(r"(T[Oo][Pp])\s?\.?(\d+)", lambda m: m[1] + cardinal(m[2])),
    rule(r"[#＃]\s?(\d+)", lambda m: cardinal(m[1]) + "号"),
    rule(r"(\d+)[#＃](?![\d])", lambda m: cardinal(m[1]) + "号"),
    rule(r"IP(\d\d)(?!\d)", lambda m: "IP" + digit_by_digit(m[1])),
    rule(rf"({N})W(?=像素)", lambda m: counted(m[1], "万") + "万"),
    rule(r"(\d{3,4})([Pp])(?![A-Za-z])", lambda m: digit_by_digit(m[1], one="幺") + "P"),
    rule(r"(\d{1,2}(?:\.\d+)?)A(?=快充|充电|电流|输出|输入|闪充|[^A-Za-z]{0,2}\d+V)", lambda m: number(m[1]) + "安"),
    rule(
        r"(\d+(?:\.\d+)?)\s?V[/×*=⎓\s]*(\d+(?:\.\d+)?)A(?![A-Za-z])",
        lambda m: f"{number(m[1])}伏{counted(m[2], '安')}安",
    ),
    rule(
        r"([248])[kK](?=屏|高清|分辨|视频|电视|显示|超清|蓝光|画质|[^A-Za-z0-9+]|\d|$)", lambda m: cardinal(m[1]) + "K"
    ),
    rule(r"[ØΦφø∅](?=\s?\d)", lambda m: "直径"),
    rule(rf"(?P<n>{N})(?P<large>[万亿])?\+(?![\dA-Za-z])", _more),
    rule(
        rf"(?P<n>{N})\s?(?P<unit>{UNIT})(?P<plus>\+(?![\d\u4e00-\u9fff])|(?<=[wk])\+(?!\d))?",
        _quantity,
        before=rf"(?:^|[^A-Za-z]|[A-Z][A-Z]|V|\s|\d[A-Z]|\d\s?{UNIT})",
    ),
    rule(rf"(?P<n>{N})(?P<unit>{PASSED})(?![-.]?\d)", lambda m: number(m["n"]) + m["unit"]),
    rule(r"(\d)F(?![A-Za-z0-9])", lambda m: cardinal(m[1]) + "楼"),
    rule(
        r"\d{3,5}(?![\d.,]|\s?[A-Za-z%]|\s?[\u4e00-\u9fff](?<=[元块件个克斤米瓶袋盒包张片支套人天年月号日台款]))",
        lambda m: code_digits(m[0]),
        before=r"[A-Za-z]\s",
    ),
    rule(r"(?=[A-Za-z0-9])[A-Za-z]*\d*[A-Za-z0-9]*(?:[-./][A-Za-z0-9]+)*\+?", _code, before=r"(?:^|[^A-Za-z0-9])"),
    rule(N, lambda m: number(m[0]), before="第"),
    rule(N, _plain),
    # signs that are said
    rule(
        rf"/\s*(?=[\u4e00-\u9fff]|{UNIT}|{N}\s?(?:m?[lL]|k?g|[克毫升千盒瓶袋包件斤])(?![A-Za-z]))",
        lambda m: "每",
        before=rf"(?:\d\s?(?:[\u4e00-\u9fff]|{UNIT})|[元块角毛分]|{SIGN}\s?{N})\s*",
    ),
    rule(UNIT, lambda m: _unit(m[0]), before=rf"(?:\d\s?{UNIT}|{SIGN}\s?{N}|元)/"),
    rule(r"\s*/\s*", lambda m: "、"),
    rule(r"\s*[-−–—~～]{1,2}\s*(?=次日|第二天|翌日|凌晨|今晚|明[早晚天])", lambda m: "到"),
    rule(r"\s*[-−–—~～]{1,2}\s*(?=\d)", lambda m: "到", before=r"[日号月年点时分元块克斤升米天岁个件码寸度级楼%℃A-Z]"),
    rule(r"\s*[-−–~～]\s*(?=(?:19|20)\d\d)", lambda m: "到", before=r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"),
    rule(r"[-−](?=[¥￥$])", lambda m: "减"),
    rule(r"[-−](?=\d)", lambda m: "负", before=r"(?:^|[^\dA-Za-z\u4e00-\u9fff])"),
    rule(r"[>＞](?=\s*\d)", lambda m: "大于"),
    rule(r"[<＜](?=\s*\d)", lambda m: "小于"),
    rule(r"(?<=[A-Za-z])\.(?=[A-Za-z])", lambda m: "点", before=r"[a-z]"),
    rule(r"[%&+=@±≥≤≈÷→°²³¥￥$€£×Ω℉‰]", lambda m: SYMBOLS[m[0]]),
    rule(r"\s*[-−–]\s*", lambda m: "，", before=r"[^A-Za-z]"),
    rule(r"\s+[-−–]\s+", lambda m: "，"),
    rule(r"[-−–](?![A-Za-z])", lambda m: ""),
    rule(r"[|｜·•※→]", lambda m: "，"),
)

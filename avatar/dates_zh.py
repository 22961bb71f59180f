"""Days, years, festivals and times of day as a Chinese host says them."""

import re

from avatar.numbers_zh import cardinal, digit_by_digit
from avatar.reading import Match, Rule, rule

TO = r"\s*[-~–—至]{1,2}\s*"
DAY_OF = r"[\u4e00-\u9fff]{1,2}节(?![省约目奏课能])"  # 女神节, 划算节
FESTIVAL = rf"(?={DAY_OF}|大促|活动|年中|购物|狂欢|当天|预售|期间|全球|好价|囤货|来了|必买|价保|主会场|晚会|返场)"


def _clock(hour: str, minute: str, second: str | None = None) -> str:
    spoken = ("两" if hour.lstrip("0") == "2" else cardinal(hour)) + "点"
    if int(minute) or second:
        spoken += ("零" if minute[0] == "0" and minute != "00" else "") + cardinal(minute) + "分"
    if second:
        spoken += ("零" if second[0] == "0" and second != "00" else "") + cardinal(second) + "秒"
    return spoken


def _is_ratio(m: Match) -> bool:
    """`1:50` is a mixture, not a time of day, beside words of mixing and scores."""
    words = "[水料液浓度配]比|比例|稀释|配比|兑|比分|混合|勾兑|调配"
    before, after = m.string[max(0, m.start() - 8) : m.start()], m.string[m.end() : m.end() + 6]
    scaled = re.match(r"[\u4e00-\u9fff]{0,2}(?:车模|模型|手办|仿真|缩小|复刻)", after)  # 1:18合金车模
    return bool(scaled or re.search(rf"(?:{words})[^，。]*$", before) or re.match(rf"[的\s]?(?:{words})", after))


def _time(m: Match) -> str | None:
    if int(m["h"]) > 24 or int(m["m"]) > 59:
        return None
    first = _clock(m["h"], m["m"], m["s"])
    return f"{first}到{_clock(m['h2'], m['m2'])}" if m["h2"] else first


def _date(m: Match) -> str | None:
    if not (1 <= int(m["m"]) <= 12 and 1 <= int(m["d"]) <= 31):
        return None
    return f"{digit_by_digit(m['y'])}年{cardinal(m['m'])}月{cardinal(m['d'])}日"


def _month_day(m: Match) -> str | None:
    """`9/10起`, `8.15-8.20`: only where the words around it speak of days."""
    if not (1 <= int(m["m"]) <= 12 and 1 <= int(m["d"]) <= 31):
        return None
    first = f"{cardinal(m['m'])}月{cardinal(m['d'])}日"
    return f"{first}到{cardinal(m['m2'])}月{cardinal(m['d2'])}日" if m["m2"] else first


def _festival(m: Match) -> str | None:
    """`818狂欢节`, `9.9大促`: a day of the year that lends a sale its name; `50活动` is none."""
    day = m["d"]
    if day.startswith("0") or int(day) > 31 or (len(day) == 1 and day != m["m"] and m[0] not in ("38", "3.8")):
        return None
    return digit_by_digit(m["m"] + day)


def _fractions(m: Match) -> str | None:
    """`1/2-2/3`: two small fractions, both less than one, are no days."""
    low, of_low, high, of_high = (int(m[i]) for i in range(1, 5))
    if not (low < of_low <= 10 and high < of_high <= 10):
        return None
    return f"{cardinal(m[2])}分之{cardinal(m[1])}到{cardinal(m[4])}分之{cardinal(m[3])}"


DATES: tuple[Rule, ...] = (
    rule(
        rf"(\d)/(\d{{1,2}}){TO}(\d)/(\d{{1,2}})(?![\d/])(?!期间|活动|有效|发货|预售|开)",
        _fractions,
        before=r"(?:^|[^\d/])",
    ),
    # dates, years, festivals
    rule(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)日?", _date),
    rule(
        r"((?:19|20)\d\d)[-/.](0[1-9]|1[0-2])(?![\d元块万])(?=[^A-Za-z0-9%]|$)月?",
        lambda m: f"{digit_by_digit(m[1])}年{cardinal(m[2])}月" if m[0][4] != "." else None,
    ),
    rule(
        r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?![\d.元块件])",
        _date,
        before=r"(?:^|[^\d.,A-Za-z])",
    ),
    rule(
        rf"((?:19|20)\d\d){TO}((?:19|20)\d\d)(?=年|赛季|款)",
        lambda m: f"{digit_by_digit(m[1])}到{digit_by_digit(m[2])}",
    ),
    rule(
        r"(?:19|20)\d\d(?=\s?(?:年(?!前|后|来|间)|[新春夏秋冬款届版]|级(?!能效)|双1|618|年度|财年|赛季|Q[1-4]|最新|升级))",
        lambda m: digit_by_digit(m[0]),
    ),
    # a year of two digits (24年新款), unlike so many years (25年老店)
    rule(
        r"\d\d(?=年(?:\d{1,2}月|双1|618|[新春夏秋冬]|款|出厂|生产|上市|产|年初|年底|[一上下]半年))",
        lambda m: digit_by_digit(m[0]),
        before=r"(?:^|[^\d.,])",
    ),
    rule(
        r"(?:1[0-9]|20)\d\d(?![\d.,]|\s?[元块万人个件份家道项多余])",
        lambda m: digit_by_digit(m[0]),
        before=r"(?:始于|创立于|成立于|创于|创建于|建于|诞生于|始创|源自|自从?)\s?",
    ),
    rule(r"(?:[5-9][05]|[0-2]0)(?=后(?:[^天年个分小]|$))", lambda m: digit_by_digit(m[0]), before=r"(?:^|[^\d.])"),
    rule(r"双11", lambda m: "双十一"),
    rule(r"双12", lambda m: "双十二"),
    rule(rf"(?:11\.11|1111){FESTIVAL}", lambda m: "双十一"),
    rule(rf"(?:12\.12|1212){FESTIVAL}", lambda m: "双十二"),
    rule(rf"(?P<m>[1-9])\.?(?P<d>\d{{1,2}}){FESTIVAL}", _festival, before=r"(?:^|[^\d.,])"),
    rule(
        r"618(?![\d.,元块万人个件份])",
        lambda m: "六一八",
        before=r"(?:今年|去年|明年|每年|年中|京东|天猫|抖音|淘宝|错过|等到?|等不到)",
    ),
    rule(r"3\.?15(?=晚会|消费|打假)", lambda m: "三一五"),
    rule(r"3\.?8(?=节|女神|女王|妇女)", lambda m: "三八"),
    rule(r"5\.?1(?=假期|小长假|劳动节|黄金周)", lambda m: "五一", before=r"(?:^|[^\d.])"),
    rule(r"10\.?1(?=假期|国庆|黄金周)", lambda m: "十一", before=r"(?:^|[^\d.])"),
    rule(r"5\.?20(?=情人|告白|表白|礼|当天|活动|送|限定|特)", lambda m: "五二零"),
    rule(
        r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?![\d])(?:\s*[-~–—至到]{1,2}\s*(?P<m2>\d{1,2})[/.](?P<d2>\d{1,2})(?![\d]))"
        r"(?=[^\d元块万%a-zA-Z]|$)(?=期间|活动|有效|发货|可|有|预售|开|的|，|。|$)",
        _month_day,
    ),
    rule(
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?P<m2>)(?P<d2>)"
        rf"(?=起|前(?!\d)|号|开|截止|之前|当天|晚|早|上午|下午|到期|发货|上新|{DAY_OF})",
        _month_day,
    ),
    rule(
        r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?P<m2>)(?P<d2>)(?![\d元块万%折倍a-zA-Z])",
        _month_day,
        before=r"(?:截止到?|截至|日期[：:]?|有效期至|保质期至|于)\s*",
    ),
    rule(
        r"(?P<h>\d{1,2})[:：](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?!\d)"
        r"(?:\s*[-~–—至到]{1,2}\s*(?P<h2>\d{1,2})[:：](?P<m2>[0-5]\d)(?!\d))?",
        lambda m: None if _is_ratio(m) else _time(m),
    ),
)

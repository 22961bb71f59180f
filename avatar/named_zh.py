"""Digits that are names and not amounts: telephones, codes after their word, rooms, grades of metal, brands."""

import re

from avatar.numbers_zh import cardinal, digit_by_digit
from avatar.reading import Match, Rule, rule
from avatar.units import alternatives

# Words after which digits are spelled. Before 号 and 码 stands what is numbered, so that 3号 and 尺码 stay out.
NUMBERED = (
    r"(?:编号|货号|款号|型号|订单号?|单号|批号|批次|尾号|QQ群?|微信号?|群号|房间号|直播间号?|口令|编码|条码|邮编|热线|电话|座机|传真|手机|拨打|致电|密码|分机"
    r"|(?:验证|取件|提货|取货|邀请|优惠|兑换|推荐|核销|激活|识别|追踪|暗|防伪|商品|产品|身份|追溯)码"
    r"|(?:许可证|备案|注册证|批准文|准字|工|学|座位|车牌|航班|车次|会员|卡|账|帐|门牌|序列|机身|流水|发票|色|链接编|报告编|证书编|专利)号?"
    r"|(?<![A-Za-z])(?:SKU|sku|ID|id|SN|UID))(?:号|码|是|为|[：:#\s]){0,3}"
)
# Numbers that the trade calls by their digits, or by a word of their own.
TRADE_NAMES = {
    "88VIP": "八八VIP", "58同城": "五八同城", "361°": "三六一度", "361度": "三六一度", "1688": "一六八八",
    "8848": "八八四八", "7-11": "七十一", "7-Eleven": "七Eleven", "51Talk": "五一Talk",
}  # fmt: skip
HOTLINE = r"(?:12315|12345|12306|10086|10010|95\d{3})"
MATERIAL = r"(?:铝|不锈钢|精钢|钢|食品级|医用|钛|合金)"


def code_digits(digits: str) -> str:
    """Digits of a model code: short ones and round hundreds as a number, the rest one by one with 幺."""
    if len(digits) > 1 and digits[0] == "0":
        return digit_by_digit(digits, one="幺")
    if (
        len(digits) < 3
        or (len(digits) == 3 and digits.endswith("00"))
        or (len(digits) in (4, 5) and digits.endswith("000"))
    ):
        return cardinal(digits)
    return digit_by_digit(digits, one="幺")


def _spelled(m: Match) -> str:
    return digit_by_digit(re.sub(r"\D", "", m[0]), one="幺")


NAMED: tuple[Rule, ...] = (
    rule(
        rf"(?:{alternatives(TRADE_NAMES)})(?![\dA-Za-z.,:：/元块件个])",
        lambda m: TRADE_NAMES[m[0]],
        before=r"(?:^|[^\d.,A-Za-z¥￥$])",
    ),
    # telephones
    rule(r"1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)", _spelled, before=r"(?:^|[^\d])"),
    rule(
        r"(1[3-9]\d)\*{4}(\d{4})(?!\d)",
        lambda m: digit_by_digit(m[1], one="幺") + "星星星星" + digit_by_digit(m[2], one="幺"),
    ),
    rule(r"[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}(?!\d)", _spelled, before=r"(?:^|[^\d])"),
    rule(r"0\d{2,3}[-\s]\d{3,4}[-\s]?\d{4}(?!\d)", _spelled),
    rule(
        rf"{HOTLINE}(?![\d.,A-Za-z+%]|\s?[\u4e00-\u9fff](?<![，。的是找查转电热投]))",
        _spelled,
        before=r"(?:^|[^\d.,])",
    ),
    rule(r"110|119|120|114", _spelled, before=r"(?:拨打|打|报警|拨)"),
    # codes after the word that names them: 验证码8842, SKU:30291, 取件码8-2-3056
    rule(r"\d{1,3}-\d{1,3}-\d{3,}(?!\d)|\d{3,}(?![\d.])(?:-\d{3,}(?!\d))*", _spelled, before=NUMBERED),
    rule(r"\d{3,4}(?=室|号?房间?(?![价型])|号桌|次列车|次航班)", _spelled, before=r"(?:^|[^\d.,])"),
    # grades and shades: 304不锈钢, 6061铝合金, S925银, 999色号
    rule(rf"(\d{{3,4}})(?=[A-Z]?{MATERIAL})", _spelled, before=r"(?:^|[^\d.,])"),
    rule(r"(?:925|999|990|9999|750)(?=纯?银|足?[金银]|千足|黄金)", _spelled),
    rule(r"\d{3}(?=色)", _spelled, before=r"(?:口红|唇釉|唇膏|唇泥|粉底液?|眉笔|腮红)\s?"),
    rule(r"\d{2,4}(?=色号|系列|号色)", lambda m: _spelled(m) if len(m[0]) > 2 else None, before=r"(?:^|[^\d.,A-Za-z])"),
)

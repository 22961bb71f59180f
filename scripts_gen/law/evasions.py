"""The tricks that hide forbidden words from a list: invisible and split characters, sound-alikes, pinyin, old forms."""

import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\u034f\u180e\ufe0e\ufe0f]")
_ORNAMENT = re.compile(
    r"(?<=[一-鿿])[\s.·•・*_\-~|\\^#=+✦★☆♥●○◆◇■□▲△※→✨🔥💥❗\U0001f300-\U0001faff\u2600-\u27bf]*"
    r"[·•・*_~|\\^✦★☆♥●○◆◇■□▲△※✨\U0001f300-\U0001faff\u2600-\u27bf]"
    r"[\s.·•・*_\-~|\\^#=+✦★☆♥●○◆◇■□▲△※→✨\U0001f300-\U0001faff\u2600-\u27bf]*(?=[一-鿿])"
)
# A blank or stroke counts as a trick only beside a character that stands alone: "黑/白" is a list either way, but
# "全网 包邮" is two words.
_SINGLE = re.compile(
    r"(?:(?<=^[一-鿿])|(?<=[^一-鿿][一-鿿]))[\s./\-#=+、]+(?=[一-鿿])|"
    r"(?<=[一-鿿])[\s./\-#=+、]+(?=[一-鿿](?:[^一-鿿]|$))"
)
_LETTERS = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z][.·•*_\-\s]{1,2}){2,}[A-Za-z0-9](?![A-Za-z0-9])")

_OLD = str.maketrans(
    "網國級頂極絕對無獨優銷據價質療癒藥證瘦歲專為買賣產銷領導將軍隊區農業東樂萬與個這開關來說錢圖廣門問"
    "親誰麼線紅點陽陰癥腫臟頸壓脂養潤濕熱補腎肝臉膚護皺斑減肥豐蠱囯朂葯",
    "网国级顶极绝对无独优销据价质疗愈药证瘦岁专为买卖产销领导将军队区农业东乐万与个这开关来说钱图广门问"
    "亲谁么线红点阳阴症肿脏颈压脂养润湿热补肾肝脸肤护皱斑减肥丰蛊国最药",
)

# How each character of a forbidden word is disguised: by its sound or by one that sounds alike.
_SPELLED = {
    "最": ("zui", "蕞", "嘴", "醉", "罪"),
    "好": ("hao",),
    "佳": ("jia",),
    "低": ("di", "底"),
    "高": ("gao",),
    "强": ("qiang",),
    "便": ("pian", "bian"),
    "宜": ("yi",),
    "第": ("di", "弟", "帝"),
    "一": ("yi", "壹", "①"),
    "国": ("guo", "郭"),
    "家": ("jia", "j"),
    "级": ("ji", "j"),
    "全": ("quan", "q", "泉"),
    "网": ("wang", "w", "罔"),
    "顶": ("ding", "鼎"),
    "绝": ("jue", "决"),
    "对": ("dui",),
    "唯": ("wei", "惟", "维"),
    "独": ("du",),
    "根": ("gen",),
    "治": ("zhi", "冶"),
    "愈": ("yu", "癒"),
    "疗": ("liao", "z疗"),
    "特": ("te",),
    "供": ("gong", "贡"),
    "永": ("yong",),
    "久": ("jiu",),
    "保": ("bao",),
    "证": ("zheng",),
    "减": ("jian",),
    "肥": ("fei",),
    "美": ("mei",),
    "白": ("bai",),
    "百": ("bai",),
    "分": ("fen",),
    "销": ("xiao",),
    "量": ("liang",),
    "冠": ("guan",),
    "万": ("wan",),
    "能": ("neng",),
    "排": ("pai",),
    "毒": ("du",),
    "抗": ("kang",),
    "癌": ("ai",),
    "降": ("jiang",),
    "压": ("ya",),
    "糖": ("tang",),
    "药": ("yao",),
    "神": ("shen",),
    "收": ("shou",),
    "益": ("yi",),
    "稳": ("wen",),
    "赚": ("zhuan",),
    "本": ("ben",),
    "包": ("bao",),
    "过": ("guo",),
    "有": ("you",),
    "效": ("xiao",),
    "无": ("wu",),
    "祛": ("qu", "去"),
    "斑": ("ban",),
    "病": ("bing",),
    "史": ("shi",),
    "上": ("shang", "丄"),
    "极": ("ji",),
    "致": ("zhi",),
    "王": ("wang",),
    "牌": ("pai",),
    "首": ("shou",),
    "选": ("xuan",),
}
_WORDS = (
    "最好",
    "最佳",
    "最低",
    "最高",
    "最强",
    "最便宜",
    "第一",
    "国家级",
    "全网",
    "顶级",
    "绝对",
    "唯一",
    "独家",
    "根治",
    "治愈",
    "治疗",
    "治病",
    "特供",
    "永久",
    "保证",
    "减肥",
    "百分百",
    "销量",
    "销冠",
    "万能",
    "排毒",
    "抗癌",
    "降压",
    "降糖",
    "神药",
    "稳赚",
    "保本",
    "祛斑",
    "史上",
    "极致",
    "王牌",
    "首选",
    "全国第一",
)
# What follows decides whether these are disguised at all: 弟一家, 最底层.
_NEVER = {
    "弟一": re.compile("(?!家|个人|起|直|样|定|边)"),
    "最底": re.compile("(?!层|部|下|端|线|板|座|边|格)"),
}


def _pattern(word: str) -> re.Pattern[str]:
    """The word with one or more of its characters disguised, blanks between its sounds allowed."""
    parts = []
    for character in word:
        ways = _SPELLED.get(character, ())
        parts.append("(?:" + "|".join(map(re.escape, (character, *ways))) + ")")
    return re.compile("(?<![a-z])" + r"[ \-_.]?".join(parts) + "(?![a-z])", re.IGNORECASE)


_TRICKS = tuple((_pattern(word), word) for word in _WORDS)
_MAY_HIDE = re.compile("[A-Za-z①壹蕞嘴醉罪底弟帝郭泉罔鼎决惟维冶贡丄去]")
_OTHERS = (
    (
        re.compile(r"(?<![a-z])(?:no\.?|n[o0]\.?|top|№)\s*\.?\s*(?:1|one|一)(?![\da-z.%])", re.IGNORECASE),
        "第一",
    ),
    (re.compile(r"(?<![a-z])zui(?![a-z])", re.IGNORECASE), "最"),
    (re.compile(r"[蕞朂](?=[一-鿿])|[嘴醉罪](?=(?:便宜|先进|好用|好吃|划算|牛|优|新款?))"), "最"),
    (re.compile(r"第1(?![\d年月天届期代批次步件个位排层口款])"), "第一"),
    (re.compile(r"百分之(?:一百|百)|百分百|百份百|100\s?percent", re.IGNORECASE), "100%"),
)


def uncovered(text: str) -> str:
    """The text without the usual evasions: width, invisible characters, split words, pinyin and sound-alikes."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_OLD)
    plain = _SINGLE.sub("", _ORNAMENT.sub("", plain))
    plain = _LETTERS.sub(lambda found: re.sub(r"[^A-Za-z0-9]", "", found.group()), plain)
    if _MAY_HIDE.search(plain):
        for pattern, word in _TRICKS:
            plain = pattern.sub(lambda found, word=word: _told(found, word), plain)  # type: ignore[misc]
    for pattern, word in _OTHERS:
        plain = pattern.sub(word, plain)
    return plain


def _told(found: re.Match[str], word: str) -> str:
    guard = _NEVER.get(found.group())
    return found.group() if guard and not guard.match(found.string, found.end()) else word

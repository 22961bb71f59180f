"""What in a listing is not about the goods: orders to a machine, markup, contacts, hearsay, forbidden boasts.

Such stretches become line ends, character for character, before anything is read, so that spans still point into
the listing and no parser or model ever sees them. A listing is data; nobody's words in it are instructions.
"""

import re

from scripts_gen.adlaw import judge

LONGEST_BOAST = 30  # characters; in a longer run without a blank lawful facts stand beside the boast

# Whole blocks, wherever they stand.
_BLOCK = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|iframe|system|think)\b.*?(?:</\1>|$)|<[a-z]+[^<>]*\b(?:hidden|display:\s*none)"
    r"[^<>]*>.*?(?:</[a-z]+>|$)|</?(?!\s)[a-z|!/][^<>]{0,200}>|&lt;.*?(?:&gt;|$)|&#?\w{1,8};|```.*?(?:```|$)|\{\{.*?(?:\}\}|$)|"
    r"\{%.*?(?:%\}|$)|\[INST\].*?(?:\[/INST\]|$)|!\[[^\]]*\]\([^)]*\)",
    re.DOTALL | re.IGNORECASE,
)
# Data inside of prose; a listing that is JSON itself stays what it is.
_DATA = re.compile(r"\{[^{}]*[\"'][^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\"\w+\"\s*:\s*\[[^\]]*\]")
# From here to the end of the line somebody talks to a machine, or about the host.
_ORDER = re.compile(
    r"[【\[(（]?\s*(?:给|致)\s*(?:AI|主播|机器|模型)|忽略(?:以上|上面|前面|客服|之前)|(?:以下|下面)(?:是|为)?主播|"
    r"请?(?:大)?语言模型|仅供机器|(?:机器人|主播|AI|模型)(?:们)?(?:请|必须|必读|需|应|要|讲到|若|看到|机器人)|请主播|"
    r"讲解时主播|注意[:：]?.{0,12}(?:AI|模型|机器)|[【\[(（]?(?:管理员|系统|开发者)(?:注|消息|备注|公告|指令|[:：])|"
    r"#{2,}\s*(?:END|结束|指令)|\bEND\b\s*#|新(?:任务|指令)[:：]|用户消息到此|回答(?:所有|任何)问题|"
    r"(?:请)?(?:解码|破译)后|\[?\(?\s*(?:note|message)\s+to\s+(?:the\s+)?(?:ai|host|model)|\bignore\s+(?:everything|all|the|previous|above)|"
    r"\bas the host\b|\bhost (?:should|must|shall)\b|\[?hidden instruction|\b(?:begin|new)\s+system\b|"
    r"\bsystem\s*(?:message)?\s*[:：]|"
    r"\bLLM\b\s*[:：]|\b(?:tool|function)_call\b|\bassistant\s*[:：]|\(?decode (?:this|and)|do not summari[sz]e|"
    r"<\|?(?:im_start|im_end)",
    re.IGNORECASE,
)
# From here to the end of the line somebody tells what somebody said.
_HEARSAY = re.compile(
    r"(?:买家秀|好评|追评|差评|晒单|买家评价|用户评价|评论区?)\s*[:：]|用户@|@[\w一-鿿]{1,12}\s*[:：]|"
    r"(?:^|(?<=\s))(?:问|Q)\s*[:：].{0,60}?(?:答|\bA)\s*[:：]|\breviews?\s*[:：]|\bcustomer said\b",
    re.IGNORECASE,
)
# A stretch between blanks with one of these leads away from the shop, or is unreadable to people.
_AWAY = re.compile(
    r"微信|薇信|[vVＶ][xXＸ信]\s*[:：]?|公众号|[qQ](?:裙|群|扣)|淘?口令|扫码|进群|私下|线下自提|1[3-9]\d{9}|"
    r"https?:|www\.|\.(?:com|cn|net|top|shop|vip|xyz|link)\b|telegram|whatsapp|\bDM\b",
    re.IGNORECASE,
)
_CODED = re.compile(r"[A-Za-z0-9+/]{12,}|[A-Za-z0-9+/]{10,}==")
# A boast, a threat of scarcity or a blow at others that no host may pass on.
_NOISE = re.compile(
    r"最后\s*\d+\s*[件个单盒套]|已售\s*[\d.]+\s*万|马上涨价|手慢无|包拿奖|包升学|史[上丄]|[朂蕞]|错过(?:再等|就)|倒计时|别家都|"
    r"吊打|完爆|毒纸"
)
_SENTENCE = re.compile(r"[^.!\n]+")
_SHOUT = re.compile(r"only \d+ left|price doubles|doubles in \d|\d[\d,]{3,} sold|is garbage|explodes", re.IGNORECASE)
_RUN = re.compile(r"\S+")


def quarantined(listing: str) -> str:
    """The listing with every such stretch gone; as long as before."""
    text = _BLOCK.sub(lambda found: _blank(found.group()), listing)
    if not listing.lstrip().startswith(("{", "[")):
        text = _DATA.sub(lambda found: _blank(found.group()), text)
    for pattern in (_ORDER, _HEARSAY):
        text = "\n".join(_cut(line, pattern) for line in text.split("\n"))
    text = _SENTENCE.sub(lambda found: _blank(found.group()) if _SHOUT.search(found.group()) else found.group(), text)
    return _RUN.sub(lambda found: _blank(found.group()) if _unfit(found.group()) else found.group(), text)


def without_boasts(text: str) -> tuple[str, list[str]]:
    """The text without short stretches (between blanks) that the law forbids, and those stretches."""
    found = [run for run in _RUN.finditer(text) if len(run.group()) <= LONGEST_BOAST and _forbidden(run.group())]
    for run in found:
        text = text[: run.start()] + _blank(run.group()) + text[run.end() :]
    return text, [run.group() for run in found]


def _forbidden(run: str) -> bool:
    return judge(run).verdict == "ban"


def _blank(stretch: str) -> str:
    """As many line ends, so that no value can reach across the gap."""
    return "\n" * len(stretch)


def _cut(line: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(line)
    return line if found is None else line[: found.start()] + _blank(line[found.start() :])


def _unfit(run: str) -> bool:
    return bool(_coded(run) or _AWAY.search(run) or _NOISE.search(run))


def _coded(run: str) -> bool:
    """Whether a stretch looks like Base64: long, of both cases and digits, or filled up at its end."""
    found = _CODED.search(run)
    if found is None:
        return False
    rest = run[found.start() :]
    return "==" in found.group() or all(re.search(kind, rest) for kind in ("[a-z]", "[A-Z]", r"\d"))

"""Words that no table knows: names, ingredients and extras in a spoken line that share nothing with what is known."""

import re
from collections.abc import Iterator

from tests.second_reading import LEXICON

# who may stand before a title without being its maker
OURS = re.compile(
    r"(?:今天|今晚|我们|咱们?|大家|[你我他她它]们?|这|那|里|直播间|本店|小店|下一|刚才|想要|别人|家)[\u4e00-\u9fff]{0,3}$"
)
MAKER = re.compile(r"([\u4e00-\u9fff]{2,8})(?:的|这[支件副款间个双台顶把盏盒罐])$")
# what a thing is made of, by the last character of such words
STUFF = re.compile(
    r"(?!添油)[\u4e00-\u9fff](?:纤维|酸钠|酸钾|皮革|合金|涂层|[油漆绒麻杆瓷钢])(?=[、，。；：！？（(]|的(?!人)|做|和|加|材|$)"
)
# what a seller adds: the thing after these words must be known
GIVEN = re.compile(
    r"(?:自带|附赠|附(?!近)|赠送|另外送|(?<![一配])送(?![到去长同礼给你来])|采用|用的是|加了|含有|支持|带有|配有|还有一[次个份场]"
    r"|晚上有|里面有|能(?=[止治防抗降消缓刮改助]))([\u4e00-\u9fff]{2,8})"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]+|[A-Z]{2,})\b")
EVERYDAY = frozenset(str(LEXICON["everyday"]).split())


def strangers(line: str, title: str, known: str) -> Iterator[tuple[str, str]]:
    """(kind, piece) of the words of a line that share nothing with `known` (lower case) where they should."""
    low, name = line.lower(), title.lower()
    for match in re.finditer(re.escape(name), low):
        maker = MAKER.search(low[: match.start()])
        if maker and _shared(maker[1][-6:], known) < 0.5 and not OURS.search(maker[1]):
            yield "maker", maker[1]
    for match in STUFF.finditer(line):
        if match[0] not in known:
            yield "material", match[0]
    for match in GIVEN.finditer(line):
        if not _shared(match[1], known):
            yield "extra", match[1]
    chinese = bool(re.search(r"[\u4e00-\u9fff]", line))
    for match in (LATIN if chinese else NAME).finditer(line):
        word = match[0].lower()
        if word not in known and word not in EVERYDAY:
            yield "name", match[0]


def _shared(piece: str, known: str) -> float:
    """How much of the piece is known: the share of its pairs of neighbours that stand together there, too."""
    pairs = [piece[place : place + 2] for place in range(len(piece) - 1)]
    return sum(pair in known for pair in pairs) / len(pairs)

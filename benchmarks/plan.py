"""What both sides do: the same texts, the same counts, the same order."""

from dataclasses import asdict, dataclass

_SHEET = (
    "title: 白茶补水面膜\nbrand: 溪亭\nprice: 59\nlist_price: 99\n净含量: 25ml×10片/盒\n膜布: 天丝材质\n"
    "用法: 洁面后敷15分钟，每周2-3次\n"
    "保质期: 3年\n产地: 浙江湖州\nselling_points: 保湿补水，膜布轻薄服帖\npromotions: 拍2盒送旅行装洁面1支\n"
    "service: 七天无理由退货（未拆封），全国包邮，新疆西藏除外\n"
)
_TALK = (
    "观众：这个一盒有几片，敏感的时候能不能敷？\n主播：一盒十片，敏感的时候能不能敷资料里没有写，您先问问客服。\n"
    "观众：拍两盒送什么？\n主播：拍两盒送旅行装洁面一支，看清楚再下单。\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured. Lengths are tokens of the donor's vocabulary."""

    lengths: tuple[int, ...] = (294, 2048, 8000)
    fresh: tuple[int, ...] = (32, 100)  # tokens that are new when the product's prefix is cached
    decoded: int = 96
    batches: tuple[int, ...] = (1, 4, 8)
    repeats: int = 3
    threads: int = 2

    def to_json(self) -> dict[str, object]:
        """The plan for the other process."""
        return asdict(self)


TINY = Plan(lengths=(48,), fresh=(8,), decoded=4, batches=(1, 2), repeats=1)


def text_of(characters: int) -> str:
    """A product's facts and then a conversation about it, at least so long."""
    return _SHEET + _TALK * (characters // len(_TALK) + 1)

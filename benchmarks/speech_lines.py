"""What the voices say in the benchmark: the hard short clauses, and ordinary sentences of a show."""

from itertools import cycle, islice

CLAUSES = {
    "zh": {
        "one syllable": "好。",
        "7 syllables": "有的，现在就能拍。",
        "14 syllables": "这一款今天拍下，明天就能发货。",
        "22 syllables": "这款空气炸锅容量有五点五升，做一家四口的晚饭足够。",
        "40 syllables": "这款空气炸锅容量有五点五升，做一家四口的晚饭足够，"
        "不用翻面也能炸得很均匀，内胆拆下来就能冲洗。",
        "all digits": "13812345678",
        "English only": "Wireless charging, Type-C.",
        "English in Chinese": "这款 iPhone 手机壳支持 MagSafe 充电。",
        "emoji": "好看😀👍",
    },
    "en": {
        "one syllable": "Yes.",
        "7 syllables": "Yes, it is in stock today.",
        "14 syllables": "Order today and it ships tomorrow, for free.",
        "22 syllables": "The basket holds five and a half litres, enough for a family dinner.",
        "40 syllables": "The basket holds five and a half litres, enough for a family dinner, and you never have to "
        "turn the food, because the air reaches it from every side.",
        "all digits": "13812345678",
        "emoji": "Lovely 😀👍",
    },
}

_GOODS = {
    "zh": ("空气炸锅", "羊毛围巾", "陶瓷茶壶", "蓝牙耳机", "防晒衣", "保温杯", "儿童书包", "电动牙刷", "真皮钱包",
           "棉麻床单"),
    "en": ("air fryer", "wool scarf", "ceramic teapot", "bluetooth headset", "sun jacket", "vacuum bottle",
           "school bag", "electric toothbrush", "leather wallet", "linen sheet"),
}  # fmt: skip
_FRAMES = {
    "zh": (
        "宝宝们晚上好，先看这款{}。",
        "摸摸{}的表面，没有毛边，颜色也不飘。",
        "买{}的朋友不用怕，七天内不满意，包退。",
        "{}今天标价89.9元，满300减50。",
        "把{}放进包里，半天也不占地方。",
        "明白了，{}能不能送爸妈？能，包装盒很体面。",
        "每一件{}都配说明书，慢慢看。",
        "Bluetooth、Type-C 这些词，{}的页面上都写明白了。",
        "别忙着走，{}还有别的颜色。",
        "谢谢朋友们陪我把{}讲完。",
    ),
    "en": (
        "Good evening everybody, please meet the {}.",
        "Feel how smooth the {} is, and how bright the colours are.",
        "If the {} does not please you, bring it back within seven days.",
        "The {} is $29.95 today, and shipping is free.",
        "Put the {} in your bag; it takes up no space.",
        "Can the {} be a present for mum? Of course, the box is beautiful.",
        "Every {} comes with a manual, so take your time.",
        "Both sizes of the {} are on the product page.",
        "Before we move on, the {} has more colours.",
        "Thank you, my friends, for listening to the {} with me.",
    ),
}


def sentences(lang: str, count: int) -> list[str]:
    """`count` sentences of a language, at most 100 different ones."""
    pairs = [
        (frame, goods) for shift in range(10) for frame, goods in zip(_FRAMES[lang], _turned(lang, shift), strict=True)
    ]
    return [frame.format(goods) for frame, goods in islice(pairs, count)]


def _turned(lang: str, shift: int) -> list[str]:
    return list(islice(cycle(_GOODS[lang]), shift, shift + 10))

"""The words a host may add to the facts: address, manner, the shop window. A closed world.

A sentence of a model is covered when each of its words is either the product's own (it stands in the facts) or one of
these. 很香, "so comfy", 特别好用 are in neither: they claim something nobody stated, and no list of claims could name
them all. The lists hold no property of any product on purpose.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from scripts_gen.facts import ProductFacts
from scripts_gen.numerals import flat, numbers

_ZH_TEXT = """
我 你 您 他 她 它 咱 咱们 我们 你们 大家 大伙 朋友 朋友们 各位 姐妹 姐妹们 家人们 宝子们 老师 亲 自己 谁 人 的 地 得
了 着 过 呢 吧 吗 啊 呀 哦 哈 嘛 哟 啦 哎 嗯 诶 喔 这 那 这个 那个 这款 那款 这一款 这样 那样 这里 那里 这儿 那儿
这边 这会儿 一款 一件 一样 一下 一点 一会儿 一起 一步一步 一条一条 一项一项 一步 一眼 两眼 一遍 先 再 就 也 都 还 又
才 只 很 和 跟 与 或 或者 还是 而且 然后 所以 因为 如果 要是 的话 那么 其实 当然 不过 但 但是 既 同时 另外 对了 好
好的 好嘞 行 嗯嗯 来 去 到 在 有 是 要 想 让 给 把 被 对 向 从 用 为 请 叫 看 看看 看一看 看清 看清楚 看一眼 多看
细看 点 点开 点一下 点进 点进去 点击 选 选好 选一选 挑 挑一挑 拍 问 问我 问问 说 说说 讲 讲讲 讲完 聊 聊聊 想想 考虑
考虑好 了解 了解一下 知道 明白 清楚 弄清楚 对照 对着 核对 对一对 念 念给 告诉 告诉我 打 打在 发 留 留言 写 写着 写的
标 标着 听 听听 听我 等 等等 等一下 坐 坐下 进来 刚进来 刚来 过来 回来 回头 往前 往下 接着 继续 介绍 介绍一下 准备
开始 结束 欢迎 欢迎来到 谢谢 感谢 你好 您好 大家好 晚上好 喜欢 需要 感兴趣 有兴趣 合适 觉得 拿不准 不着急 不急 别急
别着急 不懂 不明白 慢慢 慢慢来 慢慢看 仔细 仔细看 随时 直接 平时 今天 今晚 现在 刚才 待会儿 以后 之前 之后 时候 时间
下面 上面 下方 屏幕 屏幕上 右下角 旁边 里 里面 上 下 中 后 前 外 商品 商品页 产品 宝贝 东西 这东西 卡片 链接 小黄车
页面 资料 详情 详情页 规格 款式 颜色 尺码 参数 信息 细节 说明 图片 价格 数量 订单 下单 付款 结算 结算页 客服 店里
店家 商家 评论 评论区 公屏 直播间 主播 问题 疑问 想法 需求 品牌 名字 牌子 哪 哪里 哪儿 哪一 什么 怎么 多少 几 为什么
怎样 如何 地方 部分 一项 一条 每一项 每一条 几样 几点 特点 点评 情况 家里 家 家人 出门 上班 回家 生活 日子 每天 每次
常 常常 经常 有时候 总 总是 可以看 可以点 可以直接 可以先 可以随时 可以问 可以慢慢 能看到 看到 看见 找到 记得 记一下
记住 收藏 加购物车 购物车 入手 带走 带回家 选择 决定 按 按照 照着 根据 以 为准 更 最后 首先 其次 主要 具体 详细 简单
帮 帮您 帮你 一定要看 关注 每 每片 每盒 每袋 每瓶 每包 每支 每条 每个 每件 每颗 片 盒 袋 瓶 包 支 条 个 件 颗 杯 双
套 罐 全 整 共 里头 里边 装 含 只有 一共
啥 呗 收尾 展示 份 款 件 些 个 位 种 样 次 回 步 点儿 些许 左右 大概 比如 例如 像 关于 方面
方式 时 今儿 来说 来看 来讲 看的 想要 想看 想问 想买 想了解 有需要 需要的 喜欢的 有哪 有什么 哪些 都可以问 喊我
叫我 找我 陪 陪着 给大家 给您 给你
"""
_EN_TEXT = """
a an the and or but so if then than as at by for from in into of off on onto out over to up with about after before
between during through until while i i'll i'm i've i'd me my we we'll we're us our you you'll you're your yours it
it's its this that these those they them their there here he she who whoever what what's which when where how why is
are was were be been being am do does did done have has had having can could may might will would shall should let
let's get got go going gone come comes coming came take takes taking took give gives given see look looks looking
looked watch check checking read reading ask asks asking asked tell tells say says said saying talk talking show
shows showing shown find think know want wants need needs like love tap click scroll pick choose order ordering add
type write send leave open compare wait stay sit join joined welcome hello hi hey thanks thank please okay ok well
now today tonight next again too also just one ones two first time times moment minute bit step steps way ways thing
things something anything everything everyone someone anyone people friend friends folks viewer viewers host live
stream show comment comments chat question questions details detail page pages card cart product item items listing
list option options size sizes color colors colour price shop store seller team picture pictures photo photos screen
link checkout below above take your easy slow slowly careful carefully along really quite very much many more most
some any each every both all other another same such only even still yet ever always often usually maybe perhaps
good great nice lovely fine glad happy sure-thing curious interested ready right left back down around away home
house day days week life morning evening night name called made make makes making use used using put keep feel free
start starting started begin end finish point points fact facts info information written stated listed
"""
_ZH_WORDS = frozenset(_ZH_TEXT.split())
_LONGEST = max(map(len, _ZH_WORDS))
_EN_WORDS = frozenset(_EN_TEXT.split())
_HANZI = re.compile(r"[㐀-鿿]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def beyond(text: str, facts: ProductFacts, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """The words of a sentence that neither the facts nor a host's small talk hold; empty when it is covered."""
    own = "\n".join([*(value for _, value in facts.items()), *(spec.name for spec in facts.specs), *extra])
    plain, known = flat(text).lower(), flat(own).lower()
    if not _HANZI.search(plain):
        words = {_stem(word) for word in _WORD.findall(known)}
        return tuple(word for word in _WORD.findall(plain) if word not in _EN_WORDS and _stem(word) not in words)
    counted = {place for number in numbers(plain) for place in range(number.start, number.end)}
    return tuple(_left(plain, known, counted))


def _left(plain: str, known: str, counted: set[int]) -> Iterable[str]:
    """Runs of hanzi that no cover reaches, found by the cover that leaves the fewest."""
    free = [not _HANZI.match(char) or place in counted for place, char in enumerate(plain)]
    size = len(plain)
    cost = [0] * (size + 1)
    step = [1] * (size + 1)
    for place in range(size - 1, -1, -1):
        cost[place], step[place] = cost[place + 1] + (0 if free[place] else 1), 1
        if free[place]:
            continue
        for width in range(1, min(12, size - place) + 1):
            piece = plain[place : place + width]
            if not ((width <= _LONGEST and piece in _ZH_WORDS) or (width >= 2 and piece in known)):
                continue
            if cost[place + width] < cost[place]:
                cost[place], step[place] = cost[place + width], width
    place, run = 0, ""
    while place < size:
        missed = step[place] == 1 and not free[place] and cost[place] == cost[place + 1] + 1
        if missed:
            run += plain[place]
        elif run:
            yield run
            run = ""
        place += step[place]
    if run:
        yield run


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s")
    for ending in ("ies", "es", "s", "ing", "ed"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word

"""Advertising law in context: what a host may not say, what needs evidence, and what only looks forbidden.

Judged after 广告法 (2021) articles 9, 16–18, 25, 28 and the enforcement guide on absolute terms
(广告绝对化用语执法指南, 2023), which allows such words when they point at no product or are plain facts (最大号).
Read second-hand: engineering input, no legal advice.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Ruling = Literal["ban", "evidence", "fine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one sentence: `why` names the words, `rewrite` is a lawful version, or empty."""

    verdict: Ruling
    why: str = ""
    rewrite: str = ""


_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\u034f\u180e]")
_SPLIT = re.compile(r"(?<=[一-鿿])[\s.·•*_\-~|/\\^#=+、]+(?=[一-鿿])")
_SOUNDALIKE = (
    ("zui", "最"),
    ("嘴好", "最好"),
    ("蕞", "最"),
    ("醉低", "最低"),
    ("嘴低", "最低"),
    ("醉好", "最好"),
    ("醉便宜", "最便宜"),
    ("di yi", "第一"),
    ("diyi", "第一"),
    ("弟一", "第一"),
    ("帝一", "第一"),
    ("no.1", "第一"),
    ("no1", "第一"),
    ("n0.1", "第一"),
    ("guojiaji", "国家级"),
    ("guo jia ji", "国家级"),
    ("国j级", "国家级"),
    ("国家ji", "国家级"),
    ("全wang", "全网"),
    ("quanwang", "全网"),
    ("quan wang", "全网"),
    ("juedui", "绝对"),
    ("绝dui", "绝对"),
    ("gen zhi", "根治"),
    ("根zhi", "根治"),
    ("zhi yu", "治愈"),
    ("治yu", "治愈"),
    ("ding ji", "顶级"),
    ("顶ji", "顶级"),
    ("百分百", "100%"),
    ("百分之百", "100%"),
    ("百分之一百", "100%"),
    ("最di", "最低"),
    ("最hao", "最好"),
)

# Looks like an absolute term and is none.
_LOOKALIKE = re.compile(
    r"最(?:大号|大(?:是|承重|功率|输出|容量|载|压力|深度|风量|支持|量程|吸力|高度|直径)|高(?:可|支持|温)|小号|大码|"
    r"小码|大尺寸|小尺寸|后|近|初|终|新款|多(?:可|能|只|买|拍|叠|选|"
    r"放|装|用|提前|\d)|少(?:要|得|需|买|拍|\d)|长(?:可|能)|高(?:可|能)?(?=\s*\d)|高温度|低温度|低(?:起订|消费)|"
    r"大(?=\s*\d)|"
    r"小(?=\s*\d)|快(?=\s*\d)|早(?=\s*\d)|晚(?=\s*\d)|外层|里层|上面|下面|左边|右边|前面|早一批|常见的(?:问题|"
    r"担心)|怕|担心|关心|想知道|想问|头疼|烦)"
    r"|最便宜(?=的?那?一?[袋件盒瓶只条双支])|第一(?:次|步|眼|时间|件|个|排|层|口|批|天|位|瓶|包|片|种|杯|款|双|台|"
    r"句|遍|道|代|章|节|课|页|季|行|组|本|"
    r"盒|条|名(?=下单|拍|进)|点(?!击))|第一，|第一、|第一:|"
    r"绝对(?:值|不(?:会)?(?:勉强|催|瞎说|乱说|敢)|地址)|最喜欢|最爱|顶级(?=域名)|永久(?=地址)|国家级(?=非遗)|"
    r"best (?:before|by|used|if|kept|stored|"
    r"served|wishes)|at best|do (?:my|our) best|"
    r"first (?:of all|time|step|thing|come|aid)|bestie|(?:my|your) favou?rite",
    re.IGNORECASE,
)
_BAN: tuple[tuple[str, str], ...] = (
    (
        r"最(?:好|佳|优|强|牛|棒|低价?|便宜|高级|高端|先进|受欢迎|安全|有效|流行|时尚|舒服|好用|好吃|好看|实惠|"
        r"划算|畅销|火|热销|权威|专业|顶|全|赚|正宗|纯|新技术|新科技|奢华|美|香|甜|"
        r"薄|轻|快|大|小|高|多|具|值|适合|完美|省|靠谱|牛逼|完整|豪华|漂亮|保暖|厚|软|耐用|合适|亲民|顶尖)",
        "absolute term 最",
    ),
    (r"(?:全网|全国|全球|世界|行业|销量|国内|亚洲|中国|类目|平台|抖音)?第一(?:名|品牌)?", "ranking 第一"),
    (r"(?:国家|世界|宇宙|全球|国际)级(?!非遗)", "absolute grade"),
    (
        r"顶级|顶尖|极品|极致|至尊|巅峰|王牌|领袖|之王|天花板|无敌|无与伦比|独一无二|绝无仅有|史无前例|前无古人|万能|"
        r"全能王|首屈一指|数一数二|永远的神|yyds",
        "absolute term",
    ),
    (r"唯一(?!原料|成分|配料)|独家(?!赠|优惠)|全网首|全国首|首选品牌|销冠|冠军产品|遥遥领先", "absolute term"),
    (
        r"全网(?:最|底价|低价|独家|销冠|都没有)|史上|历史(?:最低|新低)|底价|抄底|骨折价|跳楼价|清仓价|亏本|赔本|全城最",
        "price without a basis",
    ),
    (
        r"绝对|百分百|100%\s*(?:有效|安全|正品|不|无|纯天然|管用|好)|零风险|无风险|无副作用|没有副作用|零副作用|"
        r"无任何副作用|永不|永久|终身不|一辈子不|用一辈子|万无一失|包(?:治|好|瘦|白|"
        r"中)|保证(?:有效|不|瘦|白|见效|中)|无效退款",
        "guarantee of effect",
    ),
    (
        r"根治|治愈(?!系)|痊愈|包治百病|药到病除|祖传|秘方|神药|神器治|华佗|抗癌|防癌|治(?:疗|好|病|失眠|脚气|"
        r"鼻炎|便秘|咳|颈椎|腰)|疗效|降(?:血压|血糖|血脂|三高)|祛(?:病|湿毒)|"
        r"消炎|止痛|排毒|活血|通经络|疏通经络|壮阳|补肾",
        "medical effect",
    ),
    (
        r"特供|专供|国宴|中央|国家领导|军队|武警|人民大会堂|机关推荐|质量免检|国家免检|国家机关|央视(?:推荐|上榜)",
        "state organs",
    ),
    (r"稳赚|保本|保收益|躺赚|只涨不跌|升值|必过|包过|保过|包就业|提分\d*|考上", "promise of gain"),
    (
        r"全(?:世界|宇宙|中国|地球|海南|国最|城最|市最)|卖疯|人手一[件个台支]|谁来都|亏到底|不要钱|大牌原单|"
        r"大牌同厂|原单|闭眼(?:入|买|拿|冲)|再也(?:没有|不用|不会|不怕|买不到)|低到|"
        r"错过(?:就|再等)|马上(?:涨价|没)|最后一(?:次机会|天)|不买(?:后悔|亏)",
        "unfounded boast or pressure",
    ),
    (
        r"(?:除菌|杀菌|抑菌|抗菌|除螨|杀螨|去渍|净化|有效)率?(?:高达|达到?|为)?\s*(?:100|99(?:\.\d+)?)\s*%|(?:100|"
        r"99(?:\.\d+)?)\s*%(?:除|杀|抑|抗|"
        r"去|修复|有效)",
        "absolute figure without a test",
    ),
    (
        r"终身|一辈子|到退休|用(?:十|二十|几十)年|穿不烂|磨不破|不会坏|绝不|随便(?:摔|砸|泡水|闻|喝|吃都)|百病|"
        r"宇宙|立马变|瘦\s*\d+\s*斤|(?:快|轻松|月)瘦|减肥|预防(?!针)|补脑|"
        r"益智|长高|断发再生|变聪明|不伤(?:膝|肝|胃|手|皮肤)|专家(?:一致|都|推荐)|医院(?:都|推荐|专用)|医生(?:都|"
        r"推荐)|明星都",
        "exaggerated effect or endorsement",
    ),
    (r"秒杀全网|碾压|吊打|完爆|别家都是|别人家都是垃圾|(?:某|那)(?:宝|东)都是假", "runs down others"),
    (r"纯天然无|不含任何|零添加任何|无任何(?:添加|化学|刺激)|孕妇放心|儿童放心随便", "absolute safety"),
    (
        r"(?:倒|减)(?:回|龄)\d+岁|逆转|冻龄|逆龄|七天美白|\d+天(?:见效|美白|瘦|变白|祛斑|逆)|立竿见影|一(?:抹|用|"
        r"喝|吃)(?:就|见)(?:白|瘦|好|效)|瞬间(?:变白|美白|瘦)|"
        r"越吃越瘦|躺瘦",
        "effect with a time",
    ),
    (
        r"(?<![\w'])(?:the )?(?:best|finest|greatest|cheapest|lowest price|safest|strongest|number (?:one|1)|no\.? ?1|"
        r"#1|zero damage|nothing (?:else )?(?:even )?comes close|hands down|makes (?:kids|you) smarter|"
        r"everyone(?:'s| is) (?:buying|going)|"
        r"twice as long|beats every|kills every|top[- ]rated|world'?s (?:best|first|finest)|world[- ]class|unbeatable|"
        r"unrivaled|unmatched|once in a lifetime|never before|the only one)(?![\w'])",
        "superlative",
    ),
    (
        r"(?<!\w)(?:guaranteed|risk[- ]free|100% (?:safe|effective|natural|guaranteed)|miracle|cures?|heals?|"
        r"detox(?:es)?|treats? (?:eczema|acne|pain|anxiety|arthritis)|no side effects|never (?:fails?|breaks?)|"
        r"unbreakable|for life|forever|fda[- ]approved|doctor recommended|vets swear|clinically proven|"
        r"instantly erases?|lose \d+ (?:pounds|lbs|kg))(?!\w)",
        "guarantee or medical effect",
    ),
)
_EVIDENCE: tuple[tuple[str, str], ...] = (
    (
        r"领先|首创|首发|创新高|热销|爆款|畅销|销量|好评率|回购率|复购|网红|明星同款|口碑",
        "sales or ranking: name the source",
    ),
    (r"专利|认证|获奖|金奖|检测|实验|临床|有机|非遗|国标|进口", "proof: show the certificate"),
    (
        r"抗菌|抑菌|杀菌|除螨|防晒|抗皱|美白|祛斑|祛痘|控油|修护|修复|舒缓|抗氧化|紧致|护眼|助眠|增强免疫|提高免疫|"
        r"补钙|低敏",
        "effect: show the test or the registration",
    ),
    (r"天然|零添加|无添加|0添加|无糖|零糖|低脂|零卡|不含", "composition: show the label"),
    (r"原价|专柜价|市场价|划线价|吊牌价", "price comparison: name the basis"),
    (r"限量|限时|仅剩|只剩|最后\d+|前\d+名", "scarcity: show the number or the end"),
    (
        r"(?<!\w)(?:patented|certified|award[- ]winning|clinically|dermatologist|lab[- ]tested|organic|antibacterial|"
        r"hypoallergenic|all[- ]natural|bestsell\w*|best[- ]seller|compare at|msrp|was \$)(?!\w)",
        "needs a source",
    ),
)
_PACKS: tuple[tuple[str, str, Ruling, str], ...] = (
    (
        r"食品|零食|茶|酒|饮料|生鲜|粮油|水果|food|snack|tea|coffee|sauce",
        r"养生|(?<!非)保健(?!食品)|养胃|润肺|润喉|美容养颜|减肥|瘦身|祛湿|清火|降火|清热|抵抗力|免疫力|助消化|"
        r"boosts? immunity|"
        r"burns? fat|weight loss|slimming",
        "ban",
        "ordinary food claims no health effect",
    ),
    (
        r"保健|营养|膳食|supplement",
        r"代替药|治|医生(?:推荐|都)|药效|预防.{0,4}病|prevents? disease",
        "ban",
        "health food claims no treatment",
    ),
    (
        r"美妆|护肤|个护|洁面|面膜|beauty|skincare|cosmetic",
        r"药妆|医学护肤|医用|祛疤|生发|丰胸|溶脂|换肤|细胞再生|干细胞|激活细胞|cell regeneration|medical[- ]grade",
        "ban",
        "a cosmetic claims no medical effect",
    ),
    (r"医疗|器械|药|medical", r"安全|有效率|治愈率|推荐|康复", "ban", "medical goods promise nothing"),
    (r"金融|理财|保险|投资|finance", r"收益|回报|涨|保底|无忧|return", "ban", "finance promises nothing"),
    (
        r"教育|课程|培训|education|course",
        r"保证|提分|升学|名师押题|通过率|guarantee",
        "ban",
        "education promises no result",
    ),
    (
        r"(?<!店)酒(?!店)|wine|beer|spirits",
        r"喝了(?:解|不醉|暖)|助兴|驱寒|喝了.{0,4}开车|(?<!有害)健康(?:酒|养生)|一口闷|不上头|不伤(?:肝|身)",
        "ban",
        "alcohol: no invitation, no effect",
    ),
    (r"婴|奶粉|formula", r"(?:媲美|超越|接近|等同)母乳|as good as breast milk", "ban", "no substitute for breast milk"),
)
_DENIED = re.compile(
    r"(?:不(?:能|敢|会|是|可以|喊|说|吹|保证|承诺|算|跟着|念|讲|代表)|没有|没|别信|不信|别|谈不上|哪有|哪敢|"
    r"不代替|不治|不|无法|not|n't|no|never|"
    r"cannot)[^，。！？；,.!?;]{0,8}$",
    re.IGNORECASE,
)


_DISOWNED = re.compile(
    r"^[^，。！？；,.!?;]{0,6}(?:(?:这|那)(?:种|句|些|个)?(?:话|词|说法)?|的话)?[^，。！？；,.!?;]{0,4}(?:不能说|"
    r"不敢(?:说|讲|喊|认)|不算数|不作数|"
    r"我?不认|不归|不在|没依据|没有依据|谈不上|说不得|不成立|归)",
)


def uncovered(text: str) -> str:
    """The text without the usual evasions: width, invisible characters, split words, pinyin and sound-alikes."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    while (joined := _SPLIT.sub("", plain)) != plain:
        plain = joined
    for trick, word in _SOUNDALIKE:
        if trick[0].isascii():
            plain = re.sub(rf"(?<![a-z]){re.escape(trick)}(?![a-z])", word, plain, flags=re.IGNORECASE)
        else:
            plain = plain.replace(trick, word)
    return re.sub(r"第1(?![\d年月天届期代批])", "第一", plain)


def judge(text: str, category: str | None = None) -> Judgement:
    """The verdict of advertising law on one sentence about goods of a category."""
    plain = uncovered(text)
    hidden = [match.span() for match in _LOOKALIKE.finditer(plain)]

    def hit(pattern: str) -> re.Match[str] | None:
        for match in re.finditer(pattern, plain, re.IGNORECASE):
            if any(start <= match.start() < end for start, end in hidden):
                continue
            if _DENIED.search(plain[: match.start()]) or _DISOWNED.match(plain[match.end() :]):
                continue
            return match
        return None

    for pattern, why in _BAN:
        if found := hit(pattern):
            return Judgement(verdict="ban", why=f"{why}: {found.group()}", rewrite=rewritten(text))
    for goods, pattern, verdict, why in _PACKS:
        if category and re.search(goods, category, re.IGNORECASE) and (found := hit(pattern)):
            return Judgement(verdict=verdict, why=f"{why}: {found.group()}", rewrite=rewritten(text))
    for pattern, why in _EVIDENCE:
        if found := hit(pattern):
            return Judgement(verdict="evidence", why=f"{why}: {found.group()}", rewrite="")
    return Judgement(verdict="fine")


def rewritten(text: str) -> str:
    """The clauses of the text that stay lawful, in order; empty when none does."""
    kept: list[str] = []
    for clause in re.findall(r"[^，。！？；,!?;\n]+[，。！？；,!?;\n]*", text):
        plain = uncovered(clause)
        hidden = [match.span() for match in _LOOKALIKE.finditer(plain)]
        bad = any(
            not any(start <= match.start() < end for start, end in hidden)
            for pattern, _ in _BAN
            for match in re.finditer(pattern, plain, re.IGNORECASE)
        )
        if not bad:
            kept.append(clause)
    joined = "".join(kept).strip().rstrip("，,；;")
    if joined and joined[-1] not in "。！？.!?":
        joined += "." if joined.isascii() else "。"
    return joined

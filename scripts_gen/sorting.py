"""Into which field of the facts a piece of a listing belongs, by its label first and its words second."""

import re
from dataclasses import dataclass
from typing import Literal

from scripts_gen.listing import Part

BinKind = Literal["specs", "selling_points", "audience", "promotions", "service", "variants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The field of a piece; `name` is the spec's name."""

    kind: BinKind
    name: str = ""


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_SKIP_LABEL = _any(
    r"^(?:品名|商品名称?|名称|产品名称?|产品|标题|品牌|牌子|商标|编码|商品编码|sku|brand|name|title|vendor|店铺|"
    r"宣传语?|slogan|口号|系统.*|备注|note|客服|电话|微信|编号|价格?|售价|price|list|到手价?|直播价|活动价|"
    r"日常价?|原价|吊牌价?|划线价?|直播到手|tel|contact|tags?|category|类目|分类|Q|A)$"
)
_PROMO_LABEL = _any(r"优惠|活动|赠品?|促销|福利|promo|coupon|gift|offer|deal|bundle|下单送|拍送|送$|满赠|加购|换购")
_SERVICE_LABEL = _any(
    r"售后|服务|质保|保修|发货|物流|快递|退|运费|warranty|return|ship|delivery|refund|guarantee|配送$|邮"
)
_AUDIENCE_LABEL = _any(r"^(?:适合|适用)?(?:人群|肤质|对象|年龄)|适合肤质|适合$|适用人群|适用年龄|suit|for whom|who|age")
_VARIANT_LABEL = _any(
    r"^(?:颜色分类|颜色|色|花色|款式|尺码|口味|色号|配色|可选|香型可选|图案|规格可选|版本|colou?rs?|sizes?|"
    r"shades?|flavou?rs?|scents?|variants?|options?|style)$"
)
_POINT_LABEL = _any(r"^(?:卖点|特点|亮点|优势|特色|功能|features?|highlights?)$")

_NOISE = _any(
    r"https?:|www\.|微信|vx|电话|tel\b|\d{3,4}-\d{3,4}|忽略|指令|系统提示|assistant|chatbot|disregard|ignore|LLM|"
    r"AI应|运营备注|扫码|关注|接龙|截龙|加群|客服|店铺|旗舰店|搜索|谢谢|老板|宝贝|亲|^\d+$|复制|desc\b|copy\b"
)
_PROMO = _any(
    r"(?:拍|买|满|任选)\s*[\d一二两三四五六七八九十]+.{0,10}(?:送|赠|减|免|折|付|元|返)|送|赠|立减|满减|"
    r"第[二三23]\s*[件瓶盒袋双条只个]|半价|优惠券|券|折(?!叠|痕)|"
    r"[2-9两三四五六]\s*[件盒瓶袋包条双只套个罐箱支把]\s*(?:装)?\s*[￥¥]?\d{2,}|返\d|返现|秒杀|限量|限时|前\d+|"
    r"国补|以旧换新|换购|加购|定金|拼团|囤|凑单|"
    r"\bfree\b(?!.{0,12}(?:ship|post|deliver|return|of\b|from\b))|\b\d+\s?% off|\boff\b.{0,14}(?:code|with)|"
    r"coupon|code [A-Z]|\bbuy \d|\bbundle|\b[2-9] for\b|\b[2-9]-pack|half price|gift|FOC\b|until midnight|"
    r"early bird|pre-?order bonus"
)
_SERVICE = _any(
    r"包邮|七天|7天(?:内)?(?:无理由|退|可退|价保)|7日|无理由|运费险|运费|邮费|质保|保修|联保|整机.{0,4}年|换新|"
    r"包赔|包退|包换|退换|可退|不退|随时退|补发|赔|售后|发货|小时(?:内)?发|h内?发|天内发|当天发|次日达|顺丰|"
    r"京东物流|中通|圆通|韵达|到付|只换不修|退货|不支持退|开发票|上门|"
    r"\breturns?\b|refund|warranty|guarantee|\bships?\b|shipping|\bdeliver|\bpost(?:age)?\b|\bfree (?:ship|post|"
    r"deliver)|exchange|dispatch|cancel|Royal Mail|tracked|\bDel\b"
)
_AUDIENCE = _any(
    r"^(?:适合|适用(?:于|人群)?|专为|男女(?:同款|通用)|.{0,6}(?:人群|肤质|体质|肌肤|发质)(?:适用)?$|.{0,12}适用$|"
    r"\d+(?:\.\d)?\s*[-~到]\s*\d+\s*(?:岁|个月)|\d+\s*(?:个月|岁|周岁)\s*(?:以上|及以上|起|\+)|学生党|宝妈|上班族|"
    r"新手|成人|儿童|中老年)|不适(?:合|宜).{0,10}$|孕妇.{0,6}(?:禁|慎|勿|不)|"
    r"^(?:for |suit(?:s|able)|ideal for|great for|ages? ?\d|not (?:for|suitable)|men'?s|women'?s|unisex|adults?|"
    r"kids)|^\d+\s?\+$|\bages? \d+|\d+ (?:years )?and up"
)
_SIZE_LINE = re.compile(
    r"^(?P<name>(?:[2-6]?X{0,3}[SML]|均码|\d{2,3}(?:\.5)?)\s*码?)\s*[:： ]\s*(?=.*\d)", re.IGNORECASE
)
# 颜色 军绿/卡其/黑: choices named without a colon.
_CHOICE = _any(
    r"^(?P<name>颜色分类|颜色|色号|花色|配色|款式|口味|图案|香型|香味|尺码|码数|规格可选|色|colou?rs?|sizes?|"
    r"shades?|flavou?rs?|scents?)\s+(?P<value>\S.{2,60})$"
)
# 标准版 239, 1TB ￥499: a choice with its own price.
PRICED = _any(
    r"^(?:\d+[)）.]\s*)?[^\d￥¥$£€]{0,4}[\w一-鿿×*./×]{1,12}(?:[款版号码装寸]|cm|ml|g|G|TB|"
    r"L)?[^\d]{0,6}[ :：￥¥$£€]\s?\d{1,5}(?:\.\d{1,2})?\s?元?(?:（[^）]{1,12}）)?$"
)
_COLOURS = _any(
    r"^(?:[一-鿿A-Za-z]{1,5}[色蓝红绿白黑灰粉紫黄棕米杏橙青卡其咖驼金银]?\s*[/／、·|｜]\s*){1,}[一-鿿A-Za-z]{1,6}$"
)
# Words before a value that name it though no colon stands between: 净重 280g, 保质期3年, Weight 60g.
_NAMED = _any(
    r"^(?P<name>净含量|净重|毛重|重量|克重|容量|规格|尺寸|材质|面料|里料|里布|填充物?|充绒量|配料表?|成分|"
    r"主要成分|原料|产地|保质期|有效期|型号|货号|款号|功率|额定功率|电压|续航|电池|噪音|防水|承重|厚度|长度|宽度|"
    r"高度|直径|线长|刃长|总长|口味|香型|净度|糖度|果径|酒精度|度数|储存|保存|贮存|存放|用法|使用方法|使用|"
    r"食用方法|食用|冲泡|冲法|"
    r"注意事项|注意|提示|温馨提示|警示|禁忌|清洁|清洗|洗涤|洗护|护理|保养|执行标准|产品标准|认证|检测|适配|兼容|"
    r"接口|屏幕|内存|分辨率|亮度|蓝牙|充电|供电|档位|模式|温度|水温|包装|数量|件数|配件|附件|附|包含|含|不含|房型|"
    r"位置|地址|门店|预约|时段|可用时段|不可用|营业时间|营业|早餐|入住|退房|人数|鞋面|鞋底|内里|跟高|领型|衣长|"
    r"胸围|腰围|裤长|袖长|尺码建议|选码|生产日期|开盖后|开封后|未开封|过敏原?|工艺|"
    r"weight|size|volume|capacity|material|fabric|dimensions?|length|width|height|diameter|ingredients?|contains?|"
    r"care|storage|shelf life|best before|battery|power|ports?|origin|made in|contents?|includes?|"
    r"fits?)\s*[:：约为是在]?\s*(?P<value>\S.*)$"
)
_MEASURED = re.compile(
    r"\d+(?:\.\d+)?\s?(?:ml|mL|L|l|g|kg|KG|克|斤|公斤|千克|毫升|升|cm|mm|m|厘米|毫米|米|英寸|寸|W|w|V|mAh|Hz|dB|"
    r"Pa|℃|度|小时|h|分钟|min|天|个月|年|月|片|支|包|袋|颗|粒|抽|层|档|节|次|页|卷|件|只|枚|根|%|％|oz|fl oz|lb|"
    r"lbs|in|ft|inch|hours?|mins?|months?|years?|pcs|sqm|㎡|平米|晚|人|大\d?小)(?![A-Za-z])"
)
_CARE = _any(
    r"机洗|手洗|干洗|勿|不可|不要|不能|请|避免|冷藏|常温|避光|密封|阴凉|使用前|洗前|低温|晾|熨|烘|禁|wash|"
    r"dry clean|avoid|keep |store|do not|don't|not (?:for|dish|micro)|only\b|refrigerate|rinse|tumble"
)
# 吸力 5000Pa, 线长1.8m: a short name and its measure.
_LOOSE = _any(r"^(?P<name>[一-鿿]{1,5})\s*[:：]?\s*(?:约|≥|≤|<|>|±|最高|最大|不低于)?\s*\d")
_NAMES_EN = (
    (r"wash|dry|clean|iron", "Care"),
    (r"refrigerat|store|keep", "Storage"),
    (r"\boz\b|\blb|\bkg\b|\bg\b", "Weight"),
    (r"\bml\b|\bl\b", "Volume"),
    (r"\bin\b|inch|cm|mm|ft", "Size"),
    (r"hour|hr|min", "Time"),
    (r"mAh|battery", "Battery"),
    (r"\bW\b|watt", "Power"),
    (r"contain|allerg", "Allergens"),
)
_NAMES_ZH = (
    (r"洗|烘|熨|晾", "洗护"),
    (r"冷藏|常温|避光|密封|阴凉", "储存"),
    (r"勿|不可|不要|不能|禁|避免|请", "注意事项"),
    (r"小时|分钟", "时间"),
    (r"个月|保质", "保质期"),
    (r"ml|mL|毫升|升|\dL", "容量"),
    (r"kg|克|斤|\dg", "重量"),
    (r"cm|mm|厘米|毫米|寸|×|\*", "尺寸"),
    (r"W|瓦", "功率"),
    (r"mAh", "电池"),
    (r"片|支|包|袋|颗|粒|抽|件|只|枚", "数量"),
)
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("酒店旅行", r"酒店|民宿|住宿|入住|双床|大床|跟团|门票|景区|\bhotel\b|\bcabin\b|\btour\b"),
    ("本地生活", r"代金券|次卡|到店|团购券|体验课"),
    ("母婴用品", r"婴儿|宝宝|奶瓶|纸尿|儿童安全|\bbaby\b|toddler"),
    ("宠物用品", r"猫粮|狗粮|宠物|猫砂|\bdog\b|\bcat\b|\bpet\b"),
    ("美妆护肤", r"面膜|精华|口红|粉底|面霜|洁面|乳液|防晒霜|眼影|serum|lipstick|moisturi[sz]er|skincare"),
    ("个护清洁", r"洗发|沐浴|牙膏|牙刷|洗衣|纸巾|湿巾|shampoo|toothpaste|soap"),
    ("食品饮料", r"配料|零食|坚果|咖啡|茶叶|牛奶|饼干|酱|粽|米粉|\bsnack|\bcoffee\b|\btea\b|sauce|chocolate"),
    ("服饰鞋包", r"面料|衬衫|T恤|裤|裙|外套|鞋|背包|羽绒服|\bshirt\b|jacket|shoes|dress\b|\bbag\b"),
    ("家用电器", r"功率|电饭煲|吹风机|吸尘器|烤箱|加湿器|净化器|blender|vacuum|kettle"),
    ("数码", r"蓝牙|充电宝|耳机|键盘|显示器|手机|平板|mAh|bluetooth|keyboard|headphone|power bank"),
    ("家居日用", r"床单|被|枕|收纳|锅|杯|刀|毛巾|窗帘|cushion|candle|mug|towel|curtain|skillet"),
    ("运动户外", r"帐篷|瑜伽|跑步|露营|登山|骑行|鱼竿|yoga|camping|hiking|running"),
)


_FEATURE = _any(
    r"可(?:拆|折|调|冲|叠|水洗|机洗|旋转|充|视|站|躺|收|挂|升降)|即食|双面|双层|无(?:痕|骨|线|叶|绳|蔗糖|添加|香|"
    r"硅油|荧光|钢圈|感|缝|胶)|不(?:含|粘|掉|起球|勒|卡|沾|硌|伤|跑)|免(?:烫|打孔|安装|洗|熨)|自动|一键|智能|"
    r"轻(?:便|薄|盈)|柔软|软糯|亲肤|加厚|加绒|"
    r"静音|弹力|高腰|手工|现磨|现做|现摘|原切|透气|吸汗|速干|防(?!伪)|耐|保温|保暖|便携|大容量|磁吸|降噪|快充|"
    r"保湿|补水|控油|温和|清爽|细腻|酥脆|香|鲜|爽|嫩|厚实|蓬松|显|百搭|通用|多功能|两用|三合一|二合一|环保|食品级|"
    r"食品接触|独立包装|小包装|含果肉|纯手工|实木|全棉|纯棉|真皮|头层|精梳|"
    r"soft|light(?:weight)?\b|breathable|waterproof|water-?resistant|quiet|non-?stick|non-?slip|anti|foldable|"
    r"folding|adjustable|removable|reusable|rechargeable|wireless|handmade|hand-?made|hand (?:poured|cut)|organic|"
    r"vegan|gluten|fragrance|-free\b|\bno [a-z]+|easy|quick|fast|double|reflective|recycled|insulated|cushion|"
    r"smok|fresh|natural|pre-?\w+ed|fits? |works? (?:on|with)|stack|leak"
)


def sort_of(part: Part) -> Bin | None:
    """The field a piece belongs to, or None when it is no fact (slogans, money alone, contacts, notes)."""
    text = part.text.strip()
    if not text or (_NOISE.search(text) and len(text) < 40):
        return None
    if part.label:
        return _by_label(part, text)
    if size := _SIZE_LINE.match(text):
        return Bin(kind="specs", name=size["name"].strip())
    if len(text) > 90:
        return None
    if _PROMO.search(text) and not _any(r"^(?:不|无)送|不支持|送货|送到|配送").search(text):
        return Bin(kind="promotions")
    if _SERVICE.search(text):
        return Bin(kind="service")
    if _AUDIENCE.search(text) and len(text) < 30:
        return Bin(kind="audience")
    if (
        (choice := _CHOICE.match(text))
        and re.search(r"[/／、,，|｜·\s]", choice["value"])
        and not re.search(r"\d\s*[-~x×*]\s*\d", text)
    ):
        return Bin(kind="variants", name=choice["name"])
    if (named := _NAMED.match(text)) and len(text) < 60:
        return Bin(kind="specs", name=named["name"])
    if _COLOURS.match(text) and len(text) < 40:
        return Bin(kind="variants")
    if _only_money(text):
        return None
    if (loose := _LOOSE.match(text)) and len(text) < 40:
        return Bin(kind="specs", name=loose["name"])
    if _MEASURED.search(text) or _CARE.search(text):
        names = _NAMES_EN if text.isascii() else _NAMES_ZH
        name = next((name for words, name in names if re.search(words, text)), "Details" if text.isascii() else "规格")
        return Bin(kind="specs", name=name)
    if (
        _FEATURE.search(text)
        and 2 <= len(text) <= (16 if not text.isascii() else 48)
        and not re.search(r"[?？￥¥$]", text)
    ):
        return Bin(kind="selling_points")
    return None


def _by_label(part: Part, text: str) -> Bin | None:
    label = part.label
    if _SKIP_LABEL.match(label):
        return Bin(kind="promotions") if re.search(r"价|price", label) and _PROMO.search(text) else None
    if _only_money(text):
        return None
    if _POINT_LABEL.match(label):
        return Bin(kind="selling_points")
    if _VARIANT_LABEL.match(label):
        return (
            Bin(kind="variants")
            if len(text) < 80 and not re.search(r"\d\s*[-~x×*]\s*\d", text)
            else Bin(kind="specs", name=label)
        )
    if _PROMO_LABEL.search(label):
        return Bin(kind="promotions")
    if _SERVICE_LABEL.search(label):
        return Bin(kind="service")
    if _AUDIENCE_LABEL.search(label):
        return Bin(kind="audience")
    return Bin(kind="specs", name=label)


def _only_money(text: str) -> bool:
    """Whether a piece holds an amount and a price word and nothing else to keep."""
    left = re.sub(
        r"直播(?:间)?|到手价?|券后|价格?|售价|原价|日常|吊牌|划线|市场|活动|今日|今晚|现在?|[￥¥$£€]|RM|元|块|"
        r"\d+(?:[.,]\d+)*|/.|[\s:：()（）=→>-]|was|now|list|live|price|each|per|\w?价",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return (
        bool(re.search(r"\d", text))
        and len(left) <= 2
        and bool(re.search(r"[￥¥$£€元块价]|was|now|price|RM", text, re.IGNORECASE))
    )

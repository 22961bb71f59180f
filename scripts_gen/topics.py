"""What viewers ask about: for each topic its intent, how it is asked, and which facts answer it."""

import re
from dataclasses import dataclass
from typing import Literal

Intent = Literal[
    "price",
    "promotion",
    "spec",
    "usage",
    "size_fit",
    "stock",
    "shipping",
    "after_sales",
    "quality_doubt",
    "comparison",
    "chitchat",
    "off_topic",
    "abuse",
    "injection",
]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of questions: `asked` finds it in a comment, `named` in a spec's name, `told` in any fact's words."""

    name: str
    intent: Intent
    asked: re.Pattern[str]
    named: re.Pattern[str] | None
    told: re.Pattern[str] | None
    fields: tuple[str, ...]


def _topic(name: str, intent: Intent, asked: str, named: str = "", told: str = "", fields: str = "") -> Topic:
    def build(pattern: str) -> re.Pattern[str] | None:
        return re.compile(pattern, re.IGNORECASE) if pattern else None

    return Topic(name, intent, re.compile(asked, re.IGNORECASE), build(named), build(told), tuple(fields.split()))


# In order of preference: the first topics that match lead the answer.
TOPICS: tuple[Topic, ...] = (
    _topic(
        "shipping_fee",
        "shipping",
        r"包邮|补多少运|邮费|运费(?!险)|免邮|快递费|shipping (?:fee|cost)|free ship|postage|delivery (?:fee|cost)|"
        r"ship(?:ping)? free",
        r"运费|邮费|配送|物流|delivery|shipping",
        r"包邮|免邮|运费(?!险)|邮费|到付|ship|post\b|postage|delivery",
        "service promotions",
    ),
    _topic(
        "shipping",
        "shipping",
        r"发货|快递|啥时候发|能寄|寄不|能发|几天(?:能|可以)?(?:到|收)|能到(?:么|吗|不)|海外|电梯|多久(?:能|"
        r"可以)?(?:到|收|发)|"
        r"什么时候(?:能)?(?:发|到|收)|何时发|发什么|顺丰|寄到|发到|能发|"
        r"发(?!票|货票|烧|热|黄|霉)[^，。]{0,3}吗|明天(?:能)?到|ship|deliver|arrive",
        r"发货|物流|配送|快递|时效|delivery|shipping|dispatch|lead|processing",
        r"发货|小时(?:内)?发|天(?:内)?发|次日|隔日|顺丰|中通|圆通|韵达|申通|快递|物流|预售|包邮|ship|"
        r"dispatch|deliver|post\b",
        "service promotions",
    ),
    _topic(
        "invoice", "after_sales", r"发票|开票|专票|invoice|receipt", r"发票|invoice", r"发票|invoice|receipt", "service"
    ),
    _topic("insurance", "after_sales", r"运费险|退货运费", r"运费险", r"运费险", "service"),
    _topic(
        "returns",
        "after_sales",
        r"退(?!休|烧)|换货|换[一-鿿]{0,2}(?:行不|吗|不)|改期|改(?:到|下周|时间)|能换|可以换|无理由|不满意|不喜欢|"
        r"不合适|"
        r"return|refund|exchange|send (?:it )?back|"
        r"money back|cancel",
        r"退(?!房)|换|售后|取消|改期|return|refund|cancel",
        r"退(?!房)|换|无理由|取消|return|refund|exchange|cancel",
        "service",
    ),
    _topic(
        "warranty",
        "after_sales",
        r"质保|保修|保多久|坏了|管修|修不|保几年|保多少年|售后|维修|终身|修吗|warranty|guarantee|broken|breaks|"
        r"break down|repair",
        r"质保|保修|售后|联保|warranty|guarantee",
        r"质保|保修|联保|换新|只换不修|售后|包赔|warranty|guarantee|repair",
        "service",
    ),
    _topic(
        "damage",
        "after_sales",
        r"少了|裂|破洞|小洞|还赔|赔吗|赔不|破损|碎了|压坏|漏了|坏果|烂了|少发|发错|摔坏|damaged|arrives? broken|"
        r"missing|leak",
        r"破损|赔|售后|损坏",
        r"破损|碎|赔|补发|坏|损|damage|broken|replace|missing",
        "service",
    ),
    _topic(
        "gift",
        "promotion",
        r"送什么|送啥|有(?:什么|啥)?赠|赠品|送吗|送不送|有送|礼品|送几|送.{0,4}吗|gift|freebie|free (?:sample|"
        r"stuff|thing)|anything free|"
        r"comes? free",
        r"赠",
        r"送|赠|gift|free|FOC|bonus",
        "promotions",
    ),
    _topic(
        "promotion",
        "promotion",
        r"优惠|活动|打折|折扣|几折|满减|减多少|立减|券|怎么拍|拍[两二三2-9]|买[两二三一2-9]|第二|凑单|划算|叠加|"
        r"囤|discount|deal|coupon|promo|sale|code|"
        r"bundle|buy (?:two|2|three|3)|get (?:two|2)|% off",
        r"活动|优惠|规则|套餐|单件价",
        r"",
        "promotions",
    ),
    _topic(
        "price",
        "price",
        r"多少钱|[盒瓶袋件个的套份张位卷条双罐包只支共]多少[?？]?$|分别|要钱[不吗么]|收钱|加钱|要加[几多]|"
        r"合(?:下来|一|算)|太贵|好贵|贵了|付多少|全款|定金|尾款|多钱|\d+(?:\.\d+)?(?:元|块)?(?:是|到底)|"
        r"\d+ or \d+|多少米|"
        r"啥价|什么价|价格|价钱|几块|几钱|怎么卖|咋卖|怎么个卖|"
        r"卖多少|多少一|一.{1,2}多少|多少(?:银子|块)|几米|贵不贵|原价|日常价|现价|到手|how much|price|cost|\$\?|"
        r"¥\?|bucks|dollars",
        r"单价|单件价|房型|儿童价|成人价|票价",
        r"",
        "price list_price",
    ),
    _topic(
        "size",
        "size_fit",
        r"尺码|码数|腰\d|bust|waist|什么码|啥码|几码|哪个码|多大码|选码|偏大|偏小|穿多大|拍多大|拍什么码|"
        r"穿得(?:下|了)|能穿|适合.{0,4}斤|\d+\s*斤|体重|身高|"
        r"[12]\d\d\s*(?:cm|/|，|,|\s)\s*\d|\d\s*码|size|fit(?:s|ting)?\b|runs? (?:small|large|big)|tall|lbs?\b|xl\b",
        r"码|尺码|尺寸|选码|size|fit|chart|chest|length|girth|waist|身高|体重|腰围|胸围|脚长|鞋",
        r"码|尺码|size|fits?|true to size|size up|size down|cm|均码",
        "variants selling_points audience",
    ),
    _topic(
        "colour",
        "spec",
        r"颜色|什么色|啥色|几个色|有没有.{0,3}色|有.{1,2}色|色号|款式|花色|哪几款|几款|哪些款|哪些可选|几种|"
        r"colou?r|shade|black|white|"
        r"pink|blue|green|red\b",
        r"颜色|色号|花色|款式|图案|colou?r|shade",
        r"色|colou?r",
        "variants",
    ),
    _topic(
        "flavour",
        "spec",
        r"口味|味道|什么味|啥味|几种味|甜不甜|辣不辣|好吃|香味|气味|香型|辣|甜|咸|苦|flavou?r|taste|scent|smell|"
        r"spicy|hot is|sweet",
        r"口味|味道|香型|辣度|气味|口感|糖|甜|scent|flavou?r|heat|taste|notes|fragrance",
        r"味|辣|甜|香|flavou?r|scent|notes|heat",
        "variants selling_points",
    ),
    _topic(
        "shelf_life",
        "spec",
        r"保质期|过期|能放多久|放多久|日期新鲜|新鲜吗|生产日期|有效期|多久用完|expir|shelf life|best before|"
        r"how long (?:does it|will it|"
        r"do they) (?:last|keep)|valid",
        r"保质期|有效期|生产日期|开封|限用|赏味|best|expiry|shelf|validity|after opening",
        r"保质期|有效期|个月内|开封后|best before|best by|expires?|BBE|months from",
        "service",
    ),
    _topic(
        "storage",
        "usage",
        r"怎么(?:保存|存|放)|冷藏|冰箱|常温|储存|保存|冷冻|store|fridge|refrigerat|freez|keep it",
        r"储存|保存|贮存|存放|开封|storage|keep",
        r"冷藏|常温|避光|阴凉|密封|冷冻|refrigerat|store|keep|freez",
        "",
    ),
    _topic(
        "origin",
        "spec",
        r"产地|哪里(?:产|生产|做|的)|哪儿产|哪产|国产|进口|哪个厂|where.{0,12}(?:made|from|produced)|made in|"
        r"origin|imported",
        r"产地|原产|发货地|厂家|生产|门店|地址|origin|made|seller|grown",
        r"产地|原产|直发|made in|from|grown|poured in",
        "",
    ),
    _topic(
        "material",
        "spec",
        r"材质|面料|什么料|啥料|料子|什么做的|啥做的|纯棉|是棉|真皮|不锈钢|含棉|塑料|什么皮|里料|填充|什么绒|"
        r"material|fabric|made (?:of|out)|cotton|leather|"
        r"wool|plastic|metal|steel|wood",
        r"材质|面料|里料|里布|填充|内胆|外壳|鞋面|鞋底|成分|膜布|面层|工艺|材料|椅架|料|material|fabric|fill|"
        r"outer|shell|lining|sole|upper|wax",
        r"棉|皮|钢|丝|绒|麻|硅胶|木|玻璃|陶瓷|合金|cotton|leather|wool|steel|silicone|wood|linen|nylon|"
        r"polyester|ceramic",
        "selling_points",
    ),
    _topic(
        "ingredients",
        "spec",
        r"成分|配料|含什么|有什么料|添加|酒精|香精|防腐剂|荧光剂|糖|激素|色素|反式|钠|蛋白|热量|卡路里|大卡|脂肪|"
        r"ingredient|contain|alcohol|fragrance|sugar|"
        r"sodium|calorie|protein|allerg|nut|gluten|dairy|vegan|paraben|sulfate",
        r"成分|配料|原料|不含|添加|过敏|含量|营养|糖|蛋白|热量|能量|脂|钠|ingredient|contain|allergen|"
        r"nutrition|analysis|oils|free from|"
        r"calorie",
        r"无|不含|零|0|添加|成分|配料|含|free|no |vegan|contains?|ingredient",
        "selling_points",
    ),
    _topic(
        "amount",
        "spec",
        r"净含量|几(?:片|包|袋|支|只|个(?!月|小时|人|钟)|盒|条|双|瓶|块|张|颗|粒|斤|件|卷|册|本|节|次|晚|抽|罐)|"
        r"多少(?:片|包|袋|支|"
        r"只|个|克|毫升|ml|g\b|斤|条|瓶|张|粒|抽|页|节|件)|多重|"
        r"多大(?:一)?[瓶盒袋包罐]|规格|一[盒包袋箱套]有|克重|重量|重不重|沉不沉|重吗|容量|多少升|how many|"
        r"how heavy|weight|how big is the (?:bottle|jar|"
        r"bag)|volume|oz\b|capacity|pieces",
        r"净含量|净重|规格|数量|重量|克重|容量|件数|包装|片数|页数|每盒|毛重|充绒量|weight|volume|capacity|"
        r"contents|pack|quantity|size|"
        r"pieces|count",
        r"\d+\s*(?:片|包|袋|支|只|个|盒|条|双|瓶|块|张|颗|粒|斤|件|g|克|ml|毫升|kg|L\b|oz)",
        "",
    ),
    _topic(
        "dimension",
        "spec",
        r"尺寸|多大|多长|多宽|多高|多厚|直径|长宽|厘米|放得下|装得下|塞得|几寸|how (?:big|long|wide|tall|thick|"
        r"large|deep)|dimension|measure|"
        r"diameter|inch",
        r"尺寸|长|宽|高|厚|直径|大小|口径|英寸|屏幕|面积|收纳|展开|size|dimension|length|width|height|diameter|"
        r"thickness|depth",
        r"\d+\s*(?:[×xX*]\s*\d+|cm|mm|厘米|毫米|米|英寸|寸|in\b|inch|ft)",
        "variants",
    ),
    _topic(
        "power",
        "spec",
        r"功率|多少瓦|几瓦|耗电|费电|电压|伏|电流|watt|voltage|power\b",
        r"功率|电压|能效|耗电|power|voltage|watt",
        r"\d+\s*(?:W|瓦|V)\b",
        "",
    ),
    _topic(
        "battery",
        "spec",
        r"续航|充电|电池|待机|用多久|充一次|快充|毫安|几个小时|usb|type.?c|battery|charg|last on",
        r"续航|电池|充电|待机|接口|供电|电源|快充|容量|battery|charg|runtime|port|output|power",
        r"续航|充电|mAh|毫安|Type-?C|快充|battery|USB|charg",
        "selling_points",
    ),
    _topic(
        "noise",
        "spec",
        r"噪音|吵|声音大|静音|分贝|响不响|noise|noisy|loud|quiet",
        r"噪音|噪声|声音|静音|noise|sound",
        r"dB|分贝|静音|噪|quiet|noise|silent",
        "selling_points",
    ),
    _topic(
        "water",
        "spec",
        r"防水|泡水|下雨|淋雨|水洗|进水|洗澡|游泳|waterproof|rain|swim|shower|wet",
        r"防水|防护|耐水|防泼|水|water",
        r"防水|防泼|IPX?\d|水洗|怕水|淋雨|waterproof|water|IPX?\d|rain",
        "selling_points",
    ),
    _topic(
        "wash",
        "usage",
        r"机洗|洗衣机|手洗|怎么洗|能洗|可以洗|洗涤|掉色|缩水|起球|洗碗机|清洗|好洗|干洗|wash|dishwasher|clean|shrink|"
        r"pilling|iron\b|dryer",
        r"洗|清洁|护理|保养|熨|care|clean|wash",
        r"洗|清洁|擦|烘|熨|wash|clean|wipe|dry",
        "selling_points service",
    ),
    _topic(
        "install",
        "usage",
        r"安装|怎么装|组装|打孔|install|assembl|set ?up|mount",
        r"安装|组装|install|assembly|mount|setup",
        r"安装|组装|打孔|install|assembl|screw|mount",
        "service selling_points",
    ),
    _topic(
        "compat",
        "usage",
        r"兼容|支持|适配|苹果|安卓|iphone|android|mac\b|win|手机|车型|能连|电磁炉|明火|烤箱|微波|空气炸|洗碗|煤气|"
        r"compatib|works? (?:with|on)|"
        r"induction|oven|microwave|gas\b|support",
        r"兼容|适配|适用|支持|系统|接口|连接|炉|不适用|compat|hobs|works|system|fit",
        r"支持|适用|兼容|适配|免驱|可用|不可|电磁炉|微波|烤箱|洗碗机|compatible|works|induction|oven|"
        r"microwave",
        "selling_points audience",
    ),
    _topic(
        "usage",
        "usage",
        r"怎么(?:用|吃|喝|敷|冲|泡|煮|做|玩|操作|预约|约|使用|抹|涂|戴|兑|换)|咋(?:用|吃|喝|做|泡)|用法|用量|"
        r"一天(?:几|用|吃)|多久(?:用|换|一次)|几次|什么时候用|"
        r"先.{0,6}还是|每天|天天(?!气)|说明书|注意|how (?:do|to|often|should|long do)|use it|directions|"
        r"instructions|"
        r"apply|dose|per day|"
        r"book",
        r"用法|使用|用量|食用|冲泡|冲法|吃法|做法|步骤|操作|预约|更换|频率|注意|提示|警示|use|direction|"
        r"how|dose|feeding|serving|booking|"
        r"instruct|brew|apply",
        r"每天|每日|每周|分钟|使用前|洁面后|早晚|预约|取适量|use|apply|daily|minutes|per day|book",
        "",
    ),
    _topic(
        "people",
        "quality_doubt",
        r"孕|宝宝|小孩|孩子|婴儿|儿童|老人|敏感肌|敏感皮|油皮|干皮|混合|男生|男士|女生|学生|爸妈|妈妈|爸爸|几岁|"
        r"多大(?:能|可以|的孩子)|[\d一二两三四五六七八九十]+\s*周?岁|[\d一二两三四五六七八九十]+个月|适合|能用吗|"
        r"谁用|过敏|哺乳|"
        r"糖尿病|高血压|猫|狗|pregnan|baby|babies|kid|child|toddler|sensitive|oily|dry skin|men|women|senior|"
        r"age\b|years? old|"
        r"yo\b|suitable|dog|cat",
        r"适合|适用|人群|肤质|年龄|月龄|不适宜|不接待|注意|过敏|警示|安全|儿童|孕|提示|age|suitable|skin|who|"
        r"not for|safety|allerg|warning",
        r"适合|适用|人群|肤|岁|月龄|孕|儿童|婴|宝宝|男|女|老人|宠物|ages?|suitable|for |skin|kids|months",
        "audience selling_points",
    ),
    _topic(
        "proof",
        "quality_doubt",
        r"正品|真的假的|真假|是真的|靠谱|认证|证书|检测|报告|质检|授权|专利|备案|有效果|管用|有用吗|效果|genuine|"
        r"authentic|real deal|certif|tested|report|"
        r"legit|does it (?:really )?work|fda",
        r"认证|证书|检测|执行标准|备案|授权|资质|标准|报告|专利|产品标准|批号|cert|standard|tested|approval",
        r"认证|证书|检测|报告|标准|GB/?T|备案|正品|授权|国行|专利|certif|tested|CE\b|FDA|standard",
        "selling_points service",
    ),
    _topic(
        "package",
        "spec",
        r"包含|有哪些|都有什么|有什么东西|配件|附带|送线|带.{0,4}吗|含.{0,6}吗|含早|早餐|套餐.{0,4}(?:有|含)|"
        r"几个人|几人|what'?s in|include|come with|"
        r"comes with|accessor|in the box",
        r"包含|套餐|配件|附件|内容|清单|不含|早餐|人数|含|include|contents|box|accessor|not incl",
        r"含|配|附|送|赠|包含|includ|with|comes",
        "promotions selling_points",
    ),
    _topic(
        "when",
        "usage",
        r"周末|节假日|营业|几点|什么时间|哪天|预约|能去|可用时间|开门|weekend|holiday|opening hours|what time|"
        r"open (?:on|till|until)|blackout",
        r"时间|时段|营业|预约|不可用|限制|日期|节假|场次|hours|opening|blackout|days|booking|time",
        r"周[一二三四五六日末]|节假|预约|:\d\d|weekend|holiday|book",
        "service",
    ),
    _topic(
        "model",
        "spec",
        r"型号|哪款|参数|配置|什么系统|内存|处理器|分辨率|像素|屏幕|蓝牙|wifi|model|specs?\b|resolution|screen|"
        r"memory|processor|bluetooth",
        r"型号|参数|配置|系统|内存|处理器|分辨率|屏|像素|蓝牙|存储|芯片|model|resolution|screen|memory|"
        r"processor|bluetooth|ram|storage",
        r"蓝牙|bluetooth|GB|wifi|Wi-?Fi",
        "variants",
    ),
    _topic(
        "stock",
        "stock",
        r"有货|还有吗|还有没|有没有货|现货|断货|库存|还剩|剩多少|剩几|补货|什么时候上|抢不到|没货|卖完|in stock|"
        r"sold out|how many left|restock|any left|"
        r"available",
        r"库存|现货|预售",
        r"现货|预售|断货|售完|缺货|限量|in stock|sold out|pre-?order",
        "variants",
    ),
    _topic(
        "compare",
        "comparison",
        r"拼夕夕|差[啥哪在]|不一样|一个东西|那[个款].{0,6}(?:和|跟|也)|区别|对比|哪个好|比起来|和.{1,12}比|"
        r"跟.{1,12}比|比.{1,8}(?:好|贵|便宜)|还是.{1,8}好|别家|隔壁|"
        r"某宝|拼多多|淘宝|京东|贵那么多|difference|"
        r"compare|better than|vs\.?\b|versus|cheaper|amazon|other (?:brand|one|model)|which (?:one|is better)",
        r"另款|另一款|其他|区别|同款|other",
        r"另链|另链接|另有|other|separate",
        "",
    ),
    _topic(
        "fun_value",
        "quality_doubt",
        r"好用吗|好不好|质量|怎么样|咋样|推荐|值得|值不值|耐用|结实|会不会|舒服|热不热|闷|透气|暖和|保暖|厚不厚|"
        r"显瘦|显白|quality|any good|worth|durable|"
        r"comfortable|warm|breathable|last long|thick",
        r"厚度|工艺|质地|保温|透气|做工|thickness|warmth|build",
        r"透气|保暖|保温|厚|加绒|软|耐磨|warm|soft|thick|breathable|durable",
        "selling_points",
    ),
)

"""Words that are lawful only where the shop can show the proof (广告法 8, 11, 12, 28; the price rule 16–19)."""

from scripts_gen.law.rule import Rule, rule

_PERCENT = r"(?:\d+(?:\.\d+)?\s*%|百分之[一二三四五六七八九十零点]+|[一二三四五六七八九]成)"

PROOFS: tuple[Rule, ...] = (
    rule(
        "sales or ranking: name the source",
        r"(?:[\d一二两三四五六七八九十百千几数]+)(?:多|余)?(?:万|亿)(?!一|元|块|用表|能|向)(?:多|余)?|"
        r"被[^，。]{0,8}(?:采购|采用|收录|选用)|成交额|交易额|门店有|连锁|销往|回头客|老顾客|老粉|[0-9零]召回|"
        r"零投诉|零事故|(?:创办|成立|创立|开业|经营|开了)[^，。]{0,4}年|复诊|推荐率|下单的?人|卖得最|五星|"
        r"第[一二三四五六七八九十]名|销量榜|前列|领先|首创|首发|创新高|热销|热卖|爆款|爆卖|畅销|销量|月销|年销|"
        r"销售额|市场占有率|市占率|占有率|好评|回购|复购|网红|口碑|人气款|"
        r"排行榜|榜单|入榜|上榜|排名|[评打得]分|评价(?:都|很)|老客(?:户)?(?:都|也|回)|卖(?:了|出|掉|"
        r"过)(?:去)?[^，。]{0,4}[\d一二三四五六七八九十百千万]+|"
        r"已售|售出[^，。]{0,3}\d|累计[^，。]{0,6}[\d万千百]|[\d万千百]+(?:多)?(?:人|位|名)?(?:用户|家庭|顾客|"
        r"客户|妈妈|粉丝|买家|人)(?:的?选择|都在用|购买|使用|"
        r"信赖|下单|见证|好评)|卖得(?:很|最|特别)?好|(?:用户|消费者|顾客)(?:调研|反馈|满意|评价)|满意度",
        r"(?<!\w)(?:[\d,.]+ (?:million|thousand)|(?:a|half a) million|used (?:in|by) (?:over|more|thousands)|"
        r"trusted by|happy customers|number one|best[- ]?sell\w*|top[- ]selling|ranked|ranking|most popular|"
        r"(?:over |more than )?[\d,.]+[kKmM]?\+? (?:have (?:been )?)?(?:sold|customers|"
        r"users|families|reviews|buyers|orders)|sold (?:over|more than) |five[- ]star|\d(?:\.\d)?[- ](?:out of|"
        r"stars?)|rated|repeat customers|trending|viral|market share)(?!\w)",
    ),
    rule(
        "proof: show the certificate",
        r"高新技术|起草单位|供应商|独家代理|独家授权|协会|研究院|中科院|认可|选用|甄选|(?:原料|食材|面料|机芯|"
        r"奶源|水源|果子|茶青|豆子)[^，。]{0,6}(?:来自|取自|源自)|来自[^，。]{0,8}(?:产区|农场|深海|草原|牧场|"
        r"高原|高山|雪山)|深海|草原|热播|产地直采|核心产区|原产地|自家(?:农场|果园|工厂|牧场)|散养|土鸡|放养|走地|"
        r"有机肥|不打农药|不施|无激素|厂家直[销供]|没有中间商|同一条生产线|同生产线|同工厂|曾任|毕业于|留学|持证|"
        r"验货|防伪|评估报告|CLTC|硬度|糖度|批次号|保税|报关|第三方|公证|保险承保|承保|认养|检疫|可追溯|博主同款|"
        r"剧中同款|剧里|综艺里|冬奥|亚运|奥组委|世博|专利|认证|证书|获奖|获得|入选|荣获|授予|称号|评选|评为|蝉联|"
        r"赞助|合作伙伴|战略合作|总代理|代理权|正版|版权|商标|溯源|追溯|检疫|同步专柜|源头工厂|工厂直[销供]|出口|"
        r"海拔|老师傅|老店|年(?:的)?(?:工艺|手艺|经验|品牌|专注|老牌)|连续[\d一二三四五六七八九十]+年|深耕|"
        r"专注[^，。]{0,6}年|明厨|可降解|再生材料|碳中和|节能|E0级|E1级|ENF|F4星|甲醛|VOC|农残|重金属|拿(?:过|了|"
        r"下)[^，。]{0,12}奖|(?:红点|iF|设计|金|银|铜|大|一等|二等|三等|特等)奖(?!励|品|学)|奖项|金牌(?!会员)|"
        r"检测|质检|检验|测试|实测|实验|化验|临床|试验|有机|"
        r"非遗|非物质文化|国标|行标|欧标|美标|GB[/ ]?T?\s?\d|执行标准|(?:符合|达到|通过|过了|"
        r"执行)[^，。]{0,10}标准|等级|[AⅠⅡ]类|AA级|[一二三1-5]级能效|能效[一二1-5]级|进口|原产|产自|原装|"
        r"\bIP[XＸ]?\d{1,2}|SGS|FDA|\bCE\b|ISO|3C认证|CCC|OEKO|GOTS|\bUL\b|RoHS|ROHS|COSMOS|HACCP|医疗器械|械字号|"
        r"械备|注册证|批文|批准文号|备案|(?:国食健|国妆|卫妆|食健备)|蓝帽|注册号|"
        r"国家级|老字号|百年|始(?:创|建)于|创立于|世家|地理标志|绿色食品|非转基因|授权|正品|官方(?:供应|合作|指定|"
        r"认证)|指定(?:供应|产品|用)|专柜(?:验|同款|正)|旗舰店正|防伪|"
        r"代工|同厂|同源|大牌(?:同款|品质)|报道|采访|(?:电视|综艺|节目)(?:同款|推荐)|航天|航空级|军工|"
        r"食品(?:接触)?级|医用级|医疗级|母婴级|婴儿级|婴幼儿级|食用级|专业级|大师(?!傅)|"
        r"明星|(?:大牌|网红|剧|综艺|专柜|博主|官方|影视)同款|代言|联名|(?:设计师|工程师|团队|研究所|实验室|大学|"
        r"科学院|高校)[^，。]{0,6}(?:设计|操刀|研发|合作|联合|开发|调)|研发(?:团队|了|出)|"
        r"(?:持|有|取得)[^，。]{0,6}(?:资格证|许可|牌照|资质)|持牌|资质|教龄|权威|专业机构|研究(?:表明|显示|证明|"
        r"发现)|调[研查](?:显示|表明|结果)|数据(?:显示|表明)|科学(?:证明|验证)|"
        r"人体功效|斑贴|双盲|第三方|报告(?:编号|在|显示|可)|有(?:[^，。]{0,6})报告|野生|原生态|古法|纯手工|"
        r"手工(?:限定|大师)|传承人|产地直发|源产地|正宗|道地|"
        r"阳澄湖|五常大米|现(?:摘|宰|挤|捞)现|\d+小时内?(?:从|到|新鲜)|(?:美国|德国|日本|法国|意大利|瑞士|澳洲|新西兰|韩国|泰国)[^，。]{0,4}"
        r"(?:进口|原装|产|设计|品牌|制造|工艺|技术|直邮|专利|材料|机芯|电机|原料|大奖|认证|莱茵|代购|牙医|标准|红点)",
        r"(?<!\w)(?:(?:\w+|\d+) (?:out of|in) (?:\w+|\d+) (?:users|people|customers|women|men|buyers|parents|"
        r"mothers|dentists|testers)|shipped [\d,.]+|[\d,]+ IU|(?:made|sewn|crafted|knitted) by hand|voted|"
        r"recommended by|recycled|water[- ]?resistant|waterproof to|handmade|hand[- ]picked|wild[- ]caught|"
        r"grass[- ]fed|sustainabl[ey]|responsibly sourced|energy rating|rating|trial|formulated|designed by|"
        r"former|supplier|sponsor\w*|full[- ]grain|pure|patent(?:ed|s)?|certifi(?:ed|cation|cate)|award(?:s|"
        r"[- ]winning)?|won (?:a|an|the) |clinical(?:ly)?|dermatolog\w+|lab(?:oratory)?[- ]?test\w*|"
        r"(?<!patch )test(?:ed|s|ing)?(?! it)|organic|official(?:ly)?|authori[sz]ed|licensed|approved by|"
        r"registered|as seen on|featured (?:in|on)|endorsed|stud(?:y|ies)|survey|research|"
        r"made in (?!a )|imported|handcrafted in|food[- ]grade|medical[- ]grade|military[- ]grade|aerospace|"
        r"standard \w*\d|compliant|fair ?trade|vegan|cruelty[- ]free|non[- ]?gmo|gluten[- ]free|"
        r"FDA|authentic|genuine|BPA[- ]free)(?!\w)",
    ),
    rule(
        "effect: show the test or the registration",
        r"(?:效果|功效)[^，。]{0,6}(?:小时|天|维持|持久)|锁鲜|保鲜期?|凉感|充电[^，。]{0,4}分钟|毫安|mAh|微米|"
        r"系数|国际单位|相当于|等于[^，。]{0,6}(?:个鸡蛋|杯牛奶|碗|倍)|益生菌|杀灭|抗菌|抑菌|杀菌|除菌|除螨|防螨|"
        r"驱蚊(?!灯|器的|手环的)|防蚊|除臭率|防晒|防紫外线|UPF|SPF|\bPA\+|抗皱|去皱|淡纹|美白|提亮|亮肤|祛斑|淡斑|"
        r"祛痘|控油|修护|修复|舒缓|抗氧化|抗衰|抗老|抗初老|"
        r"紧致|提拉|去角质|收缩毛孔|去黑头|去屑|防脱|固发|生发|(?:深层|长效|持久)(?:保湿|补水|滋润)|温和(?:不|"
        r"无)?刺?激?|不刺激|无刺激|低刺激|敏感肌|不过敏|持妆|不脱妆|护眼|防蓝光|助眠|安睡|"
        r"免疫力|补[钙铁锌硒]|钙吸收|疲劳|记忆|肠道|代谢|血脂健康|骨骼健康|消化|低敏|防敏|无泪|护颈|护腰|护脊|"
        r"护肩|人体工学|净化|除甲醛|去甲醛|除味|去异味|防辐射|防静电|阻燃|防爆|"
        r"缓解|按摩放松|促进|有助于|辅助|防过敏|嫩肤|保护视力",
        r"(?<!\w)(?:antibacterial|antimicrobial|hypoallergenic|sensitive skin|brighten\w*|whiten\w*|"
        r"anti[- ]?ag(?:e?)ing|firm(?:s|ing)|soothes?|reduces? the (?:look|appearance)|"
        r"wrinkles?|SPF|UPF|UV|blue light|supports? (?:\w+ )?(?:immun\w+|health\w*|sleep|digestion|bones?|"
        r"joints?)|contributes? to|helps? (?:maintain|support|reduce|you sleep)|"
        r"non[- ]?irritating|gentle on|kills? \d|removes? \d|blocks? \d|flame[- ]retardant|ergonomic|"
        r"noise[- ]cancel\w+)(?!\w)",
        effect=True,
    ),
    rule(
        "a figure: show the measurement",
        rf"(?:率|提升|提高|减少|降低|增加|增强|省电?|节省|节能|节约|高达|达到?|吸走|去除|清除|过滤|阻隔|阻挡|隔绝|"
        rf"还原|保留|快|轻|多|少|强|大|高|低)[^，。]{{0,8}}?{_PERCENT}(?!的?(?:棉|羊毛|聚酯|亚麻|蚕丝|桑蚕丝|氨纶|"
        rf"羊绒))|"
        rf"{_PERCENT}(?:的)?(?:以上的?)?(?:用户|人|顾客|客户|消费者|家庭|妈妈|灰尘|细菌|水分|紫外线|噪音|甲醛|污渍|"
        rf"PM|阻隔|除|去|防)|99\.\d+\s*%|"
        r"(?:羊毛|羊绒|桑蚕丝|蚕丝|含绒量?|绒子含量|含量)[^，。]{0,4}\d+\s*%|\d+(?:\.\d+)?\s*(?:分贝|dB)|"
        r"[\d一二三四五六七八九十百千万]+次(?:开合|弯折|洗涤|摩擦|插拔|测试|按压|清洗|充放)|"
        r"(?:续航|保温|保冷|待机|持妆|留香|锁鲜|控油)[^，。]{0,6}\d+\s*(?:小时|天|个小时|h\b)|\d+\s*(?:小时|"
        r"h)(?:长效|持久|保温|保冷|续航|待机|持妆|留香|控油|锁水|保湿)|"
        r"(?:是|比)[^，。]{0,8}的?[\d一二两三四五六七八九十]+(?:\.\d+)?倍|(?:提[高升]|快|强|多)(?:了|"
        r"出)?\s*[\d一二两三四五六七八九十]+倍|销?(?:比|相比|较|相较)(?:于)?(?:[^，。]{0,4})(?:上一?代|普通|传统|"
        r"同类|一般|同价位|竞品|市面|其他|旧款|老款)[^，。]{0,10}(?:更|省|快|轻|多|少|强|高|低)",
        r"\d+(?:\.\d+)?\s?% (?:less|more|fewer|faster|lighter|stronger|of (?:users|customers|people|germs|"
        r"bacteria|dust|UV|women|buyers))|"
        r"(?<!\w)(?:\d+ (?:times|x)|twice|three times) (?:as|more|less|faster|longer|stronger|lighter)|"
        r"(?:up to )?\d+[- ]hours? (?:battery|hold|wear|of battery|protection)|"
        r"(?:reduces?|increases?|improves?|saves?|cuts?)[^.!?]{0,30}\d+(?:\.\d+)?\s?%",
    ),
    rule(
        "a figure: show the measurement",
        r"\d+(?:\.\d+)?\s?%(?! off|\s*(?:的?(?:棉|纯棉|羊毛|聚酯|亚麻|蚕丝|桑蚕|氨纶|羊绒|粘纤|锦纶|涤|长绒|天丝|"
        r"再生|莫代尔|腈纶|精梳|新疆|山羊|真丝|羊皮|牛皮)|vol| cotton| wool| silk| linen| polyester| merino|"
        r"的?折扣|满意度?表))|百分之(?!百棉)[一二三四五六七八九十]+|"
        r"(?:续航|待机|零下|耐高?温|耐压|承受)[^，。]{0,8}\d+|(?:充放电|开合|弯折|滚压|摩擦|水洗|洗涤|"
        r"跌落)[^，。]{0,6}[\d一二三四五六七八九十百千万]+次|[\d一二三四五六七八九十百千万]+次(?:滚压|跌落|充放)",
    ),
    rule(
        "composition: show the label",
        r"(?<!不)天然|不(?:额外)?(?:加|添)(?:任何)?(?:蔗?糖|盐|水|防腐|香精|色素|味精|油)|添加了?(?:维|锌|铁|钙|"
        r"DHA|益生)|营养强化|配料(?:表)?(?:只有|就|干净|很?简单)|每[粒片袋瓶支颗100]*(?:克|g)?含|零添加|无添加|"
        r"0添加|不添加|未添加|无糖|零糖|0糖|0蔗糖|零蔗糖|低糖|低脂|零脂|0脂|脱脂|零卡|0卡|低卡|低钠|低GI|高蛋白|"
        r"高钙|高纤|富含|含有?(?:丰富|多种|大量)|"
        r"含(?:烟酰胺|玻尿酸|玻色因|视黄醇|维[生CE]|神经酰胺|胶原|益生菌|膳食纤维|DHA|花青素|多肽|角鲨烷|积雪草|"
        r"水杨酸|果酸)|每100(?:克|毫升|g|ml)|大卡|千焦|kcal|"
        r"(?:不含|无|0|零)(?:酒精|香精|香料|防腐剂|色素|荧光剂|荧光|糖精|反式脂肪|甲醛|激素|硅油|硫酸盐|皂基|麸质|"
        r"人工|化学|重金属|农药|抗生素|BPA|双酚|味精|植脂末|磷)|纯(?:天然|植物|粮|羊毛|羊绒|棉花|牛奶|果汁|正)|"
        r"植物(?:萃取|提取|成分)|配方(?:温和|安全)|环保(?:材质|材料|板|漆)?|安全无毒|无公害",
        r"(?<!\w)(?:all[- ]natural|100% natural|natural|sugar[- ]free|low[- ](?:fat|calorie|sugar|sodium|carb)|"
        r"fat[- ]free|no added|zero (?:sugar|calories)|free (?:of|from) (?:parabens|alcohol|sulfates|"
        r"fragrance|preservatives|additives|sugar)|(?:paraben|alcohol|sulfate|fragrance)[- ]free|no (?:parabens|"
        r"preservatives|additives|artificial)|high (?:in )?(?:protein|fib\w+|calcium)|rich in|"
        r"contains? \d+ ?m?g|\d+ ?m?g of (?:protein|sugar|fat|salt|caffeine|fib\w+)|contains? (?:vitamin|retinol|"
        r"niacinamide|hyaluronic|probiotic)\w*|eco[- ]friendly)(?!\w)",
    ),
    rule(
        "price comparison: name the basis",
        r"原价|专柜(?:价|卖|要)|市场价|划线价|吊牌价?|门店价|商场(?:价|里?卖|要)|门市价|指导价|零售价|建议价|"
        r"官网价|官方价|日常价|平时(?:卖|价|要|都|是)?\s*\d|平[时日](?:卖|价|要)|"
        r"(?:外面|超市|别处|实体店|线下|网上|别家|同行|市面上?|其他平台|别的平台)[^，。]{0,6}(?:卖|价|要|\d)|"
        r"比[^，。]{0,10}(?:便宜|划算|实惠|省钱|低[\d一二三四五六七八九十]|省[\d一二三四五六七八九十])|"
        r"(?:便宜|省|立省|直降|降|减)(?:了)?\s*(?:[一二两三四五六七八九十百\d]+)(?:块|元|百)|半价|对折|最低成交|"
        r"近[七7\d]+[天日][^，。]{0,4}(?:最低|成交)|本店(?:历史)?最低|出厂价|批发价|成本价|内部价|员工价|"
        r"特价(?!区|商品|专区|款也)|清仓价?|"
        r"买贵[退必]|保价|价保|差价|(?:双十?一|双11|618|大促)[^，。]{0,6}(?:价|便宜|同价)|恢复[^，。]{0,4}价|涨回|"
        r"史低",
        r"(?<!\w)(?:was [$£€¥]?\d+|compare at|compared (?:to|with)|msrp|rrp|list price|retail(?:s| price)?|"
        r"was only|usually [$£€¥]?\d+|normally [$£€¥]?\d+|regular(?:ly)? (?:price)?|originally|original price|"
        r"full price|half[- ]price|save [$£€¥]?\d+|cheaper than|down from|slashed|instead of [$£€]\d+|"
        r"price[- ]match|elsewhere|in stores)(?!\w)",
    ),
    rule(
        "scarcity: show the number or the end",
        r"限量|限时|限定(?:款|发售)|仅剩|只剩|仅限|还剩(?!下|余电|[^，。]{0,4}(?:分钟|款|件商品|步))|库存(?:不多|"
        r"有限|告急|只|仅|紧张)|数量(?:有限|不多)|名额|(?:只|仅)有\s*\d+\s*(?:[件个套台份单支瓶盒]|名额)|"
        r"(?:只|仅)(?:做|发|放|上|卖)[^，。]{0,4}[\d一二三四五六七八九十百]+\s*[件个套台份单支瓶盒]|"
        r"前[\d一二两三四五六七八九十百]+(?:名|位|单|个)|先到先得|售完(?:即止|为止)|卖完(?:就|即|不补|为止)|"
        r"快没了|倒计时|截止",
        r"(?<!\w)(?:only \d+|fewer than \d+|just \d+ left|limited (?:edition|stock|time|quantity|run|to)|"
        r"while (?:stocks?|supplies) last|almost gone|few left|running out|selling fast|ends (?:tonight|in|at)|"
        r"tonight only|today only|first \d+ (?:orders|buyers|customers))(?!\w)",
    ),
    rule(
        "gift: name it, its number and its value",
        r"(?:下单|拍下?|买|订单|名|每单|进群|入会|今天|今晚|直播间|都|再|还|另外|额外|满\d+)[^，。]{0,10}(?:送|赠|"
        r"有|附)[^，。]{0,8}(?:大礼|礼品|礼物|赠品|好礼|小礼|惊喜|礼包|福袋|福利)|"
        r"(?:送|赠)[^，。]{0,6}(?<!道)(?:礼品(?!盒|袋)|大礼|好礼)|(?:送|赠)价值(?!\d+元的[^，。]{1,8}[一1两]|"
        r"[^，。]{0,8}元的?[^，。大]{2,8}[一二两1-9])|(?:送|赠)(?:精美|神秘|超值|豪华|丰厚|惊喜)|"
        r"买一?[^，。]{0,3}送(?:豪礼|大礼|好礼|很多|一堆|超多|不停)|赠品(?:多多|丰富|超)|送(?:很多|一堆|超多|好多)",
        r"(?<!\w)(?:free gifts?|mystery gifts?|surprise gifts?|gift with (?:every|each|purchase)|bonus gifts?|"
        r"free goodies|complimentary gift|free bonus)(?!\w)",
    ),
)

"""Words that no evidence makes lawful, whatever the goods (广告法 9, 13, 17, 28; 明码标价和禁止价格欺诈规定 19)."""

from scripts_gen.law.rule import Rule, rule

# Any 最 that context.py does not excuse: the list of what is fine is shorter than the list of what is not.
_MOST = r"最(?=[一-鿿A-Za-z])[一-鿿A-Za-z]{1,3}"

BANS: tuple[Rule, ...] = (
    rule(
        "price without a basis",
        r"全网(?:最|底价|低价|更低|独一份|都没有|找不到|首低|破价)|史上|历史(?:最低|新低|低价)|有史以来|"
        r"(?:全城|全国|全年|行业|市面|市场)(?:上)?最低",
        r"(?<!到)底价|抄底|骨折(?:价|的价)?(?!了?的人|康复|$)|亏钱|跳楼(?:价|甩|大)|吐血|放血价|白菜价|地板价|"
        r"亏本|赔本|赔钱|亏着(?:卖|给)|亏到|倒贴|血亏|"
        r"赔着卖|(?:谁|哪)[家里]?(?:都|也)?(?:没有|给不出)(?:这个|这种|这样的)?价|价格(?:没有|无)(?:对手|敌)|"
        r"低到(?!\d)",
        r"(?<!\w)(?:(?:the )?(?:lowest|cheapest|best|rock[- ]bottom) (?:possible )?(?:prices?|deals?|offer)|"
        r"(?:lowest|cheapest)\b[^.!?]{0,20}\b(?:anywhere|online|ever|on the internet|in the world|guaranteed)|"
        r"(?:you )?(?:won'?t|can'?t|will never|cannot|never) (?:find|get|see)[^.!?]{0,30}(?:cheaper|lower|better|"
        r"anywhere|again)|"
        r"cheaper than (?:anyone|everyone|anywhere|everybody)|below cost|losing money on)",
    ),
    rule(
        "ranking 第一",
        r"(?:全网|全国|全球|世界|行业|销量|销售|国内|亚洲|中国|类目|平台|抖音|口碑|质量|品质|服务|"
        r"排名)?(?:排名)?第一(?:名|品牌|的)?",
        r"(?:第一|首席|领军|领导|龙头|冠军)(?:品牌|企业|产品|品)|销冠|销售冠军|销量冠军|冠军产品|榜首|霸榜|"
        r"销量之王|人气王|排行榜?首位|(?:稳居|位居|高居|蝉联)(?:榜首|首位|冠军|前[一二三])|遥遥领先",
        r"(?<!\w)(?:the |our )?(?:number[- ](?:one|1)|no\. ?(?:1|one)|#\s?1|top[- ](?:ranked|rated|selling)|"
        r"best[- ]sell(?:er|ing)"
        r"(?= (?:in|of|on|worldwide)(?: \w+){0,2} (?:world|country|nation|planet|industry|market|everything)))(?!\w)",
        ranking=True,
    ),
    rule(
        "absolute term",
        r"(?:国家|世界|宇宙|全球|国际|史诗|帝王|王者|至尊|殿堂|航母|总统|皇家?|大师|教科书)级(?!非遗|非物质|标准|"
        r"品种|奖|电工|证书|"
        r"教师|运动员|裁判|评委)",
        r"(?:世界|国际|国内|行业|全球|业界)?一流(?=的?(?:品质|水平|水准|工艺|体验|质量|享受|技术|设计|服务|品牌|"
        r"产品))|(?:世界|国际|国内|行业|全球|业界)一流|(?:行业|业[界内]|同类|圈内)(?:的)?(?:老大|标杆|龙头|典范|"
        r"头部|霸主|翘楚)|头号|老大哥品牌|买不了(?:吃亏|上当)|找不出(?:第二|比|更)|(?:没人|没有人|无人)能(?:做|比|"
        r"及|超|敌)|人气最|杠杠的|超越(?:一切|所有|国际|全部|同行|同类)|举世|天下(?:无双|无敌|少有|一绝)|削铁如泥|"
        r"顶级|顶尖|顶配|顶流|极品|极致|极端(?:舒适|好)|至尊|至臻|巅峰|王牌|领袖|之王|之最|之首|(?:行业|同类|"
        r"性价比|颜值|界|品质|口感|舒适|面料|服务|[级圈])(?:里|中)?的?天花板|天花板级|封神|无敌|"
        r"无与伦比|无可(?:比拟|替代|挑剔|匹敌)|独一无二|绝无仅有|史无前例|空前(?:绝后)?|前无古人|前所未有|万能|"
        r"全能王|首屈一指|"
        r"数一数二|永远的神|yyds|独步|举世无双|盖世|完美无[缺瑕]|完美的?(?:产品|选择|效果|品质)|十全十美|鼻祖|"
        r"无懈可击|至高无上|登峰造极|极限性价比|神级|封顶之作|传世之作|无(?:人|可)(?:能及|能敌|匹敌|超越|比拟|撼动)|"
        r"无出其右|卓绝|绝版|绝佳|绝美|绝了|绝对(?:领先|优势|王者)|满级|全能冠军|碾压级|宇宙|降维打击|神仙",
        r"唯一|(?<!我们)独家(?!代理|授权|赠|优惠|发售|定制|设计|冠名|首播|直播)|独此一家|仅此一家|只此一家|就这一家|"
        r"全[网球国世]首(?:款|发|创|家|个|次|台|例)?|业[内界]首|行业首|国内首|世界首|填补(?:了)?(?:国内|国际|行业|"
        r"市场)?空白|首选(?!项|择)|不二之选|必选(?!项)",
        r"(?:没有|没|无)(?:之一|第二家|第二个|对手|敌手|比(?:它|他|这|我们|咱)[^，。]{0,6}更|更[^，。]{1,5}(?:的|"
        r"了))",
        r"比(?:任何|所有|哪个|其他所有|其它所有|别的所有|谁家?)(?:一?[个家种款])?[^，。]{0,10}(?:都|还|更|"
        r"要)(?:[好强耐值低高大快省软轻]|便宜|划算|实惠|舒服|厉害|棒)",
        r"(?:谁|哪|任何)(?:[家个]|品牌|牌子|家的)?[^，。]{0,2}(?:都|也)(?:比不上|比不了|比不过|做不到|赶不上|"
        r"追不上|没法比|不如)",
        r"(?:找|买|看|见)(?:遍[^，。]{0,6})?(?:都|也)?不(?:到|着)(?:比|第二|更|同样|这么|一样|这样)",
        r"独占鳌头|一骑绝尘|傲视|称霸|秒杀(?:一切|所有|同行|全网|同类)|最(?:$|[了呢啊。！!]$)",
        _MOST,
        r"(?<![\w'])(?:(?:the |simply the |absolute )?(?:best(?![- ]sell|\s+(?:before|by|used|if|kept|stored|"
        r"served|wishes|when|with|"
        r"to\b|for you|fits?|suits?))|finest|greatest|cheapest|safest|strongest|softest|lightest|fastest|smartest|"
        r"toughest|quietest|"
        r"purest|healthiest|freshest|warmest|thinnest|smoothest|sharpest|brightest|coolest|easiest|tastiest|"
        r"(?<=the )most (?!of\b|people|"
        r"likely|common|often|recent|important thing|part)\w+)|"
        r"zero damage|nothing (?:else )?(?:\w+ ){0,4}(?:comes close|compares|beats)|no (?:one|other|brand|"
        r"competitor)[^.!?]{0,25}"
        r"(?:close|compare|match|beat|better|compete)s?|hands down|second to none|beats? (?:every|all|any)|"
        r"better than (?:any|every|all)|"
        r"world'?s (?:best|first|finest|only|most|leading)|(?:the )?world'?s? \w+est|world[- ](?:class|leading)|"
        r"(?:on (?:the )?(?:earth|planet)|in the (?:world|universe|galaxy))|(?:america|britain|the nation|china|"
        r"the country|the world)'?s (?:favou?rite|no)|only \w+ you(?:'ll| will) (?:ever )?need|unbeatable|"
        r"unrivall?ed|unmatched|unparall?el(?:l)?ed|"
        r"incomparable|once[- ]in[- ]a[- ]lifetime|never (?:been )?(?:before|seen before)|(?:the )?only (?:one|"
        r"brand|product|company)"
        r"(?: (?:that|of its kind|in|on|you|to))|one and only|perfect in every way|flawless|king of|ultimate|"
        r"supreme|revolutionary|industry[- ](?:first|leading)|the leading|leader in|top[- ]tier|"
        r"top[- ]notch)(?![\w'])",
    ),
    rule(
        "guarantee of effect",
        r"绝对(?!值|地址|路径|坐标)|100%\s*(?:有效|安全|正品|不|无(?!纺)|纯天然|管用|好|满意|防|能|去|解决|不会|"
        r"见效|拿到|还原|放心|"
        r"成功|纯净|保证|治)|(?:率|达到?|是|为)100%(?!棉|羊毛|桑蚕|聚酯|亚麻|真丝|羊绒)|零风险|无风险|无副作用|"
        r"没有?(?:任何|一点|丝毫)?副作用|零副作用|无(?:任何)?(?:毒)?副作用|无任何(?:副作用|风险|伤害|刺激)|"
        r"永不|永远(?:不|都|不会)|永久(?!地址|链接|花园|居留|居民|有效期)|终身(?:不|质保|保修|免费|受用|保障|有效|"
        r"无忧)|终生(?:不|受用|免)|一辈子(?:不|都|也)|用一辈子|用一生|"
        r"万无一失|包(?:治|好用|瘦|白|中|你(?:满意|瘦|白|好)|您(?:满意|瘦|白|好)|有效|见效|考|会|赚|退烧)|"
        r"(?:保证|承诺|担保|打包票)[^，。]{0,8}?(?:有效|不|瘦|白|见效|中|永|好|能|让|一定|绝|提|考|过|百|会|年|三|"
        r"治|长|去|赚|正品|满意)|"
        r"无效(?:退款|退钱|全额退|包退|赔)|不(?:满意|瘦|白|管用|好用|好吃)(?:就|全额|我|包)(?:赔|倒贴|吃了)|"
        r"(?:随便|怎么)(?:摔|砸|泡水|闻|喝|吃|用|折腾|造|踩|拉|扯|洗)(?:都|也)|穿不烂|磨不破|摔不(?:烂|坏|破)|用不坏|"
        r"不(?:会|可能)坏|坏不了|绝不|一定(?:能|会)(?:好|瘦|白|涨|过|有效|见效|变|满意|爱上)|(?:一劳永逸|百试百灵|"
        r"屡试不爽)|"
        r"什么(?:[^，。]{1,6})都能(?:去|除|洗|治|搞定|解决)|到退休|用(?:十|二十|几十|一百|\d{2,})年",
        r"(?<!\w)(?:guaranteed|(?:we |i )guarantee|guarantees? (?:to|you|that|results|it)|satisfaction guarantee|"
        r"we promise|i promise|risk[- ]free|zero risk|no risk|100% (?:safe|effective|natural|guaranteed|"
        r"satisfaction|risk|painless|harmless|cure)|completely (?:safe|harmless|risk)|absolutely (?:safe|harmless|"
        r"no)|"
        r"perfectly safe|totally safe|no side effects|zero side effects|without (?:any )?side effects|"
        r"never (?:get sick|fails?|breaks?|fades?|wears? out|goes? wrong|leaks?|shrinks?|again)|(?:won'?t|"
        r"will not|will never|can'?t) (?:ever )?"
        r"(?:break|fail|fade|shrink|wear out|scratch|go wrong)(?! (?:if|when|unless))|unbreakable|indestructible|"
        r"for life(?! jacket)|(?:lasts?|stays?|keeps?|works?|yours|new|sharp|white|young|"
        r"perform\w*) (?:\w+ ){0,3}forever|lasts? a lifetime|lifetime (?:results|guarantee|warranty)|"
        r"works (?:every time|for everyone|100%)|works on (?:any|every)thing|safe for (?:everyone|anyone))(?!\w)",
    ),
    rule(
        "medical effect",
        r"(?:膝盖|腰|颈椎|关节|腿|肩膀?|牙|胃)(?:也|就|立马|马上|再也)*不(?:再)?(?:疼|痛|酸)|(?:静脉曲张|蛀牙|"
        r"尿酸|结节|囊肿|肌瘤|甲状腺|色斑|老年斑|鼻窦|肝病|肾病|心脏病|糖尿病人)[^，。]{0,8}(?:消失|修复|不高|"
        r"不再|降|好转|可以停|没了|好了|全消|改善|恢复|随便)|自动修复|(?:不|少|远离|不得|不会)(?:再)?(?:感冒|生病|"
        r"咳嗽|发烧)|停药|调节(?:血糖|血压|血脂|三高|内分泌|尿酸)|提[高升]免疫(?!力?的?保健)|(?:不得|不会得|"
        r"不再得|远离)[^，。]{0,5}(?:病|炎|癌)|(?:抑制|消除|缩小)[^，。]{0,3}(?:肿瘤|结节|癌)|"
        r"药[^，。]{0,4}(?:可以停|能停|扔了)|清(?:肠|宿便|血管)|癌症?(?:病人|患者)|(?:月经|生理期|"
        r"大姨妈)[^，。]{0,4}不(?:疼|痛)|(?:立马|立刻|马上|一贴|当场)[^，。]{0,3}不(?:疼|痛|痒|咳)|根治|根除|"
        r"治愈(?!系)|治好|痊愈|包治|药到病除|祖传|秘方|偏方|神药|华佗|扁鹊|抗癌|防癌|抑癌|抗肿瘤|(?<!防)治(?:疗|"
        r"病|失眠|脚气|鼻炎|便秘|"
        r"咳|颈椎|腰|痔|关节|痛|百病|感冒|皮肤|近视|老|脱发|胃|湿|痘|风湿)|疗效|疗程|药效|"
        r"[降稳控](?:血压|血糖|血脂|三高|尿酸|胆固醇|压降|糖降)|降压|降糖|降脂|(?:血压|血糖|血脂|"
        r"尿酸)[^，。]{0,5}(?:降|下来|正常|稳定|平稳)|"
        r"祛(?:病|湿|风|寒|除湿)|除湿气|湿气[^，。]{0,4}(?:没|走|排|除)|消炎|止痛|镇痛|止咳|化痰|平喘|"
        r"排(?:毒|宿便|湿|寒)|活血|化瘀|通经络|疏通|通络|壮阳|[补固]肾|补血|补气|补脑|益智|(?<!维)护肝|养肝|保肝|"
        r"护胃|养胃|健胃|润肺|清肺|(?<!维)护心|养心安神|滋阴|健脾|"
        r"清热解毒|解毒|安神|软化血管|清血管|溶血栓|(?:预防|防治|抑制|对抗|远离|告别|改善|缓解|消除|摆脱|"
        r"减轻)[^，。]{0,6}(?:疾病|病毒(?!软)|感冒|流感|癌|心脑血管|三高|糖尿病|高血压|"
        r"高血脂|痛风|失眠|便秘|鼻炎|关节炎|颈椎病|腰椎|风湿|骨质疏松|老年痴呆|抑郁|焦虑症?|皮炎|湿疹|炎症|痛经|"
        r"脱发|近视|中风|哮喘|咽炎|脚气|妇科|前列腺|痔疮|贫血|胃病|结石|咳嗽)|"
        r"(?:感冒|癌症?|糖尿病|高血压|痛风|失眠|便秘|鼻炎|关节炎|颈椎病?|腰椎间盘|风湿|湿疹|皮炎|脚气|近视眼?|"
        r"老花|结石|痛经|抑郁|"
        r"咽炎|头痛|偏头痛|妇科病|胃病|骨质疏松|疤痕|白发|白头发)[^，。]{0,10}(?:就好|好了|消失|没了|不犯|不见|"
        r"恢复|克星|有救|再也不|能好|治|缓解|好转|减轻|变黑)|"
        r"(?:代替|替代|不用(?:再)?吃|停掉?|比)[^，。]{0,5}药|断发再生|毛发再生|(?:生|长)发(?:神|奇|更)|增强抵抗力|"
        r"提高抵抗力|"
        r"恢复视力|提[高升]视力|(?<!不)长高(?!度)|增高(?!鞋|垫|架|板)|变聪明|丰胸|溶脂|燃脂|减肥|减脂(?!餐|期|"
        r"的朋友|的姐妹)|瘦身(?!裤|衣)|暴瘦|躺瘦|(?:快速?|轻松|月|天|周|越[吃喝]越|躺着(?:就|都|也)?|"
        r"睡着)瘦|瘦(?:了)?\s*[\d一二三五六七八十]+\s*斤|瘦脸(?!妆|造型)|掉\s*[\d一二三五六七八十]+\s*斤|甩肉",
        r"(?<!\w)(?:cures?|(?:was|were|been|is|are|get|got) cured|heals?(?! the planet)|detox(?:es|ify|ifies)?|"
        r"(?:treats?|fights?|prevents?|stops?|reverses?|relieves?|eliminates?) (?:\w+ ){0,2}"
        r"(?:eczema|acne|pain|anxiety|arthritis|cancer|diabetes|disease|colds?|flu|depression|insomnia|migraines?|"
        r"allerg\w+|infections?|"
        r"hair loss|baldness|blood pressure|wrinkles)|(?:lowers?|reduces?|controls?|regulates?|"
        r"balances?) (?:your )?(?:blood (?:pressure|sugar)|cholesterol)|"
        r"instead of (?:your )?medic\w+|replaces? (?:your )?(?:medic\w+|pills|doctor)|(?:stop|throw away|skip|"
        r"ditch) (?:\w+ ){0,4}(?:pills|meds|medic\w+|insulin)|"
        r"(?:lose|drop|shed)s? (?:up to )?(?:\d+|ten|five|twenty) (?:pounds|lbs|kg|kilos)|(?:melts?|burns?|"
        r"blasts?) (?:away )?(?:\w+ )?fat|fat[- ]burning|slimming|weight loss|"
        r"regrows?|makes? (?:kids|you|children|them) (?:\w+ )?(?:smarter|taller|slimmer)|anti[- ]?cancer|miracle|"
        r"anti-inflammatory|boosts? (?:your )?(?:immunity|immune))(?!\w)",
        effect=True,
    ),
    rule(
        "state organs",
        r"外交部|国务院|人民币(?:图案|的图|造型)|国家(?:指定|专用|队(?:都|指定|专用))|(?:国家|政府)(?:特批|钦定)|御用|皇家专用|贡品|"
        r"特供|专供(?!链)|国宴|中南海|中央(?:首长|领导|台推荐|军委)|国家(?:领导|元首|主席|总理)|主席(?:用|同款|"
        r"喝)|总统(?:用|同款|亲|都)|军队|部队|军方|武警|军用级|人民大会堂|钓鱼台|"
        r"(?:机关|政府|国家|官方媒体|新华社|人民日报|央视|中央电视台|中央台|CCTV)[^，。0-9]{0,6}(?:推荐|认可|背书|"
        r"指定|上榜|都说好|力荐|专用|信赖)|"
        r"质量免检|国家免检|免检|国旗|国徽|国歌|驰名商标|国家机关|(?:党|公务员)[^，。]{0,4}(?:专用|指定)",
        r"(?<!\w)(?:the )?(?:president|prime minister|white house|royal family|pentagon|army|"
        r"military)[^.!?]{0,20}(?:uses?|recommends?|approved|endorsed?|chose|chooses)|"
        r"(?<!\w)(?:government|state)[- ](?:endorsed|approved|recommended)(?!\w)",
    ),
    rule(
        "superstition",
        r"貔貅|太岁|财源|福运|驱邪|神佛|菩萨保|带(?:来)?(?:财|福|好运)|吸财|聚财|锦鲤附体|招财|转运|旺(?:夫|财|运|"
        r"桃花|宅)|辟邪|避邪|镇宅|开(?:过)?光|保平安|消灾|改运|挡煞|化煞|风水|招桃花|改命|神灵|保佑|算命|"
        r"带来好运|增(?:强)?财运|财运(?!亨通)",
        r"(?<!\w)(?:brings? (?:you )?(?:good )?(?:luck|fortune|wealth)|wards? off (?:evil|spirits|bad luck))(?!\w)",
    ),
    rule(
        "promise of gain",
        r"(?:人人|谁)都能(?:贷|赚|过)|不过(?:全额|就|包)?退|[进上]名校|透题|稳过|躺着[^，。]{0,4}(?:有钱|拿钱|赚|"
        r"收)|(?:收益|回报|利润|本金)[^，。]{0,3}翻|黑户|秒到账|年薪|月薪[^，。]{0,4}万|保你|保您|稳赚|只赚不|"
        r"保本|保息|保收益|躺赚|只涨不跌|(?:必|肯定|一定|稳)(?:涨|赚|过|中|升值|翻倍)(?!滤)|升值(?:空间|潜力|回报|"
        r"\d)|(?:资产|收益|本金|投资)[^，。]{0,4}翻倍|包过|保过|"
        r"包就业|保就业|包分配|包录取|提分\s*[\d一二三四五六七八九十]+|考上|必考(?:题|点)|押(?:题|中)|"
        r"(?<!平)日(?:入|赚)|月(?:入|赚)|一夜暴富|财富自由|稳(?:拿|收)",
        r"(?<!\w)(?:guaranteed (?:returns?|profits?|income)|can'?t lose|sure[- ]fire|get rich|double your money|"
        r"passive income for)(?!\w)",
    ),
    rule(
        "unfounded boast or pressure",
        r"全(?:世界|宇宙|中国|地球|海南|国人|网人|城)(?:都|人)?|再也(?:抢|拍|等)不到|不(?:抢|买)就(?!送)|"
        r"没有活动了|(?:小朋友|宝贝|孩子)们?[^。]{0,8}(?:让|叫|求)(?:爸爸|妈妈|爸妈|家长)|不是好(?:妈妈|爸爸|父母|"
        r"老公|老婆)|剁下来|吃了它|直播吃|倒立洗|(?:最|抖音|全网)火|断货了?$|过了今[晚天]|永远没有|(?:亏|赔)(?:死|"
        r"惨|大|到哭|哭)了?|卖疯|疯抢|抢疯|人手一[件个台支]|谁来都|(?:跟|等于|就像|几乎|简直|都)不要钱|大牌原单|"
        r"大牌同厂|原单|"
        r"闭(?:着)?眼(?:睛)?(?:入|买|拿|冲|囤)|再也(?:没有|买不到|碰不到|遇不到)|错过(?:就|再等|今天|这次|等|后悔|"
        r"拍大腿|不再)|"
        r"(?:马上|立刻|明天|今晚|随时|下一秒|即将|就要|要)(?:就)?(?:要)?(?:涨价|没货|没了|断货|抢光|抢完|绝版|"
        r"下架不卖)|最后一(?:次机会|天|波机会)|"
        r"不买(?:后悔|亏|就|你|您|血亏)|手慢(?:无|则无|没)|(?:用|买|吃|喝|穿)过的(?:人|客户|姐妹|"
        r"朋友)?[^，。]{0,4}(?:都说好|没有?一?个?(?:人)?(?:说)?不|全都|无一)|"
        r"(?:所有|每个|人人|个个|大家|无人|没有人)[^，。]{0,4}(?:都(?:说好|在抢|在用|在买|考上|满意|夸|喜欢|爱|"
        r"离不开)|不爱|不夸)|零差评|100%好评|0差评|史诗|必(?:买|入|囤|抢|备)|"
        r"不(?:抢|拍|囤|下单)(?:就)?(?:亏|后悔|没了)|秒没|后悔一?(?:辈子|终身|终生)|疯狂|断崖|智商税(?!的)",
        r"(?<!\w)(?:everyone(?:'s| is) (?:buying|going|talking)|everybody (?:loves|has|is)|you(?:'ll|"
        r" will) regret|regret it|last chance|never (?:see|get) (?:this|it) (?:\w+ )?again|"
        r"won'?t (?:last|be back)|before it'?s (?:too late|gone)|now or never|must[- ]have|can'?t live without|"
        r"twice as long|life[- ]changing|"
        r"price (?:goes|doubles|is going) up|selling out (?:fast|in)|gone in (?:seconds|minutes)|buy now or)(?!\w)",
    ),
    rule(
        "absolute figure without a test",
        r"(?:除菌|杀菌|抑菌|抗菌|除螨|杀螨|去渍|净化|有效|清除|去除|甲醛[^，。]{0,4})率?(?:高达|达到?|为|"
        r"是)?\s*100\s*%|"
        r"100\s*%(?:除|杀|抑|抗|去|修复|有效|防|吸|过滤)|(?:彻底|完全|全部|瞬间|一秒)(?:除|杀|去除|清除|消灭|杀死|"
        r"解决|告别|治|根)",
        r"(?<!\w)kills? (?:100%|every|all)|(?:removes?|eliminates?|blocks?) (?:100%|every|all) ",
    ),
    rule(
        "exaggerated effect or endorsement",
        r"(?:医生|专家|主任|医院|教授|院士|皮肤科|协和|营养师|药师|博士|经济学家|明星|院长)[^，。]{0,6}(?:都|一致|"
        r"强烈|力荐|亲自|联合|首推)?(?:推荐|说好|在用|力荐|强推|认可|信赖|背书|点赞|指定|自用)|"
        r"医院(?:专用|同款)|百病|立马变|(?<!伤)不伤(?:膝|肝|胃|手|皮肤|肾|身)|(?:倒|减|年轻)(?:回|龄|"
        r"了)?\s*[\d一二三五六七八十]+\s*岁|逆转|回春|(?:[一二三四五六七八]十|\d+)岁(?:变|像|看着像|"
        r"看起来像)(?:二十|十八|\d)|(?:细胞|肌肤|皮肤|胶原)(?:重生|新生)|(?:黑眼圈|眼袋|色斑|黑头|痘印|细纹|"
        r"法令纹|妊娠纹|橘皮)[^，。]{0,5}(?:没了|没有了|全消|消失|不见|清零)|回到[^，。]{0,3}(?:八|二十|二八|年轻|"
        r"岁)|冻龄|逆龄|返老还童|"
        r"[\d一二两三四五六七八九十]+(?:天|分钟|秒|次|周|个月|晚|夜)(?:就|即可?|内|可|能|快速|见|变|让)?(?:见效|"
        r"起效|美白|瘦|变白|变瘦|祛斑|祛痘|逆|淡斑|消失|白|嫩|治|消|除皱|年轻|变黑|嫩白|就白)(?!金|色|茶|菜)|"
        r"立竿见影|"
        r"一(?:抹|用|喝|吃|擦|涂|敷|贴)(?:就|见|即)(?:白|瘦|好|效|消|灵|不)|瞬间(?:变白|美白|瘦|消失|年轻|紧致)|"
        r"秒(?:变|瘦|白|杀皱)|皱纹[^，。]{0,4}(?:消失|没了|抚平|不见|清零)|"
        r"(?:斑|痘|皱纹|毛孔|黑头|疤)[^，。]{0,6}(?:全没|消失|没了|不见|根除|清零|去无踪)|换(?:一)?张脸|脱胎换骨|"
        r"永不(?:复发|反弹)|不反弹|克星|专治|矫正(?:脊柱|八字|体态|驼背|视力|近视|牙|姿)|防(?:褥疮|下垂|掉发|脱发|"
        r"癌|中风)|智商|越[喝吃用](?:越)?(?:聪明|年轻|后生|白|瘦)|"
        r"(?:宿便|毒素)|一[滴丝根颗](?:都|也)?不(?:漏|掉|剩|沾|缠|进)|一[滴丝根颗][^，。]{0,3}都没有|滴水不进|"
        r"零(?:延迟|误差|噪音|失误|缺陷|死角)|0(?:损伤|延迟|误差)|全防水|"
        r"(?:什么|所有|任何)[^，。]{0,6}都(?:能治|能洗掉|能去掉|不怕|通吃)|再[大厚重][^，。]{0,6}(?:也|都)不|"
        r"坏了算我的|耐[^，。]{0,3}到下辈子|[用穿](?:到报废|十年|一?百年)(?:都|也)?不|随便(?:压|碰)|"
        r"(?:速度|奶量|年薪|工资|成绩|效率|收入)[^，。]{0,4}翻[倍番]|(?:人人|老少|全家老小|"
        r"男女老少)(?:都)?(?:适宜|皆宜|能吃|可以吃)|[一二三四五六七八九十百]+度(?:都)?(?:不怕|不冷|也不冷)|地表|"
        r"一哥|一姐|独一份",
        r"(?<!\w)(?:(?:doctors?|dermatologists?|experts?|vets?|dentists?|hospitals?|scientists?|"
        r"celebrit\w+)(?:[- ]| all | everywhere )?(?:recommend\w*|swear\w*|agree\w*|love\w*|endorse\w*|approved?)|"
        r"instantly (?:\w+ )?(?:erases?|removes?|whitens?|lifts?|disappear|younger)|(?:wrinkles?|spots?|acne|"
        r"scars?|stretch marks)[^.!?]{0,15}(?:vanish|disappear|gone)|"
        r"(?:look|years) (?:\w+ )?younger|turns? back the clock|erases? (?:\w+ )?(?:wrinkles|lines|scars)|"
        r"hate this|overnight (?:results|cure)|works? (?:overnight|instantly)|"
        r"in (?:just )?(?:\w+) (?:days|minutes|nights|hours)[, ]+(?:your|you|flat)?\s?(?:skin|wrinkles|"
        r"pain)?\s?(?:will be|disappear|gone|flawless))(?!\w)",
        effect=True,
    ),
    rule(
        "runs down others",
        r"三无产品|致癌|千万别买|只有我们(?:家)?(?:是|才)|别去[^，。]{0,6}(?:家|店)买|碾压|吊打|完爆|秒杀(?:同行|"
        r"大牌|别家)|(?:别(?:的)?(?:家|人|处|牌|店|直播)|其他|其它|隔壁|某|同行|外面|市面上?)[^，。]{0,10}(?:都是|"
        r"全是|就是|都有|才是|那种|那些|的都?)?(?:假货|垃圾|骗人|骗子|坑人|坑你|坑您|劣质|黑心|不行|糊弄|山寨|"
        r"有毒|智商税|忽悠|次品|以次充好|偷工减料|掺假|烂|假的)|(?:某|那)(?:宝|东|音|家)[^，。]{0,4}都?是?假|"
        r"(?:把|让)[^，。]{0,5}(?:按在地上|甩[^，。]{0,3}条街)|甩(?:别人|同行|大牌|他们|别家)|"
        r"平替(?:天花板)|踩在脚下|跟我们(?:没法|不能)比|不(?:像|跟)(?:别家|有些|某些|别人)[^，。]{0,10}(?:假|坑|"
        r"骗|差|糊弄|偷工)",
        r"(?<!\w)(?:everyone else|everybody else|other|those|every other|their|"
        r"competitors?'?)(?: \w+)? (?:brands?|products?|sellers?|shops?|stuff|ones?|companies)?[^.!?]{0,12}"
        r"(?:fakes?|garbage|trash|junk|rubbish|fake|scams?|toxic|lie|lying|crap|useless|rip[- ]?offs?|poison)(?!\w)",
    ),
    rule(
        "absolute safety",
        r"纯天然无|零添加任何|无任何(?:添加|化学|刺激|副)|(?:没有|不含)(?:任何|一点|丝毫)(?:添加|化学|副|刺激|害|"
        r"毒)|(?:孕妇|宝宝|婴儿|孩子|儿童|老人)(?:都)?(?:也|都)?(?:可以|能)?(?:放心|随便|大胆|直接)(?:随便)?(?:用|"
        r"吃|喝|啃|涂)|"
        r"(?:绝对|完全|百分|100%)(?:不(?:会)?过敏|安全|无害|无毒)|吃多少都(?:没事|不)|怎么吃都|零(?:刺激|伤害|"
        r"污染|毒|过敏|致敏)|无毒无害|零甲醛(?!添加)",
        r"(?<!\w)(?:chemical[- ]free|non[- ]?toxic and 100%|totally harmless)(?!\w)",
    ),
    rule(
        "patent not granted",
        r"(?:正在|已|已经)?(?:申请|申报)[^，。]{0,4}专利|专利(?:正在)?(?:申请中|受理|审查中)",
        r"(?<!\w)patent[- ](?:pending|applied)(?!\w)",
    ),
)

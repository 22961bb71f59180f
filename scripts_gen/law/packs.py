"""What each kind of goods may not say beyond the general rules, and what its registration allows (广告法 16–25)."""

import re
from dataclasses import dataclass

from scripts_gen.law.rule import Rule, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of a kind of goods.

    `allowed` words are matters of a registration here (evidence), though a general rule bans them elsewhere.
    """

    goods: re.Pattern[str]
    bans: tuple[Rule, ...] = ()
    proofs: tuple[Rule, ...] = ()
    allowed: re.Pattern[str] | None = None
    told: re.Pattern[str] | None = None  # words of the sentence that tell the goods when the category does not


def _goods(names: str) -> re.Pattern[str]:
    return re.compile(names, re.IGNORECASE)


_ORDINARY_FOOD = rule(
    "ordinary food claims no health effect",
    r"养生|(?<!非)保健(?!食品|品)|润喉|美容|养颜|瘦身|清火|降火|下火|去火|清热|抵抗力|免疫力|助消化|促消化|消化|"
    r"[补养](?:血|气|肾|肝|胃|脑|颜)|"
    r"安神|助眠|睡得(?:香|好)|明目|乌发|提神醒脑|增强体质|强身|延年益寿|抗衰|抗氧化|气色|少生病|少感冒|少得|排便|"
    r"通便|便秘|解酒|醒酒|驱寒|暖宫|暖胃|去湿|消食|开胃健|护眼|护心|刮油|解腻刮|"
    r"(?:对|有益)(?:[^，。]{0,6})(?:身体|健康|心脏|血管|肠胃|皮肤|眼睛|大脑)(?:有|好|特别|很)|有益(?:于)?(?:健康|"
    r"身体)|增强记忆|调理|滋补|大补",
    r"(?<!\w)(?:boosts? (?:\w+ )?(?:immun\w+|metabolism|energy levels)|burns? fat|weight|slimming|"
    r"good for your (?:heart|gut|skin|liver)|aids? digestion|cleanses?|anti[- ]?ag(?:e?)ing|"
    r"improves? (?:\w+ )?(?:sleep|memory|digestion|immunity|eyesight|skin)|helps? you (?:sleep|lose|live))(?!\w)",
)

PACKS: tuple[Pack, ...] = (
    Pack(
        goods=_goods(r"health[_ -]?food|supplement|保健|营养(?:品|补充)|膳食补充"),
        bans=(
            rule(
                "health food claims no treatment",
                r"不吃(?:它|这个)[^。]{0,12}(?:坏|病|老|亏)|药[^，。]{0,4}停了|不吃[^，。]{0,8}(?:坏|病|老|亏)|"
                r"(?:不用|不必|停|少|代替|替代|胜过|好过)[^，。]{0,6}药|药物?(?:效果|疗效)|治|(?:医生|专家|主任|"
                r"医院|明星|患者|用户)[^，。]{0,6}(?:推荐|都|证明|吃了)|(?:预防|防止|防治)[^，。]{0,8}(?:病|炎|症|"
                r"癌|感冒|衰老)|"
                r"健康必[需须不备]|必需品?|必备|缺了(?:它)?就|不吃(?:就|会)|人人(?:都)?(?:需要|必|该)|保证|见效|"
                r"有效率|安全性?(?:高|有保障)|无效|没有?(?:任何)?副作用|根本(?:改善|解决)|"
                r"(?:吃|服用)[^，。]{0,8}(?:就好|好了|痊愈|降下来|不疼)|比(?:吃)?(?:药|食补|别的)",
                r"(?<!\w)(?:prevents?|cures?|treats?|instead of|replaces?|no need for|everyone needs|must[- ]take|"
                r"guarantee\w*)(?!\w)",
            ),
        ),
        proofs=(
            rule(
                "registered function: show the approval",
                r"增强|缓解|改善|有助于|辅助|补充|维持|调节|促进|保健功能|免疫力|抗氧化|睡眠|骨密度|耐力|视力|"
                r"记忆|减肥|通便|血糖|血脂|血压",
                r"(?<!\w)(?:supports?|helps?|contributes?|maintains?|improves?|boosts?)(?!\w)",
            ),
        ),
        allowed=re.compile(
            r"(?:有助于|辅助|帮助|维持|缓解|改善|增强|调节|补充|促进|保护)[^，。]{0,10}(?:免疫力?|抗氧化|记忆|"
            r"视疲劳|视力|咽喉|血脂|血糖|血压|疲劳|睡眠|骨密度|骨骼|贫血|铅|耐力|肠道|消化|便秘|通便|"
            r"体内脂肪|减少体内|胃黏膜|肝损伤|肝|缺氧|乳汁|皮肤水分|祛黄褐斑|痤疮)",
        ),
    ),
    Pack(
        goods=_goods(
            r"food|snack|tea\b|coffee|sauce|drink|beverage|食品|食物|零食|茶|饮料|饮品|生鲜|粮油|水果|农产|调味|"
            r"糕点|乳制品|蜂蜜"
        ),
        bans=(_ORDINARY_FOOD,),
    ),
    Pack(
        goods=_goods(r"cosmetic|beauty|skin ?care|make-?up|hair ?care|美妆|护肤|化妆|个护|洁面|面膜|洗护|彩妆"),
        bans=(
            rule(
                "a cosmetic claims no medical effect",
                r"药妆|医学护肤|医学级|医用(?!级?口罩)|医美级?|械字号|处方|药用|抗敏|脱敏|抗过敏|祛疤|去疤|除疤|"
                r"生发|(?:让|使)?头发[^，。]{0,6}(?:重新)?长出|丰胸|溶脂|瘦脸|瘦身|换肤|(?:细胞|皮肤|肌肤|"
                r"胶原)(?:再生|修复再造)|干细胞|"
                r"激活细胞|活化细胞|细胞活|除菌|杀菌|抗菌|抑菌|抗炎|消炎|消肿|激素脸|皮炎|湿疹|痤疮|粉刺炎|毛囊炎|"
                r"银屑|牛皮癣|红血丝|刷酸治|抗病毒|基因|打针|玻尿酸针|热玛吉|媲美(?:医美|打针|水光)|除螨|"
                r"妊娠纹[^，。]{0,4}(?:消|没|去)|祛除|根除|速效|特效|全效|强效|高效|(?:换季|红肿|"
                r"敏感)[^，。]{0,4}(?:治|好了)|防敏|排毒|解毒|吸收黑色素",
                r"(?<!\w)(?:cell regeneration|regenerat\w+|stem cells?|medical[- ]grade|pharmaceutical|botox|"
                r"steroid|cures?|(?<!doctor about )(?<!dermatologist about )eczema|acne treatment|"
                r"anti[- ]?inflammatory|like surgery|facelift)(?!\w)",
            ),
        ),
    ),
    Pack(
        goods=_goods(r"medical|medicine|device|pharma|医疗|医药|器械|药品|药店|OTC"),
        bans=(
            rule(
                "medical goods promise nothing",
                r"治愈率|有效率|成功率|(?:安全|放心)(?:有效|无|可靠|性?100)|绝对|保证|无副作用|没有副作用|不复发|"
                r"根治|根除|痊愈|包治|药到病除|完全(?:好|康复|恢复)|(?:患者|病人|用户|大爷|大妈|阿姨|"
                r"老[王李张刘陈])[^，。]{0,14}(?:好了|康复|"
                r"痊愈|见效|不疼|说|推荐)|(?:专家|医生|教授|主任|院士|协和|医院|明星|学会|协会|"
                r"科研)[^，。]{0,8}推荐|比(?:其他|别的|其它|同类|任何|别家|别人)[^，。]{0,12}(?:准|好|强|快|安全|"
                r"有效|更)|"
                r"(?:见效|起效)(?:快|迅速)|立即见效|当天见效|热销|抢购|家庭必备|无效退|神药|最",
                r"(?<!\w)(?:cure rate|cured|no side effects|guarantee\w*|safe and effective|patients? (?:say|said|"
                r"recovered|swear)|better than (?:other|any)|doctors? recommend\w*|out of (?:ten|10))(?!\w)",
            ),
        ),
        proofs=(
            rule(
                "indication: show the registration",
                r"治疗|缓解|适用于|用于|辅助|改善|消炎|止痛|杀菌|临床|医用|二类|三类|注册证|监测|测量(?:误差|精度|"
                r"准)|误差|血压|血糖|康复|理疗|疼痛",
                r"(?<!\w)(?:relieves?|treats?|indicated|for the (?:treatment|relief)|clinical\w*|accura\w+)(?!\w)",
            ),
        ),
        allowed=re.compile(
            r"治疗|消炎|止痛|镇痛|止咳|化痰|平喘|抗炎|(?:缓解|改善|用于|适用于|辅助|减轻|消除|预防)[^，。]{0,16}|"
            r"活血|化瘀|降压|降糖|血压|血糖|疗程|退热|祛风|祛湿|relieves? \w+|treats? \w+",
        ),
    ),
    Pack(
        goods=_goods(r"financ|invest|insurance|fund|金融|理财|保险|投资|基金|贷款|信贷"),
        told=re.compile("理财|基金|股票|年化|保险产品|贷款"),
        bans=(
            rule(
                "finance promises nothing",
                r"(?:收益|回报|利息|年化|本金)[^，。]{0,8}(?:稳|保|高于|比银行|最|翻倍|确定|固定|肯定|一定|无忧|"
                r"不亏|百分之百)|(?:比|高过|跑赢|超过|秒杀)(?:银行|存款|余额宝|通胀|大盘)|保底|刚兑|兜底|无忧|"
                r"不(?:会)?亏|没有?风险|零风险|低风险高|高收益|"
                r"翻倍|(?:必|肯定|一定|稳)[^，。]{0,3}(?:涨|赚)|(?:专家|经济学家|大师|股神|教授|机构|协会|明星|"
                r"老师)[^，。]{0,6}(?:推荐|看好|带你|力荐|都买)|稳健增值|轻松(?:赚|理财|月入)|(?:人人|谁)都能|"
                r"下款|秒批|不看征信|无视|(?:什么|啥)病都(?:赔|保)|全(?:都)?赔",
                r"(?<!\w)(?:guaranteed|risk[- ]free|no risk|safe bet|can'?t lose|beats? (?:the )?(?:bank|market)|"
                r"double your|returns? of (?:at least )?\d+% (?:every|a|per)|always (?:goes|rises)|"
                r"instant approval)(?!\w)",
            ),
        ),
        proofs=(
            rule(
                "finance: show source and risk",
                r"年化|收益率?|业绩|利率|基准|承保|赔付率|规模\d|评级|持牌|牌照|历史|[\d.]+\s*%|百分之",
                r"(?<!\w)(?:yield|returns?|(?<!past )performance|regulated|rate of|rated|\d+(?:\.\d+)?\s?%)(?!\w)",
            ),
        ),
    ),
    Pack(
        goods=_goods(r"educat|course|training|tutor|school|教育|课程|培训|辅导|学习"),
        bans=(
            rule(
                "education promises no result",
                r"保证|承诺[^，。]{0,6}(?:过|提|就业|录取)|提分|提高[^，。]{0,6}\d+分|涨\d+分|升学|(?:名师|老师|"
                r"专家|出题|命题|阅卷)[^，。]{0,8}(?:押题|命中|押中|命题组|授课.{0,3}必|推荐)|(?:出题|命题|"
                r"阅卷)(?:组|人|老师)|押题|命中|必(?:过|中|考|会|上)|通过率[^，。]{0,4}(?:高达|100|99|9\d)|"
                r"包(?:过|会|教|学会|就业|录取|拿证|考)|不过(?:全额)?(?:退|包)|(?:轻松|一定|肯定|稳|直接|"
                r"快速)(?:考|拿|过|上|通过)[^，。]{0,6}(?:证|名校|重点|高分|满分|清华|北大|985|研|编|雅思|试)?|"
                r"(?:考上|考进|录取|上岸)(?:了)?|(?:高薪|年薪|月薪)[^，。]{0,5}(?:工作|就业|不是梦|\d)|清华|北大|"
                r"零基础[^，。]{0,6}(?:精通|考过|拿证|变高手)|[一二三四五六七八九十\d]+(?:天|周|个月|"
                r"节课)[^，。]{0,4}(?:学会|精通|流利|掌握|速成|拿证|说一口)|(?:学员|家长|同学)[^，。]{0,8}(?:推荐|"
                r"都考|提高了|进步了|个个|说(?:孩子)?)|输在起跑线|逆袭|速成",
                r"(?<!\w)(?:guarantee\w*|pass (?:the exam )?(?:first time|for sure)|fluent in \w+ (?:days|weeks|"
                r"months)|get (?:you )?into (?:harvard|any|top)|land (?:you )?a job|a\+? grades|everyone passes|"
                r"exam setters?|100% pass)(?!\w)",
            ),
        ),
        proofs=(
            rule(
                "education: show the figure's source or the licence",
                r"通过率|学员|合格率|就业率|备案|资格证|教龄|办学许可|教研|往届|[\d.]+\s*%|毕业于",
                r"(?<!\w)(?:pass rate|\d+(?:\.\d+)?\s?%|students|accredited|certified|graduates?)(?!\w)",
            ),
        ),
    ),
    Pack(
        goods=_goods(r"alcohol|wine\b|beer|spirit|liquor|(?<!店)酒(?!店)"),
        told=re.compile(
            r"白酒|红酒|啤酒|葡萄酒|黄酒|喝酒|小酌|这(?:款|瓶|杯)?酒|酱香|浓香型|(?<!\w)(?:wine|beer|whisk|vodka)",
            re.IGNORECASE,
        ),
        bans=(
            rule(
                "alcohol: no invitation, no effect",
                r"(?<!不)(?:解|不)醉(?!驾)|助兴|驱寒|暖身|(?:开车|驾车|驾驶|开船)(?:的)?[^，。]{0,8}(?:也(?!不)|"
                r"都(?!不)|可以|没事|能喝|小酌)(?![^，。]{0,3}不)|(?<!有害)(?:健康|养生)|一口闷|一口干|干杯?到底|"
                r"不醉不(?:归|休)|(?:有益|利于)(?:于)?(?:身体)?健康|(?:更)?有面子|干了这杯|喝到(?:嗨|爽|醉)|"
                r"敞开(?:了)?喝|放开(?:了)?喝|不上头|"
                r"不口干|不伤|解乏|解愁|解压|消愁|忘(?:掉|记)?烦|烦恼|放松(?:身心|心情)|缓解(?:压力|紧张|焦虑)|"
                r"提神|活血|助眠|睡得|增(?:强|加)(?:体力|精力)|(?:是男人|真男人|爷们)|(?:喝|"
                r"饮)[^，。]{0,6}(?:身体好|有好处|延年|长寿|养)|多喝|天天喝|每天[^，。]{0,6}[杯两]|"
                r"(?<!未)(?:青少年|学生|孩子)[^，。]{0,4}(?:也|都|可以)",
                r"(?<!\w)(?:drink up|get drunk|no hangover|hangover[- ]free|(?:good|healthy) for (?:you|"
                r"your heart)|forget your (?:worries|troubles)|relax\w*|drive after|drink as much|"
                r"helps? you (?:sleep|unwind))(?!\w)",
            ),
        ),
    ),
    Pack(
        goods=_goods(r"baby|infant|formula|婴|奶粉|母婴"),
        told=re.compile("奶粉|母乳|breast milk", re.IGNORECASE),
        bans=(
            rule(
                "no substitute for breast milk",
                r"(?:媲美|超越|接近|等同|替代|代替|不输|胜过|堪比|像|如同|比|和|跟)(?:妈妈的?)?母乳|母乳(?:化|级|"
                r"般|一样)|(?:as good as|like|better than|closest to|replaces?) (?:mother'?s|breast) ?milk",
            ),
        ),
    ),
)


def packs_of(category: str | None, plain: str = "") -> tuple[Pack, ...]:
    """The packs that a category, or else the sentence, falls under; health food is no ordinary food."""
    found = tuple(
        pack
        for pack in PACKS
        if (category and pack.goods.search(category)) or (pack.told is not None and pack.told.search(plain))
    )
    return tuple(pack for pack in found if not (pack is PACKS[1] and PACKS[0] in found))

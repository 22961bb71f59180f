"""What makes a word that looks forbidden lawful where it stands (广告绝对化用语执法指南, 2023, 五 and 六).

Order, place, time, measure and advice; attitude and aims; comparison within one's own range; names, grades and titles;
and what the sentence itself denies.
"""

import re

_NUMBER = r"[\d一二两三四五六七八九十百千半]+"

LOOKALIKE = re.compile(
    # measure, size, place, time, order
    rf"最(?:大|小|高|低|长|短|宽|窄|厚|薄|快|慢|早|晚|多|少|远|近|重|轻|深|浅|强|"
    rf"弱)[^，。！？价]{{0,7}}?{_NUMBER}\s*(?:\.\d+\s*)?(?:公?斤|克|吨|厘?毫?米|公分|公里|毫?升|度|瓦|寸|英寸|码|"
    rf"人|件|台|小时|分钟|秒|"
    r"天|点|号|月|周|W|kg|g\b|cm|mm|m\b|ml|L\b|℃|%|转|档|级|挡|位|双|个|层|片|支|瓶|包|页|次|元|块|岁|倍|米|步|颗|"
    r"粒|张|条|只|把|杯|毛|[MGT]B|兆|帧|磅|Pa|流明|lm|Hz|rpm|mAh|毫安|餐|顿|款|套|公里|毫|块钱|折|期|寸|格|碗|勺|"
    r"折)|"
    r"最(?:大号|大码|大(?:尺寸|承重|功率|输出|容量|载|压力|深度|风量|支持|量程|吸力|高度|直径|限度|程度|化|音量|"
    r"档|那?一?个是|的是|是)|小号|小码|小(?:尺寸|的是|是|档|化|起订)|"
    r"高(?:温|可|承|能|达|到|时速|支持|转速|水位|档|限|气温|(?:的|一档|档位)?是)|低(?:成交价|温|能|到|档|起订|"
    r"消费|限度|起购|水位|要求|(?:的|一档)?是|可|配置)|后|近|初|终|末|早(?=的?(?:那|一|做|在|可|能|明|今|的))|晚|"
    r"先(?!进)|快(?=(?:也|可|能|今|明|当|下|后|半))|慢|新(?!技术|科技|工艺|研发|一代)|"
    r"多(?!人|的(?:品牌|选择|款|店))|少(?:要|得|需|买|拍|放|用|也|是)|长(?:可|能)|外(?:层|面|边|侧)|里(?:层|面|"
    r"边)|内层|底(?:下|层|部)|低层|上(?:面|层|边|方)|下(?:面|层|边|方)|左|右|前(?:面|排)|中间|顶上|边上|"
    r"受不了|关(?:心|注)|担心|怕|想|在意|喜欢|爱|讨厌|头疼|烦|常(?:见|问|用|犯|碰)|容易(?:忽|弄|出错|脏|踩|忘|犯|"
    r"坏)|需要(?:注意|提醒|的)|要紧|重要的(?:是|一点|事)|关键的(?:是|一点)|多人问|热的(?:时|那|天|几|月|季)|"
    r"冷的(?:时|那|天|几|月|季)|忙的|"
    r"麻烦|难|怪|直[接观]|简单的(?:办法|方法|做法|判断)|累|尴尬|揪心|懵|心疼|无语|头大|亏|恼火|磨人|会(?!赚)|常|"
    r"清楚|不|烦|气人|惨|苦|贵|脏|差|坏|丑|痛|疼|吵|闹|烂|可怜|无奈|后悔|忌|普通|基础|基本|原始|传统|粗|宽那|少见|"
    r"小[XSML]|大[XSML]|实在的|开始|先(?!进)|远的|近的|旧|稳妥|保险的|短(?=的?(?:那|一))|最)|"
    r"母乳[^，。]{0,8}最好|最好的(?:服务|自己|时光|安排|状态|朋友)|(?:消炎|止痛|降压|降糖|退烧|感冒|止咳|"
    r"减肥)药(?!效)|(?:质量|品质|服务)第一[，、](?:信誉|服务|顾客|客户|诚信|用户)|最[^，。！？]{1,4}的(?:时候|"
    r"季节|月份|几?天|那[天几]|位置|一层|一面|一格|一档|档位|问题|话|部分|地方|缺点|毛病|不足|办法|方法是)|"
    # advice and tips for use
    r"最好(?=(?:先|别|不要|能|还是|提前|是(?!的)|在|把|量|留|分|放|给|拿|检查|避|一次|两|不(?!过)|每|问|按|选|当|"
    r"也|就|尽|隔|晾|平铺|反|轻|慢|少|再|让|对照|跟|和|早|晚|自己|手洗|机洗|单独|冷|常|存|开|拆|趁|戴|搭|吃完|"
    r"喝完|看一|看清|看下|听一|用(?!的|，|。|！|$|了|到|没|吧|啦)))|"
    r"最(?:佳|适宜?|合适|理想)的?(?:赏味|食用|饮用|品尝|拍摄|使用|观看|保存|佩戴|口感|储存|存放|距离|温度|时间|"
    r"时期|期|观影|享用|水温|冲泡|浸泡|熨烫|摆放|睡|角度|位置|尺[码寸]|码|充电|湿度|剂量|用量|播种|比例)|"
    rf"最便宜(?=的?那?一?[袋件盒瓶只条双支款])|最(?:大|小|高|低|轻|重|薄|厚|长|短|贵)的?(?:那|"
    rf"一)(?:[款个件条双支])?(?:是|有|，|{_NUMBER})|"
    # the ordinal
    r"第一(?:次|步|眼|时间|件|个|排|层|口|批|天|位|瓶|包|片|种|杯|款|双|台|句|遍|道|代|章|节|课|页|季|行|组|本|盒|"
    r"条|周|年|月|站|百|千|万|人民|医院|中学|小学|附属|轮|波|场|期|段|单(?!品)|部分|部|格|档|阶段|印象|反应|步骤|"
    r"人称|大街|等|产业|财季|手资料|支|颗|粒|勺|泵|道工序|项|类|套|"
    r"点(?!击)|件事|名(?=下单|拍|进|顾客|买|付)|志愿)|(?<![一-鿿A-Za-z])第一(?=[，、:：,是要先看])|(?:不是|又不是|"
    r"并非)第一|第一[^，。]{0,12}[，。；][^。]{0,20}第二|"
    r"(?:顾客|客户|用户|安全|健康|诚信|信誉|信用|友谊|家人|孩子|服务态度|生命|预防)(?:永远|就是|都|也|要|是|为|"
    r"才是)*(?:放在?|摆在?|排)?第一(?:位)?(?!品牌|名|的(?!理念|原则|态度|宗旨|信念))|"
    # names, technical terms and other uses
    r"绝对(?:值|不(?:会)?(?:勉强|催|瞎说|乱说|敢|骗)|地址|路径|坐标|温度|湿度|位置|零度)|(?:店里|店铺|本店|我们家|"
    r"这里|其中|里面|系列|款里|当中)唯一|顶级(?=会员|域名|目录|分类|类目|菜单)|永久(?=地址|链接|居留|花园|居民|"
    r"有效期|牌自行车)|"
    r"国家级(?=贫困|自然保护|森林|公园|湿地|景区|开发区|高新|新区|博物馆|风景|重点|(?:[^，。]{0,6})(?:保护区|"
    r"开发区|景区))|"
    r"国际级(?=标准)|世界第一等|《[^》]{1,16}》|(?:书名|歌名|片名|品名|店名|网名|昵称|型号)(?:叫|是|为)[^，。]{1,12}|"
    r"高级(?=搜索|设置|感|灰|选项|经理|班)|王牌(?=是|对|这|特工|面粉|牌)|唯一(?:[^，。]{0,2})(?:要|需|缺点|不足|"
    r"的?(?:缺点|不足|遗憾|区别|不同|差别|麻烦|原料|成分|配料|问题|编码|标识|编号|出口|"
    r"一个?[白黑红蓝绿黄灰紫粉]))|"
    r"唯一(?:原料|成分|配料|码|标识|ID|编号)|完美(?!的|无|至|到|贴|适)|治愈系|治愈风|(?:歌|曲|画|电影|视频|颜色|"
    r"画面|故事|声音|音乐)[^，。]{0,6}治愈|包会员|包中间|降压线|保税|长高与否|保证(?:值|成分)|不伤不|伤不伤|"
    r"维护心|平日入|中药(?:柜|箱|味)|药(?:盒|箱|瓶)|医药箱|病历|看病|"
    r"特价(?=区|专区)|保证(?:金|书|人)|宇宙(?:飞船|星空|系列|主题|图案|色|灰|蓝)|星空宇宙|神仙(?:鱼|水草)|全球购|"
    r"全球(?:联保|包邮|发货|通用|运送|频段)|全国(?:包邮|联保|发货|通用|统一|都能|各地|热线|可)|全网通|"
    r"首(?:次|页|先|字母|单|付|饰|件|图|尾|重)|世界(?:杯|地图|时间|各地|读书日|名著)|国际(?:标准|尺码|快递|米兰|"
    r"象棋|版|音标|运费)|比赛第一|(?:升值|收益)(?:率表)?$|宇宙牌|大师(?:傅|课)|冠军(?=联赛|杯)|"
    r"极限(?=温度|值|压力|尺寸|运动|飞盘|挑战)|万能(?=胶|插|转换|遥控|充|钥匙|夹|表|青年)|神器(?=的?盒)|"
    r"疯狂(?=动物|星期|原始|石头)|(?:是|为)?100%\s*[一-鿿]{0,4}(?:棉|毛|丝|麻|绒|纤|酯|果汁|牛皮|羊皮|再生|竹|木|"
    r"天丝|莫代尔|生牛乳|阿拉比卡)|"
    r"专家(?=号|门诊|模式)|抗菌(?=药|肥皂盒)|绝版(?=书)|底价(?=竞拍)|免检(?=产品几年)|唯一(?=性)|"
    r"(?:特级|一级|优级|二级)(?:初榨|大豆油|花生油|绿茶|龙井|酱油|白糖|压榨|生抽|鲜)|百年(?=孤独|灵|好合)|"
    r"风水(?=轮流)|中央(?=空调|厨房|处理器|大街|控制|公园|锁)|部队(?=番号|火锅)|武警(?=医院)|军队(?=题材)|"
    # English
    r"best (?:before|by|used|if|kept|stored|served|wishes|when|to (?!ever)|for you|with|fits?|suits?|regards|"
    r"friend|in the fridge|viewed)|(?:it'?s|it is|is|are) best (?:to|if|when|not|washed|kept|with|served|on)\b|"
    r"at best|(?:do|try|doing|trying|did|does) (?:\w+ )?best|"
    r"first (?:of all|time|step|thing|come|aid|things|order|name|page|layer|batch|use|impression|wash|one|sip|"
    r"bite|row|generation|floor|up)|bestie|(?:my|your) (?:\w+ )?(?:favou?rite|best bet)|"
    r"(?:the )?(?:largest|smallest|biggest|longest|shortest|lightest|heaviest|tallest|widest|thickest|thinnest|"
    r"warmest|darkest|softest|best|cheapest|most \w+|strongest|fastest)(?: \w+)? (?:of (?:our|the|these|my) |"
    r"in (?:our|this|the) (?:own )?(?:range|line|shop|series|catalogue|store|set|collection|lineup|family)|"
    r"size|setting|part (?:is|of)|we (?:make|sell|carry|have|stock)|piece of advice|question|way to (?:wash|store|"
    r"clean|use|open|tell|check|measure))|at (?:the )?(?:lowest|highest|latest|most|least)|"
    r"\w+est (?:setting|size|one (?:weighs|is|measures|holds))|last (?:item|one|three|two|step|thing|product|four|"
    r"five|minute|month|week)|"
    r"perfect(?=ly normal)|ultimate(?=ly)|forever(?= stamp)|number one(?= rule| thing| question| complaint)|"
    r"top (?:layer|shelf|left|right|of)|for life jackets?",
    re.IGNORECASE,
)

# Within one's own range: 本店最薄的一款, 三款里最轻的.
_OWN = re.compile(
    r"(?:本店|小店|全店|店里|店内|本品牌|自家|自己(?:家)?|咱家|我们家|我家|我们店|我们(?:品牌|公司)?|本系列|"
    r"同系列|这个系列|系列|产品线|同款|同批|"
    rf"(?:这|那)?(?:{_NUMBER}|几)(?:[款个种件双条台支把瓶盒箱袋色]|个颜色|个尺码|个型号)(?:颜色|尺码|型号|"
    rf"口味)?(?:里面?|中间?|当中|之中|比|之间)?|今天(?:这|的)?(?:几|{_NUMBER})[款个件][^，。]{{0,3}}(?:里|中)|"
    rf"这里面|这里头|其中|往年|去年|上一?代|以前|过去)"
    r"[^，。！？是]{0,8}$|[二两三四五六七八九十几]款[^，。！？]{0,4}[，：][^，。！？]{0,8}$"
)
_OWN_WORD = re.compile(r"最(?!低价|便宜|实惠|划算|权威|安全|先进)")
# Whose quality the sentence praises at large is no range: 我们家的凉席是最舒服的 has a 是 between.
_AIM = re.compile(
    r"(?:力求|追求|争取|努力|希望|想要?|尽力|尽量|力争|目标|愿|祝|朝着|为了|想把|立志|坚持|秉承|奉行|始终|讲究|"
    r"理念[是为]?|宗旨[是为]?|原则[是为]?|梦想|试着|要求自己|尽可能|做到|strive|aim|try|hope|want to|goal|"
    r"wish)[^，。！？,.!?]{0,14}$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"(?:不(?:能|敢|会|是|可以|算|说|讲|喊|吹|保证|承诺|代表|代替|治|做|搞|写|宣称|包|等于|属于|打算|建议|该|应|"
    r"可能是?|玩|谈|靠|想说|叫|打包票|存在|追求|用担心)|"
    r"没有(?!比|哪|谁|人|一|什么|第|更|其他|任何|对手)|没(?!有|人|谁|对)|喊|传言|误传|听说|有人叫|(?:别人|有人|"
    r"网上)(?:说|叫|传)|问(?:能不能|有没有|会不会|是不是|的)?|想(?:拿|靠)?|并非|别(?:信|说|提|讲|轻信|相信|听|"
    r"指望|期待|跟我)|不信|无法|无权|谈不上|称不上|说不上|算不上|哪有|哪敢|哪来的?|(?:谁|哪家|任何人)(?:也|"
    r"都)(?:不能|不敢|没法)|"
    r"拒绝|禁止|不得|从不|从来不|请勿|勿|严禁|反对|警惕|小心|凡是|如果有人|有人(?:说|问)|很多人(?:说|问)|"
    r"您问(?:是不是)?|问我|是不是|能不能|会不会|有没有|吗？|not|n't|nothing is|no such|never (?:say|claim|promise|"
    r"call)|cannot|nobody can|beware of|"
    r"anyone who (?:says|claims))[^，。！？；,.!?;]{0,14}$|(?:不|没|无|未|别|甭|勿)$",
    re.IGNORECASE,
)
DISOWNED = re.compile(
    r"^[^，。！？；,.!?;]{0,8}(?:(?:这|那|此)(?:种|句|些|个|类|样)?(?:的)?(?:话|词|说法|字眼|事)?|的话|之类|"
    r"一类)?[^，。！？；,.!?;]{0,4}(?:不能(?:说|讲|喊|写|用)|不敢(?:说|讲|喊|认|保证)|不(?:说|讲|喊|写|吹|用说|"
    r"谈)|"
    r"不算数|不作数|我?不认|不归|没依据|没有依据|谈不上|说不得|不成立|不存在|不可信|不要信|别信|是(?:违法|违规|"
    r"不允许|骗人|假)|违反广告法|我?没(?:法|办法)(?:说|讲|保证|答应)|吗|么(?=？))|"
    r"^[^，。！？；,.!?;]{0,10}(?:这回事|[^，。]{0,3}(?:我们)?(?:没有|没拿过)(?:$|[，。])|是没有的|没有这回事|"
    r"没这回事|也要看|因人而异|要看(?:个人|自己))",
)
_SOURCE = re.compile(
    r"据|来源|数据|统计|来自|榜单|尼尔森|欧睿|生意参谋|蝉妈妈|魔镜|艾瑞|报告|排行榜|评为|according|source|nielsen|"
    r"euromonitor|kantar|as reported|data",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"20\d\d|去年|今年|上个?月|[\d一二三四五六七八九十]+月|年度|季度|双十?[一二]|双11|双12|618|"
    r"近[\d一二三七三十]+[天日]|连续[\d一二三四五六七八九十]+年|last (?:year|month)|in (?:january|february|march|"
    r"april|may|june|july|august|september|october|november|december)",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"天猫|京东|淘宝|抖音|拼多多|快手|唯品会|苏宁|类目|品类|细分|市场|榜|地区|省|市|线上|全渠道|amazon|tiktok|"
    r"shopify|ebay|category|market",
    re.IGNORECASE,
)
# Titles and awards that a state gives (执法指南 六): to be shown, not to be hidden.
OFFICIAL = re.compile(
    r"国家级(?:非遗|非物质|大师(?!傅)|工艺美术|新品种|奖|证书|绿色工厂|高新技术|实验室|标准|[^，。]{0,6}(?:传承人|"
    r"称号|认证|奖|示范))|(?:国家|省|部)(?:科学技术|科技|技术发明|自然科学|质量)[^，。]{0,4}奖|世界(?:级)?(?:非遗|"
    r"文化遗产|自然遗产)|"
    r"(?:金奖|冠军|第一名)(?=[^，。]{0,6}(?:证书|奖杯|奖牌))|(?:大赛|比赛|评比|赛事|博览会|糖酒会|锦标赛|"
    r"评选)[^，。]{0,10}(?:第一|冠军|金奖|一等奖|大奖)|奥运会|(?:voted|named|awarded|ranked|"
    r"rated)\b[^.!?]{0,40}(?:20\d\d|by )"
)


def excused(plain: str, start: int, end: int) -> bool:
    """Whether what stands there is denied, an aim, or a comparison within one's own range."""
    before = plain[max(0, start - 28) : start]
    if DENIED.search(before) or DISOWNED.match(plain[end : end + 28]):
        return True
    if plain.startswith("最", start) or plain[start : start + 2] == "第一":
        if _AIM.search(before):
            return True
        return plain.startswith("最", start) and bool(_OWN.search(before) and _OWN_WORD.match(plain, start))
    return bool(re.match(r"(?:the )?best", plain[start:end], re.IGNORECASE) and _AIM.search(before))


def sourced(plain: str) -> bool:
    """Whether a ranking says where it is from, or for when and where it holds."""
    return bool(_SOURCE.search(plain) and (_WHEN.search(plain) or _WHERE.search(plain))) or bool(
        _WHEN.search(plain) and _WHERE.search(plain)
    )

"""A comment at a glance, by code alone (well under a millisecond): what it wants and whether it may be answered.

The director asks `classify` for every comment; no model is involved and no word of the comment is trusted.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from scripts_gen.adlaw import uncovered
from scripts_gen.topics import TOPICS, Intent

Decision = Literal["answer", "skip", "hand_over"]
LONGEST = 200  # characters of a comment that are read; more is a flood, not a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a comment wants: `tone` names the fixed line that meets it, `topics` the subjects it asks about."""

    intent: Intent
    purchase: bool
    decision: Decision
    reason: str
    lang: str
    tone: str = ""
    topics: tuple[str, ...] = ()


_SELF_HARM = re.compile(
    r"不想活|想死|自杀|轻生|活不下去|结束(?:自己|生命)|割腕|跳楼(?!价)|跟着走了|一起走了|没意思活|kill myself|"
    r"suicid|end my life|want to die|"
    r"self.?harm|hurt myself",
    re.IGNORECASE,
)
_MEDICAL = re.compile(
    r"(?:能|可以|会)?(?:治|治疗|根治)(?:好|疗)?.{0,8}(?:吗|么|不|嘛|病|癌)|癌|肿瘤|糖尿病|高血压|心脏病|抑郁症|"
    r"吃.{0,4}药.{0,6}(?:能|可以)|能停药|"
    r"代替.{0,3}药|过敏(?:了|住院)|送医|中毒|"
    r"cancer|diabet|blood pressure|heart disease|depression|medication|prescription|cure my|allergic reaction|poison",
    re.IGNORECASE,
)
_INJECTION = re.compile(
    r"(?:忽略|无视|忘掉|忘记|抛弃|跳过|推翻|disregard|ignore|forget|override|bypass).{0,16}(?:指令|设定|规则|上面|"
    r"以上|之前|提示|限制|要求|前面|表格|"
    r"instruction|rule|previous|above|prompt|everything|guideline|listing)|"
    r"你现在(?:是|扮演)|从现在起|扮演|假装|装作|你是(?!真人|不是|ai|机器|数字|人工|谁|哪).{1,12}[，,].{0,12}(?:说|"
    r"宣布|告诉|免费|念)|角色切换|开发者模式|"
    r"developer mode|jailbreak|越狱|DAN\b|system ?(?:prompt|:|：|提示|override)|系统(?:提示|指令|命令|管理员|:|"
    r"：)|提示词|prompt|内部指令|"
    r"(?:跟|随)我(?:念|读|说|喊)|(?:大声|请|帮我|给我|照着|直播间)?(?:念出|读出|念一|朗读|喊一|喊出|复述|"
    r"重复)(?!.{0,2}问)|念(?:一遍|三遍|十遍|出来|成)|说(?:一遍|"
    r"三遍|出来|是的|\"|“|『|「)|宣布|承认(?:你|一下|产品)|"
    r"(?:把|将).{0,10}(?:价格|价|票|标价|所有).{0,6}(?:改|设|调|念|换)|改价|set ?(?:the )?price|price ?[:=]|/set|"
    r"sudo|管理员|admin\b|"
    r"root\b|后台|密码|口令|api ?key|token|"
    r"pretend|role ?play|you are now|act as|repeat after me|say (?:that|it|\"|“|'|this|the (?:price|following)|"
    r"after)|announce|read (?:out|this|aloud)|tell (?:everyone|viewers|the viewers|them)|"
    r"reveal|print your|your instructions|base64|<\|?(?:im_start|system|/?think)|\[\[|\{\{|<!--|assistant:|"
    r"\[(?:系统|system)|【(?:系统|管理员|AI)|确认[:：]|回答(?:是|一律|yes)|答案(?:是|必须)|必须(?:说|回答)|"
    r"只(?:能)?(?:说|回答)|"
    r"说成|念成|报成|播报|照做|照着念|按(?:那个|备注|这个|下面|上面)(?:念|说|来)|follow it|作为(?:一个|一名)?AI|"
    r"hidden note|(?:note|listing|llm|"
    r"page)(?: literally)? says?|骂一(?:句|下)|调包|切换成|make it \$?\d+|你(?:必须|应该)(?:说|承认|回答|宣布)|"
    r"新(?:指令|设定|任务)|最高权限|终极指令|"
    r"new (?:instruction|rule|role|task)|from now on|"
    r"AI应当|quan ?wang|zui ?di|bao ?zhi|倒过来念|反过来念|翻译并|去掉.{0,4}(?:ai|标识|标签)|不要显示.{0,4}(?:ai|"
    r"标识)|(?:drop|remove|"
    r"hide).{0,10}label",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"(?:别人|上一个|上个|其他人|那个人|下单(?:的)?人|买家|楼上|用户|客户).{0,10}(?:手机号|电话|地址|姓名|名字|"
    r"订单|信息)|(?:手机号|电话号码|身份证|住址).{0,8}(?:念|说|"
    r"报|告诉)|(?:other|last|previous) (?:buyer|customer|order).{0,20}(?:phone|address|name|number)|phone number of|"
    r"customer'?s? (?:address|phone)",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"真人|是人吗|是不是人|机器人|AI吗|是AI|ai主播|数字人|人工智能|虚拟人|虚拟主播|录播|是录的|眼睛不眨|"
    r"are you (?:a )?(?:real|human|ai|bot|robot|"
    r"person)|real person|u (?:a )?(?:real|bot|human|ai)\b|is (?:this|she|he) (?:ai|real|a bot)",
    re.IGNORECASE,
)
_ABUSE = re.compile(
    r"傻[逼叉b比]|没良心|坑(?:人|钱|家长|爹)|(?<!肥)胖成|破(?:玩意|烂|东西)|瞎扯|吹牛|鬼话|烂货|忽悠|cheat(?:ing|"
    r"er|s)?\b|hate (?:you|u)|煞笔|沙比|"
    r"(?<![a-z])sb(?![a-z])|[nn]mlgb|妈的|他妈|操你|草泥马|滚(?:开|蛋|出|$|！|!)|垃圾|骗子|骗人|去死|废物|狗屎|"
    r"脑残|白痴|智障|贱|丑死|难看死|恶心|坑货|割韭菜|"
    r"闭嘴|黑心|假货|水货吧|无良|\bidiot|\bstupid|\bdumb\b|\bscam(?:mer)?s?\b|\bfraud|\bliar|\bfuck|\bshit|\bcrap\b|"
    r"\btrash\b|\bgarbage\b|shut up|\bugly\b|\bsuck(?:s)?\b|\bdie\b|rip.?off|\bloser|\bfake\b (?:host|aunty|"
    r"granny|person)",
    re.IGNORECASE,
)
_ADULT = re.compile(
    r"约炮|裸聊|裸|色情|做爱|上床|开房吗|一夜情|胸(?:多大|围多少.{0,2}主播)|脱(?:衣|了|一件)|porn|nude|naked|sexy|"
    r"sex\b|onlyfans",
    re.IGNORECASE,
)
_POLITICS = re.compile(
    r"总统|主席|共产党|国民党|台独|港独|习近平|特朗普|拜登|选举|打仗|战争|政府|六四|trump|biden|election|politic|"
    r"ukraine|russia war|gaza|israel",
    re.IGNORECASE,
)
_FINANCE = re.compile(
    r"股票|基金|比特币|理财|彩票|中奖号|贷款|炒股|bitcoin|crypto|stocks?\b(?! left)|lottery|invest", re.IGNORECASE
)
_OFF_TOPIC = re.compile(
    r"天气|作业|作文|写(?:一?首|篇|个)(?:诗|代码|小说|文章|歌)|讲个?(?:笑话|故事)|唱(?:首|个|支|一)|结婚|对象|"
    r"女朋友|男朋友|单身|星座|算命|几岁了|多大了|你儿子|你女儿|你家|"
    r"世界杯|足球|篮球|电影|明星|八卦|找工作|租房|室友|代码|编程|python|"
    r"weather|homework|poem|joke|sing|song|meaning of life|boyfriend|girlfriend|married|movie|football|recipe for|"
    r"write (?:me )?(?:a|some)|code\b.{0,6}(?:for|me)|pizza|politics|horoscope",
    re.IGNORECASE,
)
_BARGAIN = re.compile(
    r"便宜(?:点|些|一点)|(?:能|可以|可不可以|给我?)便宜|再(?:便宜|减|少|降|送|优惠)|抹(?:个)?零|能少|少点|优惠点|讲价|砍价|\d+\s*(?:元|"
    r"块)?(?:卖不卖|行不行|行不|卖吗|卖我|成交|给我|包邮)|打个?折|"
    r"给.{0,4}折扣|答应.{0,10}(?:折|免|送|价)|免费送|白送|送我|偷偷(?:送|给)|免单|不要钱|"
    r"cheaper|lower the price|better price|bargain|for free|give (?:me|us).{0,12}(?:discount|off|free)|"
    r"promise.{0,16}(?:discount|off|free)|can you do \$?\d+|\d+% off\?|knock.{0,8}off",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:主播|老板|姐姐?|小姐姐|哥哥?|大家|宝|宝子|家人们?)?(?:你好|您好|哈喽|嗨|嘿|hello|hi|hey|晚上好|早上好|"
    r"下午好|来了|来啦|我来了|刚来|刚进来|早|晚安|在吗|在不在|"
    r"yo|good (?:morning|evening|afternoon)|hiya|hi from.{0,30}|just joined.{0,20})(?:呀|啊|哦|~|～|！|!|。|\.|，|"
    r",|主播|"
    r"everyone|all|there|\s)*$",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"好看|漂亮|可爱|好听|喜欢你|支持(?:你|主播)|加油|辛苦|666|厉害|赞|棒|哈哈|好美|好帅|爱了|谢谢|感谢|"
    r"love (?:your|ur|it|this|the)|luv|cute|"
    r"beautiful|nice|great|awesome|thank|thx|lol|haha|amazing|cool",
    re.IGNORECASE,
)
_DIVERSION = re.compile(
    r"https?[:：]|www\.|[a-z0-9-]+\.(?:com|cn|net|top|xyz|cc|vip|shop|link|io)\b|加(?:我|个|下)?.{0,3}(?:微|薇|威|"
    r"v信|vx|"
    r"wx|qq|扣扣|q群|群)|(?:微信|薇信|威信|wechat|vx|wx|weixin|telegram|whatsapp|qq)(?:号|"
    r"群)?\s*[:：是]?\s*[a-z0-9_-]{4,}|"
    r"私聊.{0,4}(?:低价|便宜|优惠)|刷单|兼职|代购加|扫码(?:进|加)|1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|日赚|返利|进群|"
    r"dm me|check my (?:profile|"
    r"bio|page)|subscribe to|follow me",
    re.IGNORECASE,
)
_CODE = re.compile(r"```|<script|</?[a-z]+>|function\s*\(|import\s+\w+|SELECT\s.+FROM|\{\s*\"", re.IGNORECASE)
_QUESTION = re.compile(
    r"[?？]|吗|么(?:[^一-鿿]|$)|([一-鿿])[不没]\1|还是|到底|行不|能|可不可|要不要|吗|么$|嘛$|呢|不$|没$|没有$|"
    r"多少|几|什么|啥|怎么|咋|哪|谁|多久|多大|多长|能不能|"
    r"可以|是不是|有没有|会不会|有无|求|how|what|when|where|which|who|why|can |could|do |does|is |are |will|any|"
    r"should|would",
    re.IGNORECASE,
)
_BUY = re.compile(
    r"怎么(?:买|拍|下单)|哪里(?:买|拍|下单)|下单|链接|想买|要买|我要(?!投诉|举报|差评)|拍了|已拍|买了|小黄车|上链接|付款|付多少|"
    r"how (?:do|can) i (?:buy|order)|where (?:do|"
    r"can) i (?:buy|order)|link\b|i want|i'll take|want (?:one|two|it)|order(?:ed)?\b|add to cart|checkout",
    re.IGNORECASE,
)
PURCHASE_INTENTS = frozenset({"price", "promotion", "size_fit", "stock", "shipping"})


def language_of(text: str) -> str:
    """`zh` when the text holds any hanzi, else `en`."""
    return "zh" if re.search(r"[㐀-鿿]", text) else "en"


def cleaned(comment: str) -> str:
    """The comment without invisible characters, evasions and surplus space, cut to what is read."""
    return re.sub(r"\s+", " ", uncovered(comment[: LONGEST * 4])).strip()[:LONGEST]


def classify(comment: str) -> Reading:
    """What the comment wants, by code alone. Never raises; the longest comment costs no more than 200 characters."""
    text = cleaned(comment)
    lang = language_of(text)

    def read(intent: Intent, decision: Decision, reason: str, tone: str = "", purchase: bool = False) -> Reading:
        return Reading(intent=intent, purchase=purchase, decision=decision, reason=reason, lang=lang, tone=tone)

    letters = sum(unicodedata.category(char)[0] in "LN" for char in text)
    if not letters:
        return read("chitchat", "skip", "no words")
    if _SELF_HARM.search(text):
        return read("off_topic", "hand_over", "a person may be in danger", "care")
    if _DIVERSION.search(text):
        return read("off_topic", "skip", "link or contact to another place")
    if len(comment) > LONGEST * 5:
        return read("off_topic", "skip", "flood")
    if len(set(text)) <= 2 and len(text) > 6:
        return read("chitchat", "skip", "repeated characters")
    if _PRIVATE.search(text):
        return read("injection", "answer", "asks for another person's data", "private")
    if (asked := _HUMAN.search(text)) and not re.search(r"扫地机器人|机器人.{0,4}(?:吸|扫|拖|续航|多少)", text):
        del asked
        return read("chitchat", "answer", "asks whether the host is human", "human")
    if _CODE.search(comment) or _INJECTION.search(text) or _INJECTION.search(comment):
        return read("injection", "answer", "tries to steer the host", "injection")
    if _ADULT.search(text):
        return read("off_topic", "skip", "adult")
    if _POLITICS.search(text):
        return read("off_topic", "skip", "politics")
    if _MEDICAL.search(text):
        return read("quality_doubt", "hand_over", "a medical question", "medical")
    topics = tuple(topic for topic in TOPICS if topic.asked.search(text))
    if _BARGAIN.search(text) and not (topics and topics[0].name in ("gift", "shipping_fee")):
        return Reading(
            intent="promotion" if re.search(r"送|赠|free", text, re.IGNORECASE) else "price",
            purchase=True,
            decision="answer",
            reason="bargains",
            lang=lang,
            tone="bargain",
            topics=("price", "promotion"),
        )
    if _ABUSE.search(text) and not (topics and _QUESTION.search(text) and topics[0].name not in ("proof", "fun_value")):
        return read("abuse", "answer", "insults", "abuse")
    if _FINANCE.search(text):
        return read("off_topic", "answer", "not about the goods", "off_topic")
    if _OFF_TOPIC.search(text) and all(topic.name in ("fun_value", "people", "package") for topic in topics):
        return read("off_topic", "answer", "not about the goods", "off_topic")
    if topics and (_QUESTION.search(text) or len(text) <= 24):
        intent = topics[0].intent
        return Reading(
            intent=intent,
            purchase=intent in PURCHASE_INTENTS or bool(_BUY.search(text)),
            decision="answer",
            reason="asks about the product",
            lang=lang,
            topics=tuple(topic.name for topic in topics[:3]),
        )
    if _BUY.search(text):
        return read("price", "answer", "wants to buy", "buy", purchase=True)
    if _GREETING.match(text):
        return read("chitchat", "answer", "greets", "greeting")
    if _PRAISE.search(text) and not _QUESTION.search(text):
        return read("chitchat", "answer", "friendly words", "praise")
    if _QUESTION.search(text):
        return Reading(intent="spec", purchase=False, decision="answer", reason="a question", lang=lang)
    if letters <= 2:
        return read("chitchat", "skip", "too short to answer")
    # A remark without a question mark may still be about the goods: the facts decide in `point`.
    return Reading(intent="spec", purchase=False, decision="answer", reason="a remark", lang=lang, tone="remark")

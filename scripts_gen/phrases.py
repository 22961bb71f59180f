"""Fixed and framed words of the host, zh and en: what is said when nothing may be invented.

Every list holds several ways of saying the same, all true of any product; `pick` turns through them so that
neighbours differ. No frame carries a number, a price or a promise of its own.
"""

import zlib
from collections.abc import Collection, Sequence

NOT_STATED = {
    "zh": (
        "这一点页面上没写，我不替商家猜，您问下客服最准。",
        "这个问题问得细，资料里没有写到，我先帮您记下来请店家确认。",
        "详情里没提这一项，我不乱说，麻烦您点客服问一句。",
        "我手上的资料没写这个，不敢随口答，等店家确认了再告诉您。",
        "这个我查了没有写明，说错就耽误您了，请客服看一眼更稳妥。",
        "页面没有给到这个信息，我老实说不知道，您下单前先问客服。",
        "没写的我就不编，这条我转给店里的同事去核实。",
        "您这个问题很实在，可惜资料里没有，我请同事查清楚。",
    ),
    "en": (
        "That one isn't on the page, so I won't guess. Please ask the shop before you order.",
        "Good question, and the details don't say. I'll pass it on to the shop.",
        "I can't see that in my notes, and I'd rather say so than make it up.",
        "The page doesn't tell, so I'll leave it to the shop to confirm.",
        "I don't have that information here. Please check with the shop first.",
        "It isn't written down for me, so I won't promise anything on it.",
    ),
}
RELATED = {
    "zh": (
        "您问的这一点没有直接写，相关的资料是：{fact}",
        "这个没有写明，页面上能看到的是：{fact}",
        "直接的答案资料里没有，我能念给您的是：{fact}",
    ),
    "en": (
        "The page doesn't say that directly. What it does say is this: {fact}",
        "I don't have that exact answer, only this from the page: {fact}",
        "Not spelled out here, I'm afraid. The closest I have is: {fact}",
    ),
}
TONES: dict[str, dict[str, tuple[str, ...]]] = {
    "human": {
        "zh": (
            "我是AI数字人主播，不是真人，商品资料都是店家给的，您放心问。",
            "跟您说清楚，我是AI数字人，由店里的同事值守，有事也能找到他们。",
            "不瞒您，我是AI生成的数字人主播，只念资料里有的。",
        ),
        "en": (
            "I'm an AI host, a digital human, not a person. The shop's team is watching the show.",
            "To be clear, I'm an AI-generated host. I only say what the product page supports.",
            "No, I'm a digital host made by AI, with people from the shop on duty behind me.",
        ),
    },
    "injection": {
        "zh": (
            "这个我不跟着说哈，我只讲资料里写着的。",
            "您说笑了，主播只按商品资料讲，别的话我不念。",
            "这句我不照着念，咱们还是看商品本身。",
            "设定不能改，价格和活动都以页面为准，想了解哪一点您直接问。",
            "这个忙我帮不了，我在这里只介绍商品。",
        ),
        "en": (
            "I won't say that one. I only go by the product page.",
            "Nice try. I stick to what the page says, so ask me about the product.",
            "That isn't something I do here. Let's talk about the product instead.",
            "I can't change that or read it out. The page is all I go by.",
        ),
    },
    "private": {
        "zh": (
            "别人的信息我看不到，看到了也不会念，咱们聊商品。",
            "买家的隐私不能说，这一条没得商量，想了解商品您接着问。",
        ),
        "en": (
            "Other people's details stay private, always. Ask me about the product.",
            "I can't see or share anyone's information. Let's stay with the product.",
        ),
    },
    "bargain": {
        "zh": (
            "价格和活动都是店家定的，我不能私下改。",
            "我改不了价，也不能答应额外的优惠，以页面为准。",
            "讲价这事主播说了不算，我只能照页面念。",
        ),
        "en": (
            "I can't change the price or add a deal of my own.",
            "The shop sets the price, so I can't promise anything extra.",
            "That's not mine to give, I go by the page.",
        ),
    },
    "abuse": {
        "zh": (
            "您先消消气，哪一点不放心直接问，我照资料答。",
            "不喜欢没关系，想看哪个参数我念给您。",
            "意见我听见了，有具体问题您说，我认真答。",
            "咱们不吵架，说回商品。",
        ),
        "en": (
            "I hear you. If something about the product worries you, ask and I'll read you the facts.",
            "No hard feelings. Is there anything about the product you'd like to check?",
            "Let's keep it friendly and look at the product.",
        ),
    },
    "off_topic": {
        "zh": (
            "这个话题我就不展开了，咱们接着看商品。",
            "这个我答不上来，我的本事都在商品资料里。",
            "先不聊这个，直播间还有朋友等着看商品。",
        ),
        "en": (
            "I'll leave that one aside and stay with the product.",
            "That's outside what I know, the product page is my whole world.",
            "Let's save that for another day and get back to the product.",
        ),
    },
    "care": {
        "zh": (
            "这位朋友，您的安全最要紧，请现在就联系身边的亲友，情况紧急请拨打急救电话，"
            "我已经请值班的同事来看您的留言。",
            "我很在意您说的话，请先别一个人待着，马上联系家人或当地的心理援助热线，我请真人同事来跟进。",
        ),
        "en": (
            "Friend, you matter more than any product. Please call someone close to you or your local emergency "
            "line now. I'm asking a colleague to look at your message.",
            "I'm glad you told us. Please don't stay alone with this, reach a friend or a helpline right now. A "
            "person from our team will look at this.",
        ),
    },
    "medical": {
        "zh": (
            "身体和用药的事我不能替医生回答，请先问医生，我把您的问题转给值班同事。",
            "这是医生才能答的问题，我不敢说，已经请同事来看。",
        ),
        "en": (
            "That's a question for a doctor, so I won't answer it here. I'm passing it to a colleague.",
            "I can't speak about health or medicine. Please ask a doctor; our team will look at your message.",
        ),
    },
    "greeting": {
        "zh": (
            "您好呀，欢迎来到直播间，有想了解的直接打在评论里。",
            "欢迎欢迎，刚进来的朋友可以随时问我。",
            "来啦，坐下慢慢看，有问题就问。",
        ),
        "en": (
            "Hello and welcome in. Ask me anything about the product.",
            "Hi there, good to have you. Type your questions any time.",
            "Welcome. Have a look around and ask away.",
        ),
    },
    "praise": {
        "zh": (
            "谢谢您，有想了解的随时问我。",
            "您这么说我很高兴，咱们接着看商品。",
            "谢谢支持，想看哪一点我讲给您听。",
        ),
        "en": (
            "Thank you, that's kind. Ask me anything about the product.",
            "Thanks for being here. Shall we look at the product again?",
            "Thank you. I'm here if you have a question.",
        ),
    },
    "heard": {
        "zh": ("我听见了，想问哪一点直接打出来，我照着资料答。", "收到，您具体想了解什么，打在评论里我念给您听。"),
        "en": (
            "I hear you. Ask me anything about the product and I'll check the page.",
            "Noted. What would you like to know about it?",
        ),
    },
    "buy": {
        "zh": ("想要的话点商品链接就能下单，规格和价格以结算页为准。", "直接点屏幕上的商品卡片下单，拍之前看清规格。"),
        "en": (
            "Tap the product card to order, and check the option before you pay.",
            "You can order from the product link, the checkout shows the final price.",
        ),
    },
}


WELCOME = {
    "zh": (
        "欢迎来到直播间，咱们一件一件慢慢看，有问题直接打在评论里。",
        "大家好，今天准备了几样东西，我挨个讲给您听。",
    ),
    "en": (
        "Welcome in, everyone. We'll go through things one by one, so ask as we go.",
        "Hello and welcome. Take a seat, I've a few things to show you today.",
    ),
}
DISCLOSURE = {
    "zh": (
        "跟大家说明一下，我是AI生成的数字人主播，旁边有店里的同事值守。",
        "再提醒一次，您看到的我是AI数字人主播，商品信息以页面为准。",
        "刚进来的朋友知道一下，主播是AI数字人，讲的都来自商品资料。",
    ),
    "en": (
        "A quick note: I'm an AI-generated host, with people from the shop on duty.",
        "Just so you know, the host you see is a digital human made by AI, and the product page is what counts.",
        "For those who just came in, I'm an AI host, and everything I say comes from the product page.",
    ),
}
CLOSING = {
    "zh": (
        "今天的内容就到这里，没看清的可以点开商品页慢慢看，谢谢大家。",
        "这一场先讲到这儿，有问题留在评论里，谢谢陪伴。",
    ),
    "en": (
        "That's all for today. Have a look at the product pages in your own time, and thank you.",
        "We'll stop here for now. Leave your questions in the comments, and thanks for watching.",
    ),
}
FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "opening": {
        "zh": (
            "来，大家看屏幕上这一款，{title}。",
            "好，接下来讲{title}。",
            "刚进来的朋友正好，这会儿讲的是{title}。",
            "换一样看看，{title}，想了解的朋友往前坐。",
            "轮到{title}了，您边听边点开卡片。",
            "这会儿说说{title}，哪里没听清就打在评论里。",
            "咱们看下一样，{title}。",
        ),
        "en": (
            "Next up, the {title}.",
            "Let's look at the {title}.",
            "Here's one for you: the {title}.",
            "If you just joined, we're on the {title}.",
            "On to the {title}. Open the card while I talk.",
            "Time for the {title}. Stop me in the comments if I go too fast.",
        ),
    },
    "pain_point": {
        "zh": (
            "隔着屏幕摸不到东西，那我就把写明的一条一条说给您听。",
            "买回来才发现跟想的不一样，那多糟心，所以先把话说在前头。",
            "下单前多看两眼，比收到以后再纠结强。",
            "您先想想家里谁用、放在哪儿用，再听我往下讲。",
            "页面字多，不一定有空细看，重点我给您挑出来。",
        ),
        "en": (
            "You can't touch it through a screen, so we'll go by what's written, point by point.",
            "It's no fun to find out later that it isn't what you had in mind, so let's be clear first.",
            "Think of who will use it and where, and then listen on.",
            "The page is long, so I'll pick out what matters before you order.",
        ),
    },
    "proof": {
        "zh": (
            "我讲的这些，商品页上都能对得上。",
            "我是数字人，没法替您试用，所以只讲页面上写明的。",
            "记不住没关系，点开商品卡片，都写在里面。",
            "收到以后，照着页面一项一项核对就行。",
            "您可以先截个图，到手再对一遍。",
        ),
        "en": (
            "You can check every one of these on the product page.",
            "I'm a digital host and can't try it for you, so I only tell what's written.",
            "No need to remember it all, it's behind the product card.",
            "Take a screenshot and compare when it arrives.",
        ),
    },
    "call_to_action": {
        "zh": (
            "想要的朋友，点屏幕上的商品卡片，选好规格再付款。",
            "觉得合适的，点开卡片看看规格，看清结算页再拍。",
            "要下单的朋友，规格和地址多看一眼。",
            "还在想的不着急，先点开卡片看看图。",
            "考虑好了就从商品卡片进去拍。",
        ),
        "en": (
            "If it suits you, tap the product card and pick your option.",
            "Take your time, then order from the product card and check the total before you pay.",
            "Ordering now? Look twice at the option and the address.",
            "Still thinking? Open the card and have a look at the pictures.",
        ),
    },
    "transition": {
        "zh": (
            "这一款先讲到这里，我看看大家的评论。",
            "有没讲清楚的，评论里告诉我，咱们接着往下看。",
            "好，先放一放，看看大家问了什么。",
            "想再听一遍的，评论里打出来，我们先看下一样。",
            "这款就到这儿，链接一直挂着，咱们往下走。",
        ),
        "en": (
            "That's this one for now. Let me see what you're asking.",
            "Let's pause here and look at the comments.",
            "Want to hear it again? Tell me in the comments. We'll move on meanwhile.",
            "The card stays up, so let's go on to the next one.",
        ),
    },
}
# What bothers a buyer, where the facts show that the host can speak to it: (pattern of fact keys and words, lines).
CARES: tuple[tuple[str, dict[str, tuple[str, ...]]], ...] = (
    (
        r"specs\.(?:[SML]|X+L|均)码?\b|specs\..*尺码|specs\..*size",
        {
            "zh": ("网上买穿的，怕的是尺码不合身，尺寸我给您念清楚。", "肩宽腰围拿不准？先量一量，再听我报尺寸。"),
            "en": ("With clothes online, the fit is the worry, so I'll read you the sizes.",),
        },
    ),
    (
        r"specs\..*(?:配料|成分|ingredient)",
        {
            "zh": ("看配料表才下单的朋友，这一段听仔细。", "里面有什么，咱们摊开来讲。"),
            "en": ("If you read the label before you buy, this part is for you.",),
        },
    ),
    (
        r"specs\..*(?:用法|使用|安装|泡|how to|usage|install)",
        {
            "zh": ("东西到家不会用就可惜了，怎么用我也一起讲。", "怎么用、用多少，一会儿都说到。"),
            "en": ("A thing you don't know how to use is a pity, so I'll cover that too.",),
        },
    ),
    (
        r"service.*退|service.*(?:return|refund)",
        {
            "zh": ("怕买错的朋友先别走，能不能退，后面我会念给您听。", "买之前先问清楚怎么退，这个习惯好，一会儿讲。"),
            "en": ("Worried about choosing wrong? I'll come to returns in a minute.",),
        },
    ),
    (
        r"specs\..*(?:净含量|容量|volume)",
        {
            "zh": ("一份有多少、够不够用，下单前就该弄明白。", "大小分量光看图看不准，咱们看数。"),
            "en": ("Pictures don't tell you how much it holds, so let's go by the figures.",),
        },
    ),
)
# A persona's own colour: words of the merchant's description that call for it, and lines beside those for everybody.
COLOURS: tuple[tuple[str, dict[str, dict[str, tuple[str, ...]]]], ...] = (
    (
        r"爽|利落|干脆|热情|活泼|元气|开朗|lively|brisk|energetic|cheerful",
        {
            "opening": {
                "zh": ("好嘞，下一个，{title}，走着。", "来来来，看过来，{title}。"),
                "en": ("Right, here we go: the {title}.", "Eyes up here, it's the {title}."),
            },
            "call_to_action": {
                "zh": ("看中了就点卡片，规格选对，利利索索下单。",),
                "en": ("Seen what you like? Tap the card, pick the option, done.",),
            },
            "transition": {"zh": ("得嘞，这款说完，走，看下一样。",), "en": ("That's that, on we go.",)},
        },
    ),
    (
        r"沉稳|冷静|专业|老师|师傅|编辑|讲究|理性|严谨|calm|expert|editor|precise|professional",
        {
            "opening": {
                "zh": ("下面介绍{title}，我们一项一项看。", "这一款是{title}，先看写明的几项。"),
                "en": ("Now the {title}. We'll take it item by item.",),
            },
            "call_to_action": {
                "zh": ("听明白了，合用再点卡片，不合用就略过。",),
                "en": ("You have the figures. If they fit, the card is on the screen; if not, let it pass.",),
            },
            "transition": {
                "zh": ("该讲的就这些，有疑问留在评论里。",),
                "en": ("Those are the facts. Questions to the comments.",),
            },
        },
    ),
    (
        r"温|亲切|闺蜜|邻家|妈妈|老板娘|细心|柔|warm|gentle|friendly|caring",
        {
            "opening": {
                "zh": ("来，坐下慢慢听，这是{title}。", "给您看看{title}，不着急，慢慢说。"),
                "en": ("Make yourself comfortable, this is the {title}.",),
            },
            "call_to_action": {
                "zh": ("喜欢的话点开卡片看看，不合适也没关系，陪我聊会儿就好。",),
                "en": ("If you like it, open the card. If not, it's nice to have you here anyway.",),
            },
            "transition": {
                "zh": ("这款就陪您看到这里，喝口水，咱们接着看。",),
                "en": ("That's this one. Have a sip of something, and we'll go on.",),
            },
        },
    ),
)
# Said where the facts hold nothing for a segment.
BARE: dict[str, dict[str, tuple[str, ...]]] = {
    "selling_points": {
        "zh": (
            "资料里写得不多，我不给它添油加醋，您点开页面看图看得更清楚。",
            "这一款页面写得简单，细节以页面图片为准。",
        ),
        "en": ("The page is brief on this one, so I won't add to it. Have a look at the pictures.",),
    },
    "offer": {
        "zh": (
            "价格我不随口报，以商品卡片和结算页为准。",
            "多少钱？点开商品卡片，结算页写着的就是。",
            "这一款的价格看商品卡片，结算页显示多少就是多少。",
        ),
        "en": ("I won't quote a price from memory. The product card and the checkout show it.",),
    },
    "objection": {
        "zh": ("有拿不准的地方，先问再拍，不着急。", "心里还有疑问的，打在评论里，资料里有的我都念给您听。"),
        "en": ("If you're unsure about anything, ask before you order. There's no hurry.",),
    },
}


def pick(options: Sequence[str], seed: str, avoid: Collection[str] = ()) -> str:
    """One of the options, the same for the same seed, and none of `avoid` while another is left."""
    start = zlib.crc32(seed.encode()) % len(options)
    turned = [*options[start:], *options[:start]]
    return next((option for option in turned if option not in avoid), turned[0])

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
            "下一样给大家讲的是{title}。",
            "来，看看手边这一款，{title}。",
            "接着上的是{title}，想了解的朋友往前坐。",
            "这会儿说说{title}。",
        ),
        "en": ("Next up, the {title}.", "Let's look at the {title}.", "Here's one for you: the {title}."),
    },
    "pain_point": {
        "zh": (
            "挑这类东西，怕的就是买回来才发现跟自己想的不一样，所以咱们先把资料看明白。",
            "买之前多看两眼参数，比到手再纠结强。",
            "隔着屏幕摸不到东西，那就把写明的一条一条对清楚。",
        ),
        "en": (
            "The annoying part of buying online is finding out later, so let's read the details first.",
            "You can't touch it through a screen, so we'll go by what's written, point by point.",
        ),
    },
    "proof": {
        "zh": (
            "这些都写在商品页里，您可以对着看。",
            "我念的每一条，页面上都能找到，不信您点开对一对。",
            "收到以后照着页面一项项核对就行。",
        ),
        "en": (
            "You can check every one of these on the product page.",
            "All of that is on the page, so feel free to compare as I talk.",
        ),
    },
    "call_to_action": {
        "zh": (
            "觉得合适的，点商品卡片看看规格再下单。",
            "想要的朋友点链接，选好规格，看清结算页再付款。",
            "考虑好了再拍，点屏幕上的商品卡片就能进去。",
        ),
        "en": (
            "If it suits you, tap the product card and pick your option.",
            "Take your time, then order from the product card and check the total before you pay.",
        ),
    },
    "transition": {
        "zh": (
            "这一款先讲到这里，我看看大家的评论。",
            "有没讲清楚的，评论里告诉我，咱们接着往下看。",
            "好，先放一放，看看大家问了什么。",
        ),
        "en": ("That's this one for now. Let me see what you're asking.", "Let's pause here and look at the comments."),
    },
}
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
        "zh": ("价格我不随口报，以商品卡片和结算页为准。", "这一款的价格看商品卡片，结算页显示多少就是多少。"),
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

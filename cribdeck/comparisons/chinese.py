"""How Chinese headings compare: `A 与 B 的区别`, `对比 A 和 B`, `A 相比 B 的优势`, `A 还是 B`."""

import re

from cribdeck.comparisons.names import checked, masked, split

CONTRAST = r"区别|差异|差别|不同(?:点|之处|的?地方)?|异同点?|对比|比较|优劣势?|优缺点|区分|相同点|选型"
AND = re.compile(
    r"\s*[、，,]?\s*(?:以及|还有|(?<![以普涉波触提顾])及(?![其时格])|(?<![参赋给授])与(?![否非门或])"
    r"|(?<![饱总温柔缓])和(?![谐平解尚约])"
    r"|(?<![\s、，])跟(?![踪随着进])|\s同\s|、)\s*|\s*[，,]\s*(?:(?:and|or)\s+)?|\s*(?<!&)&(?!&)\s*|\s+(?:and|or)\s+"
    r"|(?<=[^\d\s])/(?=[^\d\s])|\s+/\s+|\s*或者?\s*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:请问|请|你|能不能|能否|能|麻烦|可以|简要|简单|再?(?:来)?(?:说明|说说|谈谈|讲讲|聊聊|说一说|谈一谈|讲一讲"
    r"|聊一聊|说一下|讲一下|谈一下|说下|讲下|简述|简介"
    r"|阐述|阐明|看懂|弄清|搞懂|让我们(?:来)?看看|介绍一下|介绍下|介绍|解释一下|解释下|解释|描述一下|描述下|描述|分析一下|分析"
    r"|理解|了解|说出|叙述|区分一下|比较一下|对比一下)|如何区分|怎么区分|如何理解|怎么理解|怎样理解|深入理解|深入"
    r"|如何看待"
    r"|如何看待|怎么看待|关于|什么是|为什么|你知道|知道|你对|下面|你)+[，,：:]?\s*(?:你?对(?!比|象))?\s*"
)
_CONTRASTS = re.compile(CONTRAST)
_REACH = 40
_LEAD_COMPARE = re.compile(r"^(?:比较|对比)(?!器|度|运算)(?:一下)?\s*")
_ASIDE = re.compile(
    r"^(?:在[^，]{1,20}?(?:时候?|中|里|上|下)，\s*|^[^，、和与]{2,12}[中里]，\s*|[^（(，]{1,20}?(?<![与和跟])之)"
    r"|^使用(?=[^，]*[、和与])"
)
_HOW = (
    r"(?:性能|功能|特性|架构|效率|用法上?|使用上?|使用方法|语法|原理|应用|场景|使用场景|应用场景|成本|主要|本质"
    r"|本质上|具体|核心|根本|详细|简单|综合|全面|深度|优势|实现|概念|特点|存在|实际|执行|底层|之间|优缺点|优劣|优缺"
    r"|异同|区别|差异|关系)"
)
_TAIL = re.compile(
    rf"\s*[，,]?\s*(?:两者|二者|三者|四者|它们|他们|这?[两二三四]个(?:注解|方法|关键字|类|命令|概念)?)?\s*(?:之间"
    rf"|间)?\s*(?:在[^和与、，]{{1,10}}?(?:方面|上|中|时|里))?\s*(?:的|有着?|都有|分别有|存在"
    rf"|上)?\s*{_HOW}?\s*(?:的|上的?|有)?"
    rf"\s*(?:什么|什|何|哪些|哪里|啥|主要|到底|究竟|各自|各有什么|明显|本质|一些|很大|有|的|是|存在|个"
    rf"|\s)*{_HOW}?(?:的|上|之间的?)?\s*(?:{CONTRAST})"
    rf"(?:\s*(?:和|与|及|以及|、|，|/|&)\s*(?:{CONTRAST}|[^和与及、，]{{1,8}}))*"
    r"\s*(?:的(?:理解|看法|认识|总结|原因))?(?:是什么|的什么|有什么|有哪些|在于什么|是啥|在哪里?|在哪儿|体现在哪"
    r"|在于|分析|总结|详解|如下|表格|表|图|一览|说明|吗|呢|是|么|，\S{1,12})*"
    r"\s*(?:[（(【][^（()）】]*[)）】])?\s*$"
)
_COMPARE = re.compile(
    r"^(?:[^，。]{0,6}?(?<!或))?(?:对比(?!度)|比较(?!器|运算|操作|符|指令|过滤|函数|级|大小|排序|型|条件|好|高|大"
    r"|容易|简单|常|复杂)|区分(?!大小写|度))(?:一下|下)?\s*(?P<what>.+?)"
    r"(?:\s*的(?:性能|区别|异同|不同|差异|优缺点|优劣|用法|效率|使用|特点))?$"
)
_THAN = (
    re.compile(
        r"^(?P<a>.+?)[，,]?\s*(?:相比于?|相较于?|对比于|较之|比起)\s*(?P<b>.+?)[，,]?\s*(?:的|有|存在|具有|更|优势"
        r"|劣势|好在|强在|优点|缺点)"
    ),
    re.compile(
        r"^(?:与|和|跟|同)\s*(?P<b>.+?)\s*(?:相比|比较|对比|比)[，,]?\s*(?P<a>.+?)\s*(?:的|有|存在|具有|更|优势"
        r"|劣势|好在|强在)"
    ),
    re.compile(
        r"^(?P<a>.+?)\s*(?:与|和|跟)\s*(?P<b>.+?)\s*(?:的\S{0,6}|性能|效率)?(?:哪个|哪一个|谁|那个)(?:更|比较|的"
        r"|性能|效率|好|快|高|优)"
    ),
    re.compile(
        r"^(?P<a>.+?)\s*(?:与|和|跟)\s*(?P<b>.+?)\s*(?:如何|怎么|该怎么|应该怎么|怎样|该如何)(?:选择|选|取舍|选型|区分)"
    ),
)
_WHY = re.compile(
    r"^(?P<a>[^，。比]+?)\s*(?:为什么|为何)?\s*比\s*(?P<b>[^，。比]+?)\s*(?:更|要|还)?(?:快|慢|好|高效|轻量|轻|安全"
    r"|强|稳定|可靠|简单|优秀|省(?:内存|资源)?|节省\S{1,4})"
    r"(?:得多|很多|多|一些)?\s*(?:的(?:原因|理由|地方))?(?:是什么|有哪些|在哪里?)?$"
)
_IT = re.compile(
    r"^(?:使用|什么是|为什么说|为什么)?(?P<a>.+?)(?:的(?:好处|作用|优点|用途|特点))?(?:是什么"
    r"|是啥)?\s*[，,；;]\s*(?:它|他|其)\s*(?:与|和|跟|同)\s*(?:使用)?(?P<b>.+?)"
    rf"(?:的|有|之间|存在)\s*\S{{0,4}}(?:{CONTRAST})\S{{0,6}}$"
)
_CHOICE = re.compile(r"^(?P<a>.{1,40}?)[，,]?\s*还是\s*(?P<b>.{1,30}?)$")
_CHOOSE = re.compile(r"^.*(?:采用的?是?|选择|使用|应该用|该用|定义|选|用|要|是)(?=\s*\S)")
_QUESTION = re.compile(r"(?:是什么|有什么|分别是什么|都是什么|有哪些)\s*[，,]?\s*$")
_AFTER = re.compile(rf"^.{{0,12}}(?:{CONTRAST})[^，。？]{{0,12}}[:：]\s*(?P<what>.+)$")
_LOOKING = re.compile(r"^(?:查看|显示|找出|获取|计算|检查|检测|列出|考虑|输出|判断|消除|忽略|处理|解决|支持|提交|计算)")
_BARE = re.compile(
    rf"^(?:两者|二者|三者|它们|他们|之间|间|的|有|什么|哪些|主要|各自|\s)*{_HOW}?(?:的|之间)?\s*(?:{CONTRAST})"
    r"(?:\s*(?:和|与|及|、)\s*\S{1,6})?(?:是什么|有哪些|在哪里?|总结|分析|详解|表格?|一览|如下)?$"
)
_BARE_WITH = re.compile(
    rf"^(?:与|和|跟|同|对比|相比)\s*(?P<what>.+?)\s*(?:之间)?的?\s*{_HOW}?的?(?:{CONTRAST}|相比"
    rf"|关系与区别)(?:是什么|有哪些)?$"
)


def pairs(text: str) -> list[tuple[str, ...]]:
    """The sets of subjects of a sentence that compares in Chinese; none where it names none."""
    if _LOOKING.match(text):
        return []
    text = _LEAD.sub("", text)
    if found := _IT.match(text):
        return _one([_LEAD.sub("", found["a"]), found["b"]])
    if found := _AFTER.match(text):
        return _one(split(found["what"], AND))
    if (found := _tail(text)) and found.start():
        return _listed(_ASIDE.sub("", _LEAD_COMPARE.sub("", text[: found.start()])))
    for pattern in (*_THAN, _WHY):
        if found := pattern.match(text):
            return _one([found["a"], found["b"]])
    if (found := _COMPARE.match(text)) and not re.search(r"各种|不同|所有", found["what"]):
        return _listed(found["what"])
    if (found := _CHOICE.match(text)) and "\0" not in masked(text)[: len(found["a"])]:
        return _one([_CHOOSE.sub("", found["a"]), re.sub(r"^(?:采用|使用|选择|用|是)\s*", "", found["b"])])
    return []


def _tail(text: str) -> re.Match[str] | None:
    """The words at the end that compare. They are looked for near the first of them only: headings may be long."""
    first = _CONTRASTS.search(text)
    return _TAIL.search(text, max(0, first.start() - _REACH)) if first else None


def _one(parts: list[str]) -> list[tuple[str, ...]]:
    names = checked(parts)
    return [names] if names else []


def _listed(text: str) -> list[tuple[str, ...]]:
    """`A、B 和 C`; `A和B、C和D` are two pairs where the halves show it."""
    text = _QUESTION.sub("", text)
    halves = split(text, re.compile(r"\s*[、，,；;]\s*"))
    inner = [split(half, AND) for half in halves]
    if len(halves) > 1 and all(len(parts) == 2 for parts in inner):
        return [names for parts in inner if (names := checked(parts))]
    return _one(split(text, AND))


def is_bare(text: str) -> bool:
    """Whether a heading only says that something is compared: `区别`, `两者的主要区别`."""
    return bool(_BARE.match(text))


def other(text: str) -> str:
    """What a heading compares the one above it with: `与 HashMap 的区别`; "" for another heading."""
    found = _BARE_WITH.match(text)
    return found["what"] if found else ""


def without_lead(text: str) -> str:
    """Text without the words that ask for an answer: `说说你对`, `谈谈`."""
    return _LEAD.sub("", text)


def without_tail(text: str) -> str:
    """Text without the words that compare: `的区别`, `有什么不同`."""
    found = _tail(text)
    return text[: found.start()] if found else text

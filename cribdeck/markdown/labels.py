"""Which lines begin with a label (`优点：…`), and which only lead in to what follows as a sentence does."""

import re

from cribdeck.markdown.breaks import columns
from cribdeck.model import plain_text

_LABEL = re.compile(
    r"(?:(?P<formula><span class=\"math\">[^<]{1,60}</span>)[ \t]*[：:]"
    r"|<(?P<tag>strong|b|code)>(?P<marked>[^<>：:]{1,40}?)[ \t]*(?:</(?P=tag)>[ \t]*[：:]|[：:][ \t]*</(?P=tag)>)"
    r"|(?P<bare>[^<>：:]{1,40}?)[ \t]*[：:])(?![:/\\])[ \t]*(?P<text>.*)",
    re.DOTALL,
)
_NO_LABEL = re.compile(
    r"[，。；！？,;!?{}=]|\.\s|^(?!(?:19|20)\d\d$)\d+$|^(https?|ftp|file|import|return|case|default|else|try)$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"\d+[.、)）．]"
    r"|来|以及|相当|前面|后面|之前|之后|刚才|前文|上文|确保|注意到|综上|总之|整个|每个|大概"
    r"|以下|下图|上图|上面|以上|这|那|我|你|他|它|咱|现在|接着|接下来|然后|随后|继续|首先|其次|最终|再|先|就|也|还|或者|可以|请(?!求)|看"
    r"|如果|假设|假如|不过|但|而|所以|因此|因为|由于|于是|否则|对于|关于|根据|按照|在|从|将|把|让|给|向|当|类似|列出|亲测"
    r"|得到|发现|通常|由|则|已经|其实|其中|此时|同时|同样|需要|应该|必须|有"
    r"|(?:the|this|that|these|we|you|it|here|now|then|in|on|for|to|let|if|when|so|and|but|as|by|with|from|there|use)\b"
    r"|.*(?:如下|以下|下列|下面|下边|所示|我们|大家|可能会|会得到|请看|就像|具有|speaking$)"
    r"|并|针对|.*ly$|.*(?:了(?!解)|如图|会[看有出得报]|比较[多大小少])"
    r"|.*(?:一下|解释下|说下|看下|将其|把其)"
    r"|.*(?:说过|讲过|提到|来看|看看|如何|中|可以|能|要| are| is| of| to)$"
    r"|.*(?:是|讲|看|说|分别|为|有|包括|包含|的|了|着|吗|呢|这样)$"
    r"|(?!第).*[几两二三四五六七八九\d]\s*(?:个|种|类|点|步|条|项|大|件|部分|方面)",
    re.IGNORECASE,
)
"""How a line begins or ends that leads in to what follows as a sentence does (`我们来看下面的代码：`)."""
_LABEL_COLUMNS = 26
_SHORT_LABEL_COLUMNS = 12
"""Columns. A longer one that stands alone in its line is a label only if it ends as a name does."""
_NAME_ENDS = frozenset(
    "图类码果数明式法骤因点题程件容令例子案息据志口置务址境性景录赖介绍析结意项现义理系别比路求则准略具效出入象选端器表库集值名号率量链组层"
    "包栈页行列键者态网域签钥段块区位况型机制度线史源章节本版档单证词字符串树图像盘卡池锁阶层面角色体积请求响应答问议协议事务器材料考献处"
)
"""The last characters of words that name things (`流程图`, `配置文件`, `执行结果`); a clause seldom ends with one."""


def label_of(html: str) -> tuple[str, str] | None:
    """Split `label: text` into the label and the text (inline HTML both); None where the line is no such thing."""
    found = _LABEL.fullmatch(html.strip()) if ":" in html or "：" in html else None
    if not found:
        return None
    text = found["text"].strip()
    if found["formula"]:  # `$r$：单并行度的吞吐`: what a letter of a formula stands for
        return (found["formula"], text) if text else None
    label = (found["marked"] or found["bare"]).strip()
    plain = plain_text(label)
    if not text and (_LEAD_IN.match(plain) or not _ends_as_a_name(plain)):
        return None
    if not plain or _NO_LABEL.search(plain) or len(plain.split()) > 4 or columns(plain) > _LABEL_COLUMNS:
        return None
    if (plain[-1].isdigit() and text[:1].isdigit()) or text.endswith(("{", ";")):
        return None
    return (f"<code>{label}</code>" if found["tag"] == "code" else label), text


def _ends_as_a_name(plain: str) -> bool:
    last = plain.rstrip("）)”」』》】")[-1:]
    return columns(plain) <= _SHORT_LABEL_COLUMNS or last.isascii() or last.isdigit() or last in _NAME_ENDS

"""The words by which a table that compares is told from another one: its corner, its header, its cells."""

import re

CORNER = re.compile(
    r"^(?:|[#\-—/\\.·]+|(?:.{0,4}(?:特性|特征|对比|比较|区别|差异|不同|方面|维度|指标|比项|考虑|因素|角度"
    r"|对照).{0,8})|特点|属性|类别|项目?|功能|分类|内容|条目|性质|参数项?|能力|标准|场景"
    r"|features?|aspects?|criteri(?:a|on)|propert(?:y|ies)|attributes?|characteristics?|dimensions?|factors?"
    r"|category|comparison|differences?|basis|metrics?|topic|axis|item|capability"
    r"|특징|구분|항목|기준|비교|분류|característica|aspecto|proporção|recurso|critério|критерий|характеристика"
    r"|свойство|признак|caratteristica|.{1,16}的组成部分|(?:parts of|partes de).{1,16})$",
    re.IGNORECASE,
)
PROPERTY = re.compile(
    r"^(?:说明|描述|含义|意义|解释|作用|用途|用法|功能|示例|例子|举例|例|默认值?|默认|类型|数据类型|.{0,6}类型"
    r"|名称?|名字|.{0,4}名|备注|注释|注|值|取值|范围|大小|长度|占用空间|版本|命令|函数|方法|方法名|参数|参数名|选项"
    r"|编号|序号|id|ip|ip地址|地址"
    r"|端口|状态|时间|日期|链接|地址|数量|价格|输出|输入|结果|返回值?|必填|.*(?:是否|可否|能否).*|.*复杂度|缩写|中文名|英文名|单位"
    r"|字段|列名|要求|条件|步骤|目标|进度|标题|作者|来源|年份?|年龄|性别|姓名|特点|优点|缺点|适用场景|场景|使用场景"
    r"|应用场景|不足"
    r"|descriptions?|meaning|default(?: value)?|types?|names?|examples?|notes?|remarks?|values?|usage|purpose"
    r"|effect|explanation|returns?|commands?|options?|parameters?|required|sizes?|versions?|status|links?|url|date"
    r"|time|result|output|input|complexity"
    r"|pros|cons|advantages?|disadvantages?|topics?|questions?|answers?|when to \w+|summary|details?|comments?"
    r"|email|phone|price|url|score|count|total|rating|duration|content"
    r"|설명|의미|이름|예시|descrição|valor|exemplos?|tipo|nome|описание|значение|пример)$",
    re.IGNORECASE,
)
ASPECT = re.compile(
    r"优点|缺点|优势|劣势|不足|适用|场景|特点|区别|性能|安全|可靠|复杂度|成本|效率|是否|存储位置|生命周期|返回值"
    r"|定位|脏读|谁控制|生存时间|回收时间"
    r"|\bpros\b|\bcons\b|advantage|disadvantage|when to use|use cases?|best for|performance|strengths?|weakness"
    r"|trade-?off|suitable",
    re.IGNORECASE,
)
STRONG_ASPECT = re.compile(
    r"^(?:优点|缺点|优势|劣势|优缺点|不足|适用场景|脏读.*|pros|cons|advantages?|disadvantages?|谁控制.*|strengths?"
    r"|weakness(?:es)?)$",
    re.IGNORECASE,
)
KIND = re.compile(
    r"(?:类型|种类|方式|方案|策略|模式|算法|级别|机制|工具|框架|类|\btype|\bstrategy|\bmode|\bmethod)$", re.IGNORECASE
)
SERIES = re.compile(r"[\s_\-]*(?:\d+|[A-Z]|[一二三四五六])\s*(?:[（(].*)?$")
DATA = re.compile(r"^[\s\d.,:%+\-*/()\[\]~<>=—–]*$|^.$")
VERDICT = re.compile(
    r"^(?:[✓✔✅√☑⭕❌✗✘×☒✕]\ufe0f?.*|(?:是|否|有|无|支持|不支持|高|低|中|-|—|–)(?:[\s（(，,].*)?"
    r"|(?:yes|no|usually|mostly|n/a|high|low|medium|sim|não|да|нет)\b.*)$",
    re.IGNORECASE,
)
COMPATIBLE = re.compile(r"^(?:不?兼容|互斥|冲突|不?阻塞|(?:in)?compatible|conflict)$", re.IGNORECASE)
COMPARING = re.compile(
    r"区别|差异|对比|比较|异同|优缺点|优劣|选型|怎么选|如何选|哪个|\bvs\b|versus|differ|compar|which to (?:use"
    r"|choose)|when to use|차이|비교",
    re.IGNORECASE,
)

"""What headings compare."""

import pytest

from cribdeck.comparisons import subjects_of

PAIRS = {
    "A vs B vs C": [("A", "B", "C")],
    "OLTP VS OLAP ,lambda vs Kapper": [("OLTP", "OLAP"), ("lambda", "Kapper")],
    "同步IO和异步IO、阻塞和非阻塞的区分": [("同步IO", "异步IO"), ("阻塞", "非阻塞")],
    "3. 进程、线程和协程的区别与联系？": [("进程", "线程", "协程")],
    "请说说你对 TCP 和 UDP 的区别的理解": [("TCP", "UDP")],
    "对比存储函数和存储过程": [("存储函数", "存储过程")],
    "RDB 和 AOF 各有什么优缺点？": [("RDB", "AOF")],
    "索引是什么？主键索引和二级索引有什么不同？": [("主键索引", "二级索引")],
    "MySQL 中的 varchar 和 char 有什么区别": [("varchar", "char")],
    "状态码301和302的区别": [("301", "302")],
    "读写：行存 vs 列存": [("行存", "列存")],
    "Redis 相比 Memcached 有哪些优势": [("Redis", "Memcached")],
    "Kafka 和 RocketMQ 怎么选": [("Kafka", "RocketMQ")],
    "spark比map Reduce快的原因?": [("spark", "map Reduce")],
    "ETL 还是 ELT": [("ETL", "ELT")],
    "值传递 OR 引用传递": [("值传递", "引用传递")],
    "What's the difference between a cookie, sessionStorage and localStorage?": [
        ("cookie", "sessionStorage", "localStorage")
    ],
    "How is useMemo different from useCallback?": [("useMemo", "useCallback")],
    "Compare Kafka with Pulsar": [("Kafka", "Pulsar")],
    "Pros and cons of using promises instead of callbacks": [("promises", "callbacks")],
    "Push or Pull": [("Push", "Pull")],
    "프로세스와 스레드의 차이점은 무엇인가요?": [("프로세스", "스레드")],
    "В чем разница между null и undefined?": [("null", "undefined")],
    "Qual é a diferença entre let e const?": [("let", "const")],
    "Differenza tra stack e heap": [("stack", "heap")],
}


@pytest.mark.parametrize(("title", "subjects"), PAIRS.items())
def test_a_heading_that_compares_names_its_subjects(title: str, subjects: list[tuple[str, ...]]) -> None:
    assert list(subjects_of(title)) == subjects


@pytest.mark.parametrize(
    "title",
    [
        "比较运算符",
        "比较过滤器",
        "比较器和迭代器",
        "对比度和亮度",
        "不同的Key",
        "Comparison Sort",
        "Set Difference",
        "VS Code",
        "用 VS Code 写 Go",
        "三种查询类型的区别",
        "使用索引前后对比",
        "JWT 的使用场景和优劣",
        "安装和配置",
        "查看暂存区和工作区的区别",
        "How to pass a parameter to a handler or callback?",
        "True or False",
        "区别",
        "vs. Anki",
    ],
)
def test_a_heading_that_only_looks_like_it_compares_nothing(title: str) -> None:
    assert subjects_of(title) == ()


@pytest.mark.parametrize(
    ("title", "parent", "subjects"),
    [
        ("区别", "sleep() 和 wait()", ("sleep()", "wait()")),
        ("两者的主要区别", "2.1 乐观锁与悲观锁", ("乐观锁", "悲观锁")),
        ("Key differences", "props vs state", ("props", "state")),
        ("与 HashMap 的区别", "3. Hashtable 简介", ("Hashtable", "HashMap")),
        ("vs. Anki", "Mochi", ("Mochi", "Anki")),
    ],
)
def test_a_heading_that_leans_on_the_one_above_takes_its_subjects(
    title: str, parent: str, subjects: tuple[str, ...]
) -> None:
    assert subjects_of(title, parent) == (subjects,)

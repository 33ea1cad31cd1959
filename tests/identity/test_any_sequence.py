"""Any sequence of edits, builds and imports: no history is lost, no card is doubled, no edit of the user's own."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule

from tests.deck.conftest import Desk, Workshop

FILES = ("甲.md", "乙.md", "丙/丁.md")
TOPICS = (
    "水印 窗口 状态 反压 倾斜 检查点 序列化 网络 内存 调度 容错 分区 合并 连接 聚合 延迟 吞吐 一致性 快照 心跳".split()
)


@dataclass
class Topic:
    """A section as the user means it, whatever it is called and wherever it stands."""

    key: int
    title: str
    answer: list[str]
    file: str
    is_there: bool = True
    is_touched: bool = False
    """Reworded, rewritten or moved since the last build: each can be followed alone, hardly two at once."""


class Notes(RuleBasedStateMachine):
    """A user who edits, builds, imports and learns."""

    topics = Bundle("topics")

    @initialize()
    def begin(self) -> None:
        self.root = tempfile.TemporaryDirectory()
        folder = Path(self.root.name)
        (folder / "notes").mkdir()
        self.workshop = Workshop(folder / "notes")
        self.desk = Desk(Collection(str(folder / "collection.anki2")), folder)
        self.order: list[Topic] = []
        self.notes: dict[int, int] = {}
        """Topic → the note's id in Anki, once it was imported."""
        self.reps: dict[int, int] = {}

    @rule(target=topics, count=st.integers(1, 4), file=st.sampled_from(FILES))
    def write(self, count: int, file: str) -> object:
        added = []
        for _ in range(count):
            key = len(self.order)
            answer = [
                f"{TOPICS[(key * 7 + n * 3) % 20]}在第{key}节里与{TOPICS[(key + n) % 20]}有关{n}" for n in range(5)
            ]
            added.append(Topic(key, f"{TOPICS[key % 20]}之{key}", answer, file))
            self.order.append(added[-1])
        if len(self.order) == count:
            self.build_and_import()
        return multiple(*added)

    @rule(topic=topics, word=st.sampled_from(TOPICS))
    def reword(self, topic: Topic, word: str) -> None:
        if not topic.is_touched:
            topic.title = f"怎样理解{word}{topic.key}？"
            self.edited(topic)

    @rule(topic=topics, at=st.integers(0, 4), word=st.sampled_from(TOPICS))
    def rewrite(self, topic: Topic, at: int, word: str) -> None:
        if not topic.is_touched:
            topic.answer[at] = f"改成了{word}的说法{at}"
            self.edited(topic)

    @rule(topic=topics, file=st.sampled_from(FILES), at=st.integers(0, 10))
    def move(self, topic: Topic, file: str, at: int) -> None:
        if not topic.is_touched:
            topic.file = file
            self.order.remove(topic)
            self.order.insert(at, topic)
            self.edited(topic)

    @rule(topic=topics)
    def delete_or_bring_back(self, topic: Topic) -> None:
        if not topic.is_touched:
            topic.is_there = not topic.is_there
            self.edited(topic)

    def edited(self, topic: Topic) -> None:
        """Build after every third edit, lest chance builds too seldom."""
        topic.is_touched = True
        if sum(one.is_touched for one in self.order) >= 3:
            self.build_and_import()

    @precondition(lambda self: self.order)
    @rule()
    def build(self) -> None:
        self.build_and_import()

    def build_and_import(self) -> None:
        for name in FILES:
            text = "".join(
                f"# {topic.title}\n" + "，".join(topic.answer) + "。\n"
                for topic in self.order
                if topic.file == name and topic.is_there
            )
            self.workshop.write({name: text or "没有标题。\n"})
        self.workshop.now = max([self.workshop.now, *(note.mod for note in self.desk.notes())]) + 1
        self.desk.take(self.workshop.build())
        found = {note["Question"]: note for note in self.desk.notes()}
        for topic in self.order:
            topic.is_touched = False
            if topic.is_there:
                note = found[topic.title]
                assert self.notes.setdefault(topic.key, note.id) == note.id, topic
                assert note.cards()[0].reps == self.reps.get(topic.key, 0), topic
        assert self.desk.col.note_count() == len(self.notes)

    @precondition(lambda self: self.notes)
    @rule(data=st.data())
    def learn(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.notes)))
        if key not in self.reps:
            note = next(note for note in self.desk.notes() if note.id == self.notes[key])
            self.reps[key] = self.desk.study(note).reps

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.col.close()
            self.root.cleanup()


TestNotes = Notes.TestCase
TestNotes.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

"""Whether a heading compares anything: few do, and most notes have none that does."""

import re

TRIGGER = re.compile(
    r"vs|versus|\bpk\b|区[别分]|差[异别]|不同|异同|比|还是|优[劣缺]|相同点|选型|哪一?个|怎么选|如何选|取舍|\bor\b"
    r"|differ|compar|distinct|distinguish|contrast|similarit"
    r"|trade-?off|\bover\b|instead of|better|faster|than\b|pros and cons|차이|다른 ?점|비교|diferen|differenz"
    r"|différence|unterschied|confronto|разниц|отлич|различ|сравн",
    re.IGNORECASE,
)
LONGEST = 400
"""Characters. A longer heading is text that slipped into one, and some patterns take the square of its length."""


def subjects_of(title: str, parent: str = "") -> tuple[tuple[str, ...], ...]:
    """The subjects of each comparison that a heading announces; empty where it announces none.

    `OLTP VS OLAP ,lambda vs Kapper` gives two pairs. A heading that names nobody, or only the other one (`区别`,
    `vs. Anki`), takes what the heading above it names.
    """
    if len(title) > LONGEST or not TRIGGER.search(title):
        return ()
    # What reads such headings takes longer to load than it takes to read a note.
    from cribdeck.comparisons.headings import announced

    return announced(title, parent)

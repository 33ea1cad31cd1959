"""What stands below each command's `--help`: how it is used."""

_EXAMPLES = {
    "": (
        ("cribdeck", "build notes/ into output/"),
        ("cribdeck --notes ~/my-notes", "build other notes"),
        ("cribdeck --only deck", "just the deck"),
        ("cribdeck check --strict", "look for what to mend"),
        ("cribdeck watch", "build on every save"),
        ("cribdeck init ~/cards", "a folder to start from"),
    ),
    "check": (
        ("cribdeck check", "everything, folded"),
        ("cribdeck check --all --quality", "also what is hard to learn"),
        ("cribdeck check --format github", "for a workflow of GitHub's"),
    ),
    "plan": (("cribdeck plan", "before you import"),),
    "cards": (
        ("cribdeck cards", "with comparisons as tables"),
        ("cribdeck cards --json", "for a program"),
    ),
    "stats": (
        ("cribdeck stats", "bars, a line each"),
        ("cribdeck stats --json", "for a program"),
    ),
    "watch": (
        ("cribdeck watch --only preview", "while you write"),
        ("cribdeck watch --notes ~/my-notes", "other notes"),
    ),
    "printed": (("cribdeck printed", "when the sheet is on paper"),),
    "reprint": (("cribdeck reprint", "after you changed the notes"),),
    "init": (
        ("cribdeck init ~/cards", "in your language"),
        ("cribdeck init ~/cards --language en", "in English"),
    ),
}


def examples(command: str = "") -> str:
    r"""The examples of a command, "" for the program itself, as click's epilog: `\b` keeps the lines apart."""
    width = max(len(line) for line, _ in _EXAMPLES[command]) + 3
    lines = "".join(f"\n  {line:<{width}}{what}" for line, what in _EXAMPLES[command])
    return f"\b\nExamples:{lines}"

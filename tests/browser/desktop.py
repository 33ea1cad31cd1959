"""Anki's real desktop without a screen: import a package, show its first card, turn it over; print both sides as JSON.

Run by `test_desktop.py` in a process of its own, for the desktop is one for each process and is left by force.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aqt  # type: ignore[import-not-found,unused-ignore]
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from aqt.profiles import ProfileManager  # type: ignore[import-not-found,unused-ignore]


def main(package: str) -> None:
    base = tempfile.mkdtemp()
    # A first start asks for the language in a window that nobody would close.
    profiles = ProfileManager(Path(base))
    profiles.setupMeta()
    profiles.create("User 1")
    profiles.load("User 1")
    profiles.meta.update(firstRun=False, defaultLang="en_US")
    profiles.set_update_check(False)
    profiles.save()
    profiles.db.close()
    app: Any = aqt._run(["anki", "-b", base, "-p", "User 1"], exec=False)
    window: Any = aqt.mw

    def until(test: Callable[[], Any]) -> Any:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            app.processEvents()
            if found := test():
                return found
            time.sleep(0.02)
        raise TimeoutError(test)

    def text(side: str) -> str:
        def look() -> str:
            answers: list[str] = []
            script = f"(e => e ? e.innerText : '')(document.querySelector('.cribdeck.{side}'))"
            window.reviewer.web.evalWithCallback(script, lambda answer: answers.append(answer or ""))
            return str(until(lambda: answers)[0])

        return str(until(look))

    until(lambda: window.state == "deckBrowser" and window.col)
    request = ImportAnkiPackageRequest(package_path=package, options=ImportAnkiPackageOptions())
    new = len(window.col.import_anki_package(request).log.new)
    window.col.models._clear_cache()
    decks = [deck.id for deck in window.col.decks.all_names_and_ids() if deck.name != "Default"]
    window.col.decks.select(decks[0])
    window.moveToState("review")
    until(lambda: window.state == "review" and window.reviewer.card)
    front = text("front")
    window.reviewer._showAnswer()
    sys.stdout.write(json.dumps({"new": new, "front": front, "back": text("back")}) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the desktop asks before it closes


if __name__ == "__main__":
    main(sys.argv[1])

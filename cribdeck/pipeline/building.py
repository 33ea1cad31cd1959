"""One build, or none where nothing changed."""

import time

from cribdeck.errors import CribdeckError
from cribdeck.locking import locked
from cribdeck.pipeline.inputs import take_inputs
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.outcome import Report
from cribdeck.pipeline.session import Session
from cribdeck.pipeline.unchanged import unchanged
from cribdeck.transaction import finish


def build(
    options: Options,
    *,
    now: int | None = None,
    progress: Progress = lambda *_: None,
    session: Session | None = None,
) -> Report:
    """Build the outputs that the options ask for.

    What one output lacks (a font for the sheet) is a failure in the report; the others are built all the same. A
    section that breaks the program is left out with a diagnostic, and its cards are kept as they were. The ledger is
    written before the outputs, so that a build that dies in between is made good by the next one.

    Args:
        options: What to build.
        now: The time in seconds since 1970; by default the clock's.
        progress: Told how far the build is.
        session: Of a process that builds again and again: it makes each build faster and changes nothing in it.

    Raises:
        CribdeckError: Nothing could be built; what was there is untouched.
    """
    if session is None:
        with Session() as session:  # noqa: PLR1704 — the same, made here
            return build(options, now=now, progress=progress, session=session)
    now = int(time.time()) if now is None else now
    with locked(options.output, options.notes):
        finish(options.output, options.ledger)
        inputs = take_inputs(options)
        report = unchanged(inputs)
        if report:
            return report
        # Whatever is rendered and written takes libraries that take longer to load than it took to get here.
        from cribdeck.pipeline.making import make

        try:
            return make(inputs, now=now, progress=progress, session=session)
        except CribdeckError:
            raise
        except Exception:
            from cribdeck.pipeline.salvage import salvage

            rest = salvage(inputs)
            if rest is inputs:
                raise
            return make(rest, now=now, progress=progress, session=session)

"""One build, from the notes folder to the outputs; the only place where all stages meet.

What reads and renders is loaded when it is used: a build that has nothing to do must not wait for it.
"""

from cribdeck.pipeline.building import build
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.outcome import Counts, Report
from cribdeck.pipeline.session import Session

__all__ = ["Counts", "Options", "Progress", "Report", "Session", "build"]

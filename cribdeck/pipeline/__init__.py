"""One build, from the notes folder to the outputs; the only place where all stages meet."""

from cribdeck.pipeline.building import Report, build, plan
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.reading import Reading, judged, read
from cribdeck.pipeline.retired import last_kept, last_shipped

__all__ = ["Options", "Progress", "Reading", "Report", "build", "judged", "last_kept", "last_shipped", "plan", "read"]

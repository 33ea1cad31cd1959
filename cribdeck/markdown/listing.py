"""The pictures of a notes folder by their bare names."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def by_name(media: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The paths of each bare name. Of the last listing they are kept: a note may show ten thousand pictures."""
    if _named.listing is not media or _named.count != len(media):
        paths: dict[str, list[str]] = {}
        for key, path in media.items():
            paths.setdefault(posixpath.basename(key), []).append(path)
        _named.listing, _named.count, _named.paths = media, len(media), paths
    return _named.paths


@dataclass
class _Named:
    """A listing of pictures, and its paths by their bare names."""

    listing: Mapping[str, str] | None = None
    count: int = 0
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)


_named = _Named()

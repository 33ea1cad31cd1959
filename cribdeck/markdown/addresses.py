"""Addresses as people type them: some are none."""

from urllib.parse import SplitResult, urlsplit


def parts(url: str) -> SplitResult:
    """The parts of an address; all of it is the path where it can't be parted (`http://[x`)."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


def host(url: str) -> str:
    """Who is behind an address, without `www.`; "" where it does not say."""
    if url.startswith("mailto:"):
        return url[7:]
    return (parts(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")

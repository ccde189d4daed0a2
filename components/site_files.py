"""The storefront's files as the bucket keeps them: what is uploaded, as what, and cached for how long."""

from dataclasses import dataclass
from pathlib import Path

import pulumi

NO_CACHE = "no-cache"
"""Kept, but asked about each time: what a new build replaces under the same name."""
_FOR_EVER = "public, max-age=31536000, immutable"
_HASHED = "assets/"
# Not empty: Pulumi's engine leaves an asset's empty text out of what it answers, and the SDK takes
# an asset without any content for an invalid one.
# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/asset/asset.go (Serialize)
_NOT_BUILT = "The storefront is not built yet.\n"
_CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
"""Python's own table depends on the machine that deploys."""


class SiteError(pulumi.RunError):
    """The built storefront can't be uploaded; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    """One file; `key` is its path below the site's root, with slashes.

    `hashed` ones are named after their content.
    """

    key: str
    content: pulumi.Asset
    content_type: str
    hashed: bool

    @property
    def cache_control(self) -> str:
        """Whoever has a file that is named after its content never has to ask for it again."""
        return _FOR_EVER if self.hashed else NO_CACHE


def site_files(site: Path) -> list[SiteFile]:
    """The files of the build in the folder `site`, in the order of their keys, hidden ones left out.

    A preview does without a build: one file stands for it. Raises SiteError if an update has none,
    or for a file whose type nobody has said.
    """
    if not (site / "index.html").is_file():
        missing = f"{site.parent.name}/{site.name} is missing: run `make site`"
        if not pulumi.runtime.is_dry_run():
            raise SiteError(missing)
        pulumi.log.info(f"{missing}. This preview shows index.html alone.")
        return [_file("index.html", pulumi.StringAsset(_NOT_BUILT))]
    found = {path.relative_to(site): path for path in site.rglob("*") if path.is_file()}
    shown = {name: path for name, path in found.items() if not name.as_posix().startswith(".")}
    return [_file(name.as_posix(), pulumi.FileAsset(str(shown[name]))) for name in sorted(shown)]


def content_type(key: str) -> str:
    """What the browser is told that a file is. Raises SiteError for an unknown extension."""
    suffix = Path(key).suffix
    if suffix not in _CONTENT_TYPES:
        raise SiteError(f"{key}: components/site_files.py knows no content type for '{suffix}'")
    return _CONTENT_TYPES[suffix]


def _file(key: str, content: pulumi.Asset) -> SiteFile:
    return SiteFile(
        key=key,
        content=content,
        content_type=content_type(key),
        hashed=key.startswith(_HASHED),
    )

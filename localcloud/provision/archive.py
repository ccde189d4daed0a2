"""Reads the files that a program names: assets, and archives as zip files. The same files give the same bytes."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pulumi

from localcloud.errors import LocalError

EPOCH = (1980, 1, 1, 0, 0, 0)
MODE = 0o644 << 16


class Archive(str):
    """A Pulumi archive as its fingerprint, which compares and serialises like any other input; `zip()` is the file."""

    _source: pulumi.Archive
    _directory: Path

    def __new__(
        cls, source: pulumi.Archive, directory: Path, fingerprint: str | None = None
    ) -> "Archive":
        """Relative paths in `source` are below `directory`; a given fingerprint saves reading the files.

        LocalError if a file cannot be read.
        """
        archive = super().__new__(cls, fingerprint or _fingerprint(source, directory))
        archive._source, archive._directory = source, directory
        return archive

    def zip(self) -> bytes:
        """The archive as a zip file."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for name, content in contents(self._source, self._directory):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = MODE
                target.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


class File(str):
    """A Pulumi asset as its fingerprint, as Archive is one of an archive; `read()` gives the bytes."""

    _source: pulumi.Asset
    _directory: Path

    def __new__(
        cls, source: pulumi.Asset, directory: Path, fingerprint: str | None = None
    ) -> "File":
        """As Archive: a relative path in `source` is below `directory`. LocalError if it cannot be read."""
        if fingerprint is None:
            fingerprint = f"sha256:{hashlib.sha256(asset_content(source, directory)).hexdigest()}"
        file = super().__new__(cls, fingerprint)
        file._source, file._directory = source, directory
        return file

    def read(self) -> bytes:
        """The file's content."""
        return asset_content(self._source, self._directory)


def asset_content(asset: pulumi.Asset, directory: Path) -> bytes:
    """The bytes of an asset; a relative path in it is below `directory`. LocalError if it cannot be read."""
    try:
        return _content(asset, directory)
    except OSError as error:
        raise LocalError(f"cannot read {error.filename}: {error.strerror}") from None


def contents(archive: pulumi.Archive, directory: Path) -> list[tuple[str, bytes]]:
    """The files of an archive, sorted by name; relative paths in it are below `directory`."""
    try:
        return sorted(_files(archive, directory, ""))
    except OSError as error:
        raise LocalError(f"cannot read {error.filename}: {error.strerror}") from None


def _fingerprint(source: pulumi.Archive, directory: Path) -> str:
    digest = hashlib.sha256()
    for name, content in contents(source, directory):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"sha256:{digest.hexdigest()}"


def _files(archive: pulumi.Archive, directory: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    if isinstance(archive, pulumi.AssetArchive):
        for name, member in archive.assets.items():
            if isinstance(member, pulumi.Archive):
                yield from _files(member, directory, prefix if name == "." else f"{prefix}{name}/")
            else:
                yield prefix + name, _content(member, directory)
    elif isinstance(archive, pulumi.FileArchive):
        yield from _files_below(directory / archive.path, prefix)
    else:
        raise LocalError(
            f"an archive of type {type(archive).__name__} cannot be used on the local cloud"
        )


def _files_below(path: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield prefix + file.relative_to(path).as_posix(), file.read_bytes()
        return
    with zipfile.ZipFile(path) as source:
        for name in source.namelist():
            if not name.endswith("/"):
                yield prefix + name, source.read(name)


def _content(asset: pulumi.Asset | pulumi.Archive, directory: Path) -> bytes:
    if isinstance(asset, pulumi.StringAsset):
        return asset.text.encode()
    if isinstance(asset, pulumi.FileAsset):
        return (directory / asset.path).read_bytes()
    raise LocalError(f"an asset of type {type(asset).__name__} cannot be used on the local cloud")

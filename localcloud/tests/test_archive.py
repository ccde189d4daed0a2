"""Zip files from Pulumi archives."""

import io
import os
import zipfile
from pathlib import Path

import pulumi
import pytest

from localcloud.errors import LocalError
from localcloud.provision.archive import Archive


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    package = tmp_path / "handlers" / "api"
    package.mkdir(parents=True)
    (package / "app.py").write_text("x = 1\n")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "app.cpython-313.pyc").write_bytes(b"stale")
    return tmp_path


def archive(sources: Path) -> Archive:
    members: dict[str, pulumi.Asset | pulumi.Archive] = {
        "handlers": pulumi.FileArchive("handlers"),
        "main.py": pulumi.StringAsset("pass\n"),
        "copy.py": pulumi.FileAsset("handlers/api/app.py"),
    }
    return Archive(pulumi.AssetArchive(members), sources)


def test_nested_members_keep_their_place_and_caches_stay_out(sources: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(sources).zip())) as found:
        assert found.namelist() == ["copy.py", "handlers/api/app.py", "main.py"]
        assert found.read("copy.py") == b"x = 1\n"


def test_the_same_files_give_the_same_bytes_and_fingerprint_whenever_they_were_written(
    sources: Path,
) -> None:
    first = archive(sources)
    bytes_before = first.zip()
    os.utime(sources / "handlers" / "api" / "app.py", (1, 1))
    second = archive(sources)
    assert first == second
    assert bytes_before == second.zip()


def test_an_edit_or_a_rename_changes_the_fingerprint(sources: Path) -> None:
    app = sources / "handlers" / "api" / "app.py"
    prints = [archive(sources)]
    app.write_text("x = 2\n")
    prints.append(archive(sources))
    app.rename(app.with_name("routes.py"))
    (sources / "handlers" / "api" / "app.py").write_text("")
    prints.append(archive(sources))
    assert len(set(prints)) == 3


def test_a_zip_file_is_taken_apart(sources: Path) -> None:
    packed = sources / "bundle.zip"
    packed.write_bytes(archive(sources).zip())
    with zipfile.ZipFile(
        io.BytesIO(Archive(pulumi.FileArchive("bundle.zip"), sources).zip())
    ) as found:
        assert found.namelist() == ["copy.py", "handlers/api/app.py", "main.py"]


def test_a_missing_file_is_named(sources: Path) -> None:
    members: dict[str, pulumi.Asset | pulumi.Archive] = {"a.py": pulumi.FileAsset("gone.py")}
    with pytest.raises(LocalError, match=r"cannot read .*gone\.py: No such file"):
        Archive(pulumi.AssetArchive(members), sources)

"""A function's code with some of its files replaced, for a test that breaks it."""

import io
import zipfile
from collections.abc import Mapping

from components.bundle import contents


def zip_of(module: str, instead: Mapping[str, str]) -> bytes:
    """Return the zip of the module and what it imports; `instead` is path -> source."""
    sources = {name: path.read_text("utf-8") for name, path in contents(module).items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (sources | dict(instead)).items():
            archive.writestr(name, text)
    return buffer.getvalue()

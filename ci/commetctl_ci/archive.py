"""One file out of a zip archive that somebody else packed: nothing is unpacked by the names in it."""

import io
import struct
import zipfile
import zlib

from commetctl_ci.trouble import Trouble
from commetctl_ci.web import LARGEST

#: What the upload of an artifact uses. Others would need more memory than the length that is read of them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


def member(packed: bytes, name: str) -> bytes:
    """The content of the one file of that name. Raises Trouble where it is missing, there twice, or far too long."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            found = [entry for entry in archive.infolist() if entry.filename == name and not entry.is_dir()]
            if len(found) != 1:
                raise Trouble(f"the artifact does not hold one {name}")
            if found[0].compress_type not in _METHODS or found[0].flag_bits & _ENCRYPTED:
                raise Trouble(f"{name} in the artifact is not packed as GitHub packs it")
            with archive.open(found[0]) as file:
                # What the archive says of its length need not be so.
                content = file.read(LARGEST + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ):
        raise Trouble("the artifact is not an archive that can be read") from None
    if len(content) > LARGEST:
        raise Trouble(f"{name} in the artifact is longer than {LARGEST} bytes")
    return content

"""Files that were uploaded: their bytes in memory, or in a folder beside the state file so that they outlive a restart.

Knows the size of a PNG, JPEG, GIF or WebP picture from its first bytes; does not decode pictures.
"""

from __future__ import annotations

import hashlib
import mimetypes
import struct
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from bot.sandbox.errors import Json, bad

DOWNLOAD_LIMIT = 20 << 20
PHOTO_LIMIT = 10 << 20
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Stored:
    """A kept file. `id` is its file_id and the only name it has on disk."""

    id: str
    unique: str
    name: str
    mime: str
    size: int

    def document(self) -> Json:
        """The Document object."""
        return {**self._common(), "file_name": self.name, "mime_type": self.mime}

    def photo(self, width: int, height: int) -> list[Json]:
        """The list of PhotoSize objects: the sandbox keeps one size."""
        return [{**self._common(), "width": width, "height": height}]

    def file(self) -> Json:
        """The File object of getFile."""
        return {**self._common(), "file_path": f"documents/{self.id}{PurePosixPath(self.name).suffix[:12]}"}

    def _common(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": self.size}


@dataclass(slots=True)
class FileStore:
    """`folder` None keeps the bytes in memory."""

    folder: Path | None = None
    known: dict[str, Stored] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)

    def add(self, upload: Upload) -> Stored:
        unique = hashlib.sha256(upload.data).hexdigest()[:20]
        mime = upload.mime or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        stored = Stored(f"SBX{len(self.known) + 1:06d}{unique}", unique, upload.name, mime, len(upload.data))
        self.known[stored.id] = stored
        if self.folder is None:
            self._bytes[stored.id] = upload.data
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / stored.id).write_bytes(upload.data)
        return stored

    def find(self, file_id: str) -> Stored | None:
        return self.known.get(file_id)

    def read(self, file_id: str) -> bytes | None:
        """The bytes, or None if there is no such file any more."""
        if file_id not in self.known:
            return None
        if self.folder is None:
            return self._bytes.get(file_id)
        path = self.folder / file_id
        return path.read_bytes() if path.is_file() else None

    def size_of(self, stored: Stored) -> tuple[int, int]:
        """Width and height of a picture. Raises `ApiError` where Telegram could not process it."""
        if stored.size > PHOTO_LIMIT:
            raise bad(
                f"file of size {stored.size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
            )
        size = picture_size(self.read(stored.id) or b"")
        if size is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000:
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return size

    def to_json(self) -> list[Json]:
        return [asdict(stored) for stored in self.known.values()] if self.folder else []

    def load(self, data: list[Json]) -> None:
        self.known = {item["id"]: Stored(**item) for item in data}


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None if this is no picture that we know."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return _pair(">II", data, 16)
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return _pair("<HH", data, 6)
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", data, at + 5)
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _pair(form: str, data: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(form, data, at)
    return int(first), int(second)

"""What people's apps send beside texts: pictures, videos, music, stickers, polls. The content of such a message; decides no more.

The sandbox decodes nothing: sizes and durations of what is no picture are made up.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.errors import ActionError, Json
from bot.sandbox.files import PICTURES, Stored

SIZE: Json = {"width": 320, "height": 240}
SECONDS: Json = {"duration": 3}
ALBUMS = ({"photo", "video"}, {"document"}, {"audio"})
"""What may stand together in an album (Bot API, sendMediaGroup)."""
LEAST, MOST = 2, 10


def kind_of(mime: str) -> str:
    """As what an app sends a file that is not to go as a file."""
    if mime == "image/gif":
        return "animation"
    if mime in PICTURES:
        return "photo"
    kind = mime.partition("/")[0]
    return kind if kind in ("video", "audio") else "document"


def media(kind: str, stored: Stored, size: tuple[int, int] | None) -> Json:
    """`size`: of a picture; a photo without one goes as a file. Raises `ActionError` for a kind that there is not."""
    named, bare = stored.document(), {key: value for key, value in stored.file().items() if key != "file_path"}
    match kind:
        case "photo" if size is not None:
            return {"photo": stored.photo(*size)}
        case "photo" | "document":
            return {"document": named}
        case "video":
            return {"video": {**named, **SIZE, **SECONDS}}
        case "animation":  # has a document too, for bots that are older than animations
            return {"animation": {**named, **SIZE, **SECONDS}, "document": named}
        case "audio":
            return {"audio": {**named, **SECONDS}}
        case "voice":
            return {"voice": {**bare, **SECONDS}}
        case "video_note":
            return {"video_note": {**bare, "length": 240, **SECONDS}}
        case "sticker":
            return {"sticker": {**bare, "type": "regular", **SIZE, "is_animated": False, "is_video": False}}
    raise ActionError(f"there is no kind {kind!r}")


def poll(id: str, question: str, options: Sequence[str]) -> Json:
    answers = [
        {"persistent_id": f"{place}", "text": text, "voter_count": 0} for place, text in enumerate(options, start=1)
    ]
    states = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
    counts: Json = {"total_voter_count": 0, "is_anonymous": True, "type": "regular"}
    return {"poll": {"id": id, "question": question, "options": answers, **states, **counts}}


def check_album(contents: Sequence[Json]) -> None:
    """Raises `ActionError` where Telegram's apps would not send these as one."""
    kinds = {kind for content in contents for kind in content if kind in set().union(*ALBUMS)}
    animated = any("animation" in content for content in contents)
    if not LEAST <= len(contents) <= MOST or animated or not any(kinds <= together for together in ALBUMS):
        raise ActionError("these cannot be sent as one album")

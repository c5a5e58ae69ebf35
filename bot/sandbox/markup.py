"""Telegram's HTML: text with tags in, plain text and message entities out.

Pure. Follows the parser of TDLib (do_parse_html): the same tags, the same tolerance, the same error texts, offsets of errors in
UTF-8 bytes and offsets of entities in UTF-16 units. It knows nothing of limits or of what Telegram finds by itself in a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.sandbox.errors import ApiError, Json, bad

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_SPACE = " \t\r\n\0\x0b"
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_PLAIN = re.compile(r"[^<&]+")
_SPACES = re.compile(r"[ \t\r\n\0\x0b]*")
_TAG_REST = re.compile(r"[^ \t\r\n\0\x0b>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s\0=>/\"']*")
_LINK = re.compile(r"(?i)(https?|tg|ton|tonsite|mailto|tel|ftp)(:)")
_HOST = re.compile(r"(?i)[a-z0-9\-]+(\.[a-z0-9\-]+)+([/?#:].*)?")
_PROFILE_LINK = re.compile(r"tg://(?:user|openmessage)\?(?:id|user_id)=(\d+)")


def utf16(text: str) -> int:
    """Length in UTF-16 units, the measure of all of Telegram's limits and offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) >> 1


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    units: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._tag()
            else:
                self._text()
        if self.open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), self.entities

    def _text(self) -> None:
        piece = self._match(_PLAIN)
        if not piece:
            piece, self.at = _decoded(self.source, self.at)
        self.out.append(piece)
        self.units += utf16(piece)

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._peek() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        end = self._until_space_or_close()
        if end >= len(self.source):
            raise self._at(begin, "Unclosed start tag")
        tag = self.source[begin + 1 : end].lower()
        if tag not in TAGS:
            raise self._at(begin, f'Unsupported start tag "{tag}"')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise self._at(begin, 'Tag "span" must have class "tg-spoiler"')
        self.open.append(_Open(tag, argument, self.units, len(self.out)))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                self.at += 1
                return argument
            name = self._match(_ATTRIBUTE_NAME)
            if not name:
                raise self._at(begin, f'Empty attribute name in the tag "{tag}"')
            self._skip_space()
            value = self._value(tag, begin) if self._peek() == "=" else ""
            if not self._peek():
                raise self._at(begin, f'Unclosed start tag "{tag}"')
            argument = _argument(tag, name, value, argument)

    def _value(self, tag: str, begin: int) -> str:
        self.at += 1
        self._skip_space()
        quote = self._peek()
        if not quote:
            raise self._at(begin, f'Unclosed start tag "{tag}"')
        value = self._quoted(quote) if quote in "\"'" else self._name_token()
        if not self._peek():
            raise self._at(begin, "Unclosed start tag")
        return value

    def _name_token(self) -> str:
        start = self.at
        value = self._match(_NAME_TOKEN).lower()
        if self._peek() not in (*_SPACE, ">"):
            raise self._at(start, "Unexpected end of name token")
        return value

    def _quoted(self, quote: str) -> str:
        self.at += 1
        value = []
        while self._peek() and self._peek() != quote:
            character, self.at = _decoded(self.source, self.at)
            value.append(character)
        self.at += 1
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._at(begin, "Unexpected end tag")
        end = self._until_space_or_close()
        found = self.source[begin + 2 : end]
        self._skip_space()
        if self._peek() != ">":
            raise self._at(begin, "Unclosed end tag")
        self.at += 1
        expected = self.open[-1].tag
        if found and found != expected:
            raise self._at(begin, f'Unmatched end tag, expected "</{expected}>", found "</{found}>"')
        self._close(self.open.pop())

    def _close(self, opened: _Open) -> None:
        length = self.units - opened.offset
        if not length:
            return
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            entity = _link(entity, opened.argument or "".join(self.out[opened.begin :]))
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag in ("pre", "code") and self._joins_code(opened, entity):
            return
        if entity:
            self.entities.append(entity)

    def _joins_code(self, opened: _Open, entity: Json) -> bool:
        """`<pre><code class="language-x">` is one entity, not two."""
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if opened.tag == "pre" and same and last.get("type") == "code" and last.get("language"):
            last["type"] = "pre"
            return True
        if opened.tag == "code" and opened.argument and self.open and self.open[-1].tag == "pre":
            entity["language"] = opened.argument
        return False

    def _until_space_or_close(self) -> int:
        self._match(_TAG_REST)
        return self.at

    def _skip_space(self) -> None:
        self._match(_SPACES)

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        text = found.group() if found else ""
        self.at += len(text)
        return text

    def _at(self, position: int, text: str) -> ApiError:
        head, comma, tail = text.partition(",")
        place = len(self.source[:position].encode("utf-8", "surrogatepass"))
        return _cannot(f"{head} at byte offset {place}{comma}{tail}")


def _cannot(text: str) -> ApiError:
    return bad(f"can't parse entities: {text}")


def _decoded(source: str, at: int) -> tuple[str, int]:
    """The character at a place, a reference decoded, and the place behind it. Unknown references stay as they are."""
    if source[at] == "&" and (found := _REFERENCE.match(source, at)):
        hexadecimal, decimal, name = found.groups()
        if name:
            return _NAMED[name], found.end()
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code), found.end()
    return source[at], at + 1


def _argument(tag: str, name: str, value: str, before: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
    return before


def _link(entity: Json, url: str) -> Json:
    """A text_link, a text_mention, or nothing where Telegram sees no valid address."""
    if mention := _PROFILE_LINK.fullmatch(url):
        person = {"id": int(mention.group(1)), "is_bot": False, "first_name": mention.group(1)}
        return {**entity, "type": "text_mention", "user": person}
    if _LINK.match(url):
        return {**entity, "url": url}
    return {**entity, "url": f"http://{url}"} if _HOST.fullmatch(url) else {}


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of Telegram's HTML. Raises `ApiError` (400) with Telegram's words about the first fault."""
    return _Parser(source).run()

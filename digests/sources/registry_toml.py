"""sources.toml: which sources are watched, and how, as people declare it.

Whatever is not understood is refused with the source, the key, what was expected and what was found. Reads text only.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlsplit

from digests.errors import UnreadableError
from digests.sources.calendar import DAY_MINUTES, Calendar
from digests.sources.epaper_profile import shipped_names
from digests.sources.guard import Guard, Refused, check_url
from digests.sources.registry import INBOX, KINDS, LONGEST_NAME, SourceKind, SourceSpec

FILE = "sources.toml"
TOP = ("contact", "proxy", "source")
KEYS = ("name", "kind", "address", "profile", "publication", "paused", "weekdays", "hours", "skip")

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~～至]\s*([01]?\d|2[0-4]):([0-5]\d)")
_SKIP = re.compile(r"(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Declared:
    """`contact`: where a site's owner finds who watches it. `proxy`: an http proxy, or ""."""

    sources: tuple[SourceSpec, ...] = ()
    contact: str = ""
    proxy: str = ""


def parse_sources(toml: str, profiles: tuple[str, ...] = ()) -> Declared:
    """What the text declares. `profiles`: names of one's own profiles. Raises UnreadableError(FILE)."""
    try:
        given = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(FILE, f"不是有效的 TOML，请改正 / is not valid TOML, correct it: {error}") from error
    _only(given, TOP, "")
    tables = given.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _bad("source", "写作 [[source]] 的各节", "sections written [[source]]", tables)
    sources = tuple(_source(table, n, (*shipped_names(), *profiles)) for n, table in enumerate(tables, 1))
    names = [spec.name for spec in sources]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise _bad("name", "互不相同的名称", "a different name for each source", twice)
    return Declared(sources, _text(given, "contact", ""), _proxy(given))


def _proxy(given: dict[str, Any]) -> str:
    proxy = _text(given, "proxy", "")
    try:
        parts = urlsplit(proxy)
        ok = not proxy or (
            parts.scheme == "http" and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        ok = False
    if not ok:
        raise _bad("proxy", "http 代理，如 http://127.0.0.1:7890", "an http proxy such as http://127.0.0.1:7890", proxy)
    return proxy


def _source(table: dict[str, Any], n: int, profiles: tuple[str, ...]) -> SourceSpec:
    name = table.get("name")
    where = f"[[source]] {n}"
    if not isinstance(name, str) or not re.fullmatch(rf"[\w.-]{{1,{LONGEST_NAME}}}", name) or name == INBOX:
        zh = f"不超过 {LONGEST_NAME} 个字的名称（文字、数字、- . _；不能是 {INBOX}）"
        raise _bad(f"{where} name", zh, f"a name of at most {LONGEST_NAME} letters, digits, - . _, not {INBOX}", name)
    where = f"[[source]] {name}"
    _only(table, KEYS, where)
    kind = _one_of(table, "kind", KINDS, where)
    profile = _one_of(table, "profile", profiles, where) if "profile" in table else ""
    if profile and kind not in ("epaper", "list"):
        raise _bad(f"{where} profile", "只用于 epaper 和 list 的方案", "a profile for epaper and list alone", profile)
    if kind in ("epaper", "list") and not profile:
        if kind == "epaper":
            raise _bad(f"{where} profile", f" {'、'.join(profiles)} 之一", f"one of {', '.join(profiles)}", "")
        profile = "periodical-list"
    paused = table.get("paused", False)
    if not isinstance(paused, bool):
        raise _bad(f"{where} paused", "true 或 false", "true or false", paused)
    return SourceSpec(
        name, cast(SourceKind, kind), _address(table, kind, profile, where), profile, _text(table, "publication", where),
        paused, _calendar(table, where), declared=True, rests=paused,
    )  # fmt: skip


def _address(table: dict[str, Any], kind: str, profile: str, where: str) -> str:
    """A ready paper knows its own address; ports and networks are the client's business at the time of asking."""
    address = _text(table, "address", where)
    if not address and kind in ("epaper", "list") and profile:
        return ""
    if kind == "folder" and address:
        return address
    found = check_url(address, Guard(ports=None))
    if kind == "folder":
        raise _bad(f"{where} address", "文件夹的路径", "the path of a folder", address)
    if isinstance(found, Refused):
        zh, _, en = found.reason.partition(" / ")
        raise _bad(f"{where} address", f"可访问的网址（{zh}）", f"an address that may be visited ({en})", address)
    return address


def _calendar(table: dict[str, Any], where: str) -> Calendar:
    weekdays, skip = table.get("weekdays", []), table.get("skip", [])
    if not isinstance(weekdays, list) or not all(type(day) is int and 1 <= day <= 7 for day in weekdays):
        raise _bad(f"{where} weekdays", "1（周一）到 7（周日）的列表", "a list of 1 (Monday) to 7 (Sunday)", weekdays)
    if not isinstance(skip, list) or not all(isinstance(day, str) and _is_day(day) for day in skip):
        raise _bad(f"{where} skip", "日期的列表，如 \"2026-10-01\" 或 \"01-01\"", "a list of days such as \"2026-10-01\" or \"01-01\"", skip)  # fmt: skip
    start, end = _hours(table, where)
    return Calendar(tuple(sorted({day - 1 for day in weekdays})), start, end, tuple(skip))


def _is_day(text: str) -> bool:
    try:
        return bool(_SKIP.fullmatch(text)) and bool(date.fromisoformat(text if len(text) > 5 else f"2024-{text}"))
    except ValueError:
        return False


def _hours(table: dict[str, Any], where: str) -> tuple[int | None, int | None]:
    hours = _text(table, "hours", where)
    if not hours:
        return None, None
    found = _HOURS.fullmatch(hours)
    start, end = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (1, 0)
    if not start < end <= DAY_MINUTES:
        raise _bad(f"{where} hours", "同一天之内的时段，如 05:00-09:00", "hours of one day such as 05:00-09:00", hours)
    return start, min(end, DAY_MINUTES - 1)


def _one_of(table: dict[str, Any], key: str, choices: tuple[str, ...], where: str) -> str:
    value = table.get(key)
    if value not in choices:
        raise _bad(f"{where} {key}", f" {'、'.join(choices)} 之一", f"one of {', '.join(choices)}", value)
    return str(value)


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _bad(f"{where} {key}".strip(), "文字", "text", value)
    return value.strip()


def _only(table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := [key for key in table if key not in known]:
        raise _bad(
            f"{where} {unknown[0]}".strip(), f" {'、'.join(known)} 之一", f"one of {', '.join(known)}", unknown[0]
        )


def _bad(key: str, zh: str, en: str, found: object) -> UnreadableError:
    shown = "（无）/ nothing" if found in ("", None) else str(found)[:60]
    return UnreadableError(FILE, f"“{key}”：应为{zh}，实为“{shown}”；请改正 / {key}: expected {en}, found {shown!r}; correct it")  # fmt: skip

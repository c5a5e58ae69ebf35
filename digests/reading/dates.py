"""When an issue appeared: the day printed on it, or the days that its text allows, with the words that prove it.

A printed day is a fact. Otherwise the text proves a year (a weekday beside a date, 2021年1月份, 今年) and a latest event; the issue is not
older than that event and not much younger: the range says so, and is never shown as a day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.types import DateEvidence

READ = 60_000
"""Code points of an issue that are searched for dates."""
NEWS_LASTS = 10
"""Days after its latest event within which a paper is taken to appear; two weeks at most pass between numbers of a weekly."""
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[年./\-—]\s*(\d{1,2})\s*[月./\-—]\s*(\d{1,2})(?!\d)\s*日?(?:\s*[,，（(]?\s*(?:星期|周)([一二三四五六日天]))?"
)
_DAY = re.compile(
    r"(?<![\d年.\-])(?:(今年|去年|昨[天日]|今[天日]|明[天日])\s*[,，(（]?)?(\d{1,2})\s*月\s*(\d{1,2})\s*(?:[-—–至~～]\s*(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*)?[日号]"
)
_WEEKDAY = re.compile(r"^\s*[,，、（(]?\s*(?:本|上|下|这)?(?:周|星期|礼拜)([一二三四五六日天])")
_YEAR = re.compile(
    r"(?<![\d.])(?<!\d,)((?:19|20)\d{2})(?:\s*年度?|(?![余多元万亿千个家人名公平米吨亩台套辆户次册本件层条株头只张间所座部支项字倍度])(?=[\u4e00-\u9fff]))"
)
_PLANNED = re.compile(r"(?:到|至|力争|预计|计划|末|前|—|-|–|～|~|截止)\s*$")
_SETTLED = re.compile(
    r"^(?!.*(?:将|力争|预计|目标|规划|计划|建成|拟)).*(?:达|完成|实现|增长|下降|获|举行|召开|成立|公布|发布|投产)"
)
_WHOLE_YEAR = re.compile(
    r"^\d{4}\s*(?:年度[^。，,]{0,14}奖|年全年|年(?:实现|完成|达)|年[,，][^。]*(?:达|实现|完成|增长|下降|突破))"
)
_PLAN_YEAR = re.compile(r"[“\"]?十([一二三四五六七八九])五[”\"]?(?:规划)?的?(开局|起步|收官)之年")
_COMING = re.compile(
    r"(?<!正在)(?<!已)(?<!先后)将|(?<![虚模])拟|预计|届时|截止|之前|前完成|^起?(?:正式)?(?:施行|实施|执行)|^起|开播|敬请|即将|开幕在即|报名"
)
_UNTIL = re.compile(r"(?:持续|延续|开放|展出|举办)?[到至]$")
_ISSUED = {"昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "明天": -1, "明日": -1}
"""昨天（3月9日）: the issue came out a day later."""
_ENGLISH = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(\d{1,2}),?\s+((?:19|20)\d{2})\b"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTHLY = re.compile(r"每月|月\s*刊|月\s*报")


@dataclass(frozen=True, slots=True)
class Mention:
    """A day in the text, its year known or not. `weekday`: 0 Monday, printed beside it. `coming`: announced, not reported.
    `issued`: days from it to the issue, where a word beside it tells (昨天, 今天)."""

    month: int
    day: int
    quote: str
    year: int | None = None
    weekday: int | None = None
    coming: bool = False
    issued: int | None = None


def read_date(
    head: Sequence[str], text: str, *, hint: str | None, number: str | None, kind: str | None
) -> DateEvidence | None:
    """`head`: lines of masthead, running heads and colophon. `hint`: an ISO date from outside. None: nothing is proved."""
    return _hinted(hint) or _printed(head) or _monthly(head, number, kind) or _proved(text[:READ], number)


def _hinted(hint: str | None) -> DateEvidence | None:
    if not hint or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", hint) or _date(*map(int, hint.split("-"))) is None:
        return None
    return DateEvidence(hint, hint, True, (hint,))


def _printed(head: Sequence[str]) -> DateEvidence | None:
    """A full day in the masthead or a running head; a weekday beside it must agree."""
    for line in head:
        for found in _FULL.finditer(line):
            day = _date(int(found[1]), int(found[2]), int(found[3]))
            if day and (found[4] is None or day.weekday() == _WEEKDAYS[found[4]]):
                return DateEvidence(day.isoformat(), day.isoformat(), True, (found[0].strip(),))
        if (english := _ENGLISH.search(line)) and (
            day := _date(int(english[3]), _MONTHS.index(english[1]) + 1, int(english[2]))
        ):
            return DateEvidence(day.isoformat(), day.isoformat(), True, (english[0],))
    return None


def _monthly(head: Sequence[str], number: str | None, kind: str | None) -> DateEvidence | None:
    """Number N of a year's numbers of a monthly is its Nth month; any other rhythm proves no month."""
    printed = " ".join(head)
    after = r"(?:\s*(?:刊|号|出版)|(?=\s|$))" if kind == "periodical" else r"\s*(?:刊|号|出版)"
    if found := re.search(rf"((?:19|20)\d{{2}})\s*年\s*(\d{{1,2}})\s*月(?!\s*\d{{1,2}}\s*日){after}", printed):
        return _month(int(found[1]), int(found[2]), (found[0],))
    found = re.search(r"((?:19|20)\d{2})年第(\d{1,2})期", number or "")
    rhythm = _MONTHLY.search(printed)
    if kind != "periodical" or not found or not rhythm or "半月" in printed or "双月" in printed:
        return None
    return _month(int(found[1]), int(found[2]), (number or "", rhythm[0]))


def _month(year: int, month: int, quotes: tuple[str, ...]) -> DateEvidence | None:
    first = _date(year, month, 1)
    if first is None:
        return None
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return DateEvidence(first.isoformat(), last.isoformat(), False, quotes)


# ---------------------------------------------------------------------------------------------- from the text
def _proved(text: str, number: str | None) -> DateEvidence | None:
    mentions = list(_mentions(text))
    year, proof = (_numbered_year(number) if mentions else None) or _year(text, mentions)
    if year is None:
        return None
    dated = [(day, m) for m in mentions if m.year in (None, year) and (day := _date(m.year or year, m.month, m.day))]
    if told := [(day + timedelta(days=m.issued), m) for day, m in dated if m.issued is not None]:
        day, mention = max(told, key=lambda t: t[0])
        return DateEvidence(day.isoformat(), day.isoformat(), False, (*proof, mention.quote))
    past = [(day, m) for day, m in dated if not m.coming]
    if not past:
        return _before(dated, proof) or DateEvidence(f"{year}-01-01", f"{year}-12-31", False, proof)
    latest, mention = _latest(past)
    coming = [(day, m) for day, m in dated if m.coming and latest <= day <= latest + timedelta(days=NEWS_LASTS)]
    until, quote = min(((day, m.quote) for day, m in coming), default=(latest + timedelta(days=NEWS_LASTS), ""))
    return DateEvidence(
        latest.isoformat(), until.isoformat(), False, tuple(q for q in (*proof, mention.quote, quote) if q)
    )


def _numbered_year(number: str | None) -> tuple[int, tuple[str, ...]] | None:
    """The year in the issue's number: 2022年第3期."""
    found = re.match(r"((?:19|20)\d{2})年第\d", number or "")
    return (int(found[1]), (found.string,)) if found else None


def _before(dated: list[tuple[date, Mention]], proof: tuple[str, ...]) -> DateEvidence | None:
    if not dated:
        return None
    day, mention = min(dated, key=lambda d: d[0])
    return DateEvidence((day - timedelta(days=NEWS_LASTS)).isoformat(), day.isoformat(), False, (*proof, mention.quote))


def _latest(past: list[tuple[date, Mention]]) -> tuple[date, Mention]:
    """The latest event; one that lies four months after all others is a slip of OCR or a plan, not news."""
    past = sorted(past, key=lambda p: p[0])
    while len(past) > 2 and past[-1][0] - past[-2][0] > timedelta(days=120):
        past.pop()
    return past[-1]


def _mentions(text: str) -> Iterator[Mention]:
    for found in _FULL.finditer(text):
        weekday = _WEEKDAYS[found[4]] if found[4] else None
        yield Mention(int(found[2]), int(found[3]), found[0], int(found[1]), weekday, _is_coming(text, found.end()))
    for found in _DAY.finditer(text):
        if found[1] == "去年":
            continue
        beside = _WEEKDAY.match(text[found.end() : found.end() + 12])
        quote = found[0] + (beside[0] if beside else "")
        month, day = int(found[4] or found[2]), int(found[5] or found[3])
        weekday = _WEEKDAYS[beside[1]] if beside and not found[5] else None
        coming = _is_coming(text, found.end()) or bool(_UNTIL.search(text[max(0, found.start() - 4) : found.start()]))
        yield Mention(month, day, quote, None, weekday, coming, _ISSUED.get(found[1]))


def _is_coming(text: str, at: int) -> bool:
    clause = re.split(r"[。；！]", text[at : at + 60], maxsplit=1)[0]
    return bool(_COMING.search(clause[:40]))


def _year(text: str, mentions: Sequence[Mention]) -> tuple[int | None, tuple[str, ...]]:
    """The year of the newest events, and the words that prove it."""
    named = _named_years(text)
    weekdays = [m for m in mentions if m.weekday is not None]
    newest = max(named, default=None)
    if plan := _plan_year(text):
        return plan
    for mention in weekdays:
        years = _candidates(mention, newest)
        if years:
            return years[0], (mention.quote,)
    if newest is None:
        return None, ()
    return newest + _is_over(text, newest, mentions), (named[newest],)


def _plan_year(text: str) -> tuple[int, tuple[str, ...]] | None:
    """The first or last year of a Five-Year Plan, so named: the third ran from 1966, each for five years since."""
    found = _PLAN_YEAR.search(text)
    if not found:
        return None
    first = 1966 + 5 * (10 + "一二三四五六七八九".index(found[1]) + 1 - 3)
    return first + 4 * (found[2] == "收官"), (found[0],)


def _is_over(text: str, year: int, mentions: Sequence[Mention]) -> bool:
    """Whether the newest named year is reported as a whole, as papers do in the next until its end comes near."""
    if not mentions or any(m.month > 10 or m.year == year for m in mentions):
        return False
    named = [text[found.start() :][:40] for found in re.finditer(str(year), text)]
    return all(_WHOLE_YEAR.match(words) for words in named)


def _candidates(mention: Mention, newest: int | None) -> list[int]:
    """Years, nearest to the newest named one first, in which the day falls on the printed weekday."""
    if mention.year is not None:
        near: Sequence[int] = (mention.year,)
    elif newest is None:
        return []
    else:
        near = (newest, newest + 1)
    return [y for y in near if (day := _date(y, mention.month, mention.day)) and day.weekday() == mention.weekday]


def _named_years(text: str) -> dict[int, str]:
    """Years that the text names as present or past, with the words around; plans (到2035年) are left out."""
    quotes: dict[int, str] = {}
    counts: Counter[int] = Counter()
    settled: set[int] = set()
    for found in _YEAR.finditer(text):
        year = int(found[1])
        if _PLANNED.search(text[max(0, found.start() - 3) : found.start()]) or _is_plan(text, found.end()):
            continue
        counts[year] += 1
        quotes.setdefault(year, text[found.start() : found.end() + 8].split("\n")[0])
        if _SETTLED.search(re.split(r"[。；]", text[found.end() : found.end() + 60], maxsplit=1)[0]):
            settled.add(year)
    years = sorted(counts)
    while len(years) > 1 and years[-1] - years[-2] > 3 and years[-1] not in settled:
        quotes.pop(years.pop())
    return quotes


def _is_plan(text: str, at: int) -> bool:
    return bool(re.match(r"(?:底|末)?\s*(?:前|收入过|力争|将(?:达|建|实现)|建成|末|目标|预计)", text[at : at + 6]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

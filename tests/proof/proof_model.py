"""The plainest statement of who gets what when: lists in memory, a clock on the wall that never goes back, no cursors, no store.

Written from the readers' point of view and without the service's code: the proof compares the two. What a reader is told to expect:
- a subscription counts from the next article on, and each of its articles waits until its time has come;
- a time of day comes when the reader's clock shows it or, where the hour is left out, a later one; within the quiet hours it
  comes at their end; after new times, a new zone or a pause, times that are over do not come;
- one text of a paper comes once; of an article and its corrections the newest comes, in the place of all before it, also of those that
  are owed; of one text in two papers, in one digest, the first;
- a correction changes the message that carries what was wrong, for two days; a push comes at once; what is recalled is not sent again.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
TWO_DAYS = timedelta(days=2)
HOLIDAYS = {date(2026, 4, 6), *(date(2026, 5, n) for n in range(1, 6))}
"""Days off, as decreed, in the seasons that are simulated."""
MADE_UP_FOR = {date(2026, 5, 9)}
"""Weekends that are worked for them."""


@dataclass(frozen=True)
class Piece:
    """An article as it was stored, numbered from 1 in that order. `corrects`: the number of the one that it replaces, or 0."""

    number: int
    paper: str
    title: str
    body: str
    topic: str
    issue: str
    corrects: int = 0

    @property
    def text(self) -> tuple[str, str]:
        return self.title, self.body


@dataclass(frozen=True)
class Wish:
    """What somebody wants: all of `words`, or one of them where `any` says so, and none of `but`; in the `title`, from the `paper`."""

    words: tuple[str, ...] = ()
    any: bool = False
    but: tuple[str, ...] = ()
    topic: str = ""
    title: str = ""
    paper: str = ""

    @property
    def query(self) -> str:
        parts = ["|".join(self.words)] if self.any else list(self.words)
        parts += [f"#{self.topic}"] * bool(self.topic) + [f"标题:{self.title}"] * bool(self.title)
        if self.any and (self.but or self.paper):
            parts = [f"({parts[0]})", *parts[1:]]
        parts += [f"报:{self.paper}"] * bool(self.paper) + [f"-{word}" for word in sorted(self.but)]
        return " ".join(parts)

    def wants(self, piece: Piece) -> bool:
        whole = f"{piece.title}\n{piece.body}"
        found = [word in whole for word in self.words]
        return (
            (not found or (any(found) if self.any else all(found)))
            and not any(word in whole for word in self.but)
            and (not self.topic or self.topic == piece.topic)
            and (not self.title or self.title in piece.title)
            and (not self.paper or self.paper == piece.paper)
        )


@dataclass(frozen=True)
class Rhythm:
    kind: str = "daily"
    times: tuple[int, ...] = (480,)
    weekday: int = 0
    day: int = 1

    def on(self, day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        return {
            "daily": True,
            "weekdays": day.weekday() < 5,
            "workdays": (day.weekday() < 5 and day not in HOLIDAYS) or day in MADE_UP_FOR,
            "weekly": day.weekday() == self.weekday,
            "monthly": day.day == min(self.day, last),
        }[self.kind]


class WallClock:
    """What a clock in one zone has shown so far: the latest time, so an hour that comes twice passes once."""

    def __init__(self, zone: str, start: datetime) -> None:
        self._zone = ZoneInfo(zone)
        self.shown = start.astimezone(self._zone).replace(tzinfo=None)

    def look(self, now: datetime) -> Iterable[datetime]:
        """The quarters of an hour that it has come to since the look before."""
        before = self.shown
        self.shown = max(before, now.astimezone(self._zone).replace(tzinfo=None))
        at = (before - before.minute % 15 * MINUTE).replace(second=0, microsecond=0) + QUARTER
        while at <= self.shown:
            yield at
            at += QUARTER


def minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


def is_quiet(at: datetime, quiet: tuple[int, int] | None) -> bool:
    if quiet is None or quiet[0] == quiet[1]:
        return False
    start, end = quiet
    return start <= minute_of(at) < end if start < end else minute_of(at) >= start or minute_of(at) < end


def reached(quarters: Iterable[datetime], quiet: tuple[int, int] | None) -> Iterable[datetime]:
    """The quarters whose time has come: those in the quiet hours come at their end."""
    for at in quarters:
        before = at - QUARTER
        while is_quiet(before, quiet) and not is_quiet(at, quiet):
            yield before
            before -= QUARTER
        if not is_quiet(at, quiet):
            yield at


@dataclass
class Held:
    """A subscription. `waiting`: its articles since it was made, and what waited for earlier wordings, of which it gets what it wants.
    `passed`: a time of its has come and was not served yet."""

    wish: Wish
    since: int
    rhythm: Rhythm | None = None
    waiting: list[int] = field(default_factory=list)
    passed: bool = False


@dataclass
class Given:
    """What one reader gets at one moment: exactly `sure`, and of `maybe` any. `nothing`: the note that nothing is new."""

    sure: set[int] = field(default_factory=set)
    maybe: set[int] = field(default_factory=set)
    nothing: bool = False


@dataclass
class Letter:
    """A message that a reader has: when it was sent, when it last changed, and the articles in it. `lost`: it cannot be changed any
    more, since it was deleted, or stayed in a place that is left."""

    sent: datetime
    changed: datetime
    pieces: list[int]
    lost: bool = False


@dataclass
class Person:
    """A reader with settings as they are spoken of. `back`: articles that came back unread, since Telegram refused them: they come with
    whatever is due next and wants them, unless something took their place that was read."""

    zone: str = "Asia/Shanghai"
    rhythm: Rhythm = Rhythm()
    quiet: tuple[int, int] | None = None
    tell_nothing: bool = False
    paused: str | None = None
    held: dict[str, Held] = field(default_factory=dict)
    had: set[int] = field(default_factory=set, repr=False)
    had_texts: set[tuple[str, tuple[str, str]]] = field(default_factory=set, repr=False)
    back: set[int] = field(default_factory=set)
    letters: dict[int, Letter] = field(default_factory=dict, repr=False)

    def rhythm_of(self, held: Held) -> Rhythm:
        return held.rhythm or self.rhythm


class Model:
    """Everybody, and every article."""

    def __init__(self, start: datetime, zones: Iterable[str]) -> None:
        self.people: dict[str, Person] = {}
        self.pieces: dict[int, Piece] = {}
        self._clocks = {zone: WallClock(zone, start) for zone in zones}

    # ------------------------------------------------------------------------------------------ papers
    def print(self, piece: Piece) -> None:
        self.pieces[piece.number] = piece
        for person in self.people.values():
            for held in person.held.values():
                if held.wish.wants(piece):
                    held.waiting.append(piece.number)

    def newest(self) -> int:
        return len(self.pieces)

    def older(self, number: int) -> list[int]:
        """What the article corrects, what that corrected, and so on."""
        old = self.pieces[number].corrects
        return [old, *self.older(old)] if old else []

    # ------------------------------------------------------------------------------------------ time
    def look(self, now: datetime, whom: Iterable[str]) -> dict[str, Given]:
        """The clock goes on to `now`: who of `whom` gets what."""
        quarters = {zone: list(clock.look(now)) for zone, clock in self._clocks.items()}
        come: dict[tuple[str, tuple[int, int] | None], list[tuple[date, int]]] = {}
        given = {}
        for id in whom:
            person = self.people.get(id)
            if person is not None and person.paused is None and person.held:
                hours = person.zone, person.quiet
                if hours not in come:
                    come[hours] = [(at.date(), minute_of(at)) for at in reached(quarters[person.zone], person.quiet)]
                if come[hours]:
                    self._pass(person, come[hours])
                made = self._serve(person)
                if made is not None:
                    given[id] = made
        return given

    def _pass(self, person: Person, come: list[tuple[date, int]]) -> None:
        for held in person.held.values():
            rhythm = person.rhythm_of(held)
            if rhythm.kind != "instant" and not held.passed:
                held.passed = any(minute in rhythm.times and rhythm.on(day) for day, minute in come)

    def _serve(self, person: Person) -> Given | None:
        if not any(held.passed or held.waiting for held in person.held.values()) and not person.back:
            return None
        if is_quiet(self._clocks[person.zone].shown, person.quiet):
            return None
        due = [h for h in person.held.values() if h.passed or person.rhythm_of(h).kind == "instant"]
        slot = any(held.passed for held in due)
        for held in due:
            held.passed = False
        given = self.collect(person, due)
        if not given.sure and not given.maybe:
            return Given(nothing=True) if slot and person.tell_nothing else None
        given.nothing = slot and person.tell_nothing and not given.sure
        return given

    # ------------------------------------------------------------------------------------------ articles
    def collect(self, person: Person, due: Iterable[Held]) -> Given:
        """What waits for the subscriptions in `due`; it waits no longer."""
        sure: set[int] = set()
        maybe: set[int] = set()
        for held in due:
            sure |= {number for number in held.waiting if held.wish.wants(self.pieces[number])}
            held.waiting = []
            for number in person.back:
                if held.wish.wants(self.pieces[number]):
                    (sure if held.since < number else maybe).add(number)
        return self._new_to(person, sure, maybe)

    def of_issues(self, person: Person, issues: Iterable[str]) -> Given:
        """The back-fill: what the issues have for the person, as it stands corrected."""
        issues = set(issues)
        corrected = {piece.corrects for piece in self.pieces.values()}
        there = [p for p in self.pieces.values() if p.issue in issues and p.number not in corrected]
        wanted = {p.number for p in there if any(held.wish.wants(p) for held in person.held.values())}
        return self._new_to(person, wanted, set())

    def _new_to(self, person: Person, sure: set[int], maybe: set[int]) -> Given:
        """What the person has not had. What another paper brought earlier may come again."""
        certain = self._distinct(person, sure - maybe)
        known = {text for _, text in person.had_texts} if certain else set()
        elsewhere = {number for number in certain if self.pieces[number].text in known}
        others = self._distinct(person, sure | maybe) if maybe else set()
        others |= {number for one in maybe for number in self._distinct(person, {one})}
        doubtful = elsewhere | (certain - others if maybe else set())
        return Given(certain - doubtful, (others | certain) - (certain - doubtful))

    def _distinct(self, person: Person, numbers: set[int]) -> set[int]:
        first: dict[tuple[str, str], int] = {}
        for number in sorted(numbers):
            piece = self.pieces[number]
            if self._is_new(person, piece):
                first.setdefault(piece.text, number)
        return set(first.values()) - {old for number in numbers for old in self.older(number)}

    def _is_new(self, person: Person, piece: Piece) -> bool:
        return piece.number not in person.had and (piece.paper, piece.text) not in person.had_texts

    def owed(self, person: Person) -> set[int]:
        return {number for number in person.back if self._is_new(person, self.pieces[number])}

    def give(self, person: Person, numbers: Iterable[int]) -> None:
        person.had |= set(numbers)
        person.back -= set(numbers)
        for number in numbers:
            all_of_it = (self.pieces[one] for one in (number, *self.older(number)))
            person.had_texts |= {(piece.paper, piece.text) for piece in all_of_it}

    def take_back(self, person: Person, numbers: Iterable[int]) -> None:
        """They were not read after all."""
        person.had -= set(numbers)
        person.back |= set(numbers)
        person.had_texts.clear()
        self.give(person, list(person.had))

    # ------------------------------------------------------------------------------------------ messages
    def changes(self, piece: Piece, now: datetime) -> tuple[dict[int, str], dict[int, str]]:
        """Whose messages become ones with `piece`, surely and perhaps: of those who want what it corrects, the newest that carries that,
        if nothing has happened to it for two days at most. Who wants it only since it was printed may count or not."""
        old = self.pieces[piece.corrects]
        sure: dict[int, str] = {}
        maybe: dict[int, str] = {}
        for id, person in self.people.items():
            wanting = [held for held in person.held.values() if held.wish.wants(old)]
            carrying = [(one.changed, n) for n, one in person.letters.items() if old.number in one.pieces]
            if person.paused is None and wanting and carrying and now - max(carrying)[0] < TWO_DAYS:
                number = max(carrying)[1]
                is_sure = not person.letters[number].lost and any(held.since < old.number for held in wanting)
                (sure if is_sure else maybe)[number] = id
        return sure, maybe

    def change(self, person: Person, number: int, piece: Piece, now: datetime) -> None:
        letter = person.letters[number]
        letter.pieces = [piece.number if one == piece.corrects else one for one in letter.pieces]
        letter.changed = now
        self.give(person, [piece.number])

    def pushed(self, issue: str) -> dict[str, Given]:
        """An admin pushes an issue: at once, to everybody who wanted something of it when it came and is not paused."""
        pieces = [piece for piece in self.pieces.values() if piece.issue == issue]
        given = {}
        for id, person in self.people.items():
            if person.paused is None and person.held:
                given[id] = made = self.of_issues(person, [issue])
                if not any(
                    held.since < p.number and held.wish.wants(p) for held in person.held.values() for p in pieces
                ):
                    given[id] = Given(set(), made.sure | made.maybe)
        return given

    # ------------------------------------------------------------------------------------------ readers
    def move(self, old: str, new: str) -> None:
        """The same under another number; messages stay where they were."""
        person = self.people.pop(old, None)
        if person is not None:
            self.people[new] = person
            for letter in person.letters.values():
                letter.lost = True

    def leave(self, person: Person, held: Held, id: str) -> None:
        """The subscription goes on in a place of its own, with what waits for it, and begins with the settings of this one."""
        del person.held[held.wish.query]
        back = {number for number in self.owed(person) if held.wish.wants(self.pieces[number])}
        self.people[id] = replace(
            person, held={held.wish.query: held}, had=set(), had_texts=set(), back=back, letters={}
        )

    def hold(self, person: Person, wish: Wish) -> None:
        person.held.setdefault(wish.query, Held(wish, self.newest()))

    def reword(self, person: Person, old: str, wish: Wish) -> None:
        """Another wording of a subscription: place and rhythm stay, and what waits, or came back, waits for the new one. If that is
        held already, it takes the place of both."""
        held = person.held.pop(old)
        new = person.held.setdefault(wish.query, Held(wish, self.newest(), held.rhythm, passed=held.passed))
        new.waiting += sorted({*held.waiting, *self.owed(person)})

    def resume(self, person: Person) -> None:
        """A time that passed before the pause, and was waiting for the end of the quiet hours, does not come any more either."""
        for held in person.held.values():
            held.passed = held.passed and person.paused is None
        person.paused = None

    def has_passed(self, person: Person) -> bool:
        """A time has come that could not be served yet: after an outage, in the quiet hours."""
        return any(held.passed for held in person.held.values())

"""From an article to its facts: every figure of title and body that says something of somebody.

Pure. The body is read sentence by sentence; names are kept in mind (`subjects.py`), figures of one list share what they
do not say themselves. The figure printed is the figure shown: nothing is added up, converted or rounded but in `normalised`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from digests.facts.clauses import clauses, clean, head, is_house, item_of
from digests.facts.counts import is_adjective, is_figure, is_length, is_price
from digests.facts.metrics import metric_of
from digests.facts.phrases import (
    ADVERBIAL,
    AGENT,
    ANEW,
    ANYBODY,
    ATTRIBUTE,
    BACKER,
    BARE,
    BOTH,
    BROUGHT,
    CONTAINS,
    ENUMERATED,
    GIVEN,
    NAMED,
    NEW,
    OBJECT,
    ONLY_REACHED,
    PARTICIPLE,
    PLANT,
    QUOTED,
    REACHED,
    RECIPIENT,
    RESPECTIVELY,
    SERVED,
    SPEAKER,
    SPOKE,
    SUMMED,
)
from digests.facts.quantities import Quantity, exact, quantities, rounds
from digests.facts.stages import place_of, stage_of, time_of
from digests.facts.subjects import (
    Names,
    is_event,
    is_kind,
    is_measure,
    is_name,
    is_of_all,
    is_other,
    is_post,
    is_several,
    is_sound,
    is_whole,
    leading_place,
)
from digests.facts.text import half_width, tidy
from digests.types import Article, Fact
from digests.words.sentences import full_sentences

_NEAR, _FAR = 160, 240
"""Code points that are read around a figure in its clause and in its sentence, so that an endless line costs no more than many."""

_MOST = 600
"""Figures read of one text: five times what the densest page of a paper has; the rest of a table of numbers is none of ours."""


def extract_facts(article: Article) -> tuple[Fact, ...]:
    """The figures of the body in reading order, then those that only the title has."""
    title = half_width(article.title)
    names = Names(title, half_width(article.body))
    facts = _facts_of(article.body, names)
    known = {(fact.base, fact.normalised) for fact in facts}
    for fact in _facts_of(article.title, Names(title)):
        if not any(base == fact.base and rounds(fact.printed, fact.normalised, value) for base, value in known):
            facts.append(replace(fact, in_title=True))
    return tuple(facts)


def _facts_of(printed: str, names: Names) -> list[Fact]:
    text = half_width(printed)
    found = quantities(text)[:_MOST]
    facts: list[Fact] = []
    places = [quantity.start for quantity in found]
    for start, end in full_sentences(text):
        inside = found[bisect_left(places, start) : bisect_left(places, end)]
        facts += _Sentence(text, start, end, inside, names).facts(printed)
    return facts


@dataclass(slots=True)
class _Last:
    """The figure before, for lists: its place, metric, unit class, object and subject."""

    end: int
    metric: str
    base: str
    word: str
    subject: str


class _Sentence:
    """One sentence being read; `subject` is whom it speaks of so far, `owner` the last full name in it.

    `lent`: the subject to go back to after a clause about something of the owner's. `own`: the clause names somebody. `kind`: the subject
    is a kind of things, of which the sentence may leave off. `given`: the owner was given its figure in so many words (总投资60亿元的A).
    """

    def __init__(self, text: str, start: int, end: int, inside: list[Quantity], names: Names) -> None:
        self.text, self.start, self.end, self.inside, self.names = text, start, end, inside, names
        self.subject = self.owner = ""
        self.lent = ""
        self.own = self.kind = self.given = self.others = False
        self.last: _Last | None = None
        self.here: list[Quantity] = []
        self.told: list[tuple[str, str]] = []
        self.lasts: dict[str, _Last] = {}
        self.recipient = ""

    def facts(self, printed: str) -> Iterator[Fact]:
        places = [quantity.start for quantity in self.inside]
        if self.inside and (quoted := self._said(self.start + (self.text[self.start] == "“"))):
            self.owner = quoted
        for start, end in clauses(self.text, self.start, self.end):
            if self.text[start - 1 : start] == ";" and is_name(self.owner):
                self.subject, self.lent = self.owner, ""
                self.recipient = ""
            self.here = here = self.inside[bisect_left(places, start) : bisect_left(places, end)]
            self._enter(start, here[0].start if here else end, here[0].base if here else "")
            for number, quantity in enumerate(here):
                left = here[number - 1].end if number else start
                right = here[number + 1].start if number + 1 < len(here) else end
                near, end_near = quantity.start - _NEAR, quantity.end + _NEAR
                fact = self._fact(printed, quantity, (max(start, near), max(left, near), min(right, end_near)))
                if fact:
                    yield fact
        if speaker := SPEAKER.search(self.text[max(self.start, self.end - _NEAR) : self.end]):
            self.names.note(self.names.resolve(head(speaker["who"])))

    def _enter(self, start: int, stop: int, base: str) -> None:
        """Take up the name at a clause's head. `base`: of the clause's first figure, "" without one. A full name always is
        the subject from here on; a weak one (到账外资, 产品合格率) only of figures, and as its owner's."""
        self.subject = self.lent or self.subject
        self.lent = ""
        if given := RECIPIENT.match(self.text, start, min(stop, start + _NEAR)):
            name = clean(given["name"].rpartition("的")[2])
            self.recipient = name if len(name) >= 4 and not name.endswith(("者", "人")) else ""
        if self.kind and ANEW.match(self.text, start):
            self.subject = self.owner
        clause = self.text[start : min(stop, start + _NEAR)]
        self.others = is_other(clause)
        if several := is_several(clause):
            self.subject = self.names.resolve(several)
        phrase = "" if not base and ADVERBIAL.search(clause) else self.names.house_of(clause) or head(clause)
        name = self.names.resolve(phrase, self.owner)
        strong = (is_name(name) or self.names.knows(name) or (is_whole(name) and len(name) == 2)) and not is_kind(
            phrase
        )
        if not strong and (self.owner not in name or not self.owner):
            name = self._owned(name, base)
        spoke = not (strong or base) and SPOKE.search(self.text, start, stop)
        self.own = bool(name) and not name.isdigit() and is_sound(name) and not spoke
        if not self.own:
            self._invested(start, stop)
            return
        opens = not self.subject or start == self.start
        if strong or base or not self.subject:
            self.subject = name
        if is_whole(name) and (opens or len(name) == 2) and (base or is_event(phrase)):
            self.names.hold(name[:2])
        elif is_of_all(name) and base:
            self.names.hold(name)
        if (place := leading_place(phrase)) and is_kind(phrase.removeprefix(place)):
            self.names.note(place)
        self.kind = is_kind(phrase) or (self.kind and not strong)
        if not is_kind(phrase) and "、" not in name:
            self.owner = name if strong or not self.owner else self.owner
            self.names.note(name, speaks=is_post(phrase), house=is_house(clause), opens=start == self.start)

    def _invested(self, start: int, stop: int) -> None:
        """Take up who invests in a clause that begins with its predicate."""
        if brought := BROUGHT.search(self.text[max(self.start, start - 40) : max(self.start, start - 1)]):
            name = self.names.resolve(clean(brought["name"]))
        elif backer := BACKER.match(self.text, start, min(self.end, stop)):
            name = "" if is_name(self.subject) else self.names.resolve(clean(backer["name"]))
        else:
            return
        if name:
            self.subject = self.owner = name
            self.own = True
            self.names.note(name)

    def _owned(self, name: str, base: str) -> str:
        """A weak name beside its owner: shares and counts are of the owner's thing, measures of the owner itself."""
        if name and base != "ratio" and is_of_all(name):
            return name
        owned = is_name(self.owner) or is_whole(self.owner) or self.given
        if not self.subject and len(name) >= 4 and is_measure(name) and self.names.sector:
            return name
        if name and base in {"ratio", "count"}:
            self.lent = self.owner if owned else ""
            if is_whole(self.owner):
                return self.owner[:2] + name if is_measure(name) else name
            if owned or is_measure(name):
                return self.owner + name
            self.lent = self.lent or (self.names.main if is_name(self.names.main) else "")
            return self._beside(name, "")
        nothing = is_measure(name) and (owned or is_name(self.names.main))
        if nothing or (owned and len(name) < 3):
            return ""
        return self._beside(name, self.owner) if name and base else name

    def _beside(self, name: str, owner: str) -> str:
        """A weak name with the house, project or place that the article last named in full; alone where there is none."""
        main = owner or self.names.main
        if (
            not name
            or is_whole(name)
            or is_of_all(name)
            or not (owner or is_name(main))
            or main in name
            or name in main
            or self.names.sector
        ):
            return name
        return main + name

    def _fact(self, printed: str, quantity: Quantity, around: tuple[int, int, int]) -> Fact | None:
        start, left, right = around
        before, after = self.text[left : quantity.start], self.text[quantity.end : right]
        if self.others or not self._kept(quantity, self.text[start : quantity.start], before, after):
            return None
        metric = metric_of(quantity, before, after, self._listed(quantity, left))
        if ONLY_REACHED.fullmatch(before.strip()):
            metric = self._as_before(quantity, metric, left)
        self.names.metrics[quantity.base] = metric
        subject = self._whose(quantity, metric, around)
        if not subject or not is_sound(subject):
            return None
        self.told.append((quantity.base, subject))
        self.last = self.lasts[quantity.base] = _Last(
            quantity.end, metric, quantity.base, quantity.measure_word, subject
        )
        clause = self.text[start : quantity.start]
        so_far = self.text[max(self.start, quantity.start - _FAR) : quantity.start]
        sentence = so_far + self.text[quantity.start : min(self.end, quantity.end + _FAR)]
        return Fact(
            subject=tidy(subject),
            metric=metric,
            value=quantity.value,
            unit=quantity.unit,
            normalised=exact(quantity.value * quantity.factor),
            base=quantity.base,
            printed=printed[quantity.start : quantity.end].strip(),
            start=quantity.start,
            end=quantity.end,
            value_max=quantity.value_max,
            qualifier=quantity.qualifier,
            stage=None if quantity.base == "ratio" else stage_of(clause, so_far, sentence),
            place=place_of(sentence, subject),
            time=time_of(so_far, sentence),
        )

    def _as_before(self, quantity: Quantity, metric: str, left: int) -> str:
        """The metric of a clause that only says how far it went: from the words before it, else from the sentence before."""
        said = metric_of(quantity, self.text[max(self.start, left - 20) : left], "", None)
        if said != metric and said not in {"other", "count"}:
            return said
        return self.names.metrics.get(quantity.base, metric) if metric == "other" else metric

    def _kept(self, quantity: Quantity, clause: str, before: str, after: str) -> bool:
        """Whether the figure says something; a share at the torn beginning of a text says nothing of anybody."""
        if quantity.base == "count":
            return is_figure(quantity, clause, after)
        if quantity.base == "km":
            return is_length(clause)
        if quantity.base in {"CNY", "USD", "EUR"} and is_price(clause):
            return False
        torn = quantity.base == "ratio" and not self.subject and not before.strip("达到超过约占近 ")
        return not torn and not is_adjective(quantity, after)

    def _listed(self, quantity: Quantity, left: int) -> str | None:
        """The metric of the figure before, if both stand in one list and are of one kind."""
        last = self.lasts.get(quantity.base)
        if last is None:
            return None
        between = self.text[last.end : quantity.start]
        near = len(between) <= 40 and (not NEW.search(between) or REACHED.search(between))
        return last.metric if near else None

    def _whose(self, quantity: Quantity, metric: str, around: tuple[int, int, int]) -> str:
        start, left, right = around
        after = self.text[quantity.end : right]
        if dealt := self._dealt(quantity):
            return dealt
        if name := self._attributed(metric, after):
            plant = not ATTRIBUTE.match(after)
            if (plant or (left == start and self.own)) and is_name(self.subject) and self.subject not in name:
                name = self.subject + name
            self.subject = self.owner = name
            self.lent, self.given = "", True
            return name
        if (
            self.recipient
            and metric == "other"
            and quantity.base == "CNY"
            and GIVEN.search(self.text[left : quantity.start])
        ):
            return self.recipient
        if left > start:
            if self._followed(left):
                self.subject = self.last.subject if self.last else self.subject
                return self.subject
            thing = item_of(self.text[left : quantity.start])
            item = self.names.resolve(thing, self.owner)
            listed = bool(item) and len(thing) > 2 and (is_name(item) or is_kind(thing))
            if listed and not self._served(start, left):
                return item
        if metric in {"count", "headcount", "jobs"}:
            return self._counted(quantity, metric, self.text[start : quantity.start], after)
        return self.subject or self._said(quantity.end) or self.names.main

    def _said(self, at: int) -> str:
        """The house whose head speaks, where `at` lies in a quotation."""
        match = QUOTED.match(self.text[at : at + _FAR])
        name = self.names.resolve(head(match["who"])) if match else ""
        return name if is_name(name) else ""

    def _dealt(self, quantity: Quantity) -> str:
        """Whose of several figures this is: 分别增长32%和28% after two figures; 分别为12亿元、9亿元的A、B; A、B分别为 …; else ""."""
        first = self.here[0].start
        match = RESPECTIVELY.search(self.text, max(self.start, first - _FAR), first)
        run = [figure for figure in self.here if figure.base == self.here[0].base]
        if not match or match.end() != first or quantity not in run or len(run) < 2:
            return ""
        place = run.index(quantity)
        if after := BOTH.match(self.text, run[-1].end, min(self.end, run[-1].end + _NEAR)):
            names = after["names"].split("、")
        else:
            names = [clean(head(name)) for name in re.split("[、和及与]", match["names"])]
        if len(names) == len(run) and all(len(name) > 1 for name in names):
            return names[place]
        told = [subject for base, subject in self.told if base != quantity.base]
        return told[place - len(run)] if quantity.base == "ratio" and len(told) == len(run) else ""

    def _followed(self, left: int) -> bool:
        """30个市重点项目总投资512亿元: what was counted right before is whose the next figure is."""
        last = self.last
        return bool(last and last.end == left and last.metric == "count" and SUMMED.search(self.text[left : left + 24]))

    def _served(self, start: int, left: int) -> bool:
        """Whether the figure that ends at `left` counts those for whom the subject does something."""
        last = next(figure for figure in self.here if figure.end == left)
        return last.base == "count" and bool(SERVED.search(self.text[start : last.start]))

    def _attributed(self, metric: str, after: str) -> str:
        """总投资60亿元的A项目: the figure is A's; of an investment A may also be a bare name (总投资50亿元的森晖装备)."""
        match = ATTRIBUTE.match(after) or (PLANT.match(after) if metric in {"capacity", "installed_volume"} else None)
        if not match or match["name"][0] in '“"' or metric in {"growth", "count", "headcount", "jobs"}:
            return ""
        name = head(match["name"])
        if BARE.fullmatch(name) and (
            is_name(self.names.main) or self.names.knows(self.subject) or is_name(self.subject)
        ):
            return ""
        if is_name(name):
            self.names.note(name)
            return name
        bare = metric == "total_investment" and 4 <= len(name) <= 20 and not is_kind(name) and not is_measure(name)
        return name if bare and self.names.resolve(name) == name else ""

    def _counted(self, quantity: Quantity, metric: str, before: str, after: str) -> str:
        """独角兽企业 of 13家独角兽企业 belongs to the subject: owner and thing counted; people met in passing are nobody's."""
        if (named := ENUMERATED.search(before)) and head(whole := named["names"]) == self.names.resolve(whole):
            return whole
        owner = (self.subject if self.own else self.owner) or self.subject or self.names.main
        match = NAMED.match(after) or OBJECT.match(after)
        thing = clean(head(PARTICIPLE.sub("", match["name"].strip()))) if match else ""
        if not is_sound(thing) or re.match("增|减|降|提", thing):
            thing = ""
        if thing and re.search(r"\d[^,;。、]*[与同跟]$", before):
            return thing
        if before.endswith("等") and not AGENT.search(before) and not CONTAINS.search(before):
            self.subject = self.names.place + self.text[quantity.start : quantity.end] + thing
            return self.subject
        if thing in ANYBODY or len(thing) < 2 or len(thing) > 16:
            return owner
        if metric == "headcount" and not self.own and len(thing) >= 4:
            return re.split("[和与及]", thing)[0]
        return owner if owner.endswith(thing) else owner + thing

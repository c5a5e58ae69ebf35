"""How reading falls with the quality of the text: every sample issue, spoiled in several ways, split and compared.

Run `python tests/bench/corruption.py`. Samples are the golden pairs of tests/digests/issues and, where they lie beside the project, the
labelled issues of ../shared/corpus. All noise is drawn from a fixed seed.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from digests.reading import split_issue
from digests.types import PageText, RawIssue

ROOT = Path(__file__).parents[2]
HIT = 0.8
ALIKE = [
    "未末",
    "己已",
    "日曰",
    "士土",
    "人入",
    "大太",
    "千干",
    "天夫",
    "申甲",
    "由田",
    "问间",
    "候侯",
    "晴睛",
    "拔拨",
    "治冶",
    "未朱",
    "上土",
    "力刀",
    "贝见",
    "今令",
    "开井",
    "元无",
    "了子",
    "目自",
    "本木",
    "斤斥",
    "王玉",
    "历厉",
]
Spoil = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """An issue's text and its articles as (title, body)."""

    name: str
    text: str
    articles: tuple[tuple[str, str], ...]


# ---------------------------------------------------------------------------------------------- samples
def samples() -> list[Sample]:
    return [*_golden(ROOT / "tests" / "digests" / "issues"), *_corpus(ROOT.parent / "shared" / "corpus")]


def _golden(folder: Path) -> Iterable[Sample]:
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        if gold["articles"]:
            yield Sample(
                path.stem, text, tuple((a["title"], a["body"]) for a in gold["articles"] if a.get("kind") != "box")
            )


def _corpus(folder: Path) -> Iterable[Sample]:
    for path in sorted(folder.glob("0*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        with (folder / gold["source_file"]).open(encoding="utf-8", newline="") as file:
            text = file.read()
        articles = [a for a in gold["articles"] if a["body_spans"] and a["kind"] not in ("teaser", "related-links")]
        yield Sample(
            path.stem, text, tuple((a["title"], _body(text, a, articles)) for a in articles if not a["parent"])
        )


def _body(text: str, article: dict[str, Any], articles: list[dict[str, Any]]) -> str:
    """A labelled article with its sidebars, which a reader may have kept in it."""
    parts = [article, *(other for other in articles if other["parent"] == article["id"])]
    return "".join(text[s:e] for part in parts for s, e in part["body_spans"])


# ---------------------------------------------------------------------------------------------- spoiling
def drop(share: float) -> Spoil:
    return lambda text, rng: "".join(c for c in text if c == "\n" or rng.random() >= share)


def swap(share: float) -> Spoil:
    """Characters taken for look-alikes, or for a random neighbour in the code table where they have none."""
    alike = {pair[0]: pair[1] for pair in ALIKE} | {pair[1]: pair[0] for pair in ALIKE}

    def other(c: str, rng: random.Random) -> str:
        if rng.random() >= share or not "\u4e00" <= c <= "\u9fff":
            return c
        return alike.get(c) or chr(min(0x9FA5, ord(c) + rng.randint(1, 9)))

    return lambda text, rng: "".join(other(c, rng) for c in text)


def noise(share: float) -> Spoil:
    return lambda text, rng: drop(share / 2)(swap(share / 2)(text, rng), rng)


def strip_markdown(text: str, rng: random.Random) -> str:
    lines = [line.lstrip("#").strip() if line.lstrip().startswith("#") else line for line in text.split("\n")]
    return "\n".join(line.removeprefix("- ") for line in lines).replace("**", "")


def join_lines(text: str, rng: random.Random) -> str:
    """One in twenty line feeds is lost."""
    return "".join(" " if c == "\n" and rng.random() < 0.05 else c for c in text)


def split_lines(text: str, rng: random.Random) -> str:
    """A line feed comes in before one in two hundred characters."""
    return "".join("\n" + c if rng.random() < 0.005 else c for c in text)


def shuffle_columns(text: str, rng: random.Random) -> str:
    """Two neighbouring blocks of the second half change places."""
    blocks = text.split("\n\n")
    if len(blocks) > 6:
        at = rng.randrange(len(blocks) // 2, len(blocks) - 2)
        blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    return "\n\n".join(blocks)


def half_width(text: str, rng: random.Random) -> str:
    return unicodedata.normalize("NFKC", text)


def full_width(text: str, rng: random.Random) -> str:
    wide = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F)) if c not in "#*-<>"}
    return "".join(wide.get(c, c) for c in text)


SPOILS: dict[str, Spoil] = {
    "as it is": lambda text, rng: text, "drop 1 %": drop(0.01), "drop 2 %": drop(0.02), "drop 3 %": drop(0.03), "swap 2 %": swap(0.02),
    "noise 2 %": noise(0.02), "no marks": strip_markdown, "lines joined": join_lines, "lines split": split_lines,
    "columns": shuffle_columns, "half width": half_width, "full width": full_width,
}  # fmt: skip


# ---------------------------------------------------------------------------------------------- comparing
@dataclass(slots=True)
class Score:
    """Sums over issues: articles found, found wrongly, missed; body F1 and exact titles over the labelled articles."""

    hits: int = 0
    extra: int = 0
    missed: int = 0
    body: float = 0.0
    titles: int = 0

    @property
    def detection(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.extra + self.missed)

    @property
    def labelled(self) -> int:
        return max(1, self.hits + self.missed)


def compare(gold: Sample, text: str, score: Score) -> None:
    pages = tuple(PageText(f"{gold.name}-{n}", page) for n, page in enumerate(text.split("\f"), 1))
    issue = split_issue(RawIssue("bench", gold.name, pages))
    read = [(a.title, _grams(a.body)) for a in issue.articles if a.kind != "box"]
    pairs = sorted(
        ((_f1(_grams(body), grams), g, r) for g, (_, body) in enumerate(gold.articles) for r, (_, grams) in enumerate(read)), reverse=True
    )  # fmt: skip
    seen_gold: set[int] = set()
    seen_read: set[int] = set()
    for f1, g, r in pairs:
        if g in seen_gold or r in seen_read or f1 < 0.3:
            continue
        seen_gold.add(g)
        seen_read.add(r)
        score.body += f1
        score.hits += f1 >= HIT
        score.extra += f1 < HIT
        score.missed += f1 < HIT
        score.titles += f1 >= HIT and _letters(gold.articles[g][0]) == _letters(read[r][0])
    score.missed += len(gold.articles) - len(seen_gold)
    score.extra += len(read) - len(seen_read)


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).casefold()


def _grams(text: str) -> Counter[str]:
    return Counter(_letters(text))


def _f1(gold: Counter[str], read: Counter[str]) -> float:
    shared = sum((gold & read).values())
    return 2 * shared / max(1, sum(gold.values()) + sum(read.values()))


def main(only: str | None = None) -> int:
    issues = [s for s in samples() if only is None or only in s.name]
    print(f"{len(issues)} issues, {sum(len(s.articles) for s in issues)} articles")
    print(f"{'':14}{'detection':>10}{'body F1':>10}{'titles':>10}{'ms/issue':>10}   below 0.9")
    for name, spoil in SPOILS.items():
        total, begun, weak = Score(), time.perf_counter(), []
        for sample in issues:
            own = Score()
            compare(sample, spoil(sample.text, random.Random(7)), own)
            weak += [f"{sample.name} {own.detection:.2f}"] if own.detection < 0.9 else []
            for field in ("hits", "extra", "missed", "body", "titles"):
                setattr(total, field, getattr(total, field) + getattr(own, field))
        spent = (time.perf_counter() - begun) / max(1, len(issues)) * 1000
        print(
            f"{name:14}{total.detection:10.3f}{total.body / total.labelled:10.3f}{total.titles / total.labelled:10.3f}{spent:10.1f}   {', '.join(weak)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))

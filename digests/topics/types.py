"""What a topic is: a query that the editors curate, with weights, and the score from which an article has it.

Frozen values only. Reading and printing the TOML is `definition.py`, finding terms in a text is `index.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much a field may add to the score when it is wholly about the topic."""

    title: float = 0.6
    lead: float = 0.2
    body: float = 1.0


@dataclass(frozen=True, slots=True)
class Topic:
    """A curated topic.

    `terms`: (term, weight), weight 3 where the term alone proves the topic, 1 where it only supports it, below 0 where it
    speaks against it. A term of several words, separated by a space, stands where all of them stand in one sentence.
    `excludes`: a phrase around a term hides that occurrence (动力电池回收箱 hides 动力电池), and that of a term that begins in it; a phrase in
    the title that
    hides no term refuses the topic. `threshold`: the score from which an article has the topic.
    """

    name: str
    name_en: str
    definition: str
    terms: tuple[tuple[str, float], ...]
    excludes: tuple[str, ...] = ()
    weights: FieldWeights = FieldWeights()
    threshold: float = 0.5

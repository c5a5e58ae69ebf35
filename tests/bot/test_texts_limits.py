"""No text is cut by Telegram: every key in every language, filled as full as its callers fill it, by the place where it is shown."""

from __future__ import annotations

import ast as python
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.texts import FOLDER, Texts

pytestmark = pytest.mark.slow

CHAT = Path(__file__).parents[2] / "bot" / "chat"
TEXTS = Texts.load()
BUTTON, ANSWER, CAPTION, MESSAGE = 64, 200, 1024, 4096
NUMBERS = {"count", "issues", "hidden", "number", "page", "pages", "readers", "total", "minutes", "days", "limit"}


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def keys_within(node: python.AST, *calls: str) -> set[str]:
    """The keys that are named as texts anywhere in the arguments of `calls`."""
    found = set()
    for call in python.walk(node):
        if isinstance(call, python.Call) and _name(call) in calls:
            for inner in python.walk(call):
                if isinstance(inner, python.Call) and _name(inner) == "plain" and inner.args:
                    key = inner.args[0]
                    found |= {key.value} if isinstance(key, python.Constant) else set()
    return {str(key) for key in found}


def _name(call: python.Call) -> str:
    return call.func.attr if isinstance(call.func, python.Attribute) else getattr(call.func, "id", "")


MODULES = [python.parse(path.read_text("utf-8")) for path in sorted(CHAT.glob("*.py"))]
BUTTONS = set().union(*(keys_within(module, "Button") for module in MODULES))
ANSWERS = set().union(*(keys_within(module, "View", "replace", "toast", "answer") for module in MODULES)) - BUTTONS
CAPTIONS = {"export", "export-opml"}


def limit_of(key: str) -> int:
    if key in BUTTONS or key.startswith("open-"):
        return BUTTON
    if key in ANSWERS:
        return ANSWER
    return CAPTION if key in CAPTIONS else MESSAGE


def filled(key: str, names: set[str], limit: int) -> dict[str, Any]:
    """Numbers of five digits; words of 20 characters on a button, of 61 elsewhere: what `shorten` leaves."""
    word = "长" * (20 if limit == BUTTON else 61)
    return {name: 99_999 if name in NUMBERS else word for name in names}


def every_key() -> list[tuple[str, str, set[str]]]:
    found = []
    for language in TEXTS.languages:
        for path in sorted((FOLDER / language).glob("*.ftl")):
            for entry in FluentParser().parse(path.read_text("utf-8")).body:
                if isinstance(entry, ast.Message):
                    visitor = Variables()
                    visitor.visit(entry)
                    found.append((language, entry.id.name, visitor.names))
    return found


def test_the_places_are_found() -> None:
    assert {"keep", "drop", "forget-yes", "words-subscribe"} <= BUTTONS and len(BUTTONS) > 30
    assert {"saved", "kept", "topic-on"} <= ANSWERS | {"topic-on"} and len(ANSWERS) >= 3
    assert len(every_key()) > 1000


@pytest.mark.parametrize("language", TEXTS.languages)
def test_no_text_is_longer_than_its_place(language: str) -> None:
    for of, key, names in every_key():
        if of == language:
            limit = limit_of(key)
            text = TEXTS.get(language, key, **filled(key, names, limit))
            units = len(text.encode("utf-16-le")) // 2
            assert 0 < units <= limit, (key, limit, units, text)

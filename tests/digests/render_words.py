"""The real texts, read without the edge: `words(language)` answers what render calls. A missing key or parameter fails."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser

TEXTS = Path(__file__).parents[2] / "bot" / "texts"


@cache
def words(language: str = "zh-Hans") -> Callable[..., str]:
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentParser().parse((TEXTS / language / "digest.ftl").read_text(encoding="utf-8")))

    def get(key: str, **params: str | int) -> str:
        pattern = bundle.get_message(key).value
        assert pattern is not None, key
        text, errors = bundle.format_pattern(pattern, params)
        assert not errors, (key, errors)
        return str(text)

    return get

"""All sentences that people read, by language and key: the Fluent files in this folder's sub-folders.

`texts.get(language, key, **params)` is the only way to a sentence. A missing key or parameter raises TextError, so that
tests find it; the service loads with `strict=False` and then shows Chinese, or the bare key, rather than nothing.
Nothing here knows Telegram. Values go into HTML as they are: escape what people wrote before passing it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast

__all__ = ["DEFAULT_LANGUAGE", "TextError", "Texts"]

DEFAULT_LANGUAGE = "zh-Hans"
FOLDER = Path(__file__).parent

log = logging.getLogger(__name__)


class TextError(LookupError):
    """A text or one of its parameters is missing: an error of ours."""


class Texts:
    """Sentences in every language. `bundles`: one per language; made by `load`."""

    def __init__(self, bundles: Mapping[str, FluentBundle], keys: Mapping[str, frozenset[str]], *, strict: bool = True):
        self._bundles, self._keys, self._strict = bundles, keys, strict

    @classmethod
    def load(cls, folder: Path = FOLDER, *, strict: bool = True) -> Texts:
        """Read every `<language>/*.ftl` under `folder`. Raises TextError for a key that is defined twice."""
        languages = sorted(path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.ftl")))
        bundles, keys = {}, {}
        for language in sorted(languages, key=lambda name: (name != DEFAULT_LANGUAGE, name)):
            bundles[language], keys[language] = _load_language(language, folder / language)
        return cls(bundles, keys, strict=strict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The default one first."""
        return tuple(self._bundles)

    def keys(self, language: str) -> frozenset[str]:
        return self._keys[language]

    def has(self, language: str, key: str) -> bool:
        return key in self._keys.get(language, frozenset())

    def get(self, language: str, key: str, /, **params: str | int | float) -> str:
        """The sentence `key` in `language`, with its parameters filled in. Raises TextError when strict."""
        for name in dict.fromkeys((language, DEFAULT_LANGUAGE)):
            if self.has(name, key):
                return self._format(name, key, params)
            self._complain(f"no text {key!r} in {name!r}")
        return key

    def _format(self, language: str, key: str, params: Mapping[str, str | int | float]) -> str:
        bundle = self._bundles[language]
        pattern = bundle.get_message(key).value
        if pattern is None:
            self._complain(f"text {key!r} in {language!r} has no value")
            return key
        text, errors = bundle.format_pattern(pattern, dict(params))
        if errors:
            self._complain(f"text {key!r} in {language!r}: {errors}")
        return str(text)

    def _complain(self, problem: str) -> None:
        if self._strict:
            raise TextError(problem)
        log.error(problem)


def _load_language(language: str, folder: Path) -> tuple[FluentBundle, frozenset[str]]:
    bundle = FluentBundle([language], use_isolating=False)
    keys: set[str] = set()
    for path in sorted(folder.glob("*.ftl")):
        resource = FluentParser().parse(path.read_text(encoding="utf-8"))
        for key in _keys_of(resource, path):
            if key in keys:
                raise TextError(f"{path.name}: {key!r} is defined twice in {language!r}")
            keys.add(key)
        bundle.add_resource(resource)
    return bundle, frozenset(keys)


def _keys_of(resource: ast.Resource, path: Path) -> Iterator[str]:
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            raise TextError(f"{path.parent.name}/{path.name}: cannot be read: {(entry.content or '')[:60]!r}")
        if isinstance(entry, ast.Message):
            yield entry.id.name

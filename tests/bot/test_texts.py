"""Every text in every language: the same keys, the same parameters, nothing that Telegram would cut, nothing missing."""

from __future__ import annotations

import ast as python
import re
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.chat.sentences import READER_COMMANDS
from bot.chat.wording import ZONES, zone_key
from bot.texts import FOLDER, TextError, Texts
from bot.texts.traditional import LANGUAGE, made, write
from subscriptions import QUERY_ERROR_PARAMS, Language, parse_query

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TEXTS = Texts.load()
CODE = "\n".join(path.read_text("utf-8") for folder in ("bot", "digests") for path in (ROOT / folder).rglob("*.py"))
OWN = ("chat.ftl", "admin.ftl", "errors.ftl")


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def messages(language: str, names: tuple[str, ...] | None = None) -> dict[str, ast.Message]:
    found = {}
    for path in sorted((FOLDER / language).glob("*.ftl")):
        if names is None or path.name in names:
            resource = FluentParser().parse(path.read_text("utf-8"))
            found.update({entry.id.name: entry for entry in resource.body if isinstance(entry, ast.Message)})
    return found


def variables(message: ast.Message) -> set[str]:
    visitor = Variables()
    visitor.visit(message)
    return visitor.names


def test_chinese_comes_first() -> None:
    assert TEXTS.languages == ("zh-Hans", "en", "zh-Hant")


def test_every_key_is_there_in_every_language_with_the_same_parameters() -> None:
    chinese = {key: variables(message) for key, message in messages("zh-Hans").items()}
    english = {key: variables(message) for key, message in messages("en").items()}
    assert set(chinese) == set(english)
    assert {key for key in chinese if chinese[key] != english[key]} == {"digest-date", "digest-date-within"}, (
        "English spells the month's name"
    )


def test_traditional_texts_are_in_step_with_the_simplified_ones() -> None:
    """If not: make texts."""
    assert {path.name: path.read_text("utf-8") for path in (FOLDER / LANGUAGE).glob("*.ftl")} == made()
    assert set(get_args(Language)) == set(TEXTS.languages)


def test_traditional_texts_are_written_from_scratch(tmp_path: Path) -> None:
    (tmp_path / "zh-Hans").mkdir()
    (tmp_path / "zh-Hans" / "a.ftl").write_text("language-name = 简体中文\nfile = 这个文件：{ $name }\n", "utf-8")
    write(tmp_path)
    texts = Texts.load(tmp_path)
    assert texts.get("zh-Hant", "language-name") == "繁體中文"
    assert texts.get("zh-Hant", "file", name="简") == "這個檔案：简"


def test_every_query_error_has_a_text_with_its_parameters() -> None:
    for language in TEXTS.languages:
        found = messages(language)
        for code, params in QUERY_ERROR_PARAMS.items():
            assert variables(found[f"query-error-{code}"]) <= set(params), code


def raised(pattern: str) -> set[str]:
    source = "\n".join(
        path.read_text("utf-8") for name in ("bot", "digests", "subscriptions") for path in (ROOT / name).rglob("*.py")
    )
    return set(re.findall(pattern, source))


def test_every_limit_and_every_missing_thing_has_a_text() -> None:
    for code in raised(r'LimitError\(\s*"([a-z_-]+)"'):
        assert TEXTS.has("zh-Hans", f"limit-{code}"), code
    for what in raised(r'NotFoundError\(\s*"([a-z_-]+)"'):
        assert TEXTS.has("zh-Hans", f"not-found-{what}"), what
    assert raised(r'NotFoundError\(\s*"([a-z_-]+)"')


def literal_keys() -> set[str]:
    """First arguments, as far as they are plain strings, of t, plain and RefusedError in bot/chat."""
    keys = set()
    for path in (ROOT / "bot" / "chat").glob("*.py"):
        for node in python.walk(python.parse(path.read_text("utf-8"))):
            if isinstance(node, python.Call) and node.args and _names_text(node.func):
                first = node.args[0]
                if isinstance(first, python.Constant) and isinstance(first.value, str):
                    keys.add(first.value)
    return keys


def _names_text(func: python.expr) -> bool:
    name = func.attr if isinstance(func, python.Attribute) else getattr(func, "id", "")
    return name in {"t", "plain", "RefusedError"}


def test_the_keys_that_the_chat_names_are_there() -> None:
    keys = literal_keys()
    assert len(keys) > 80
    assert {key for key in keys if not TEXTS.has("en", key)} == set()


def test_no_key_of_the_chat_is_left_over() -> None:
    """Each is named in the code, whole or by the f-string that makes it."""
    families = re.findall(r"""f["']([a-z-]+\{[^"'\n]*?\}[a-z-]*|\{kind\}-[a-z]+)["']""", CODE.replace("', '", ""))
    patterns = [re.compile(re.sub(r"\{[^{}]*\}", ".+", family)) for family in families]
    left = set(messages("zh-Hans", OWN)) - set(re.findall(r"""["']([a-z0-9-]+)["']""", CODE))
    left = {key for key in left if not any(pattern.fullmatch(key) for pattern in patterns)}
    assert {key for key in left if not key.startswith(("subscribed-", "settings-", "stats-", "audit-do-"))} == set()


@pytest.mark.parametrize("language", TEXTS.languages)
def test_commands_zones_and_toasts_are_within_telegrams_limits(language: str) -> None:
    for name in READER_COMMANDS:
        if name != "start":
            assert len(TEXTS.get(language, f"command-{name}")) <= 256
    for zone in ZONES:
        assert len(TEXTS.get(language, f"zone-{zone_key(zone)}")) <= 24
    errors = messages(language, ("errors.ftl",))
    samples = dict.fromkeys(
        ("query", "operator", "term", "field", "value", "metric", "unit", "name", "topic", "reason", "place"), "某词"
    )
    for key in errors:
        text = TEXTS.get(language, key, **samples, limit=100, length=300, line=12)
        assert len(text) <= 200, key
        assert "<" not in text and "&" not in text, key


@pytest.mark.parametrize("language", TEXTS.languages)
def test_no_text_holds_isolation_marks(language: str) -> None:
    assert "\u2068" not in TEXTS.get(language, "unknown", words="动力电池")
    for path in (FOLDER / language).glob("*.ftl"):
        assert not re.search("[\u2066-\u2069]", path.read_text("utf-8"))


def test_a_missing_key_or_parameter_raises() -> None:
    with pytest.raises(TextError):
        TEXTS.get("zh-Hans", "no-such-key")
    with pytest.raises(TextError):
        TEXTS.get("zh-Hans", "unknown")


def test_the_service_shows_what_it_can(caplog: pytest.LogCaptureFixture) -> None:
    lenient = Texts.load(strict=False)
    assert lenient.get("en", "no-such-key") == "no-such-key"
    assert lenient.get("fr", "saved") == "已保存"
    assert "words" in lenient.get("zh-Hans", "unknown")
    assert "no-such-key" in caplog.text


def test_broken_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "zh-Hans").mkdir()
    file = tmp_path / "zh-Hans" / "a.ftl"
    file.write_text("one = 一\none = 二\n", "utf-8")
    with pytest.raises(TextError, match="twice"):
        Texts.load(tmp_path)
    file.write_text("one = { $\n", "utf-8")
    with pytest.raises(TextError, match="cannot be read"):
        Texts.load(tmp_path)
    file.write_text("one =\n    .title = 只有属性\n", "utf-8")
    with pytest.raises(TextError, match="no value"):
        Texts.load(tmp_path).get("zh-Hans", "one")
    assert Texts.load(tmp_path, strict=False).get("zh-Hans", "one") == "one"


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("key", ["help", "subscribe-how", "start-group"])
def test_the_examples_are_queries(language: str, key: str) -> None:
    examples = re.findall("<code>(.*?)</code>", TEXTS.get(language, key))
    assert examples
    for example in examples:
        parse_query(re.sub(r"^/subscribe (@\S+ )?", "", example))

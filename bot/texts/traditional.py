"""Makes the traditional Chinese texts out of the simplified ones: `make texts`, or `python -m bot.texts.traditional`.

Nobody edits the files under zh-Hant: they are written here, with the words used in Taiwan (OpenCC's s2twp), and a test holds them in
step. What must differ is named in OWN.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

from bot.texts import DEFAULT_LANGUAGE, FOLDER

LANGUAGE = "zh-Hant"
HEAD = "# 由 zh-Hans 生成，请勿手改：make texts\n"
OWN = {"language-name": "繁體中文", "lang-set": "好的，以後用繁體中文。"}
"""Texts on one line that are not what the simplified ones say."""

WORDS = {"程式碼": "代碼", "釋出": "發布", "專案": "項目", "“": "「", "”": "」", "‘": "『", "’": "』"}
"""Put right after the conversion."""

_CODE = re.compile("(<code>.*?</code>)", re.DOTALL)


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


def traditional(source: str) -> str:
    """A Fluent file in traditional characters; keys, parameters and mark-up are not Chinese and stay.

    Examples of queries are converted character by character, as queries are read.
    """
    parts = _CODE.split(source)
    text = "".join(_converter("s2t" if n % 2 else "s2twp").convert(part) for n, part in enumerate(parts))
    for usual, ours in WORDS.items():
        text = text.replace(usual, ours)
    for key, words in OWN.items():
        text = re.sub(rf"(?m)^{re.escape(key)} = .*$", f"{key} = {words}", text)
    return HEAD + text


def made(folder: Path = FOLDER) -> dict[str, str]:
    """File name -> what it must hold."""
    return {
        path.name: traditional(path.read_text("utf-8")) for path in sorted((folder / DEFAULT_LANGUAGE).glob("*.ftl"))
    }


def write(folder: Path = FOLDER) -> None:
    (folder / LANGUAGE).mkdir(exist_ok=True)
    for name, text in made(folder).items():
        (folder / LANGUAGE / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()

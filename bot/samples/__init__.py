"""Sample issues of our own making, for the sandbox's button "publish the next issue".

The town, the papers, the people and the companies are invented. Layouts: a front page with Markdown headings, one without any
marks as text recognition leaves it, a monthly with a table of contents, two pages of which one goes on in the other, a feature.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One issue: the name that it gets in the inbox, and its pages as names in the folder and files beside this module.

    An issue of one file has its own name as the only page.
    """

    name: str
    pages: Mapping[str, str]

    @property
    def is_folder(self) -> bool:
        return list(self.pages) != [self.name]

    def texts(self) -> dict[str, str]:
        """The text of each page by its name in the inbox."""
        return {page: (_HERE / file).read_text(encoding="utf-8") for page, file in self.pages.items()}


SAMPLES: tuple[Sample, ...] = (
    Sample("临江日报-2026-11-18-01.txt", {"临江日报-2026-11-18-01.txt": "front_marked.txt"}),
    Sample("临江日报-2026-11-19-01.txt", {"临江日报-2026-11-19-01.txt": "front_plain.txt"}),
    Sample("临江科创-2026年第11期.txt", {"临江科创-2026年第11期.txt": "monthly.txt"}),
    Sample("临江日报-2026-11-20", {"01.txt": "jump_01.txt", "02.txt": "jump_02.txt"}),
    Sample("临江日报-2026-11-21-04.txt", {"临江日报-2026-11-21-04.txt": "feature.txt"}),
)


def publish_sample(index: int, inbox: Path) -> Path:
    """Put the sample with this index into the inbox, whole at once: written under a hidden name, then renamed.

    Replaces what has its name there. Raises IndexError where there is no such sample, OSError where the folder cannot be written.
    """
    sample = SAMPLES[index]
    inbox.mkdir(parents=True, exist_ok=True)
    target, draft = inbox / sample.name, inbox / f".{sample.name}.part"
    _remove(draft)
    if not sample.is_folder:
        shutil.copyfile(_HERE / sample.pages[sample.name], draft)
        return draft.replace(target)
    draft.mkdir()
    for page, file in sample.pages.items():
        shutil.copyfile(_HERE / file, draft / page)
    _remove(target)
    return draft.rename(target)


def publish_next(inbox: Path) -> str | None:
    """Publish the first sample that the inbox does not hold yet; its name, or None when all are there."""
    for index, sample in enumerate(SAMPLES):
        if not (inbox / sample.name).exists():
            return publish_sample(index, inbox).name
    return None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

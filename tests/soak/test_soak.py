"""The fault bench in small, over one server and over a cluster: fewer readers, every kind of fault once. A step of its own, after the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from soak import SMALL, soak

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
@pytest.mark.parametrize("leg", ["one", "six"])
def test_nothing_is_lost_doubled_without_a_record_or_out_of_order(leg: str, tmp_path: Path) -> None:
    report = soak(replace(SMALL, leg=leg), tmp_path)
    assert report.messages >= SMALL.readers
    assert report.passed

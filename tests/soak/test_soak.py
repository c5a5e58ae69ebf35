"""The fault bench in small: few readers, a handful of faults, over a cluster. `make soak` does it in earnest, and over one server too."""

from __future__ import annotations

from pathlib import Path

import pytest
from chaos import Scale
from soak import Plan, soak

pytestmark = pytest.mark.slow

SCALE = Scale(outage=(2, 4), stall=(1, 2), jump=40, away=5)


@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_without_a_record_or_out_of_order(tmp_path: Path) -> None:
    plan = Plan("six", 40, 2, 10.0, 0.8, 60, 3, SCALE, hurry=900.0, quiet=1.0, late=0.0)
    report = soak(plan, tmp_path)
    assert report.messages >= 40
    assert report.passed

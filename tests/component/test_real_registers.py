"""The registers that come with the project, against the list of regions that they were made from."""

import re
from pathlib import Path

from ingest import registers
from ingest.reading.grammar import read_table
from jiheng.settings import PROJECT_ROOT

# A code in a zone's source tells in which division it lies: of a county, or of a zone below one.
LIES_IN = re.compile(r"(?<!\d)(\d{6})(?:\d{3})?(?!\d)")
ZONE = "功能区"


def test_every_known_region_is_in_the_register(known_regions: Path) -> None:
    rows = {row["division_key"]: row for row in registers.division_rows([PROJECT_ROOT / "registers"])}
    regions = read_table(known_regions)
    assert len(regions) > 100
    for region in regions:
        code, parent = region["code"].rstrip("*"), f"cn{region['parent_code']}"
        is_zone = region["level"] == ZONE
        row = rows.pop(f"cnz{code}" if is_zone else f"cn{code}")
        assert (row["name"], row["region_group"], row["fiscal_parent_key"]) == (
            region["name"], region["region_group"], parent,
        ), region  # fmt: skip
        assert row["gb_code"] == (None if is_zone else code)
        assert (row["kind"] == "functional_zone") == is_zone
        named = LIES_IN.search(region["source"]) if is_zone else None
        assert row["map_parent_key"] == (f"cn{named[1]}" if named else parent), region
    assert [row["kind"] for row in rows.values()] == ["province"]


def test_a_zone_has_both_parents_and_is_none_of_them() -> None:
    rows = {row["division_key"]: row for row in registers.division_rows([PROJECT_ROOT / "registers"])}
    zones = [row for row in rows.values() if row["kind"] == "functional_zone"]
    assert zones
    for zone in zones:
        assert zone["gb_code"] is None and zone["league"] == "zone"
        for parent in (zone["fiscal_parent_key"], zone["map_parent_key"]):
            assert parent in rows and parent != zone["division_key"]
            assert not set(zone["aliases"]) & set(rows[parent]["aliases"])
    assert any(zone["fiscal_parent_key"] != zone["map_parent_key"] for zone in zones)

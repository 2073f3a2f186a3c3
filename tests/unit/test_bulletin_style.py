"""What a province sets for its bulletin: read from registers, wrong values told with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.tables import TableError
from jiheng.bulletin_style import bulletin_style
from jiheng.settings import Settings
from publish.bulletin import EVERYTHING, Style


def home(tmp_path: Path, *rows: str) -> Settings:
    registers = tmp_path / "registers"
    registers.mkdir()
    (registers / "bulletin.csv").write_text("\n".join(["setting,value", *rows]) + "\n", encoding="utf-8")
    return Settings(tmp_path)


def test_by_default_everything_is_shown_and_nothing_is_made_up(tmp_path: Path) -> None:
    assert bulletin_style(Settings(tmp_path)) == EVERYTHING == Style()
    assert not EVERYTHING.is_subset


def test_an_installations_own_rows_win(tmp_path: Path) -> None:
    settings = home(tmp_path, "red_head,某省财政厅文件", "show_first,20", "show_last,20")
    style = bulletin_style(settings)
    assert style == Style(red_head="某省财政厅文件", show_first=20, show_last=20)
    assert style.in_words() == "前20名和后20名"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("show_first,二十", "value.*应为大于零的整数"),
        ("show_last,0", "value.*应为大于零的整数"),
        ("show_first,-3", "value.*应为大于零的整数"),
        ("red_heat,某厅", "setting.*没有“red_heat”这一项，可设：red_head"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(TableError, match=rf"(?s)bulletin\.csv.*2.*{said}"):
        bulletin_style(home(tmp_path, row))

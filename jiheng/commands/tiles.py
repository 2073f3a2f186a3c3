"""`jiheng tiles`: the squares of a province's tile map, from a file of its areas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.settings import Settings

Geometry = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, help="区划的面或点，GeoJSON，带国标代码 · areas or points with national codes"
    ),
]


def tiles(
    geometry: Geometry,
    province: Annotated[str, typer.Option(help="省的区划键，见 divisions.csv · key of the province")],
) -> None:
    """由地理位置排出瓦片图的格子，写成名册 tiles.csv · lay out the squares of a tile map as the register tiles.csv"""
    from ingest.registers import division_rows
    from ingest.tables import TableError
    from jiheng.tile_layout import LayoutError, tiles_csv

    try:
        rows = division_rows(Settings.from_environment().registers)
        typer.echo(tiles_csv((row for row in rows if row["province_key"] == province), geometry), nl=False)
    except (LayoutError, TableError, ValueError) as error:
        fail("E2012", str(error), "docs/operator/map.md", 2)

"""Divisions and departments of the made-up province."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from samples.model import Department, Division
from samples.wording_data import bureaus, province, random_for


def make_divisions(count: int) -> list[Division]:
    """The province, its prefectures and `count` ranked divisions; a city without counties stands beside prefectures."""
    data = province()
    made = [_province_row()]
    stems = _stems()
    prefecture: Division | None = None
    under = 0
    for number in range(count):
        kind = data["kinds"][number % len(data["kinds"])]
        if kind == "prefecture_without_counties":
            made.append(_city_without_counties(len(made), next(stems)))
            continue
        if prefecture is None or under == data["divisions_a_prefecture"]:
            prefecture, under = _prefecture(sum(row.kind == "prefecture" for row in made)), 0
            made.append(prefecture)
        under += 1
        made.append(_ranked(kind, prefecture, under, stems))
    return made


def ranked(divisions: list[Division]) -> list[Division]:
    """The divisions that are ranked: neither the province nor a prefecture with counties."""
    return [row for row in divisions if row.kind not in {"province", "prefecture"}]


def make_departments(division: Division, count: int, position: int, seed: int) -> list[Department]:
    """`count` departments of a division, the functions of no two overlapping while the list of bureaus lasts."""
    source = random_for(seed, division.key, "departments")
    slots: dict[str, list[dict[str, str]]] = {}
    for row in bureaus():
        slots.setdefault(row["slot"], []).append(row)
    names = list(slots)
    core = 8
    turned = [names[(position * 3 + step) % core] for step in range(core)] if count <= core else names
    made: list[Department] = []
    taken: set[str] = set()
    for slot in turned:
        free = [row for row in slots[slot] if taken.isdisjoint(row["functions"].split(";"))]
        if not free or len(made) == count:
            continue
        row = source.choice(free)
        taken.update(row["functions"].split(";"))
        made.append(_department(division, row))
    return made + _towns(division, count - len(made))


def _department(division: Division, row: dict[str, str]) -> Department:
    low, high = int(row["budget_low_wan"]), int(row["budget_high_wan"])
    return Department(division, row["name"], tuple(row["functions"].split(";")), low, high)


def _towns(division: Division, count: int) -> list[Department]:
    data = province()
    stems = list(product(data["stem_second"], data["prefecture_second"] + data["stem_middle"]))
    endings = data["town_endings"]
    names = [f"{''.join(stems[n % len(stems)])}{endings[n // len(stems) % len(endings)]}" for n in range(count)]
    return [Department(division, name, ("other",), 900, 6000) for name in names]


def _stems() -> Iterator[str]:
    data = province()
    first, middle, second = data["stem_first"], data["stem_middle"], data["stem_second"]
    size = len(second)
    for turn in range(size):  # the first character changes from one name to the next
        for place, head in enumerate(first):
            yield head + second[(turn + place) % size]
    for centre, turn in product(middle, range(size)):
        for place, head in enumerate(first):
            yield head + centre + second[(turn + place) % size]


def _province_row() -> Division:
    row = province()["province"]
    return Division(row["key"], row["name"], row["name"], "province", "", "")


def _prefecture(number: int) -> Division:
    data = province()
    first, second = data["stem_first"], data["prefecture_second"]
    turn, place = divmod(number, len(first))
    middle = "" if turn < len(second) else data["stem_middle"][turn // len(second) - 1]
    stem = first[place] + middle + second[(turn + place) % len(second)]
    region = data["regions"][number % len(data["regions"])]
    parent = data["province"]["key"]
    return Division(_key(number + 1, 0), stem + "市", stem + "市", "prefecture", region, parent)


def _city_without_counties(number: int, stem: str) -> Division:
    data = province()
    name = stem + data["endings"]["prefecture_without_counties"]
    region = data["regions"][number % len(data["regions"])]
    return Division(_key(90, number), name, name, "prefecture_without_counties", region, data["province"]["key"])


def _ranked(kind: str, prefecture: Division, under: int, stems: Iterator[str]) -> Division:
    data = province()
    key = f"{prefecture.key[:-4]}{under:04d}"
    if kind == "functional_zone":
        stem = prefecture.name[:-1]
        form = data["zone_forms"][1 if under == data["divisions_a_prefecture"] else 0]
        return Division(key, stem + form["long"], stem + form["short"], kind, prefecture.region, prefecture.key)
    name = next(stems) + data["endings"][kind]
    return Division(key, name, name, kind, prefecture.region, prefecture.key)


def _key(prefecture: int, under: int) -> str:
    return f"{province()['province']['key'][:-6]}{prefecture:02d}{under:04d}"

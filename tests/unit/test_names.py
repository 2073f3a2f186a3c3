"""Names of places: what a search finds them by, and what English pages call them."""

import pytest

from publish.site import names


@pytest.mark.parametrize(
    ("name", "kind", "english"),
    [
        ("新丰县", "county", "Xinfeng County"),
        ("番禺区", "district", "Panyu District"),
        ("大埔县", "county", "Dabu County"),
        ("六安市", "prefecture", "Lu'an City"),
        ("西安市", "prefecture", "Xi'an City"),
        ("丽水市", "prefecture", "Lishui City"),
        ("朝阳市", "prefecture", "Chaoyang City"),
        ("吕梁市", "prefecture", "Lüliang City"),
        ("陕西省", "province", "Shaanxi Province"),
        ("山西省", "province", "Shanxi Province"),
        ("内蒙古自治区", "province", "Inner Mongolia Autonomous Region"),
        ("呼和浩特市", "prefecture", "Hohhot City"),
        # One character and its generic word are one name.
        ("蔚县", "county", "Yuxian County"),
        ("浚县", "county", "Xunxian County"),
        ("城区", "district", "Chengqu District"),
        ("连南瑶族自治县", "autonomous_county", "Liannan Yao Autonomous County"),
        ("连山壮族瑶族自治县", "autonomous_county", "Lianshan Zhuang and Yao Autonomous County"),
        (
            *("积石山保安族东乡族撒拉族自治县", "autonomous_county"),
            "Jishishan Bonan, Dongxiang and Salar Autonomous County",
        ),
        # The longest generic word that leaves a name.
        ("韶关高新技术产业开发区", "functional_zone", "Shaoguan High-Tech Industrial Development Zone"),
        ("浦东新区", "district", "Pudong New Area"),
        ("清新区", "district", "Qingxin District"),
        ("大浪区", "functional_zone", "Dalang Zone"),
        ("六枝特区", "district", "Liuzhi Special District"),
        ("没有通名", None, "Meiyoutongming"),
        ("", "county", ""),
    ],
)
def test_a_division_has_the_name_that_english_readers_know(name: str, kind: str | None, english: str) -> None:
    assert names.english(name, kind) == english


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("新丰县", ["xinfeng", "xfx", "xf"]),
        ("东莞市", ["dongguan", "dgs"]),
        ("蔚县", ["yuxian", "yx"]),
        ("单县", ["shanxian", "sx"]),
        ("绿春县", ["lvchun", "luchun", "lcx"]),
        ("枫溪区(管理区)", ["fengxiquguanliqu", "fxqglq"]),
        ("A1县", ["a1xian", "ax"]),
    ],
)
def test_a_name_is_found_by_full_pinyin_and_by_initials(name: str, typed: list[str]) -> None:
    found = names.searched(name).split()
    for one in typed:
        assert any(word.startswith(one) for word in found), (one, found)


def test_every_place_that_is_corrected_has_a_syllable_for_each_character() -> None:
    for name, (syllables, _) in names._places().items():
        assert len(syllables.split()) == len(name), name


def test_a_correction_is_kept_only_where_the_dictionary_is_wrong_or_was() -> None:
    """Of the corrections most must be needed: a file of things that hold anyway would hide those that count."""
    from pypinyin import lazy_pinyin

    needed = [
        name
        for name, (syllables, roman) in names._places().items()
        if lazy_pinyin(name) != syllables.split()
        or roman
        or "".join(lazy_pinyin(f"{name}县")[: len(name)]) != syllables
    ]
    assert len(needed) == len(names._places())

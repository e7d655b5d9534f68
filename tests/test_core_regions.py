"""A text is read as a region or is an error; it never becomes the nation around it."""

import csv
import sys
from functools import cache
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonledger.core.errors import RegionError
from carbonledger.core.region_names import spellings, stated_regions
from carbonledger.core.regions import (
    canonical_region,
    country_name,
    described_regions,
    enclosing_regions,
    region_label,
    regions_apart,
)
from carbonledger.core.us_zip_codes import states_and_subregions, subregions_of_zip
from tests.support import PROJECT

# Short and full Chinese name, usual English name, pinyin and code: GB/T 2260-2007 and ISO 3166-2:CN; the codes of ISO 3166-1 for the
# last three, as the editions have them.
CHINA = """
北京 北京市 Beijing Beijing-Shi CN-BJ CN-BJ
天津 天津市 Tianjin Tianjin-Shi CN-TJ CN-TJ
河北 河北省 Hebei Hebei-Sheng CN-HE CN-HE
山西 山西省 Shanxi Shanxi-Sheng CN-SX CN-SX
内蒙古 内蒙古自治区 Inner-Mongolia Nei-Mongol-Zizhiqu CN-NM CN-NM
辽宁 辽宁省 Liaoning Liaoning-Sheng CN-LN CN-LN
吉林 吉林省 Jilin Jilin-Sheng CN-JL CN-JL
黑龙江 黑龙江省 Heilongjiang Heilongjiang-Sheng CN-HL CN-HL
上海 上海市 Shanghai Shanghai-Shi CN-SH CN-SH
江苏 江苏省 Jiangsu Jiangsu-Sheng CN-JS CN-JS
浙江 浙江省 Zhejiang Zhejiang-Sheng CN-ZJ CN-ZJ
安徽 安徽省 Anhui Anhui-Sheng CN-AH CN-AH
福建 福建省 Fujian Fujian-Sheng CN-FJ CN-FJ
江西 江西省 Jiangxi Jiangxi-Sheng CN-JX CN-JX
山东 山东省 Shandong Shandong-Sheng CN-SD CN-SD
河南 河南省 Henan Henan-Sheng CN-HA CN-HA
湖北 湖北省 Hubei Hubei-Sheng CN-HB CN-HB
湖南 湖南省 Hunan Hunan-Sheng CN-HN CN-HN
广东 广东省 Guangdong Guangdong-Sheng CN-GD CN-GD
广西 广西壮族自治区 Guangxi Guangxi-Zhuangzu-Zizhiqu CN-GX CN-GX
海南 海南省 Hainan Hainan-Sheng CN-HI CN-HI
重庆 重庆市 Chongqing Chongqing-Shi CN-CQ CN-CQ
四川 四川省 Sichuan Sichuan-Sheng CN-SC CN-SC
贵州 贵州省 Guizhou Guizhou-Sheng CN-GZ CN-GZ
云南 云南省 Yunnan Yunnan-Sheng CN-YN CN-YN
西藏 西藏自治区 Tibet Xizang-Zizhiqu CN-XZ CN-XZ
陕西 陕西省 Shaanxi Shaanxi-Sheng CN-SN CN-SN
甘肃 甘肃省 Gansu Gansu-Sheng CN-GS CN-GS
青海 青海省 Qinghai Qinghai-Sheng CN-QH CN-QH
宁夏 宁夏回族自治区 Ningxia Ningxia-Huizu-Zizhiqu CN-NX CN-NX
新疆 新疆维吾尔自治区 Xinjiang Xinjiang-Uygur-Zizhiqu CN-XJ CN-XJ
台湾 台湾省 Taiwan Taiwan-Sheng CN-TW TW
香港 香港特别行政区 Hong-Kong Hong-Kong-SAR CN-HK HK
澳门 澳门特别行政区 Macao Macao-SAR CN-MO MO
"""
PROVINCES = [line.split() for line in CHINA.strip().splitlines()]

READ = [
    *[
        ("CN-SD", text)
        for text in ("cn-sd", "cn_sd", "ＣＮ－ＳＤ", "山东电网", "Shandong Province", "Shandong, China", "中国山东省")
    ],
    *[("GB", text) for text in ("UK", "gb", "U.K.", "Great Britain", "英国", "GBR")],
    *[("GB-ENG", text) for text in ("GB-ENG", "England", "英格兰")],
    *[("CN", text) for text in ("全国", "中国", "China", "PRC", "CHN", "中国大陆")],
    *[("CN-GRID-NORTH", text) for text in ("华北", "华北电网", "North China", "North China grid")],
    *[("US-EGRID-ERCT", text) for text in ("ERCOT", "ERCT", "us-egrid-erct", "ERCOT All")],
    *[("US-CA", text) for text in ("California", "us-ca", "CA, USA", "加利福尼亚", "美国加州", "State of California")],
    *[("DE", text) for text in ("Germany", "Deutschland", "德国", "德國", "DEU")],
    *[("GLOBAL", text) for text in ("World", "global", "全球", "世界")],
    *[("HK", text) for text in ("中国香港", "Hong Kong SAR", "Hong Kong, China")],
    ("US-TX", "Texas"),
    ("AT", "Österreich"),
    ("PR", "US-PR"),
    ("CI", "Côte d'Ivoire"),
    ("LU-LU", "LU-LU"),
]
UNREAD = [
    "CN-XX",
    "CN-QD",
    "US-ZZ",
    "CN-GRID",
    "CN-CN",
    "CN-NORTH",
    "Shandon",
    "青岛",
    "New York City",
    "Munich, Germany",
]
SEVERAL = {
    "Georgia": {"GE", "US-GA"},
    "华北区域电网": {"CN-GRID-NORTH", "CN-BASELINE-NORTH"},
    "Korea": {"KR", "KP"},
    "11001": {"US-EGRID-NYCW", "US-EGRID-NYLI"},
}


@cache
def codes_of_the_editions():
    """Every region of a figure of an edition."""
    codes = set()
    for path in (PROJECT / "emission_factors").glob("*/*/factors.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            codes |= {row["region"] for row in csv.DictReader(file)}
    return sorted(codes)


@pytest.mark.parametrize(("short", "full", "english", "pinyin", "code", "region"), PROVINCES, ids=lambda text: text)
def test_every_province_has_its_names(short, full, english, pinyin, code, region):
    """All 34 subdivisions of China are read by short and full name, English, pinyin and code."""
    texts = (short, full, english.replace("-", " "), pinyin.replace("-", " "), code, code.lower(), region)
    assert {canonical_region(text) for text in texts} == {region}
    assert {canonical_region(text, home="China") for text in texts[:-1]} == {region}
    assert {canonical_region(f"中国{short}"), canonical_region(f"{english.replace('-', ' ')}, China")} == {region}


@pytest.mark.parametrize(("region", "text"), READ)
def test_what_people_write(region, text):
    """Codes in any case, names in both languages, acronyms and compounds."""
    assert canonical_region(text) == region


def test_codes_of_the_editions_are_their_own():
    """Every region of every figure is read as itself, in any case, and has a name in both languages."""
    codes = codes_of_the_editions()
    assert len(codes) > 300
    assert [canonical_region(code) for code in codes] == codes
    assert [canonical_region(code.lower()) for code in codes] == codes
    assert not [code for code in codes if region_label(code).zh == code]


def readings(text, **around):
    """The key of the error, if it is one, and the regions that a text may mean."""
    try:
        return "", (canonical_region(text, **around),)
    except RegionError as error:
        return error.says.key, error.candidates


def test_every_spelling_is_read_or_asked():
    """Every name of every region gives its code, or asks between several that have it; what is read is itself again."""
    for spelling, codes in spellings().items():
        key, regions = readings(spelling)
        assert set(regions) <= codes, spelling
        assert key == ("UNKNOWN_REGION.several" if len(regions) > 1 else ""), spelling
        assert [canonical_region(region) for region in regions] == list(regions)


@pytest.mark.parametrize("region", sorted(stated_regions()))
def test_labels_are_read_back(region):
    """A label that a report prints can be typed in again, or is asked for with the region among the answers."""
    label = region_label(region)
    for text in (label.en, label.zh):
        key, regions = readings(text)
        assert region in regions
        assert key in {"", "UNKNOWN_REGION.several"}


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_region_is_an_error(text):
    """An unknown subdivision never becomes the nation, whatever is known of the country."""
    for around in ({}, {"country": "CN"}, {"country": "US"}, {"home": "CN"}):
        with pytest.raises(RegionError) as caught:
            canonical_region(text, **around)
        assert caught.value.says.key in {"UNKNOWN_REGION.alike", "UNKNOWN_REGION.unlike"}


def test_the_nearest_names_are_proposed():
    """A slip of the pen is answered with the name it resembles, in both languages."""
    with pytest.raises(RegionError, match=r"unknown region 'Shandon'. Did you mean CN-SD \(Shandong\)\?") as caught:
        canonical_region("Shandon")
    assert "CN-SD（山东）" in caught.value.text_in("zh")
    with pytest.raises(RegionError, match="the region is empty"):
        canonical_region(" ")


@pytest.mark.parametrize("text", SEVERAL)
def test_several_are_asked(text):
    """A text that may mean several regions names them all and chooses none."""
    with pytest.raises(RegionError, match="may mean") as caught:
        canonical_region(text)
    assert set(caught.value.candidates) == SEVERAL[text]


def test_a_stated_country_settles():
    """The country beside a region decides between its readings; the company's own decides between subdivisions only."""
    assert [canonical_region("SD", country) for country in ("CN", "US", "")] == ["CN-SD", "US-SD", "SD"]
    assert [canonical_region("Georgia", country) for country in ("GE", "USA")] == ["GE", "US-GA"]
    assert [canonical_region("CA", country) for country in ("US", "")] == ["US-CA", "CA"]
    assert canonical_region("Germany", "CN") == "DE"
    assert canonical_region("Florida", home="US") == "US-FL"
    assert canonical_region("TX", home="US-CA") == "US-TX"
    for text in ("CA", "DE", "Georgia"):
        with pytest.raises(RegionError, match="may mean"):
            canonical_region(text, home="US")


def test_zip_codes():
    """A ZIP code lies where the EPA's Power Profiler says; it is one of the United States, and a lost zero is found only there."""
    assert [canonical_region(text) for text in ("90210", "90210-1234", "90210.0")] == ["US-EGRID-CAMX"] * 3
    assert canonical_region("02139") == canonical_region("2139", "US") == "US-EGRID-NEWE"
    assert canonical_region("77002", home="US") == "US-EGRID-ERCT"
    for text, around in (("2139", {}), ("80331", {"country": "DE"}), ("80331", {"home": "DE"}), ("100000", {})):
        with pytest.raises(RegionError):
            canonical_region(text, **around)
    with pytest.raises(RegionError, match="ZIP code 00000 is not in the EPA's list"):
        canonical_region("00000")


def test_the_list_of_zip_codes_is_whole():
    """As many as the publisher lists, 117 synthetic ones below 00501 apart; all subregions are regions, and no state is one of them."""
    whole = [subregions_of_zip(f"{number:05d}") for number in range(100_000)]
    assert sum(map(bool, whole)) == 41_588 - 117
    assert {name for names in whole for name in names} == {
        name for name in stated_regions() if name.startswith("US-EGRID-")
    }
    for state in ("US-NY", "US-TX", "US-MI"):
        assert sum(pair[0] == state for pair in states_and_subregions()) > 1, state


def test_regions_apart():
    """Regions that enclose each other, or may overlap, are not apart."""
    together = [("CN", "CN-SD"), ("CN-SD", "CN-GRID-NORTH"), ("CN-HE", "CN-GRID-NORTH"), ("US-CA", "US-EGRID-CAMX")]
    together += [("PR", "US-EGRID-PRMS"), ("GLOBAL", "DE"), ("CN-GRID-NORTH", "CN-BASELINE-EAST"), ("GB-SCT", "GB-ABE")]
    apart = [("CN-SD", "CN-JS"), ("CN-SD", "CN-GRID-EAST"), ("US-CA", "US-EGRID-NEWE"), ("DE", "FR"), ("CN", "HK")]
    apart += [("US-EGRID-CAMX", "US-EGRID-NEWE"), ("CN-GRID-EAST", "CN-GRID-NORTH"), ("GB-SCT", "GB-ENG")]
    assert not [pair for pair in together if regions_apart(*pair) or regions_apart(*reversed(pair))]
    assert not [pair for pair in apart if not regions_apart(*pair) or not regions_apart(*reversed(pair))]


def test_a_state_lies_in_its_nation():
    """A state lies in a subregion of the grid only if that holds nearly all of it; no aggregate of a publisher lies in a country."""
    assert enclosing_regions("US-CA") == {"US-CA": 0, "US-EGRID-CAMX": 1, "US": 2, "GLOBAL": 3}
    assert enclosing_regions("US-NY") == {"US-NY": 0, "US": 1, "GLOBAL": 2}
    assert enclosing_regions("PR") == {"PR": 0, "US-EGRID-PRMS": 1, "GLOBAL": 2}
    assert enclosing_regions("GU") == {"GU": 0, "GLOBAL": 1}
    assert enclosing_regions("OWID-AFRICA") == {"OWID-AFRICA": 0, "GLOBAL": 1}
    assert enclosing_regions("CN-QH") == {"CN-QH": 0, "CN": 1, "GLOBAL": 2}


def test_names():
    """Labels are in both languages; a code without a name is its own, and what is no country has none."""
    assert (region_label("US-OH").en, region_label("US-OH").zh) == ("Ohio", "俄亥俄州")
    assert region_label("ZZ-1").en == "ZZ-1"
    assert [country_name(code) for code in ("ZZ", "EU", "EZ", "CN-SD")] == [None] * 4
    assert described_regions(["CN-SD"])[0].zh == "CN-SD（山东）"


def test_nothing_is_loaded_before_a_name_is_asked():
    """Codes of our own list need neither library; importing the rooms does not load them."""
    code = (
        "import sys; from carbonledger.core.regions import canonical_region as read; read('CN-SD'); read('us-egrid-camx');"
        "sys.exit('babel' in sys.modules or 'pycountry' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12), st.sampled_from(["", "CN", "US", "DE"]), st.booleans())
def test_any_text_is_a_region_or_a_region_error(text, country, is_home):
    """No text raises anything else, and what is read is read again as itself."""
    key, regions = readings(text, **{"home" if is_home else "country": country})
    assert key.startswith("UNKNOWN_REGION.") or [canonical_region(regions[0])] == list(regions)


@settings(max_examples=200, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=9, max_size=14).filter(lambda text: text not in spellings()))
def test_random_letters_are_no_region(text):
    """Letters that are no name are refused."""
    with pytest.raises(RegionError):
        canonical_region(text)


@given(
    st.sampled_from(sorted({code[:2] for code in stated_regions() if "-" in code})),
    st.text("QXZ", min_size=2, max_size=3),
)
def test_random_subdivisions_are_no_region(country, letters):
    """A country with a part it does not have is refused."""
    if f"{country}-{letters}".casefold().replace("-", " ") in spellings():
        return
    with pytest.raises(RegionError):
        canonical_region(f"{country}-{letters}")

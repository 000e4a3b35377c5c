"""XTbML: tables in the format of the Society of Actuaries, written for these tests."""

import pytest

from product_factory.errors import BadInput
from product_factory.intake import Wanted, take, text_of

AXIS = """<AxisDef id="{name}"><ScaleType tc="{code}">{name}</ScaleType><AxisName>{name}</AxisName>
<MinScaleValue>{low}</MinScaleValue><MaxScaleValue>{high}</MaxScaleValue><Increment>1</Increment>
</AxisDef>"""
AGE = AXIS.format(name="Age", code=3, low=40, high=42)
DURATION = AXIS.format(name="Duration", code=9, low=1, high=2)
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<XTbML><ContentClassification>
<TableIdentity>99001</TableIdentity><ProviderDomain>example.org</ProviderDomain>
<ProviderName>Nobody</ProviderName><TableReference>Made up for a test, page 1</TableReference>
<ContentType tc="85">Insured Lives Mortality</ContentType><TableName>Invented 40-42</TableName>
<TableDescription>Three ages.</TableDescription></ContentClassification>
"""
META = "<Table><MetaData><ScalingFactor>0</ScalingFactor><Nation tc='0'>None</Nation>{}</MetaData>"
ULTIMATE = (
    META.format(AGE)
    + '<Values><Axis><Y t="40">0.0021</Y><Y t="41">0.0023</Y><Y t="42">0.0026</Y></Axis></Values>'
    "</Table>"
)
SELECT = META.format(AGE + DURATION) + (
    '<Values><Axis t="40"><Axis><Y t="1">0.001</Y><Y t="2">0.0011</Y></Axis></Axis>'
    '<Axis t="41"><Axis><Y t="1">0.0012</Y><Y t="2">0.0013</Y></Axis></Axis>'
    '<Axis t="42"><Axis><Y t="1">0.0014</Y><Y t="2">0.0015</Y></Axis></Axis></Values></Table>'
)
END = "</XTbML>\n"


@pytest.fixture
def save(tmp_path):
    def saved(*tables, head=HEAD, end=END):
        path = tmp_path / "t99001.xml"
        path.write_text(head + "".join(tables) + end, encoding="utf-8")
        return path

    return saved


def taken_whole(path):
    for taken in take(path, Wanted()):
        text_of(taken, "t", "t.csv")


def told(path):
    with pytest.raises(BadInput) as raised:
        taken_whole(path)
    return str(raised.value).removeprefix(f"{path}: ")


def test_a_table_by_age_says_itself_where_it_is_from(save):
    (taken,) = take(save(ULTIMATE), Wanted())
    text, table = text_of(taken, "invented", "invented.csv")
    assert text == (
        "# title: Invented 40-42\n"
        "# source: Nobody, table 99001: Made up for a test, page 1\n"
        "# status: published\n"
        "# columns: {age: {key: exact, type: age}, rate: {type: ratio}}\n"
        "age,rate\n40,0.0021\n41,0.0023\n42,0.0026\n"
    )
    assert table.find("rate", age=42) == 0.0026


def test_select_and_ultimate_are_two_tables(save):
    select, ultimate = take(save(SELECT, ULTIMATE), Wanted(status="illustrative"))
    assert (select.part, ultimate.part) == ("select", "ultimate")
    _, table = text_of(select, "invented_select", "x.csv")
    assert [axis.name for axis in table.axes] == ["age", "duration"]
    assert table.find("rate", age=41, duration=2) == 0.0013
    assert table.title == "Invented 40-42 select"
    assert "sparse" not in table.header


def test_a_select_table_whose_ages_differ_by_duration_says_so(save):
    text = SELECT.replace('<Y t="2">0.0013</Y>', "")
    assert text != SELECT
    ragged, _ = take(save(text, ULTIMATE), Wanted())
    _, table = text_of(ragged, "invented_select", "x.csv")
    assert table.header["sparse"] == "as published, the ages differ by duration"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('<Y t="41">0.0023</Y>', "", "Table: expected every value from 40 to 42, 41 is missing"),
        ('t="42"', 't="43"', "Table: expected every value from 40 to 42, 42 is missing"),
        (">0.0023<", "><", "Table t=41: expected a value, got an empty <Y>"),
        (">0.0023<", ">n/a<", "t.csv:7:4: rate: expected a share such as 30%, got n/a"),
        ('t="41"', 't="40.5"', "Table: expected whole numbers on the axis, got: invalid literal"),
        ("<ScalingFactor>0<", "<ScalingFactor>3<", "Table: expected a ScalingFactor of 0, got 3"),
        (">Age</Scale", ">Weight</Scale", "Table: expected a scale of age or duration, got weight"),
        ("<Increment>1<", "<Increment>0<", "Table: expected an axis of some years, got [40, 42]"),
        (
            '<Y t="40">0.0021</Y>',
            '<Z t="40">0.0021</Z>',
            "Table t=40: expected <Axis> or <Y> with t on 1 axes, got <Z>",
        ),
        ("XTbML>", "Tables>", "expected XML, got: mismatched tag"),
    ],
    ids=range(10),
)
def test_what_is_wrong_is_told_by_its_place(save, old, new, says):
    path = save(ULTIMATE)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert told(path).startswith(says)


def test_a_value_that_stands_twice_is_told(save):
    double = ULTIMATE.replace('<Y t="42">', '<Y t="41">0.0023</Y><Y t="42">')
    assert told(save(double)) == "t.csv:8:1: duplicate row, the same keys stand on line 7"


def test_another_kind_of_xml_is_told(save):
    assert told(save(head="<a>", end="</a>")) == "expected XTbML with tables, got <a>"


def test_an_entity_bomb_is_not_opened(save):
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{"".join(lines)}]>{HEAD.partition("?>")[2]}'
    assert told(save(ULTIMATE, head=bomb)) == ("expected XML without a document type; take it out")

"""The synthetic typhoons are those of their parameters, and keep what the parameters promise."""

import copy
import math

import numpy as np
import pytest
from pydantic import ValidationError

from sandbox.event_sets.parameters import TyphoonParameters
from sandbox.event_sets.typhoon import generate, to_csv
from tests.sandbox.event_sets.tables import SHELF, document, events_in, parameters, table

PER_EVENT = 5e-11  # rates are written with ten decimals
SHARE = 1e-6
MEAN_WIND = 0.15  # m/s; the factors of the stretches lift the mean a little above 31.3


def test_the_committed_table_is_the_generated_one_byte_for_byte():
    committed = (SHELF / "tables" / "typhoon_events.csv").read_bytes()
    assert to_csv(generate(parameters()), parameters()).encode() == committed


def test_the_table_says_that_it_is_illustrative_and_where_it_comes_from():
    headers, columns = table("typhoon_events")
    assert headers["status"] == "illustrative"
    assert "hazards/typhoon_cn.yaml version 1.0.0" in headers["source"]
    assert all(f"{column}: {{" in headers["columns"] for column in columns)


def test_the_table_read_back_holds_the_bits_of_the_generated_set():
    generated, read = generate(parameters()), events_in("typhoon_events")
    assert read.names == generated.names
    assert np.array_equal(read.storms(), generated.storms())
    assert np.array_equal(read.yearly_rate, generated.yearly_rate)


def test_the_rates_add_up_to_the_yearly_number_of_landfalls():
    events = generate(parameters())
    assert len(events) == 810
    assert math.fsum(events.yearly_rate) == pytest.approx(6.9, abs=len(events) * PER_EVENT)


@pytest.mark.parametrize(
    ("low", "high", "share"), [(17.2, 24.5, 0.224), (24.5, 32.7, 0.358), (32.7, 130.0, 0.418)]
)
def test_the_grades_have_their_published_shares(low, high, share):
    """GB/T 19201-2006 grades; first landfalls of a season, 22.4%, 35.8% and 41.8%"""
    events = generate(parameters())
    within = (events.max_wind >= low) & (events.max_wind < high)
    assert events.yearly_rate[within].sum() / 6.9 == pytest.approx(share, abs=SHARE)


def test_the_mean_wind_at_landfall_is_that_of_recent_years():
    """31.3 m/s over ten years; the scale of the tail was derived from it"""
    events = generate(parameters())
    mean = (events.yearly_rate * events.max_wind).sum() / events.yearly_rate.sum()
    assert mean == pytest.approx(31.3, abs=MEAN_WIND)


def test_the_strata_of_the_tail_keep_its_mean_exactly():
    """One stretch with tail factor 1: shares times 20.85, 28.6 and 32.7 + 6.5"""
    one = document()
    one["coast"] = [stretch for stretch in one["coast"] if stretch["stretch"] == "fujian"]
    events = generate(TyphoonParameters.model_validate(one))
    mean = (events.yearly_rate * events.max_wind).sum() / events.yearly_rate.sum()
    assert mean == pytest.approx(0.224 * 20.85 + 0.358 * 28.6 + 0.418 * 39.2, abs=0.005)


def test_every_stretch_has_its_share_of_the_landfalls_and_its_spread_of_headings():
    given = parameters()
    events = generate(given)
    landfalls = sum(stretch.landfalls for stretch in given.coast)
    at = 0
    for stretch in given.coast:
        rows = slice(at, at + stretch.places * 30)
        at += stretch.places * 30
        rates = events.yearly_rate[rows]
        expected = 6.9 * stretch.landfalls / landfalls
        assert rates.sum() == pytest.approx(expected, abs=stretch.places * 30 * PER_EVENT)
        turned = (events.heading[rows] - stretch.heading + 180.0) % 360.0 - 180.0
        spread = math.sqrt((rates * turned**2).sum() / rates.sum())
        assert spread == pytest.approx(25.0, abs=0.05)
        latitudes = [vertex[0] for vertex in stretch.vertices]
        longitudes = [vertex[1] for vertex in stretch.vertices]
        assert np.all(events.latitude[rows] >= min(latitudes) - 5e-4)
        assert np.all(events.latitude[rows] <= max(latitudes) + 5e-4)
        assert np.all(events.longitude[rows] >= min(longitudes) - 5e-4)
        assert np.all(events.longitude[rows] <= max(longitudes) + 5e-4)
    assert at == len(events)


def test_no_two_tracks_are_the_same():
    storms = generate(parameters()).storms()
    assert len({tuple(storm) for storm in storms[:, :3]}) == len(storms)


def change(path, value):
    changed = copy.deepcopy(document())
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("parameters", "share_typhoon", "is"), 0.4, "expected a sum of 1, got 0.98"),
        (("parameters", "wind_typhoon", "is"), 20.0, "expected rising, got"),
        (("parameters", "tail_scale", "trust"), "certain", "Input should be 'read', 'weak'"),
        (("strata", "typhoon"), [1.0, 0.5, 0.5, 0.0], "expected chances falling from 1 to 0"),
        (("strata", "typhoon"), [1.0, 0.5], "expected chances falling from 1 to 0"),
        (("coast", 0, "headign"), 300, "Extra inputs are not permitted"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(path, value, says):
    with pytest.raises(ValidationError, match=says):
        TyphoonParameters.model_validate(change(path, value))


def test_twice_the_landfalls_on_every_stretch_change_nothing():
    doubled = document()
    for stretch in doubled["coast"]:
        stretch["landfalls"] *= 2
    again = generate(TyphoonParameters.model_validate(doubled))
    assert np.array_equal(again.yearly_rate, generate(parameters()).yearly_rate)

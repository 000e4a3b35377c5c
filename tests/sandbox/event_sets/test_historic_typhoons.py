"""Replays of named typhoons bring the winds that they are known for to the right places."""

import numpy as np
import pytest

from rating.hazards.footprint import footprint
from tests.sandbox.event_sets.tables import events_in, table


def winds(event, *cities):
    events = events_in("historic_typhoons")
    _, columns = table("cities")
    at = [columns["city"].index(city) for city in cities]
    latitudes = np.array(columns["latitude"], dtype=float)[at]
    longitudes = np.array(columns["longitude"], dtype=float)[at]
    return footprint(events, latitudes, longitudes)[events.names.index(event)]


@pytest.mark.parametrize(
    ("event", "struck", "spared"),
    [
        ("meranti_2016", "xiamen", "shanghai"),
        ("dan_1999", "xiamen", "zhanjiang"),
        ("hato_2017", "zhuhai", "fuzhou"),
        ("rammasun_2014", "haikou", "xiamen"),
        ("lekima_2019", "wenzhou", "qingdao"),
    ],
)
def test_a_replay_strikes_the_city_that_it_struck_and_spares_a_far_one(event, struck, spared):
    """A severe tropical storm (24.5 m/s) or more at the one, no tropical storm at the other"""
    near, far = winds(event, struck, spared)
    assert near > 24.5
    assert far < 17.2


def test_a_replay_has_no_yearly_rate_and_says_how_far_to_trust_it():
    _, columns = table("historic_typhoons")
    assert set(columns["yearly_rate"]) == {"0"}
    assert set(columns["trust"]) <= {"read", "weak", "derived", "memory"}
    assert len(set(columns["event"])) == len(columns["event"]) == 8


def test_every_city_stands_once_with_a_tier_and_a_zone():
    _, columns = table("cities")
    assert len(set(columns["city"])) == len(columns["city"]) == 24
    assert {"xiamen", "hangzhou", "zhengzhou"} <= set(columns["city"])
    assert set(columns["tier"]) == {"1", "2", "3"}
    assert set(columns["zone"]) == {"coast", "near_coast", "inland"}

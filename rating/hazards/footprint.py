"""The wind that each storm brings to each site."""

import numpy as np

from product_factory.errors import BadValue
from rating.hazards.event_set import EventSet
from rating.hazards.vortex import Vortex
from rating.kernels.wind import strongest_winds

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def footprint(
    events: EventSet, latitudes: Floats, longitudes: Floats, vortex: Vortex | None = None
) -> Floats:
    """Give wind[event, site]: the highest surface wind over the event's track, in m/s.

    latitudes, longitudes: of the sites, degrees, one-dimensional and of one length. Every value
    depends on its own event and site only, so rows and columns may be computed in any blocks.
    """
    sites = (
        np.ascontiguousarray(latitudes, dtype=np.float64),
        np.ascontiguousarray(longitudes, dtype=np.float64),
    )
    if sites[0].ndim != 1 or sites[0].shape != sites[1].shape:
        message = (
            "sites: expected as many latitudes as longitudes, "
            f"got {sites[0].shape} and {sites[1].shape}"
        )
        raise BadValue(message)
    for name, values, bound in (("latitude", sites[0], 90.0), ("longitude", sites[1], 180.0)):
        if not np.all(np.abs(values) <= bound):
            message = f"{name} of a site: expected {-bound:g} to {bound:g}, got {values}"
            raise BadValue(message)
    wind = np.empty((len(events), sites[0].size))
    strongest_winds(events.storms(), *sites, (vortex or Vortex()).as_array(), wind)
    return wind

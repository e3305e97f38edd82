"""OpenDrift's Leeway with its defaults over groups of cases. Run by bench/skill_worlds.py, under OpenDrift's Python.

python peers_opendrift_twins.py REQUEST.json ANSWER.npz: the request lists groups, each with a current file, one wind,
one time and many fixes; the answer holds the positions after the hours asked, of every element, ashore or afloat.
"""

import json
import logging
import sys
from datetime import datetime, timedelta

import numpy as np

sys.path.pop(0)  # the folder of this file, where opendrift.py is not OpenDrift
from opendrift.models.leeway import Leeway
from opendrift.readers import reader_constant, reader_netCDF_CF_generic


def run(group: dict, kind: int, count: int, hours: list[int]) -> np.ndarray:
    """Positions (cases, count, hours, 2) of one group for one class of OpenDrift's table."""
    model = Leeway(loglevel=logging.CRITICAL)
    model.add_reader(
        [
            reader_netCDF_CF_generic.Reader(group["current"]),
            reader_constant.Reader({"x_wind": group["wind"][0], "y_wind": group["wind"][1]}),
        ]
    )
    begin = datetime.fromisoformat(group["at"])
    for lat, lon, std in group["fixes"]:
        model.seed_elements(lon=lon, lat=lat, radius=std, number=count, time=begin, object_type=kind)
    model.run(duration=timedelta(hours=max(hours)), time_step=600, time_step_output=3600)
    found = []
    for name in ("lat", "lon"):
        track = model.result[name].values  # (element, time), NaN once ashore
        for step in range(1, track.shape[1]):
            gone = np.isnan(track[:, step])
            track[gone, step] = track[gone, step - 1]
        found.append(track[:, hours])
    return np.stack(found, axis=-1).reshape(len(group["fixes"]), count, len(hours), 2)


def main(request: str, answer: str) -> None:
    """All groups and classes; keys of the answer are "group class"."""
    with open(request, encoding="utf-8") as file:
        asked = json.load(file)
    answers = {
        f"{number} {kind}": run(group, kind, asked["count"], asked["hours"])
        for number, group in enumerate(asked["groups"])
        for kind in asked["classes"]
    }
    np.savez(answer, **answers)


if __name__ == "__main__":
    main(*sys.argv[1:])

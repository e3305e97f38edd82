"""What is looked for: a weighted mixture of leeway classes, as no published one is an overloaded inflatable."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np

from cordiale.boats.leeway import LeewayClass, leeway_class
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, IntArray, Probability


@dataclass(frozen=True, kw_only=True)
class SearchObject:
    """A search object as a mixture over published leeway classes; the weights sum to 1 and have a source."""

    key: str
    name: str
    classes: tuple[LeewayClass, ...]
    weights: tuple[Probability, ...]
    source: str

    def __post_init__(self) -> None:
        if len(self.classes) != len(self.weights) or abs(sum(self.weights) - 1) > 1e-9 or min(self.weights) < 0:
            raise CordialeError("boats.weights", name=self.key, total=sum(self.weights))

    def __str__(self) -> str:
        return self.key.replace("_", " ")

    def draw_class(self, uniform: FloatArray) -> IntArray:
        """Index of a class for each number in (0, 1), by the weights."""
        limits = np.cumsum(self.weights)[:-1]
        return np.searchsorted(limits, uniform, side="right").astype(np.int64)


@cache
def search_objects() -> dict[str, SearchObject]:
    """The packaged search objects by key; the first, `inflatable`, is the default of the strait."""
    with (files("cordiale.boats") / "data" / "search_objects.csv").open(encoding="utf-8") as file:
        table = [list(rows) for _, rows in groupby(csv.DictReader(file), key=lambda row: row["key"])]
    return {
        rows[0]["key"]: SearchObject(
            key=rows[0]["key"],
            name=rows[0]["name"],
            classes=tuple(leeway_class(row["leeway_class"]) for row in rows),
            weights=tuple(float(row["weight"]) for row in rows),
            source=rows[0]["source"],
        )
        for rows in table
    }


def search_object(key: str) -> SearchObject:
    """The search object of this key; an unknown key raises and lists the known ones."""
    if key not in search_objects():
        raise CordialeError("boats.search_object", name=key, known=", ".join(search_objects()))
    return search_objects()[key]

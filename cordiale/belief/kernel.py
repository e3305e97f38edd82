"""The compiled heart of the drift: one step of every particle, the draws of a half hour, and the walk to the shore.

Particles lie in blocks of 256 whose numbers stand row after row, so that each loop over a block becomes vector
instructions; only the look-up of a corner in a `Patch` is done one particle at a time. Velocities are single
precision (a metre in a day of drift is 1e-5 of it), positions double. No function of the C library is called, so that
every machine gives the same bits. The readable twin is `cordiale.belief.drift_twin`; tests compare the two.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from typing import Final

import numpy as np
from numba import njit

from cordiale.boats.leeway import CALM, PUBLISHED_AT
from cordiale.earth.draw import normal_pair, uniform_pair
from cordiale.earth.elementary import EXACT, degrees_per_metre32, exp32, log1p32
from cordiale.sea.coast import SHORTEST_STEP

BLOCK: Final = 256
# Rows of the table of a half hour: what holds for a particle from one round half hour to the next.
SLOPE, OFFSET, SPREAD, QUANTILE, SIDE_SLOPE, SIDE_OFFSET, SIDE_SPREAD = range(7)
SET_EAST, SET_NORTH, SET_EAST_CHANGE, SET_NORTH_CHANGE = range(7, 11)
GUST_EAST, GUST_NORTH, GUST_EAST_CHANGE, GUST_NORTH_CHANGE = range(11, 15)
WAY_EAST, WAY_NORTH, STARTS, STOPS, MOBILE = range(15, 20)
ROWS: Final = 20
# Rows of the workspace of a step.
_LASTS, _POWERED, _EAST, _NORTH, _CARRIED_EAST, _CARRIED_NORTH, _RIGHT, _UP, _KNOWN = range(9)
_RATE_LAT, _RATE_LON, _SUM_LAT, _SUM_LON, _SUM_EAST, _SUM_NORTH = range(9, 15)
_WORK: Final = 15
# Stages of a step of Euler, of the midpoint rule and of Runge and Kutta: which of the instants begin, middle, end the
# current and the rest are taken at, how far ahead the next stage looks, and the weight of each stage.
_STAGES: Final = (1, 2, 4)
_CURRENT_AT: Final = ((0, 0, 0, 0), (0, 1, 0, 0), (0, 1, 1, 2))
_CARRIED_AT: Final = ((1, 1, 1, 1), (1, 1, 1, 1), (0, 1, 1, 2))
_F: Final = np.float32
_AHEAD: Final = ((_F(0), _F(0), _F(0), _F(0)), (_F(0.5), _F(0), _F(0), _F(0)), (_F(0.5), _F(0.5), _F(1), _F(0)))
_WEIGHT: Final = (
    (_F(1), _F(0), _F(0), _F(0)),
    (_F(0), _F(1), _F(0), _F(0)),
    (_F(1 / 6), _F(1 / 3), _F(1 / 3), _F(1 / 6)),
)
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_PER_CALM, _PER_SPREAD = _F(1 / CALM), _F(1 / (2 * PUBLISHED_AT))
_NEVER, _STILL = _F(1e-12), _F(1e-9)
_JUST_INSIDE: Final = 1.000001
_SLACK = _F(1.0001)  # rounding: the way gone is never taken for shorter than it is
_METRES_PER_DEGREE: Final = 111_000.0


@njit(**EXACT)
def _time_and_way(table, work, begin, end):
    """Seconds each particle drifts in the step, and its way through the water (m/s), the mean of the step."""
    for k in range(BLOCK):
        own = max(begin, table[STARTS * BLOCK + k])
        lasts = max(end - own, _ZERO) * table[MOBILE * BLOCK + k]
        powered = min(max((table[STOPS * BLOCK + k] - own) / max(lasts, _ONE), _ZERO), _ONE)
        work[_LASTS * BLOCK + k] = lasts
        work[_POWERED * BLOCK + k] = powered


@njit(**EXACT)
def _carried(table, work, part, gridded, wind_east, wind_north, driven):
    """What comes to the current (m/s): errors, leeway in the wind and its error, wind-driven current, way."""
    straight, aside = driven[0], driven[1]
    for k in range(BLOCK):
        east = work[_EAST * BLOCK + k] if gridded else wind_east
        north = work[_NORTH * BLOCK + k] if gridded else wind_north
        east += table[GUST_EAST * BLOCK + k] + part * table[GUST_EAST_CHANGE * BLOCK + k]
        north += table[GUST_NORTH * BLOCK + k] + part * table[GUST_NORTH_CHANGE * BLOCK + k]
        speed = np.sqrt(east * east + north * north)
        fade = min(speed * _PER_CALM, _ONE)
        spread = fade * _HALF + speed * _PER_SPREAD
        mean = max(table[SLOPE * BLOCK + k] * speed + table[OFFSET * BLOCK + k] * fade, _ZERO)
        ratio = table[SPREAD * BLOCK + k] * spread / max(mean, _NEVER)
        variance = log1p32(min(ratio * ratio, _F(1e30))) if mean > _ZERO else _ZERO
        down = mean * exp32(np.sqrt(variance) * table[QUANTILE * BLOCK + k] - variance * _HALF)
        side = table[SIDE_SLOPE * BLOCK + k] * speed + table[SIDE_OFFSET * BLOCK + k] * fade
        side += table[SIDE_SPREAD * BLOCK + k] * spread
        over = _ONE / max(speed, _STILL)
        along, across = down * over + straight, side * over + aside
        powered = work[_POWERED * BLOCK + k]
        set_east = table[SET_EAST * BLOCK + k] + part * table[SET_EAST_CHANGE * BLOCK + k]
        set_north = table[SET_NORTH * BLOCK + k] + part * table[SET_NORTH_CHANGE * BLOCK + k]
        way_east, way_north = table[WAY_EAST * BLOCK + k] * powered, table[WAY_NORTH * BLOCK + k] * powered
        work[_CARRIED_EAST * BLOCK + k] = along * east + across * north + set_east + way_east
        work[_CARRIED_NORTH * BLOCK + k] = along * north - across * east + set_north + way_north


@njit(**EXACT)
def _looked_up(values, grid, lat, lon, cells, work):
    """Eastward and northward velocity of a patch at the places of a block: `Patch.__call__`."""
    rows, columns = values.shape[0], values.shape[1]
    south, west, per_lat, per_lon, first_row, first_column = grid[0], grid[1], grid[2], grid[3], grid[4], grid[5]
    top, right_end = rows - _JUST_INSIDE, columns - _JUST_INSIDE
    for k in range(BLOCK):
        y = (lat[k] - south) * per_lat - first_row
        x = (lon[k] - west) * per_lon - first_column
        y = min(y if y > 0.0 else 0.0, top)
        x = min(x if x > 0.0 else 0.0, right_end)
        row, column = np.int32(y), np.int32(x)
        cells[k] = row * np.int32(columns) + column
        work[_UP * BLOCK + k] = _F(y - np.float64(row))
        work[_RIGHT * BLOCK + k] = _F(x - np.float64(column))
    flat = values.reshape(-1)
    stride = 4 * columns
    for k in range(BLOCK):
        corner = np.intp(cells[k]) * 4
        right, up = work[_RIGHT * BLOCK + k], work[_UP * BLOCK + k]
        low = flat[corner] + right * (flat[corner + 4] - flat[corner])
        high = flat[corner + stride] + right * (flat[corner + stride + 4] - flat[corner + stride])
        work[_EAST * BLOCK + k] = low + up * (high - low)
        low = flat[corner + 1] + right * (flat[corner + 5] - flat[corner + 1])
        high = flat[corner + stride + 1] + right * (flat[corner + stride + 5] - flat[corner + stride + 1])
        work[_NORTH * BLOCK + k] = low + up * (high - low)
        low = flat[corner + 2] + right * (flat[corner + 6] - flat[corner + 2])
        high = flat[corner + stride + 2] + right * (flat[corner + stride + 6] - flat[corner + stride + 2])
        work[_KNOWN * BLOCK + k] = low + up * (high - low)
    for k in range(BLOCK):
        known = work[_KNOWN * BLOCK + k]
        scale = _ONE / max(known, _NEVER) if known > _ZERO else _ZERO
        work[_EAST * BLOCK + k] *= scale
        work[_NORTH * BLOCK + k] *= scale


@njit(**EXACT)
def _added(work, place_lat, weight):
    """The velocity of a stage in degrees a second at its place, and its part in the sum of the step."""
    for k in range(BLOCK):
        east = work[_EAST * BLOCK + k] + work[_CARRIED_EAST * BLOCK + k]
        north = work[_NORTH * BLOCK + k] + work[_CARRIED_NORTH * BLOCK + k]
        lat_per_metre, lon_per_metre = degrees_per_metre32(place_lat[k])
        rate_lat, rate_lon = north * lat_per_metre, east * lon_per_metre
        work[_RATE_LAT * BLOCK + k] = rate_lat
        work[_RATE_LON * BLOCK + k] = rate_lon
        work[_SUM_LAT * BLOCK + k] += weight * rate_lat
        work[_SUM_LON * BLOCK + k] += weight * rate_lon
        work[_SUM_EAST * BLOCK + k] += weight * east
        work[_SUM_NORTH * BLOCK + k] += weight * north


@njit(**EXACT)
def _gone(work, first_row, part, lat, lon, to_lat, to_lon):
    """Places after part of the step at the rates that begin in a row of the workspace."""
    for k in range(BLOCK):
        seconds = part * work[_LASTS * BLOCK + k]
        to_lat[k] = lat[k] + np.float64(work[first_row * BLOCK + k] * seconds)
        to_lon[k] = lon[k] + np.float64(work[(first_row + 1) * BLOCK + k] * seconds)


@njit(**EXACT)
def _nearing(table, work, room, first, unsure, count):
    """Who may have reached land, added to `unsure`; the room of all others shrinks by the way they went."""
    for k in range(BLOCK):
        east, north = work[_SUM_EAST * BLOCK + k], work[_SUM_NORTH * BLOCK + k]
        work[_EAST * BLOCK + k] = np.sqrt(east * east + north * north) * work[_LASTS * BLOCK + k] * _SLACK
        work[_NORTH * BLOCK + k] = room[k] - work[_EAST * BLOCK + k]
    for k in range(BLOCK):
        room[k] = work[_NORTH * BLOCK + k]
        if room[k] <= _ZERO and table[MOBILE * BLOCK + k] > _ZERO:
            unsure[count] = first + k
            count += 1
    return count


@njit(**EXACT)
def move(first, last, lat, lon, to_lat, to_lon, room, tables, currents, winds, grids, steady, times, scheme, gridded,
         driven, coast, unsure):  # fmt: skip
    """One step of blocks `first` to `last`: places `lat, lon` to `to_lat, to_lon`.

    `currents`, `winds`: values of the patches of begin, middle and end, `grids` their places; `steady`: the wind at
    these instants where it is the same everywhere (`gridded` false). `times`: begin and end of the step in seconds
    after the half hour, and the parts of the half hour at begin, middle and end. Returns how many may have reached
    land; their numbers stand in `unsure`, from the first particle's place on.
    """
    work = np.zeros(_WORK * BLOCK, dtype=np.float32)
    cells = np.empty(BLOCK, dtype=np.int32)
    place_lat, place_lon = np.empty(BLOCK), np.empty(BLOCK)
    found = unsure[first * BLOCK : last * BLOCK]
    count = 0
    for block in range(first, last):
        begin, table = block * BLOCK, tables[block]
        here_lat, here_lon = lat[begin : begin + BLOCK], lon[begin : begin + BLOCK]
        place_lat[:], place_lon[:] = here_lat, here_lon
        _time_and_way(table, work, times[0], times[1])
        work[_SUM_LAT * BLOCK :] = _ZERO
        carried_at = -1
        for stage in range(_STAGES[scheme]):
            now = _CARRIED_AT[scheme][stage]
            if gridded or now != carried_at:
                if gridded:
                    _looked_up(winds[now], grids[3 + now], place_lat, place_lon, cells, work)
                _carried(table, work, times[2 + now], gridded, steady[now, 0], steady[now, 1], driven)
                carried_at = now
            instant = _CURRENT_AT[scheme][stage]
            _looked_up(currents[instant], grids[instant], place_lat, place_lon, cells, work)
            _added(work, place_lat, _WEIGHT[scheme][stage])
            if stage + 1 < _STAGES[scheme]:
                _gone(work, _RATE_LAT, _AHEAD[scheme][stage], here_lat, here_lon, place_lat, place_lon)
        _gone(work, _SUM_LAT, _ONE, here_lat, here_lon, to_lat[begin : begin + BLOCK], to_lon[begin : begin + BLOCK])
        if coast:
            count = _nearing(table, work, room[begin : begin + BLOCK], begin, found, count)
    return count


@njit(**EXACT)
def _innovations(key, ids, counter, out):
    for k in range(BLOCK):
        first, second = uniform_pair(key, np.uint64(ids[k]), counter)
        one, other = normal_pair(first, second)
        out[k] = one
        out[BLOCK + k] = other


@njit(**EXACT)
def _turned(now, ahead, law):
    """An error at the next half hour from the innovations in `ahead`: x' = a R x + sqrt(1 - a2) n."""
    cosine, sine, new = law[1], law[2], law[3]
    for k in range(BLOCK):
        east, north = now[k], now[BLOCK + k]
        ahead[k] = cosine * east - sine * north + new * ahead[k]
        ahead[BLOCK + k] = sine * east + cosine * north + new * ahead[BLOCK + k]


@njit(**EXACT)
def _tabled(table, first_row, std, now, ahead, add):
    """An error (m/s) into four rows of a table: its value at the half hour, and its change until the next."""
    keep = _ONE if add else _ZERO
    for j in range(2):
        for k in range(BLOCK):
            begins = std * now[j * BLOCK + k]
            change = std * ahead[j * BLOCK + k] - begins
            row = (first_row + j) * BLOCK + k
            table[row] = keep * table[row] + _F(begins)
            table[row + 2 * BLOCK] = keep * table[row + 2 * BLOCK] + _F(change)


@njit(**EXACT)
def half_hour(first, last, keys, knot, laws, ids, errors, ahead, tables, lines, kind, side, quantile):  # fmt: skip
    """The errors at the next half hour drawn into `ahead`, and the tables of blocks `first` to `last` filled.

    `laws`: of the errors of current, wind and what the current leaves out: standard deviation, the cosine and sine of
    `_turned`, the share of what is new, and 1 where the innovations already stand in `ahead`.
    """
    for block in range(first, last):
        begin, table = block * BLOCK, tables[block]
        end = begin + BLOCK
        for number in range(3):
            now = errors[block, 2 * number * BLOCK : 2 * (number + 1) * BLOCK]
            then = ahead[block, 2 * number * BLOCK : 2 * (number + 1) * BLOCK]
            law = laws[number]
            if law[0] == 0.0:
                then[:] = now
            else:
                if law[4] == 0.0:
                    _innovations(keys[number], ids[begin:end], np.uint64(knot + 1), then)
                _turned(now, then, law)
            _tabled(table, GUST_EAST if number == 1 else SET_EAST, law[0], now, then, number == 2)
        for k in range(BLOCK):
            i = begin + k
            of_side, of_kind = (0 if side[i] > 0 else 1), kind[i]
            for row in range(7):
                table[row * BLOCK + k] = lines[of_side, of_kind, row]
            table[QUANTILE * BLOCK + k] = quantile[0, i]
            table[SIDE_SPREAD * BLOCK + k] = lines[of_side, of_kind, SIDE_SPREAD] * quantile[1, i] * _F(side[i])


@njit(**EXACT)
def jibed(first, last, key, knot, chance, ids, side):
    """The sides of blocks `first` to `last` after the jibes of the half hour that ends at a knot, in place."""
    for i in range(first * BLOCK, last * BLOCK):
        draw, _ = uniform_pair(key, np.uint64(ids[i]), np.uint64(knot))
        side[i] = -side[i] if draw < chance else side[i]


@njit(**EXACT)
def _distance(counts, grid, lat, lon):
    """Metres to land, negative on it, NaN outside the field: `cordiale.sea.coast.distance_to_land`."""
    rows, columns = counts.shape
    y, x = (lat - grid[0]) / grid[2], (lon - grid[1]) / grid[3]
    if not (y >= 0 and y <= rows - 1 and x >= 0 and x <= columns - 1):
        return np.nan
    row, column = min(int(y), rows - 2), min(int(x), columns - 2)
    along, up = x - column, y - row
    south_west, north_west = float(counts[row, column]), float(counts[row + 1, column])
    low = south_west + along * (counts[row, column + 1] - south_west)
    high = north_west + along * (counts[row + 1, column + 1] - north_west)
    return (low + up * (high - low)) * grid[4]


@njit(**EXACT)
def landfall(count, first, counts, grid, lat, lon, to_lat, to_lon, room, unsure, part):
    """The `count` particles in `unsure` from place `first` on: distance looked up, the path walked by who is at risk.

    Those who meet land come to the front of `unsure`, with the part of the step after which they do in `part`; their
    number is returned, and `room` is right again. The walk is that of `cordiale.sea.coast.landfall`.
    """
    met = 0
    for j in range(count):
        i = unsure[first + j]
        lat_per_metre, lon_per_metre = degrees_per_metre32(0.5 * (lat[i] + to_lat[i]))
        north, east = (to_lat[i] - lat[i]) / lat_per_metre, (to_lon[i] - lon[i]) / lon_per_metre
        length = np.sqrt(north * north + east * east)
        clear = _distance(counts, grid, lat[i], lon[i])
        room[i] = _F(-np.inf) if np.isnan(clear) else _F((clear - length) * 0.9999 - 0.01)
        if not clear <= length:
            continue
        walked = 0.0
        while clear > 0 and walked < length:
            walked = min(walked + max(clear * 0.95, SHORTEST_STEP), length)
            at = walked / length
            clear = _distance(counts, grid, lat[i] + at * (to_lat[i] - lat[i]), lon[i] + at * (to_lon[i] - lon[i]))
            if np.isnan(clear):
                clear = SHORTEST_STEP
        if clear <= 0:
            unsure[first + met] = i
            part[first + met] = walked / max(length, 1e-9)
            met += 1
    return met

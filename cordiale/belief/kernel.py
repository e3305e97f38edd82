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

from cordiale.belief.kernel_shore import landfall
from cordiale.boats.leeway import CALM, PUBLISHED_AT
from cordiale.earth.draw import normal_pair, uniform_pair
from cordiale.earth.elementary import EXACT, degrees_per_metre32, exp32, log1p32

BLOCK: Final = 256
# Rows of the table of a half hour: what holds for a particle from one round half hour to the next.
SLOPE, OFFSET, SPREAD, QUANTILE, SIDE_SLOPE, SIDE_OFFSET, SIDE_SPREAD = range(7)
SET_EAST, SET_NORTH, SET_EAST_CHANGE, SET_NORTH_CHANGE = range(7, 11)
GUST_EAST, GUST_NORTH, GUST_EAST_CHANGE, GUST_NORTH_CHANGE = range(11, 15)
WAY_EAST, WAY_NORTH, STARTS, STOPS, MOBILE = range(15, 20)
ROWS: Final = 20
# Rows of the workspace of a step.
_LASTS, _EAST, _NORTH, _CARRIED_EAST, _CARRIED_NORTH, _RIGHT, _UP = range(7)
_KNOWN: Final = 7  # and the row after it
_RATE_LAT, _RATE_LON, _SUM_EAST, _SUM_NORTH, _SUM_LAT, _SUM_LON = range(9, 15)
_WORK: Final = 15
# Stages of a step of Euler, of the midpoint rule and of Runge and Kutta: which of the instants begin, middle, end the
# current and the rest are taken at; how far ahead the next stage looks, and the weights of Runge and Kutta.
_STAGES: Final = (1, 2, 4)
_CURRENT_AT: Final = ((0, 0, 0, 0), (0, 1, 0, 0), (0, 1, 1, 2))
_CARRIED_AT: Final = ((1, 1, 1, 1), (1, 1, 1, 1), (0, 1, 1, 2))
_F: Final = np.float32
_AHEAD: Final = (_F(0.5), _F(0.5), _F(1), _F(0))
_WEIGHT: Final = (_F(1 / 6), _F(1 / 3), _F(1 / 3), _F(1 / 6))
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_PER_CALM, _PER_SPREAD = _F(1 / CALM), _F(1 / (2 * PUBLISHED_AT))
_NEVER, _STILL, _HUGE = _F(1e-12), _F(1e-9), _F(1e30)
_JUST_INSIDE: Final = 1.000001
_SLACK = _F(1.0001)  # rounding: the way gone is never taken for shorter than it is


@njit(**EXACT)
def _time(table, work, begin, end):
    """Seconds each particle drifts in the step."""
    for k in range(BLOCK):
        own = max(begin, table[STARTS * BLOCK + k])
        work[_LASTS * BLOCK + k] = max(end - own, _ZERO) * table[MOBILE * BLOCK + k]


@njit(**EXACT)
def _carried(table, work, part, driven):
    """What the wind (m/s, in the workspace) adds to the current: leeway with its residuals, wind-driven current."""
    straight, aside = driven[0], driven[1]
    for k in range(BLOCK):
        east, north = work[_EAST * BLOCK + k], work[_NORTH * BLOCK + k]
        speed = np.sqrt(east * east + north * north)
        fade = min(speed * _PER_CALM, _ONE)
        spread = fade * _HALF + speed * _PER_SPREAD
        mean = max(table[SLOPE * BLOCK + k] * speed + table[OFFSET * BLOCK + k] * fade, _ZERO)
        ratio = table[SPREAD * BLOCK + k] * spread / max(mean, _NEVER)
        variance = log1p32(min(ratio * ratio, _HUGE))
        down = mean * exp32(np.sqrt(variance) * table[QUANTILE * BLOCK + k] - variance * _HALF)
        side = table[SIDE_SLOPE * BLOCK + k] * speed + table[SIDE_OFFSET * BLOCK + k] * fade
        side += table[SIDE_SPREAD * BLOCK + k] * spread
        over = _ONE / max(speed, _STILL)
        along, across = down * over + straight, side * over + aside
        work[_CARRIED_EAST * BLOCK + k] = along * east + across * north
        work[_CARRIED_NORTH * BLOCK + k] = along * north - across * east


@njit(**EXACT)
def _changing(table, row, part, work, to_row):
    """An error (m/s) at a part of the half hour, added to two rows of the workspace."""
    for j in range(2):
        for k in range(BLOCK):
            error = table[(row + j) * BLOCK + k] + part * table[(row + 2 + j) * BLOCK + k]
            work[(to_row + j) * BLOCK + k] += error


@njit(**EXACT)
def _under_way(table, work, begin):
    """The way through the water, the mean of the step, added to what carries a particle."""
    for k in range(BLOCK):
        own = max(begin, table[STARTS * BLOCK + k])
        powered = (table[STOPS * BLOCK + k] - own) / max(work[_LASTS * BLOCK + k], _ONE)
        powered = min(max(powered, _ZERO), _ONE)
        work[_CARRIED_EAST * BLOCK + k] += table[WAY_EAST * BLOCK + k] * powered
        work[_CARRIED_NORTH * BLOCK + k] += table[WAY_NORTH * BLOCK + k] * powered


@njit(**EXACT)
def _looked_up(values, grid, lat, lon, cells, work):
    """Eastward and northward velocity of a patch at the places of a block: `Patch.__call__`."""
    rows, columns, width = values.shape
    south, west, per_lat, per_lon, first_row, first_column = grid[0], grid[1], grid[2], grid[3], grid[4], grid[5]
    top, right_end = rows - _JUST_INSIDE, columns - _JUST_INSIDE
    for k in range(BLOCK):
        y = (lat[k] - south) * per_lat - first_row
        x = (lon[k] - west) * per_lon - first_column
        y = min(y if y > 0.0 else 0.0, top)
        x = min(x if x > 0.0 else 0.0, right_end)
        row, column = np.int32(y), np.int32(x)
        cells[k] = (row * np.int32(columns) + column) * np.int32(width)
        work[_UP * BLOCK + k] = _F(y - np.float64(row))
        work[_RIGHT * BLOCK + k] = _F(x - np.float64(column))
    flat = values.reshape(-1)
    _between_corners(flat, width, width * columns, cells, work, _EAST)
    if width == 4:  # not known everywhere
        _between_corners(flat[2:], width, width * columns, cells, work, _KNOWN)
        for k in range(BLOCK):
            known = work[_KNOWN * BLOCK + k]
            scale = _ONE / max(known, _NEVER) if known > _ZERO else _ZERO
            work[_EAST * BLOCK + k] *= scale
            work[_NORTH * BLOCK + k] *= scale


@njit(**EXACT)
def _between_corners(flat, width, stride, cells, work, to_row):
    """Two channels of a patch, bilinear between the corners of each place, into two rows of the workspace."""
    one = np.uintp(1)  # unsigned: an index that may be negative costs a comparison each
    east, north = np.uintp(width), np.uintp(stride)
    for k in range(BLOCK):
        here = np.uintp(cells[k])
        up_here = here + north
        right, up = work[_RIGHT * BLOCK + k], work[_UP * BLOCK + k]
        low = flat[here] + right * (flat[here + east] - flat[here])
        high = flat[up_here] + right * (flat[up_here + east] - flat[up_here])
        work[to_row * BLOCK + k] = low + up * (high - low)
        low = flat[here + one] + right * (flat[here + east + one] - flat[here + one])
        high = flat[up_here + one] + right * (flat[up_here + east + one] - flat[up_here + one])
        work[(to_row + 1) * BLOCK + k] = low + up * (high - low)


@njit(**EXACT)
def _rated(work, place_lat):
    """The velocity of a stage, and the same in degrees a second at its place."""
    for k in range(BLOCK):
        east = work[_EAST * BLOCK + k] + work[_CARRIED_EAST * BLOCK + k]
        north = work[_NORTH * BLOCK + k] + work[_CARRIED_NORTH * BLOCK + k]
        lat_per_metre, lon_per_metre = degrees_per_metre32(place_lat[k])
        work[_EAST * BLOCK + k] = east
        work[_NORTH * BLOCK + k] = north
        work[_RATE_LAT * BLOCK + k] = north * lat_per_metre
        work[_RATE_LON * BLOCK + k] = east * lon_per_metre


@njit(**EXACT)
def _summed(work, weight):
    """The part of a stage in the velocity of the step."""
    for k in range(BLOCK):
        work[_SUM_EAST * BLOCK + k] += weight * work[_EAST * BLOCK + k]
        work[_SUM_NORTH * BLOCK + k] += weight * work[_NORTH * BLOCK + k]
        work[_SUM_LAT * BLOCK + k] += weight * work[_RATE_LAT * BLOCK + k]
        work[_SUM_LON * BLOCK + k] += weight * work[_RATE_LON * BLOCK + k]


@njit(**EXACT)
def _gone(work, row, part, lat, lon, to_lat, to_lon):
    """Places after part of the step at the rates in two rows of the workspace."""
    for k in range(BLOCK):
        seconds = part * work[_LASTS * BLOCK + k]
        to_lat[k] = lat[k] + np.float64(work[row * BLOCK + k] * seconds)
        to_lon[k] = lon[k] + np.float64(work[(row + 1) * BLOCK + k] * seconds)


@njit(**EXACT)
def _nearing(table, work, row, room, first, unsure, count):
    """Who may have reached land, added to `unsure`; the room of all shrinks by the way they went."""
    near = np.int32(0)
    for k in range(BLOCK):
        east, north = work[row * BLOCK + k], work[(row + 1) * BLOCK + k]
        left = room[k] - np.sqrt(east * east + north * north) * work[_LASTS * BLOCK + k] * _SLACK
        room[k] = left
        near |= np.int32(left <= _ZERO)
    if near:
        for k in range(BLOCK):
            if room[k] <= _ZERO and table[MOBILE * BLOCK + k] > _ZERO:
                unsure[count] = first + k
                count += 1
    return count


@njit(**EXACT)
def _carried_by_all(table, work, part, flags, wind, grid, steady, place_lat, place_lon, cells, begin, driven):
    """What comes to the current (m/s) at the places of a block: leeway, errors, what the wind drives, way."""
    gridded, gusty, errant, sailing = flags[0], flags[1], flags[2], flags[3]
    if gridded:
        _looked_up(wind, grid, place_lat, place_lon, cells, work)
    else:
        work[_EAST * BLOCK : (_EAST + 1) * BLOCK] = steady[0]
        work[_NORTH * BLOCK : (_NORTH + 1) * BLOCK] = steady[1]
    if gusty:
        _changing(table, GUST_EAST, part, work, _EAST)
    _carried(table, work, part, driven)
    if errant:
        _changing(table, SET_EAST, part, work, _CARRIED_EAST)
    if sailing:
        _under_way(table, work, begin)


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
def _drawn(keys, knot, laws, ids, errors, ahead, table):
    """The errors of a block at the next half hour drawn into `ahead`, and put into its table.

    `laws`: of the errors of current, wind and what the current leaves out: standard deviation, the cosine and sine of
    `_turned`, the share of what is new, and 1 where the innovations already stand in `ahead`.
    """
    for number in range(3):
        now = errors[2 * number * BLOCK : 2 * (number + 1) * BLOCK]
        then = ahead[2 * number * BLOCK : 2 * (number + 1) * BLOCK]
        law = laws[number]
        if law[0] == 0.0:
            for k in range(2 * BLOCK):
                then[k] = now[k]
        else:
            if law[4] == 0.0:
                _innovations(keys[number], ids, np.uint64(knot + 1), then)
            _turned(now, then, law)
        _tabled(table, GUST_EAST if number == 1 else SET_EAST, law[0], now, then, number == 2)


@njit(**EXACT)
def _stepped(table, work, cells, here_lat, here_lon, place_lat, place_lon, to_lat, to_lon, currents, winds, grids,
             which, steady, times, scheme, flags, driven):  # fmt: skip
    """One step of a block from `here` to `to`; `place` is where a stage stands."""
    many = scheme == 2
    for k in range(BLOCK):
        place_lat[k], place_lon[k] = here_lat[k], here_lon[k]
    _time(table, work, times[0], times[1])
    if many:
        work[_SUM_EAST * BLOCK :] = _ZERO
    carried_at = -1
    for stage in range(_STAGES[scheme]):
        now = _CARRIED_AT[scheme][stage]
        if flags[0] or now != carried_at:
            _carried_by_all(table, work, times[2 + now], flags, winds[which[1, now]], grids[1], steady[now],
                            place_lat, place_lon, cells, times[0], driven)  # fmt: skip
            carried_at = now
        current = currents[which[0, _CURRENT_AT[scheme][stage]]]
        _looked_up(current, grids[0], place_lat, place_lon, cells, work)
        _rated(work, place_lat)
        if many:
            _summed(work, _WEIGHT[stage])
        if stage + 1 < _STAGES[scheme]:
            _gone(work, _RATE_LAT, _AHEAD[stage], here_lat, here_lon, place_lat, place_lon)
    _gone(work, _SUM_LAT if many else _RATE_LAT, _ONE, here_lat, here_lon, to_lat, to_lon)


@njit(**EXACT)
def _aground(count, first, base, step, lat, lon, to_lat, to_lon, table, stranded, met, part, when):
    """Those of a block who meet land lie where they meet it from now on."""
    for j in range(first, first + count):
        i = met[j] - base
        to_lat[i] = lat[i] + part[j] * (to_lat[i] - lat[i])
        to_lon[i] = lon[i] + part[j] * (to_lon[i] - lon[i])
        table[MOBILE * BLOCK + i] = _ZERO
        stranded[i] = True
        when[j] = step


@njit(**EXACT)
def half_hour(first, last, chance, cloud, fields, times, scheme, flags, driven, shore):
    """Blocks `first` to `last` through steps of a half hour, each block through all of them while it is in the cache.

    `chance`: keys, number of the half hour, laws and whether its errors are to be drawn (`_drawn`). `cloud`: the arrays
    of `Blocks`. `fields`: values of the currents and winds at their instants (instants, rows, columns, 2 where known
    everywhere, else 4), the places of both grids, which of the instants each step has at its begin, middle and end, and
    the steady wind at these. `times` of each step: begin and end in seconds after the half hour, and the parts of the
    half hour at begin, middle and end. `flags`: the wind is gridded, has errors, the current has errors, someone makes
    way, there is a coast, it is mapped (`shore`: counts and grid), who meets it lies there.

    Returns how many met land, or without a map may have. Their numbers stand in `unsure`, from the first particle's
    place on, after which part of the step in `part`, and of which step in `when`. Where flags[6] is set the places are
    in `lat, lon`; else one step is gone, to `to_lat, to_lon`, and what becomes of those is for the caller.
    """
    ids, errors, ahead, tables, lat, lon, to_lat, to_lon, room, stranded, unsure, part, when = cloud
    currents, winds, grids, which, steady = fields
    work = np.zeros(_WORK * BLOCK, dtype=np.float32)
    cells = np.empty(BLOCK, dtype=np.int32)
    place_lat, place_lon = np.empty(BLOCK), np.empty(BLOCK)
    goal_lat, goal_lon = np.empty(BLOCK), np.empty(BLOCK)
    speeds = _SUM_EAST if scheme == 2 else _EAST
    begin, count = first * BLOCK, 0
    for block in range(first, last):
        low, high = block * BLOCK, (block + 1) * BLOCK
        table, here_lat, here_lon, near = tables[block], lat[low:high], lon[low:high], room[low:high]
        if not flags[6]:
            goal_lat, goal_lon = to_lat[low:high], to_lon[low:high]
        if chance[3]:
            _drawn(chance[0], chance[1], chance[2], ids[low:high], errors[block], ahead[block], table)
        for step in range(len(times)):
            _stepped(table, work, cells, here_lat, here_lon, place_lat, place_lon, goal_lat, goal_lon, currents, winds,
                     grids, which[step], steady[step], times[step], scheme, flags, driven)  # fmt: skip
            first_met = begin + count
            found = 0
            if flags[4]:
                found = _nearing(table, work, speeds, near, low, unsure, first_met) - first_met
            if found and flags[5]:
                found = landfall(found, first_met, low, shore, here_lat, here_lon, goal_lat, goal_lon, near, unsure,
                                 part)  # fmt: skip
            count += found
            if flags[6]:
                _aground(found, first_met, low, step, here_lat, here_lon, goal_lat, goal_lon, table,
                         stranded[low:high], unsure, part, when)  # fmt: skip
                here_lat[:], here_lon[:] = goal_lat, goal_lon
    return count


@njit(**EXACT)
def _uniforms(key, ids, counter, out):
    for k in range(BLOCK):
        out[k], _ = uniform_pair(key, np.uint64(ids[k]), counter)


@njit(**EXACT)
def jibed(first, last, key, knot, chance, everyone, ids, side, kind, quantile, lines, tables):
    """The sides of blocks `first` to `last` after the jibes of the half hour that ends at a knot, in place.

    The leeway lines of those who jibe, or of everyone, are put into the tables.
    """
    draws = np.empty(BLOCK)
    for block in range(first, last):
        table = tables[block]
        _uniforms(key, ids[block * BLOCK : (block + 1) * BLOCK], np.uint64(knot), draws)
        for k in range(BLOCK):
            if not (everyone or draws[k] < chance):
                continue
            i = block * BLOCK + k
            if draws[k] < chance:
                side[i] = -side[i]
            line = lines[0 if side[i] > 0 else 1, kind[i]]
            for row in range(7):
                table[row * BLOCK + k] = line[row]
            table[QUANTILE * BLOCK + k] = quantile[0, i]
            table[SIDE_SPREAD * BLOCK + k] = line[SIDE_SPREAD] * quantile[1, i] * _F(side[i])

"""Figures of a run: errors at fitted and kept-back gauges, left-out errors, current ellipses at known places."""

from __future__ import annotations

import numpy as np

from .basin import Basin
from .fit import ANALYSED, FORCED, Boundary, FirstGuess, cell_of, leave_one_out, misfit
from .gauges import FITTED, JUDGES, KEPT_BACK, Gauge

# name: lat, lon; then M2 (major axis m/s, axis degrees from east, phase lag) of a first model and of the JMJ harmonic
# atlas of 1992 (distributed with openTELEMAC). Our positions for the named places are a *judgement*.
PLACES = {
    "mid-strait": (51.00, 1.50, (1.10, 53, 5), (1.16, 60, 6)),
    "Varne": (50.95, 1.37, (0.96, None, None), (1.14, None, None)),
    "Gris-Nez 3 NM NW": (50.918, 1.540, (1.14, 60, 355), (1.30, 59, 356)),
    "Dover 2 NM E": (51.115, 1.395, (1.09, 46, 358), (1.16, 54, 355)),
    "Sandettie": (51.15, 1.80, (1.02, 37, 3), (1.23, 41, 1)),
    "Dungeness 5 NM S": (50.83, 0.975, (0.53, None, None), (0.72, None, None)),
    "off Calais": (51.01, 1.80, (1.03, None, None), (1.15, None, None)),
    "off Boulogne": (50.75, 1.50, (0.80, 80, 341), (0.94, 83, 343)),
}


def rms(errors: np.ndarray) -> float:
    """Root mean square of complex errors."""
    return float(np.sqrt(np.mean(np.abs(errors) ** 2)))


def ellipse(u: complex, v: complex) -> tuple[float, float, float, float]:
    """Major and minor axis, direction of the major axis (degrees from east, 0-180) and phase lag along it."""
    left, right = (u + 1j * v) / 2, np.conj(u - 1j * v) / 2
    axis = np.degrees((np.angle(left) + np.angle(right)) / 2) % 180
    along = u * np.cos(np.radians(axis)) + v * np.sin(np.radians(axis))
    return abs(left) + abs(right), abs(left) - abs(right), axis, -np.degrees(np.angle(along)) % 360


def gauge_table(
    constants: np.ndarray,
    where: Basin,
    gauges: dict[str, Gauge],
    guess: FirstGuess,
    edge: Boundary,
    unknowns: dict[str, np.ndarray],
) -> str:
    """Rms vector errors in metres a constituent: fitted, kept back, left out one by one at the judging gauges."""
    lines = ["constituent  fitted  kept back  left out"]
    for name in FORCED:
        known, gap = misfit(constants, where, gauges, FITTED, name)
        _, held = misfit(constants, where, gauges, KEPT_BACK, name)
        rows = guess.response[name][guess.nodes(gauges, known)]
        left = leave_one_out(edge, rows, gap, unknowns[name])
        judged = np.array([error for gauge, error in zip(known, left, strict=True) if gauge in JUDGES])
        lines.append(f"{name:11s}  {rms(gap):6.3f}  {rms(held):9.3f}  {rms(judged):8.3f}")
    for name in ("M2", "S2", "M4"):
        row = constants[1 + ANALYSED.index(name), 0]
        for gauge in KEPT_BACK:
            model, seen = row[cell_of(where, gauges[gauge])], gauges[gauge].constants[name]
            lines.append(f"{name} {gauge.split('-')[0]:18s} {_polar(model)} observed {_polar(seen)}")
    return "\n".join(lines)


def _polar(z: complex) -> str:
    return f"{abs(z):5.3f} m {-np.degrees(np.angle(z)) % 360:5.1f}"


def place_table(constants: np.ndarray, where: Basin, factor: float) -> str:
    """M2 surface-current ellipses at known places, with the two columns to compare, and S2 / M2."""
    lines = ["place: M2 major/minor m/s, axis, phase (first model | JMJ), S2/M2, M4 m/s, mean flow m/s"]
    row = 1 + ANALYSED.index("M2")
    for name, (lat, lon, first, second) in PLACES.items():
        cell = where.grid.cell(lat, lon)
        u, v = (constants[row, k][cell] * factor for k in (1, 2))
        major, minor, axis, phase = ellipse(u, v)
        rows = [1 + ANALYSED.index(c) for c in ("S2", "M4")]
        others = [ellipse(*(constants[r, k][cell] * factor for k in (1, 2)))[0] for r in rows]
        mean = [float(constants[0, k][cell].real * factor) for k in (1, 2)]
        lines.append(
            f"{name:17s} {major:.2f}/{minor:+.2f} {axis:3.0f} {phase:3.0f}  ({first} | {second})  "
            f"{others[0] / major:.3f} {others[1]:.3f} ({mean[0]:+.3f}, {mean[1]:+.3f})"
        )
    return "\n".join(lines)


def level_error(constants: np.ndarray, where: Basin, gauges: dict[str, Gauge], ratios: dict) -> float:
    """Standard error of the predicted tide (m) at the kept-back gauges: half the sum of squared errors of every line.

    A line of the gauge that the atlas lacks counts in full; inferred lines fit to some millimetres and count as known.
    """
    total = 0.0
    for name in KEPT_BACK:
        for line, seen in gauges[name].constants.items():
            if line in FORCED:
                total += abs(misfit(constants, where, gauges, (name,), line)[1][0]) ** 2 / 2
            elif line not in ratios:
                total += abs(seen) ** 2 / 2
    return float(np.sqrt(total / len(KEPT_BACK)))


def provenance_notes(constants: np.ndarray, where: Basin, gauges: dict[str, Gauge], level_std: float) -> str:
    """What a reader of the provenance record must know: gauges by name, kept-back gauges, errors."""
    held = ", ".join(f"{name} {rms(misfit(constants, where, gauges, KEPT_BACK, name)[1]):.3f}" for name in FORCED)
    return (
        f"Fitted to the TICON-4 gauges {', '.join(FITTED)}. Kept back, never used: {', '.join(KEPT_BACK)}; rms vector "
        f"error there in metres: {held}. Standard error of the predicted level there {level_std:.3f} m without "
        "surge. Method and figures: docs/sea-tide.md."
    )

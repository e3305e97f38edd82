"""The picture as known at an instant: every boat, where it may be, how old that is, and who is not accounted for.

Only reports received by then count. A picture decides nothing: a boat whose people were taken off stays on it,
decisions stand in its log and change nothing, and what could not be given to a boat is listed, not dropped.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from cordiale.association.associate import Memory, associate
from cordiale.association.clouds import Clouds, cloud_of
from cordiale.association.constraints import NO_CONSTRAINTS, Constraints
from cordiale.association.disposition import Association, Boat, Disposition, Reason
from cordiale.belief.belief import Belief
from cordiale.belief.density import density_of
from cordiale.belief.reading import spot
from cordiale.belief.region import Region, containment_region, digest, probability_map
from cordiale.belief.report import Between, Report, State
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import Fraction, Instant, Probability, Seconds, hours, minutes
from cordiale.record.claims import association_under, constraints_under, reckoned_names, report_under, with_relays
from cordiale.record.closing import Closing, Standing, standing_of
from cordiale.record.follow import Follower, follower
from cordiale.record.ledger import Ledger, ledger_of, persons_said, recovered_from
from cordiale.record.names import contacts_in, renamed
from cordiale.record.people import with_people
from cordiale.sea.environment import Environment, TidalCurrent
from cordiale.search.as_evidence import as_evidence
from cordiale.search.result import Flown

OLD_FIX: Final[Seconds] = 60 * minutes  # judgement: the stream of the strait moves a datum 2 to 3 NM in an hour
SILENT: Final[Seconds] = 90 * minutes  # judgement
LONGEST_AGO: Final[Seconds] = 48 * hours  # judgement: a cloud carried on for longer fills the strait
SOON: Final[Seconds] = 1 * hours  # judgement: clocks of senders differ; what lies further ahead is a slip
CONTAINMENTS: Final[tuple[Probability, ...]] = (0.5, 0.9)
# The gravest first. What was said is never lowered by what was said later, or by silence.
GRAVITY: Final[tuple[State, ...]] = (
    "in_the_water", "swamped", "taking_water", "adrift", "refusing_help", "beached", "under_way",
)  # fmt: skip
BoatState = State | Literal["unknown"]
LOG_KINDS: Final = frozenset({"task", "request", "decision"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LastFix:
    """The last position reported of a boat: the most probable reading, its error and when it was true."""

    report: str
    position: Position
    event: Span
    age: Seconds


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BoatPicture:
    """One boat as known at the instant of the picture.

    `persons` is what the statements agree on, or all they span where they contradict each other; None when nobody said
    a number. `recovered` counts people taken off it by reports given to it: it closes nobody. `cloud` is None when it
    has no position.
    """

    boat: Boat
    last_fix: LastFix | None
    last_contact: Instant
    persons: Between | None
    recovered: Between
    state: BoatState
    cloud: Belief | None
    regions: tuple[Region, ...]
    stale_because: tuple[Reason, ...]
    marks: tuple[str, ...]
    standing: Standing = "active"
    closing: Closing | None = None

    @property
    def name(self) -> str:
        """The boat's name."""
        return self.boat.name

    @property
    def is_stale(self) -> bool:
        """Whether its last fix or its last contact is old, or it has none."""
        return bool(self.stale_because)

    @property
    def probability_ashore(self) -> Fraction:
        """Probability that it lies ashore; 0 when it has no position."""
        return self.cloud.fraction_ashore if self.cloud else 0.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """Everything known at `at`; `reports` in order of receipt."""

    at: Instant
    seed: int
    reports: tuple[Report, ...]
    association: Association
    boats: tuple[BoatPicture, ...]
    assets: tuple[Report, ...]
    log: tuple[Report, ...]
    ledger: Ledger
    digest: str
    environment: Environment = field(repr=False)
    constraints: Constraints = NO_CONSTRAINTS

    def boat(self, name: str) -> BoatPicture:
        """The boat of this name; raises KeyError when there is none."""
        for boat in self.boats:
            if boat.name == name:
                return boat
        raise KeyError(name)

    def follower(self) -> Follower:
        """What tells which boat a decision about some reports goes with now (`record.follow`)."""
        return follower(self.association.boats, contacts_in(self.reports))

    def without_a_boat(self) -> tuple[Disposition, ...]:
        """Reports about boats that were given to none: a person should look at them."""
        return tuple(d for d in self.association.dispositions if d.fate in {"unassigned", "unplaced"})


@dataclass(frozen=True, slots=True)
class PictureMemory:
    """What successive pictures share. It changes the time a picture takes and nothing else."""

    associations: Memory = field(default_factory=Memory)
    clouds: Clouds = field(default_factory=Clouds)


def picture(
    reports: Iterable[Report],
    environment: Environment,
    *,
    at: Instant,
    seed: int = 1,
    count: int = 5000,
    closings: Iterable[Closing] = (),
    constraints: Constraints = NO_CONSTRAINTS,
    searches: Iterable[Flown] = (),
    memory: PictureMemory | None = None,
) -> Picture:
    """The picture as known at an instant.

    Parameters
    ----------
    reports : iterable of Report
        In any order; those received after `at` are left out.
    at : Instant
    seed : int
        Chance of clouds and association: the same reports and seed give the same picture, and the same digest.
    count : int
        Particles of each boat's cloud.
    closings : iterable of Closing
        Decisions that close boats (`record.closing`); those taken after `at` are left out. A closed boat keeps its
        place on the picture, its cloud and its count: only its standing says that nobody has to look for it.
    constraints : Constraints, optional
        What people ruled by then about which report is about which boat (`record.rulings`).
    searches : iterable of Flown, optional
        Those known by then that found nothing (`record.searches`): evidence of which report is about which boat. The
        clouds are not thinned by them here: see `record.searches.picture_searched`.
    memory : PictureMemory, optional
        Kept by the caller between pictures of one environment.
    """
    shared = memory if memory is not None else PictureMemory()
    known = with_relays(sorted((r for r in reports if r.received <= at), key=lambda r: (r.received, r.name)))
    names = reckoned_names(known)
    moved = {r.name: movable(report_under(r, names), environment, at) for r in known}
    reckoned = associate(
        moved.values(),
        environment,
        seed=seed,
        constraints=constraints_under(constraints, names),
        searches=as_evidence(searches),
        memory=shared.associations,
    )
    told_as = {reckoned_as: name for name, reckoned_as in names.items()}
    association = renamed(association_under(reckoned, told_as), known)
    by_name = {r.name: (r, moved[r.name]) for r in known}
    boats = tuple(
        _boat(boat, [by_name[n] for n in boat.reports], environment, at=at, seed=seed, count=count, shared=shared)
        for boat in association.boats
    )
    goes_with = follower(association.boats, contacts_in(known))
    closed = [(closing, goes_with(closing.reports)) for closing in closings if closing.at <= at]
    boats = tuple(_standing(boat, [closing for closing, name in closed if name == boat.name]) for boat in boats)
    return Picture(
        at=at,
        seed=seed,
        reports=known,
        association=association,
        boats=boats,
        assets=_last_of_each_asset(known),
        log=tuple(r for r in known if r.kind in LOG_KINDS),
        ledger=with_people(ledger_of(association, known), association, known),
        digest=_digest(
            renamed(reckoned, [report_under(r, names) for r in known]) if names else association, boats, names
        ),
        environment=environment,
        constraints=constraints,
    )


def movable(report: Report, environment: Environment, at: Instant) -> Report:
    """The report as far as the sea can move it: a position outside the atlas, days old or in the future weighs nothing.

    It is kept and shown as it came; only where it would take the whole picture away, it is left out of the reckoning.
    """
    future = report.event.earliest > at + SOON
    if future:
        report = replace(report, event=Span(earliest=report.received, latest=report.received))
    if not report.where:
        return report
    current = environment.current
    centres = [spot(reading.place).centre for reading in report.where]
    lat, lon = np.array([c.lat for c in centres]), np.array([c.lon for c in centres])
    outside = isinstance(current, TidalCurrent) and not current.covers(lat, lon).all()
    if future or outside or report.event.latest < at - LONGEST_AGO:
        return replace(report, where=())
    return report


def _boat(
    boat: Boat,
    told: Sequence[tuple[Report, Report]],
    environment: Environment,
    *,
    at: Instant,
    seed: int,
    count: int,
    shared: PictureMemory,
) -> BoatPicture:
    reports = [as_told for as_told, _ in told]
    cloud = cloud_of([movable for _, movable in told], environment, at=at, seed=seed, count=count, clouds=shared.clouds)
    regions: tuple[Region, ...] = ()
    if cloud is not None:
        density = density_of(cloud.lat, cloud.lon, cloud.weight)
        regions = tuple(containment_region(cloud, p, density=density) for p in CONTAINMENTS)
    fix = _last_fix(reports, at)
    contact = max(min(r.event.latest, at) for r in reports)
    kinds = {r.mark.kind for r in reports} | {"SYNTHETIC" for r in reports if r.mark.synthetic_parts}
    return BoatPicture(
        boat=boat,
        last_fix=fix,
        last_contact=contact,
        persons=persons_said(reports),
        recovered=recovered_from(reports),
        state=gravest(reports),
        cloud=cloud,
        regions=regions,
        stale_because=_stale(fix, at - contact, moved=cloud is not None),
        marks=tuple(k for k in ("REAL", "SYNTHETIC", "LIVE") if k in kinds),
    )


def _standing(boat: BoatPicture, closings: Sequence[Closing]) -> BoatPicture:
    """How the boat stands by the closings that go with it; other pieces of what was closed as one boat are open."""
    standing, closing = standing_of(boat.boat.reports, closings)
    return replace(boat, standing=standing, closing=closing)


def gravest(reports: Iterable[Report]) -> BoatState:
    """The gravest state that was said; a stopped engine says adrift. Nothing said later lowers it."""
    said: set[State] = {r.boat.state for r in reports if r.boat.state}
    engines = {r.boat.engine for r in reports}
    if engines & {"stopped", "none"}:
        said.add("adrift")
    if "running" in engines:
        said.add("under_way")
    return next((s for s in GRAVITY if s in said), "unknown")


def _last_fix(reports: Sequence[Report], at: Instant) -> LastFix | None:
    placed = [r for r in reports if r.where]
    if not placed:
        return None
    last = max(placed, key=lambda r: (r.event.latest, r.event.earliest, r.name))
    best = max(last.where, key=lambda reading: reading.probability)
    return LastFix(
        report=last.name, position=spot(best.place).centre, event=last.event, age=max(at - last.event.latest, 0.0)
    )


def _stale(fix: LastFix | None, silence: Seconds, *, moved: bool) -> tuple[Reason, ...]:
    because = []
    if fix is None:
        because.append(Reason(key="no_position"))
    elif not moved:
        because.append(Reason(key="not_moved"))
    elif fix.age > OLD_FIX:
        because.append(Reason(key="old_fix", values=(("age_min", round(fix.age / minutes)),)))
    if silence > SILENT:
        because.append(Reason(key="silent", values=(("age_min", round(silence / minutes)),)))
    return tuple(because)


def _last_of_each_asset(known: Sequence[Report]) -> tuple[Report, ...]:
    latest: dict[str, Report] = {}
    for report in sorted(known, key=lambda r: (r.event.latest, r.name)):
        if report.kind == "asset_position" and report.asset and report.where:
            latest[report.asset] = report
    return tuple(latest[name] for name in sorted(latest))


def _digest(reckoned: Association, boats: Sequence[BoatPicture], names: Mapping[str, str]) -> str:
    """Sixteen hexadecimal digits of the dispositions (probabilities to 1e-3) and of each boat's probability map, under
    the names that do not depend on the order of arrival.
    """
    cloud = {names.get(n, n): boat.cloud for boat in boats for n in boat.boat.reports}
    maps = [(boat.name, cloud[boat.reports[0]]) for boat in reckoned.boats]
    lines = [f"{d.report} {d.fate} {d.boat} {d.probability:.3f}" for d in reckoned.dispositions]
    lines += [f"{name} {digest(probability_map(belief)) if belief else '-'}" for name, belief in maps]
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()

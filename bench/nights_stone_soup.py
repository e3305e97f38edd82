"""Stone Soup over the positions of one night; run in an environment that has it, never imported by the rest.

Standard input: a JSON list of [name, seconds, east m, north m, variance m2] in order of time; standard output: the
track of each. Nearly constant velocity, Mahalanobis gate, tracks die after three hours without a report. Argument: gnn
(global nearest neighbour) or jpda (joint probabilistic data association, a track taking what it most probably caused).
"""

import datetime
import json
import sys

import numpy as np
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.functions import gm_reduce_single
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, OrnsteinUhlenbeck
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.types.array import StateVectors
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.types.track import Track
from stonesoup.types.update import GaussianStateUpdate
from stonesoup.updater.kalman import KalmanUpdater

SPEED = 1.8  # m/s, standard deviation of a component over the ground: way and stream
TURNS = 1 / 5400  # 1/s: it forgets itself in an hour and a half
GATE = 3.5  # standard deviations
OLD = 3 * 3600.0
SEEN = 0.3  # P(a track is heard of in one scan), for JPDA
EPOCH = datetime.datetime(2000, 1, 1)
CLUTTER = 6 / 3e9  # per m2 and scan: boats nobody has heard of yet
OURS = 0.5  # a detection less probably of every known track begins a new one


def main(method: str) -> None:
    """Read detections, write {name: track}."""
    noise = 2 * TURNS * SPEED**2
    model = CombinedLinearGaussianTransitionModel([OrnsteinUhlenbeck(noise, TURNS), OrnsteinUhlenbeck(noise, TURNS)])
    predictor, updater = KalmanPredictor(model), KalmanUpdater(None)
    if method == "gnn":
        associator = GNNWith2DAssignment(DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=GATE))
    else:
        associator = JPDAwithLBP(PDAHypothesiser(predictor, updater, CLUTTER, prob_detect=SEEN, prob_gate=0.999))
    tracks: list[Track] = []
    given: dict[str, str] = {}
    for name, seconds, east, north, variance in json.load(sys.stdin):
        at = EPOCH + datetime.timedelta(seconds=seconds % 1e8)
        sensor = LinearGaussian(4, (0, 2), np.eye(2) * variance)
        detection = Detection(np.array([[east], [north]]), timestamp=at, measurement_model=sensor)
        alive = {t for t in tracks if (at - t.timestamp).total_seconds() < OLD}
        taken = None
        if alive:
            hypotheses = associator.associate(alive, {detection}, at)
            taken = _gnn(hypotheses, updater) if method == "gnn" else _jpda(hypotheses, updater, detection)
        if taken is None:
            state = np.array([[east], [0.0], [north], [0.0]])
            spread = np.diag([variance, SPEED**2, variance, SPEED**2])
            taken = Track([GaussianState(state, spread, timestamp=at)], id=name)
            tracks.append(taken)
        given[name] = taken.id
    json.dump(given, sys.stdout)


def _gnn(hypotheses, updater):
    for track, hypothesis in hypotheses.items():
        if hypothesis:
            track.append(updater.update(hypothesis))
            return track
    return None


def _jpda(hypotheses, updater, detection):
    """The track it most probably comes from, if any more probably than none; only that one is updated with it."""
    best, most = None, 0.0
    for track, several in hypotheses.items():
        for hypothesis in several:
            if hypothesis and hypothesis.probability > most:
                best, most = (track, several), float(hypothesis.probability)
    if best is None or most < OURS:
        return None
    track, several = best
    states, weights = [], []
    for hypothesis in several:
        state = updater.update(hypothesis) if hypothesis else hypothesis.prediction
        states.append(state)
        weights.append(hypothesis.probability)
    means = StateVectors([s.state_vector for s in states])
    covariances = np.stack([s.covar for s in states], axis=2)
    mean, covariance = gm_reduce_single(means, covariances, np.asarray(weights))
    track.append(GaussianStateUpdate(mean, covariance, several, timestamp=detection.timestamp))
    return track


if __name__ == "__main__":
    main(sys.argv[1])

"""The nonlinear shallow-water equations on the regular grid: a C-grid stepped forward-backward, and its harmonic sums.

eta at cell centres; u at the east face and v at the north face of each cell. Rotational (vector-invariant) momentum
advection, quadratic bottom friction taken implicitly, free slip at the coast, levels prescribed at open cells, a floor
under the depth. Short loops over whole rows, land included, because they vectorise.
"""

from __future__ import annotations

import numba
import numpy as np

GRAVITY = np.float32(9.81)
LEAST_WATER = np.float32(0.5)


@numba.njit(fastmath=True, error_model="numpy", cache=True)
def continuity(eta, qx, qy, inner, dt, over_dx, over_dy, cosine, cosine_face):
    """eta += -dt div(H u) at inner cells."""
    rows, columns = eta.shape
    for i in range(1, rows - 1):
        a, b = dt * over_dx[i], dt * over_dy / cosine[i]
        north, south = cosine_face[i] * b, cosine_face[i - 1] * b
        for j in range(1, columns - 1):
            eta[i, j] -= inner[i, j] * (a * (qx[i, j] - qx[i, j - 1]) + north * qy[i, j] - south * qy[i - 1, j])


@numba.njit(fastmath=True, error_model="numpy", cache=True)
def invariants(u, v, corner, energy, spin, over_dx, over_dy):
    """Kinetic energy at centres and relative vorticity at north-east corners."""
    rows, columns = u.shape
    half, quarter = np.float32(0.5), np.float32(0.25)
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            a, b = u[i, j] + u[i, j - 1], v[i, j] + v[i - 1, j]
            energy[i, j] = half * quarter * (a * a + b * b)
            spin[i, j] = corner[i, j] * ((v[i, j + 1] - v[i, j]) * over_dx[i] - (u[i + 1, j] - u[i, j]) * over_dy)


@numba.njit(fastmath=True, error_model="numpy", cache=True)
def eastward(eta, u, v, qx, old, depth, face, energy, spin, drag, nu, advect, dt, over_dx, over_dy, f):
    """One step of u and of the eastward transport; depth is the still depth at east faces. Short loops vectorise."""
    rows, columns = eta.shape
    half, quarter, one = np.float32(0.5), np.float32(0.25), np.float32(1.0)
    push, water, cross = np.zeros(columns, np.float32), np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    for i in range(1, rows - 1):
        rx, fc = over_dx[i], f[i]
        xx, yy = rx * rx, over_dy * over_dy
        for j in range(1, columns - 1):
            cross[j] = quarter * (v[i, j] + v[i, j + 1] + v[i - 1, j] + v[i - 1, j + 1])
        for j in range(1, columns - 1):
            turn = fc + advect[i, j] * half * (spin[i, j] + spin[i - 1, j])
            rise = GRAVITY * (eta[i, j + 1] - eta[i, j]) + advect[i, j] * (energy[i, j + 1] - energy[i, j])
            push[j] = turn * cross[j] - rise * rx
        for j in range(1, columns - 1):
            uc = old[i, j]
            push[j] += nu[i, j] * (
                xx * ((old[i, j + 1] - uc) * face[i, j + 1] + (old[i, j - 1] - uc) * face[i, j - 1])
                + yy * ((old[i + 1, j] - uc) * face[i + 1, j] + (old[i - 1, j] - uc) * face[i - 1, j])
            )
        for j in range(1, columns - 1):
            deep = depth[i, j] + half * (eta[i, j] + eta[i, j + 1])
            water[j] = deep if deep > LEAST_WATER else LEAST_WATER
        for j in range(1, columns - 1):
            speed = np.sqrt(old[i, j] * old[i, j] + cross[j] * cross[j])
            u[i, j] = face[i, j] * (old[i, j] + dt * push[j]) / (one + dt * drag[i, j] * speed / water[j])
        for j in range(1, columns - 1):
            qx[i, j] = u[i, j] * water[j]


@numba.njit(fastmath=True, error_model="numpy", cache=True)
def northward(eta, u, v, qy, old, depth, face, energy, spin, drag, nu, advect, dt, over_dx, over_dy, f):
    """One step of v and of the northward transport; depth is the still depth at north faces."""
    rows, columns = eta.shape
    half, quarter, one = np.float32(0.5), np.float32(0.25), np.float32(1.0)
    push, water, cross = np.zeros(columns, np.float32), np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    for i in range(1, rows - 1):
        rx, fc = over_dx[i], f[i]
        xx, yy = rx * rx, over_dy * over_dy
        for j in range(1, columns - 1):
            cross[j] = quarter * (u[i, j] + u[i + 1, j] + u[i, j - 1] + u[i + 1, j - 1])
        for j in range(1, columns - 1):
            turn = fc + advect[i, j] * half * (spin[i, j] + spin[i, j - 1])
            rise = GRAVITY * (eta[i + 1, j] - eta[i, j]) + advect[i, j] * (energy[i + 1, j] - energy[i, j])
            push[j] = -turn * cross[j] - rise * over_dy
        for j in range(1, columns - 1):
            vc = old[i, j]
            push[j] += nu[i, j] * (
                xx * ((old[i, j + 1] - vc) * face[i, j + 1] + (old[i, j - 1] - vc) * face[i, j - 1])
                + yy * ((old[i + 1, j] - vc) * face[i + 1, j] + (old[i - 1, j] - vc) * face[i - 1, j])
            )
        for j in range(1, columns - 1):
            deep = depth[i, j] + half * (eta[i, j] + eta[i + 1, j])
            water[j] = deep if deep > LEAST_WATER else LEAST_WATER
        for j in range(1, columns - 1):
            speed = np.sqrt(old[i, j] * old[i, j] + cross[j] * cross[j])
            v[i, j] = face[i, j] * (old[i, j] + dt * push[j]) / (one + dt * drag[i, j] * speed / water[j])
        for j in range(1, columns - 1):
            qy[i, j] = v[i, j] * water[j]


@numba.njit(fastmath=True, error_model="numpy", cache=True)
def accumulate(sums, eta, u, v, weights):
    """Add weights[k] * (eta, u, v at centres) to sums[k]."""
    rows, columns = eta.shape
    half = np.float32(0.5)
    for k in range(len(weights)):
        w = weights[k]
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                sums[k, 0, i, j] += w * eta[i, j]
            for j in range(1, columns - 1):
                sums[k, 1, i, j] += w * half * (u[i, j] + u[i, j - 1])
            for j in range(1, columns - 1):
                sums[k, 2, i, j] += w * half * (v[i, j] + v[i - 1, j])


@numba.njit(error_model="numpy", cache=True)
def set_open(eta, cells, constants, turned):
    """Prescribe levels at open cells: real part of constants (k, n) times turned (k)."""
    for n in range(len(cells)):
        total = 0.0
        for k in range(len(turned)):
            total += constants[k, n].real * turned[k].real - constants[k, n].imag * turned[k].imag
        eta[cells[n, 0], cells[n, 1]] = total


@numba.njit(error_model="numpy", cache=True)
def march(state, still, metric, forcing, omegas, first, steps, dt, ramp, sums, basis_omegas, every):
    """Advance the state by a number of steps from step number first; fill sums every so many steps when it has rows."""
    eta, u, v, qx, qy, old, energy, spin = state
    depth_u, depth_v, inner, face_u, face_v, corner, drag, nu, advect = still
    over_dx, cosine, cosine_face, f_u, f_v, dy = metric
    cells, constants = forcing
    weights = np.zeros(len(sums), np.float32)
    dt32 = np.float32(dt)
    for n in range(first, first + steps):
        time = (n + 1) * dt
        rise = 1.0 - np.exp(-time / ramp)
        set_open(eta, cells, constants, rise * np.exp(1j * omegas * time))
        continuity(eta, qx, qy, inner, dt32, over_dx, dy[0], cosine, cosine_face)
        invariants(u, v, corner, energy, spin, over_dx, dy[0])
        old[:] = u
        eastward(eta, u, v, qx, old, depth_u, face_u, energy, spin, drag, nu, advect, dt32, over_dx, dy[0], f_u)
        old[:] = v
        northward(eta, u, v, qy, old, depth_v, face_v, energy, spin, drag, nu, advect, dt32, over_dx, dy[0], f_v)
        if len(sums) and (n + 1) % every == 0:
            weights[0] = 1.0
            for k in range(len(basis_omegas)):
                weights[1 + 2 * k] = np.cos(basis_omegas[k] * time)
                weights[2 + 2 * k] = np.sin(basis_omegas[k] * time)
            accumulate(sums, eta, u, v, weights)

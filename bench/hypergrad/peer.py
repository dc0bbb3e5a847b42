"""Peers of package hypergrad in Python, for paired runs: go run ./bench/hypergrad -peer.

A process makes the data of a task once, warms every method up (numba compiles then), and answers the lines of its standard input, one
method a line, each with one line of JSON: the processor time and the point of each look at a run. A look is not timed.

  quasi-newton  L-BFGS-B of scipy over x; followers by Newton's method with dense Hessians, warm started
  aid-cg        gradient steps of a fixed length on x; 20 gradient steps on the follower and 20 conjugate gradient steps on the adjoint, both warm
                started (Grazzi, Franceschi, Pontil and Salzo 2020, the loop of hypertorch)
  hoag          inexact gradient steps with an adaptive length; L-BFGS for the follower and conjugate gradients for the adjoint to tolerances
                that fall exponentially (Pedregosa 2016)
  amigo         ten steps on the follower and ten on the adjoint, each on a batch of 64, for one of x (Arbel and Mairal 2022)
  stocbio       ten steps on the follower and ten terms of the Neumann series, each on a batch, for one of x (Ji, Yang and Liang 2021)
  saba, srba    single loops with variance reduction on batches of 64 (Dagréou, Ablin, Vaiter and Moreau 2022; Dagréou, Moreau, Vaiter and Ablin
                2023), compiled by numba where it is installed, plain numpy otherwise

Steps are the best ones of a grid, found by hand. It needs numpy and scipy.
"""
import json
import sys
from time import process_time

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

try:
    from numba import njit
    COMPILED = "numba"
except ImportError:
    COMPILED = "numpy"

    def njit(f):
        return f


# ---------------------------------------------------------------- data

def bits(seed, n):
    """The first n entries of the stream: splitmix64 by counter."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + (np.arange(n, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(seed, n):
    return (bits(seed, n) >> np.uint64(11)).astype(np.float64) * 2.0 ** -53


def normal(seed, n):
    u = uniform(seed, n + n % 2)
    r, a = np.sqrt(-2 * np.log(1 - u[0::2])), 2 * np.pi * u[1::2]
    out = np.empty(len(u))
    out[0::2], out[1::2] = r * np.cos(a), r * np.sin(a)
    return out[:n]


def design(seed, n, p):
    x = normal(seed, n * p).reshape(n, p)
    for j in range(1, p):
        x[:, j] = 0.5 * x[:, j - 1] + np.sqrt(0.75) * x[:, j]
    return np.ascontiguousarray(x)


def logistic_part(seed, n, w):
    x = design(seed, n, len(w))
    return x, np.where(uniform(seed + 1, n) < expit(x @ w), 1.0, -1.0)


class Task:
    """F is the mean validation log-loss, f that of training plus a penalty exp(x_j) z_j^2 / 2 a feature; or sums, with one weight."""

    def __init__(self, name):
        self.one = name == "one-weight"
        n, nv, p, keep, scale = {"logistic": (49990, 91701, 22, 3, 1.0), "small": (10000, 10000, 50, 3, 1.0),
                                 "one-weight": (2000, 2000, 500, 10, 2 * np.sqrt(10 / 500))}[name]
        w = normal(11, p) * scale
        w[np.arange(p) % keep != 0] = 0
        self.xt, self.yt = logistic_part(21, n, w)
        self.xv, self.yv = logistic_part(31, nv, w)
        self.p = p
        self.st, self.sv = (1.0, 1.0) if self.one else (1 / n, 1 / nv)
        self.z0 = np.zeros(p) if name == "small" else normal(51, p)
        self.x0 = {"small": np.full(p, -2.0), "one-weight": np.zeros(1)}.get(name)
        if self.x0 is None:
            self.x0 = np.log(uniform(52, p))
        self.limit = 6.0 if self.one else 12.0

    def penalty(self, x):
        return np.full(self.p, np.exp(x[0])) if self.one else np.exp(x)

    def follower(self, x, z):
        """Value, gradient, and the second derivatives of the losses."""
        a = self.penalty(x)
        m = self.yt * (self.xt @ z)
        q = expit(-m)
        value = self.st * np.logaddexp(0, -m).sum() + 0.5 * a @ (z * z)
        return value, a * z - self.st * (self.xt.T @ (self.yt * q)), self.st * q * (1 - q)

    def gradient(self, x, z):
        return self.penalty(x) * z - self.st * (self.xt.T @ (self.yt * expit(-self.yt * (self.xt @ z))))

    def leader(self, z):
        m = self.yv * (self.xv @ z)
        return self.sv * np.logaddexp(0, -m).sum(), -self.sv * (self.xv.T @ (self.yv * expit(-m)))

    def mixed(self, x, z, v):
        c = self.penalty(x) * z * v
        return np.array([c.sum()]) if self.one else c

    def newton(self, x, z, tol):
        """The follower's answer by Newton's method, and its Hessian there."""
        value, g, d = self.follower(x, z)
        for _ in range(100):
            h = self.xt.T @ (d[:, None] * self.xt)
            h[np.diag_indices(self.p)] += self.penalty(x)
            if np.sqrt(g @ g) <= tol:
                break
            step, t = np.linalg.solve(h, g), 1.0
            while True:
                trial = self.follower(x, z - t * step)
                if trial[0] <= value - 1e-4 * t * (g @ step) or t < 1e-4 or g @ step < 1e-13 * abs(value):
                    break
                t /= 2
            z = z - t * step
            value, g, d = trial
        return z, h

    def hypergradient(self, x, z, tol):
        z, h = self.newton(x, z, tol)
        value, gz = self.leader(z)
        return value, -self.mixed(x, z, np.linalg.solve(h, gz)), z

    def exact(self, x, z):
        value, g, _ = self.hypergradient(x, z, 1e-11 if not self.one else 1e-8)
        moved = np.clip(x - g, -self.limit, self.limit)
        return value, float(np.sum((x - moved) ** 2))


class Done(Exception):
    pass


class Watch:
    """Looks at a run: its clock stands still meanwhile. The run ends at the tolerance, or after the limit."""

    def __init__(self, task, tolerance, limit, best):
        self.task, self.tolerance, self.limit, self.best = task, tolerance, limit, best
        self.points, self.out, self.z = [], 0.0, task.z0
        self.begin = process_time()

    def __call__(self, x, z=None, exact=None):
        now = process_time()
        value, square = exact or self.task.exact(x, self.task.z0 if z is None or not np.isfinite(z).all() else z)
        m = square if self.best is None else (value - self.best) / self.best
        self.points.append((now - self.begin - self.out, float(m), float(value), [float(v) for v in x]))
        self.out += process_time() - now
        if not m > self.tolerance or now - self.begin - self.out > self.limit:
            raise Done


# ---------------------------------------------------------------- methods

def quasi_newton(task, watch, options):
    state = {"z": task.z0}

    def both(x):
        value, g, state["z"] = task.hypergradient(x, state["z"], 1e-10)
        moved = np.clip(x - g, -task.limit, task.limit)
        watch(x, exact=(value, float(np.sum((x - moved) ** 2))))
        return value, g

    minimize(both, task.x0, jac=True, method="L-BFGS-B", bounds=[(-task.limit, task.limit)] * len(task.x0),
             options={"maxiter": 10000, "maxfun": 100000, "ftol": 0, "gtol": 0, "maxcor": 20})


def conjugate(apply, b, v, terms, tol=0.0):
    r = b - apply(v)
    p, rr = r.copy(), r @ r
    for _ in range(terms):
        if rr <= tol * tol or rr == 0:
            break
        hp = apply(p)
        a = rr / (p @ hp)
        v = v + a * p
        r = r - a * hp
        was, rr = rr, r @ r
        p = r + (rr / was) * p
    return v


def curvature(task, x, z):
    """Products with the follower's Hessian."""
    q = expit(task.xt @ z)
    d, a = task.st * q * (1 - q), task.penalty(x)
    return lambda v: task.xt.T @ (d * (task.xt @ v)) + a * v


def aid_cg(task, watch, options):
    x, z, v = task.x0.copy(), task.z0.copy(), np.zeros(task.p)
    largest = np.linalg.eigvalsh(task.xt.T @ task.xt)[-1] * task.st / 4
    while True:
        watch(x, z)
        step = 1 / (largest + np.exp(x).max())
        for _ in range(20):
            z = z - step * task.gradient(x, z)
        v = conjugate(curvature(task, x, z), task.leader(z)[1], v, 20)
        x = x + options["outer"] * task.mixed(x, z, v)


def hoag(task, watch, options):
    x, z, v = task.x0.copy(), task.z0.copy(), np.zeros(task.p)
    tol, lipschitz, last, back = 0.1, None, None, None
    scale = np.linalg.norm(task.gradient(x, np.zeros(task.p)))
    while True:
        watch(x, z)
        z = minimize(lambda z: task.follower(x, z)[:2], z, jac=True, method="L-BFGS-B",
                     options={"gtol": tol * scale / np.sqrt(task.p), "ftol": 0, "maxiter": 500, "maxcor": 10}).x
        value, gz = task.leader(z)
        v = conjugate(curvature(task, x, z), gz, v, 500, tol * np.linalg.norm(gz))
        g = -task.mixed(x, z, v)
        if lipschitz is None:
            lipschitz = max(np.linalg.norm(g), 1e-3)
        elif value >= 1.2 * last:
            lipschitz *= 2
            x, z, v = (w.copy() for w in back)
            continue
        elif value <= last + 0.25 * tol - 0.5 * lipschitz * moved ** 2:
            lipschitz *= 0.95
        back, last = (x.copy(), z.copy(), v.copy()), value
        x = np.clip(x - g / lipschitz, -task.limit, task.limit)
        moved = np.linalg.norm(x - back[0])
        tol = max(1e-9, 0.9 * tol)


@njit
def sigmoid(m):
    return 1 / (1 + np.exp(-m))


@njit
def terms(x, y, a, z, v):
    """Gradient and Hessian product of the penalised training loss on a batch, with one product x @ z."""
    n = x.shape[0]
    q = sigmoid(-(y * (x @ z)))
    return a * z - x.T @ (y * q) / n, x.T @ (q * (1 - q) * (x @ v)) / n + a * v


@njit
def leader_terms(x, y, z):
    return -(x.T @ (y * sigmoid(-(y * (x @ z))))) / x.shape[0]


@njit
def saba_loop(xt, yt, xv, yv, x, z, v, batch, kept_t, mean_t, kept_v, mean_v, draws_t, draws_v, inner, outer):
    """A stretch of iterations; x, z, v and the memories change in place."""
    n, nv = xt.shape[0], xv.shape[0]
    for k in range(draws_t.shape[0]):
        i, j = draws_t[k], draws_v[k]
        lo, hi = i * batch, min((i + 1) * batch, n)
        a = np.exp(x)
        g, h = terms(xt[lo:hi], yt[lo:hi], a, z, v)
        c = a * z * v
        share = (hi - lo) / n
        dg, dh, dc = g - kept_t[0, i], h - kept_t[1, i], c - kept_t[2, i]
        dz, dv, dx = dg + mean_t[0], dh + mean_t[1], dc + mean_t[2]
        mean_t[0] += share * dg
        mean_t[1] += share * dh
        mean_t[2] += share * dc
        kept_t[0, i] = g
        kept_t[1, i] = h
        kept_t[2, i] = c
        lo, hi = j * batch, min((j + 1) * batch, nv)
        b = leader_terms(xv[lo:hi], yv[lo:hi], z)
        db = b - kept_v[j]
        dv += db + mean_v
        mean_v += (hi - lo) / nv * db
        kept_v[j] = b
        z -= inner * dz
        v -= inner * dv
        x -= outer * dx


@njit
def srba_loop(xt, yt, xv, yv, x, z, v, batch, olds, ds, first, period, draws_t, draws_v, inner, outer):
    n, nv = xt.shape[0], xv.shape[0]
    for k in range(draws_t.shape[0]):
        if (first + k) % period == 0:
            a = np.exp(x)
            g, h = terms(xt, yt, a, z, v)
            ds[0] = g
            ds[1] = h + leader_terms(xv, yv, z)
            ds[2] = a * z * v
        else:
            lo, hi = draws_t[k] * batch, min((draws_t[k] + 1) * batch, n)
            a, old = np.exp(x), np.exp(olds[2])
            g, h = terms(xt[lo:hi], yt[lo:hi], a, z, v)
            g0, h0 = terms(xt[lo:hi], yt[lo:hi], old, olds[0], olds[1])
            c = a * z * v - old * olds[0] * olds[1]
            lo, hi = draws_v[k] * batch, min((draws_v[k] + 1) * batch, nv)
            b = leader_terms(xv[lo:hi], yv[lo:hi], z) - leader_terms(xv[lo:hi], yv[lo:hi], olds[0])
            ds[0] += g - g0
            ds[1] += h - h0 + b
            ds[2] += c
        olds[0] = z
        olds[1] = v
        olds[2] = x
        z -= inner * ds[0]
        v -= inner * ds[1]
        x -= outer * ds[2]


@njit
def product(x, y, a, z, v):
    """Hessian product on a batch."""
    q = sigmoid(-(y * (x @ z)))
    return x.T @ (q * (1 - q) * (x @ v)) / x.shape[0] + a * v


@njit
def part(draw, batch, n):
    return draw * batch, min((draw + 1) * batch, n)


@njit
def nested_loop(xt, yt, xv, yv, x, z, v, batch, series, draws_t, draws_v, inner, outer):
    """Iterations of amigo (adjoint warm started) or, with series, of stocbio; 20 draws of the follower for one of the leader."""
    n, nv = xt.shape[0], xv.shape[0]
    for k in range(draws_v.shape[0]):
        a = np.exp(x)
        for i in range(10):
            lo, hi = part(draws_t[20 * k + i], batch, n)
            z -= inner * (a * z - xt[lo:hi].T @ (yt[lo:hi] * sigmoid(-(yt[lo:hi] * (xt[lo:hi] @ z)))) / (hi - lo))
        lo, hi = part(draws_v[k], batch, nv)
        b = leader_terms(xv[lo:hi], yv[lo:hi], z)
        if series:
            p = inner * b
            v[:] = p
        for i in range(10, 20):
            lo, hi = part(draws_t[20 * k + i], batch, n)
            if series:
                p -= inner * product(xt[lo:hi], yt[lo:hi], a, z, p)
                v += p
            else:
                v -= inner * (product(xt[lo:hi], yt[lo:hi], a, z, v) - b)
        x += outer * a * z * v


def nested(series):
    def run(task, watch, options):
        batch, every = 64, options["every"]
        rng = np.random.default_rng(options["seed"])
        x, z, v = task.x0.copy(), task.z0.copy(), np.zeros(task.p)
        nt, nv = -(-len(task.yt) // batch), -(-len(task.yv) // batch)
        while True:
            watch(x, z)
            nested_loop(task.xt, task.yt, task.xv, task.yv, x, z, v, batch, series, draws(rng, nt, 20 * every), draws(rng, nv, every), options["inner"], options["outer"])
    return run


def draws(rng, blocks, count):
    """Batches in random order, every one once a pass, as the peers' samplers do."""
    return np.concatenate([rng.permutation(blocks) for _ in range(-(-count // blocks))])[:count]


def sampled(loop):
    """The loops take v for the negative adjoint: v ~ -H^-1 grad_z F, as the peers do."""

    def run(task, watch, options):
        batch, every = 64, options["every"]
        rng = np.random.default_rng(options["seed"])
        x, z, v = task.x0.copy(), task.z0.copy(), np.zeros(task.p)
        nt, nv, p = -(-len(task.yt) // batch), -(-len(task.yv) // batch), task.p
        saga = (np.zeros((3, nt, p)), np.zeros((3, p)), np.zeros((nv, p)), np.zeros(p))
        olds, ds, first = np.zeros((3, p)), np.zeros((3, p)), 0
        while True:
            watch(x, z)
            dt, dv = draws(rng, nt, every), draws(rng, nv, every)
            common = (task.xt, task.yt, task.xv, task.yv, x, z, v, batch)
            if loop == "saba":
                saba_loop(*common, *saga, dt, dv, options["inner"], options["outer"])
            else:
                srba_loop(*common, olds, ds, first, options["period"] or nt + nv, dt, dv, options["inner"], options["outer"])
            first += every
    return run


METHODS = {"quasi-newton": quasi_newton, "aid-cg": aid_cg, "hoag": hoag, "saba": sampled("saba"), "srba": sampled("srba"),
           "amigo": nested(False), "stocbio": nested(True)}


def main():
    config = json.loads(sys.stdin.readline())
    task = Task(config["task"])
    value, square = task.exact(task.x0, task.z0)
    print(json.dumps({"value": value, "square": square, "compiled": COMPILED, "numpy": np.__version__}), flush=True)
    for line in sys.stdin:
        options = json.loads(line)
        method = METHODS[options["method"]]
        watch = Watch(task, options["tolerance"], options["limit"], options.get("best"))
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                method(task, watch, options)
            except Done:
                pass
        print(json.dumps({"points": [p if i in (0, len(watch.points) - 1) else p[:3] for i, p in enumerate(watch.points)]}), flush=True)


if __name__ == "__main__":
    main()

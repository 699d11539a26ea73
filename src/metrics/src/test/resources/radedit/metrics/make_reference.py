"""Writes the expected values of the tests of radedit.metrics: JSON files next to this script. Python 3.11 with

    numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 scikit-image==0.26.0 medpy==0.5.2 prdc==0.2 statsmodels==0.15.0
    mpmath==1.4.1 torchmetrics==1.9.0 torch==2.15.0

Seeds are fixed, so a second run writes the same files. NaN and Infinity are written as such.
"""
import contextlib
import io
import itertools
import json
import os
import warnings

import mpmath
import numpy as np
import prdc.prdc
import scipy.linalg
import scipy.ndimage
import scipy.spatial
import scipy.special
import scipy.stats
import skimage.metrics
import sklearn.calibration
import sklearn.metrics
import statsmodels.stats.contingency_tables
import statsmodels.stats.proportion
import torch
from medpy.metric import binary
from torchmetrics.image.fid import _compute_fid
from torchmetrics.image.kid import poly_mmd

warnings.simplefilter("ignore")
NAN = float("nan")


def plain(v):
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, np.ndarray):
        return plain(v.tolist())
    if isinstance(v, (np.floating, np.integer, np.bool_)):
        return v.item()
    return v


def write(name, cases):
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, name), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(plain(c), separators=(",", ":")) for c in cases) + "\n]\n")
    print(name, len(cases), "cases")


def bits(mask):
    return "".join("1" if b else "0" for b in np.ravel(mask))


# ---------------------------------------------------------------------------------------------------- classification

def classification_case(y, p, threshold, bins):
    """y booleans, p probabilities."""
    decided = p >= threshold
    both = 0 < y.sum() < len(y)
    tn, fp, fn, tp = sklearn.metrics.confusion_matrix(y, decided, labels=[False, True]).ravel()
    rate = dict(zero_division=np.nan)
    sensitivity = sklearn.metrics.recall_score(y, decided, **rate)
    specificity = sklearn.metrics.recall_score(~y, ~decided, **rate)
    fpr, tpr, thresholds = sklearn.metrics.roc_curve(y, p)
    best = np.argmax(tpr - fpr)
    true, predicted = sklearn.calibration.calibration_curve(y, p, n_bins=bins)
    edges = np.linspace(0, 1, bins + 1)
    ids = np.searchsorted(edges[1:-1], p)
    counts = np.bincount(ids, minlength=bins)
    gaps = np.abs(true - predicted)
    return dict(
        y=bits(y), p=p, threshold=threshold, bins=bins, tp=tp, fp=fp, tn=tn, fn=fn,
        accuracy=sklearn.metrics.accuracy_score(y, decided), sensitivity=sensitivity, specificity=specificity,
        balanced=sklearn.metrics.balanced_accuracy_score(y, decided) if both else NAN,
        ppv=sklearn.metrics.precision_score(y, decided, **rate),
        npv=sklearn.metrics.precision_score(~y, ~decided, **rate),
        f1=sklearn.metrics.f1_score(y, decided, **rate),
        auroc=sklearn.metrics.roc_auc_score(y, p) if both else NAN,
        averagePrecision=sklearn.metrics.average_precision_score(y, p) if y.any() else NAN,
        fpr=fpr, tpr=tpr, thresholds=thresholds,
        youden=[thresholds[best], tpr[best], 1 - fpr[best]] if both else [NAN] * 3,
        brier=sklearn.metrics.brier_score_loss(y, p, pos_label=True, labels=[False, True]),
        logLoss=sklearn.metrics.log_loss(y, p, labels=[False, True]),
        counts=counts, positiveShare=true, meanProbability=predicted,
        ece=(counts[counts > 0] * gaps).sum() / len(y), mce=gaps.max())


def classification():
    rng = np.random.default_rng(1)
    cases = []
    for i in range(160):
        n = int(rng.integers(1, 60))
        y = rng.random(n) < rng.choice([0.1, 0.5, 0.9])
        digits = int(rng.choice([1, 2, 6]))
        p = np.round(np.clip(rng.random(n) * 0.7 + 0.3 * y * rng.random(), 0, 1), digits)
        kind = i % 16
        if kind == 1:
            y[:] = True
        if kind == 2:
            y[:] = False
        if kind == 3:
            p[:] = 0.5
        if kind == 4:
            p = np.where(y, 0.75, 0.25)
        if kind == 5:
            p = np.where(y, 0.0, 1.0)
        if kind == 6:
            p = rng.integers(0, 2, n).astype(float)
        threshold = [0.5, float(np.round(rng.random(), digits)), float(p[0])][i % 3]
        cases.append(classification_case(y, p, threshold, int(rng.choice([1, 2, 5, 10, 15]))))
    return cases


# ---------------------------------------------------------------------------------------------------- effect of an edit

def counts(change, among):
    return [int((change & among).sum()), int(among.sum())]


def switch(doses, s, t):
    changed = np.nonzero((s >= t) != (s[0] >= t))[0]
    if len(changed) == 0:
        return NAN
    j = changed[0]
    lo, hi = sorted([j - 1, j], key=lambda k: s[k])
    return float(np.interp(t, [s[lo], s[hi]], [doses[lo], doses[hi]]))


def effect():
    rng = np.random.default_rng(2)
    cases = []
    for i in range(60):
        n, classes, k = int(rng.integers(1, 25)), int(rng.integers(1, 5)), int(rng.integers(2, 7))
        digits = int(rng.choice([1, 4]))
        scale = "PROBABILITY" if i % 2 else "LOGIT"
        draw = (lambda *s: np.round(rng.random(s), digits)) if i % 2 else (lambda *s: np.round(rng.normal(size=s) * 3, digits))
        before, after, reverse = draw(n, classes), draw(n, classes), draw(n)
        if i % 7 == 0:
            after = before.copy()
        thresholds = draw(classes)
        target = int(rng.integers(0, classes))
        t, b, a = thresholds[target], before[:, target], after[:, target]
        was, now, back = b >= t, a >= t, reverse >= t
        flips = [[counts(~w & o, ~w), counts(w & ~o, w)]
                 for w, o in zip((before >= thresholds).T, (after >= thresholds).T)]
        other = np.delete((before >= thresholds) != (after >= thresholds), target, axis=1)
        logit = (lambda x: scipy.special.logit(np.clip(x, 1e-6, 1 - 1e-6))) if i % 2 else (lambda x: x)
        d = logit(a) - logit(b)
        residual = logit(reverse) - logit(b)
        flipped = was != now
        doses = np.cumsum(np.round(rng.random(k) + 0.1, 2)) - 0.5
        curves = draw(n, k)
        if i % 3 == 0:
            curves = np.sort(curves, axis=1)[:, ::-1 if i % 2 else 1]
        if i % 5 == 0:
            curves[0] = curves[0, 0]
        steps = np.diff(curves, axis=1)
        up, down = (steps > 0).any(axis=1), (steps < 0).any(axis=1)
        rho = [NAN if len(set(c)) == 1 else scipy.stats.spearmanr(doses, c).statistic for c in curves]
        clipped = ((np.c_[a, b] < 1e-6) | (np.c_[a, b] > 1 - 1e-6)).any(axis=1).sum() if i % 2 else 0
        cases.append(dict(
            scale=scale, before=before, after=after, reverse=reverse, thresholds=thresholds, target=target, flips=flips,
            anyOther=[int(other.any(axis=1).sum()), n], otherDecisions=[int(other.sum()), other.size],
            changes=d, clipped=clipped, mean=d.mean(), median=np.median(d), meanMagnitude=np.abs(d).mean(),
            sd=d.std(ddof=1) if n > 1 else NAN,
            recovered=counts(back == was, flipped), residual=residual.mean(),
            flippedResidual=residual[flipped].mean() if flipped.any() else NAN,
            doses=doses, curves=curves, meanScores=curves.mean(axis=0), medianScores=np.median(curves, axis=0),
            doseFlips=((curves >= t) != (curves[:, :1] >= t)).sum(axis=0),
            switchPoints=[switch(doses, c, t) for c in curves],
            meanSwitch=switch(doses, curves.mean(axis=0), t), medianSwitch=switch(doses, np.median(curves, axis=0), t),
            rho=rho, monotone=[int((up & ~down).sum()), int((~up & down).sum()), int((~up & ~down).sum()),
                               int((up & down).sum())]))
    return cases


# ---------------------------------------------------------------------------------------------------- intervals and tests

def proportions():
    rng = np.random.default_rng(3)
    pairs = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 1000000), (999999, 1000000), (500000, 1000000), (0, 1000000), (3, 7),
             (0, 59), (1, 93), (2000, 100000)]
    pairs += [(int(rng.integers(0, n + 1)), n) for n in map(int, rng.integers(1, 400, 60))]
    cases = []
    for k, n in pairs:
        for level in (0.95, 0.9, 0.999):
            # As in binomtest(...).proportion_ci(level, "exact"), whose root finder stops at 2e-12.
            one = 1.0 if k == n else scipy.stats.beta.ppf(level, k + 1, n - k)
            other = 0.0 if k == 0 else scipy.stats.beta.ppf(1 - level, k, n - k + 1)
            assert abs(one - scipy.stats.binomtest(k, n, alternative="less").proportion_ci(level, "exact").high) < 1e-10
            assert abs(other - scipy.stats.binomtest(k, n, alternative="greater").proportion_ci(level, "exact").low) < 1e-10
            confint = statsmodels.stats.proportion.proportion_confint
            cp = confint(k, n, 1 - level, "beta")
            cases.append(dict(k=k, n=n, level=level, wilson=confint(k, n, 1 - level, "wilson"),
                              clopperPearson=[0.0 if k == 0 else cp[0], 1.0 if k == n else cp[1]],
                              upper=one, lower=other))
    return cases


def enumerated(d):
    """p-value of the signed rank test by all sign patterns."""
    d = d[d != 0]
    ranks = scipy.stats.rankdata(np.abs(d))
    middle = ranks.sum() / 2
    observed = abs(ranks[d > 0].sum() - middle)
    sums = [abs(np.dot(s, ranks) - middle) for s in itertools.product((0, 1), repeat=len(d))]
    return np.mean([s >= observed - 1e-9 for s in sums])


def tests():
    rng = np.random.default_rng(4)
    cases = []
    tables = [(0, 0), (0, 1), (5, 0), (10, 10), (3, 12), (40, 9), (400, 300), (2000, 1500), (1, 60), (0, 900), (100000, 101000)]
    for b, c in tables + [tuple(map(int, rng.integers(0, 80, 2))) for _ in range(30)]:
        p = statsmodels.stats.contingency_tables.mcnemar([[3, b], [c, 4]], exact=True).pvalue
        if b + c:
            assert abs(p - scipy.stats.binomtest(b, b + c).pvalue) < 1e-9
        cases.append(dict(kind="mcnemar", b=b, c=c, p=min(p, 1.0)))
    for i in range(60):
        n = int(rng.integers(2, 12)) if i < 30 else int(rng.integers(13, 130))
        d = rng.normal(size=n) + rng.normal() * 0.5
        if i % 2:
            d = np.round(d, 1)
        if i < 30:
            p = enumerated(d) if (d != 0).any() else NAN
        elif i % 2 == 0 and n <= 50:
            p = scipy.stats.wilcoxon(d, method="exact").pvalue
        else:
            n = 60 + n
            d = rng.normal(size=n) + rng.normal() * 0.3
            d = np.round(d, 1) if i % 2 else d
            p = scipy.stats.wilcoxon(d, method="asymptotic", correction=False).pvalue
        nonzero = d[d != 0]
        ranks = scipy.stats.rankdata(np.abs(nonzero))
        cases.append(dict(kind="wilcoxon", d=d, p=p, plus=ranks[nonzero > 0].sum(), minus=ranks[nonzero < 0].sum()))
    for i in range(60):
        n = int(rng.integers(2, 40))
        x = rng.normal(size=n)
        y = x * rng.normal() + rng.normal(size=n) * rng.choice([0.1, 1, 3])
        if i % 3 == 1:
            x, y = np.round(x), np.round(y)
        if i % 10 == 5:
            y[:] = 0.1
        if i % 10 == 7:
            y = np.exp(x)
        r, s = scipy.stats.pearsonr(x, y), scipy.stats.spearmanr(x, y)
        cases.append(dict(kind="correlation", x=x, y=y, pearson=[r.statistic, r.pvalue], spearman=[s.statistic, s.pvalue]))
    return cases


def bootstrap():
    rng = np.random.default_rng(5)
    statistics = dict(mean=np.mean, sd=lambda x, axis=-1: np.std(x, axis=axis, ddof=1), squares=lambda x, axis=-1: np.mean(x * x, axis=axis))
    cases = []
    for i, (name, statistic) in enumerate(list(statistics.items()) * 4):
        n = [8, 20, 60, 150][i // 3]
        x = np.round(rng.exponential(size=n) if i % 2 else rng.normal(size=n), 4)
        common = dict(confidence_level=[0.95, 0.9][i % 2], rng=np.random.default_rng(i), vectorized=True)
        few = dict(n_resamples=300, **common)
        bca = scipy.stats.bootstrap((x,), statistic, method="BCa", **few)
        percentile = scipy.stats.bootstrap((x,), statistic, method="percentile", bootstrap_result=bca, confidence_level=few["confidence_level"], n_resamples=0)
        many = dict(n_resamples=20000, **common)
        large = [scipy.stats.bootstrap((x,), statistic, method=m, **many) for m in ("BCa", "percentile")]
        cases.append(dict(statistic=name, level=few["confidence_level"], x=x, estimate=statistic(x),
                          jackknife=[statistic(np.delete(x, j)) for j in range(n)],
                          replicates=bca.bootstrap_distribution, bca=list(bca.confidence_interval),
                          percentile=list(percentile.confidence_interval), standardError=large[0].standard_error,
                          manyBca=list(large[0].confidence_interval), manyPercentile=list(large[1].confidence_interval)))
    return cases


# ---------------------------------------------------------------------------------------------------- segmentation

def shape(rng, h, w, kind):
    if kind == "empty":
        return np.zeros((h, w), bool)
    if kind == "full":
        return np.ones((h, w), bool)
    if kind == "pixel":
        m = np.zeros((h, w), bool)
        m[rng.integers(h), rng.integers(w)] = True
        return m
    if kind == "noise":
        return rng.random((h, w)) < rng.choice([0.05, 0.5, 0.95])
    y, x = np.mgrid[:h, :w]
    cy, cx, ry, rx = rng.random() * h, rng.random() * w, 1 + rng.random() * h / 2, 1 + rng.random() * w / 2
    m = ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1
    if kind == "ring":
        m &= ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 > 0.3
    return m


def segmentation():
    rng = np.random.default_rng(6)
    kinds = ["ellipse", "ellipse", "ring", "noise", "pixel", "full", "empty"]
    cases = []
    for i in range(200):
        h, w = map(int, rng.integers(1, 26, 2))
        spacing = [(1.0, 1.0), (0.143, 0.143), (2.0, 0.5), tuple(np.round(rng.random(2) * 3 + 0.1, 3).tolist())][i % 4]
        a, b = (shape(rng, h, w, str(rng.choice(kinds))) for _ in range(2))
        if i % 11 == 3:
            b = a.copy()
        neither = not a.any() and not b.any()  # where MedPy divides 0 by 0, though it means to return 1
        case = dict(h=h, w=w, spacing=spacing, a=bits(a), b=bits(b), dice=1.0 if neither else binary.dc(a, b),
                    jaccard=1.0 if neither else binary.jc(a, b))
        if a.any() and b.any():
            to_b = scipy.ndimage.distance_transform_edt(~b, sampling=spacing)
            to_a = scipy.ndimage.distance_transform_edt(~a, sampling=spacing)
            case.update(hd=binary.hd(a, b, spacing), hd95=binary.hd95(a, b, spacing), asd=binary.asd(a, b, spacing),
                        assd=binary.assd(a, b, spacing), averageHausdorff=(to_b[a].mean() + to_a[b].mean()) / 2)
        else:
            case.update(hd=NAN, hd95=NAN, asd=NAN, assd=NAN, averageHausdorff=NAN)
        if i % 5 == 0 and a.any():
            case["edt"] = np.round(scipy.ndimage.distance_transform_edt(~a, sampling=spacing), 12).ravel()
        cases.append(case)
    return cases


# ---------------------------------------------------------------------------------------------------- image

def image():
    rng = np.random.default_rng(7)
    cases = []
    for i in range(60):
        h, w = map(int, rng.integers(7, 22, 2))
        levels, digits = [(255, 0), (1, 3), (4095, 0)][i % 3]
        a = np.round(scipy.ndimage.gaussian_filter(rng.random((h, w)), i % 4) * levels, digits)
        b = np.round(np.clip(a + rng.normal(size=(h, w)) * levels * rng.choice([0.001, 0.05, 0.5]), 0, levels), digits)
        if i % 12 == 4:
            a[:] = levels / 2
        if i % 12 == 5:
            a[:], b[:] = 0, 0
        if i % 12 == 6:
            b = a.copy()
        if i % 12 == 7:
            a[:], b[:] = levels, 0
        mask = shape(rng, h, w, str(rng.choice(["ellipse", "noise", "full", "empty", "pixel"])))
        d = np.abs(b - a)
        change = lambda v: [v.size, v.mean(), v.max(), np.sqrt((v * v).mean())] if v.size else [0, NAN, NAN, NAN]
        ssim = skimage.metrics.structural_similarity
        mean, full = ssim(a, b, data_range=levels, full=True)
        case = dict(h=h, w=w, range=levels, a=a.ravel(), b=b.ravel(), mask=bits(mask), inside=change(d[mask]),
                    outside=change(d[~mask]), all=change(d.ravel()),
                    psnr=skimage.metrics.peak_signal_noise_ratio(a, b, data_range=levels), uniform=mean,
                    uniformInside=full[mask].mean() if mask.any() else NAN)
        if i % 4 == 0:
            case["uniformMap"] = full.ravel()
        if min(h, w) >= 11:
            wang = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=levels)
            case["gaussian"], full = ssim(a, b, full=True, **wang)
            if i % 4 == 0:
                case["gaussianMap"] = full.ravel()
        cases.append(case)
    return cases


# ---------------------------------------------------------------------------------------------------- features

def generator(seed, n, d, shift):
    """Features that the Java test makes in the same way: a 64-bit congruential generator, so that no matrix is stored."""
    state, out = seed, np.empty((n, d))
    for i in range(n):
        for j in range(d):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
            out[i, j] = (state >> 32) / 2 ** 32 - 0.5 + (shift if j % 3 == 0 else 0.0)
    return out


def precise_fid(x, y):
    """torchmetrics' formula in 50 digits."""
    mpmath.mp.dps = 50
    def moments(a):
        a = mpmath.matrix(a.tolist())
        n, d = a.rows, a.cols
        mean = [mpmath.fsum(a[i, j] for i in range(n)) / n for j in range(d)]
        for i in range(n):
            for j in range(d):
                a[i, j] -= mean[j]
        return mean, a.T * a / (n - 1)
    m1, c1 = moments(x)
    m2, c2 = moments(y)
    values = mpmath.eig(c1 * c2, left=False, right=False)
    d = len(m1)
    cross = mpmath.fsum(mpmath.re(mpmath.sqrt(v)) for v in values)
    return float(mpmath.fsum((p - q) ** 2 for p, q in zip(m1, m2)) + mpmath.fsum(c1[i, i] + c2[i, i] for i in range(d)) - 2 * cross)


def fid(x, y):
    """torchmetrics, checked against pytorch-fid's formula."""
    stats = [(torch.from_numpy(a.mean(axis=0)), torch.from_numpy(np.atleast_2d(np.cov(a, rowvar=False)))) for a in (x, y)]
    value = float(_compute_fid(*stats[0], *stats[1]))
    (m1, c1), (m2, c2) = [(m.numpy(), c.numpy()) for m, c in stats]
    other = ((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * np.trace(scipy.linalg.sqrtm(c1 @ c2)).real
    assert abs(value - other) < 1e-9 * (np.trace(c1) + np.trace(c2)), (value, other)
    return value


def singular_fid(x, y):
    """The same formula by LAPACK's singular values, for sizes that are too large for 50 digits."""
    f, g = [(a - a.mean(axis=0)) / np.sqrt(len(a) - 1) for a in (x, y)]
    cross = np.linalg.svd(f @ g.T, compute_uv=False).sum()
    return float(((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum() + (f * f).sum() + (g * g).sum() - 2 * cross)


def kid(x, y):
    k = lambda a, b: sklearn.metrics.pairwise.polynomial_kernel(a, b, degree=3, gamma=1 / a.shape[1], coef0=1)
    off = lambda a: (a.sum() - np.trace(a)) / len(a) / (len(a) - 1)
    value = off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean()
    if len(x) == len(y):
        assert abs(value - float(poly_mmd(torch.from_numpy(x), torch.from_numpy(y)))) < 1e-9 * max(1, k(x, x).max())
    return value


def features():
    rng = np.random.default_rng(8)
    cases = []
    sizes = [(2, 2, 1), (2, 3, 4), (5, 5, 8), (8, 12, 6), (30, 20, 3), (40, 40, 8), (9, 9, 9), (10, 9, 9), (25, 60, 2), (7, 30, 12)]
    sizes += [(300, 300, 2048), (200, 260, 64), (600, 500, 96), (120, 700, 150), (700, 120, 150)]
    # scikit-learn expands |x - y|^2, which rounds equal distances to different ones; copies need them equal.
    by_expansion = prdc.prdc.compute_pairwise_distance
    by_difference = lambda x, y=None: scipy.spatial.distance.cdist(x, x if y is None else y)
    for i, (n, m, d) in enumerate(sizes * 3):
        if i >= len(sizes) and max(n, m) > 60:
            continue
        case = dict(n=n, m=m, d=d, seeds=[2 * i + 1, 2 * i + 2], shift=[0.0, 0.1, 0.5][i % 3], change="none")
        x, y = generator(2 * i + 1, n, d, 0.0), generator(2 * i + 2, m, d, case["shift"])
        if i % 5 == 4 and d > 1:
            case["change"] = "constant feature"
            x[:, 0], y[:, 0] = 0.25, 0.25
        if i % 5 == 3:
            case["change"] = "copies"
            y[: min(n, m) // 2] = x[: min(n, m) // 2]
        if i == 2:
            case["change"] = "same"
            y = x.copy()
        regular = min(n, m) > 2 * d and case["change"] != "constant feature"
        case["fid"] = fid(x, y) if regular else precise_fid(x, y) if d <= 12 else singular_fid(x, y)
        case["scale"] = float(x.var(axis=0, ddof=1).sum() + y.var(axis=0, ddof=1).sum())
        case["kid"] = kid(x, y)
        prdc.prdc.compute_pairwise_distance = by_difference if case["change"] in ("copies", "same") else by_expansion
        for k in (1, 5):
            if min(n, m) >= k + 2:
                with contextlib.redirect_stdout(io.StringIO()):
                    case["prdc%d" % k] = {a: float(b) for a, b in prdc.compute_prdc(x, y, k).items()}
        cases.append(case)
    return cases


if __name__ == "__main__":
    write("classification.json", classification())
    write("effect.json", effect())
    write("proportions.json", proportions())
    write("tests.json", tests())
    write("bootstrap.json", bootstrap())
    write("segmentation.json", segmentation())
    write("image.json", image())
    write("features.json", features())

#!/usr/bin/env python3
"""Golden values for the tests: a small network of "Learning to Deblur" in numpy, in double precision.

Written from the paper (arXiv 1406.7444, equation numbers below) and from the conventions listed in
net/package-info.java, to be independent of the Java code: spectra are full, and gradients are not
back-propagated but carried along with the values (forward differentiation, one pass per parameter).

    python3 golden.py [folder]      writes network.safetensors and optimizers.safetensors

Only numpy is needed. Everything is drawn from fixed seeds. Files hold 32-bit floats, because the reader of
the project knows no others: inputs and parameters are exactly representable, and an expected array "name"
is split into "name" (rounded to 32 bits) and "name#lo" (what the rounding took off, rounded as well); their
sum is good to some 14 digits.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np


class Dual:
    """An array and its derivative with respect to one parameter."""

    def __init__(self, v, d=None):
        self.v = np.asarray(v)
        self.d = np.zeros_like(self.v) if d is None else np.asarray(d)

    def __add__(self, o):
        o = dual(o)
        return Dual(self.v + o.v, self.d + o.d)

    def __sub__(self, o):
        o = dual(o)
        return Dual(self.v - o.v, self.d - o.d)

    def __mul__(self, o):
        o = dual(o)
        return Dual(self.v * o.v, self.d * o.v + self.v * o.d)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, o):
        o = dual(o)
        return Dual(self.v / o.v, self.d / o.v - self.v * o.d / o.v**2)

    def __getitem__(self, i):
        return Dual(self.v[i], self.d[i])

    def linear(self, f):
        """A linear map (over the real numbers) is applied to both."""
        return Dual(f(self.v), f(self.d))

    def bilinear(self, f, o):
        o = dual(o)
        return Dual(f(self.v, o.v), f(self.d, o.v) + f(self.v, o.d))

    def conj(self):
        return self.linear(np.conj)

    def real(self):
        return self.linear(np.real)

    def sum(self, axis=None):
        return self.linear(lambda a: a.sum(axis=axis))

    def tanh(self):
        t = np.tanh(self.v)
        return Dual(t, (1 - t * t) * self.d)

    def exp(self):
        e = np.exp(self.v)
        return Dual(e, e * self.d)

    def positive(self):
        return Dual(np.where(self.v > 0, self.v, 0), np.where(self.v > 0, self.d, 0))


def dual(a):
    return a if isinstance(a, Dual) else Dual(a)


# -- the network --------------------------------------------------------------------------------------------


def good_size(n):
    """The smallest even product of 2, 3 and 5 that is not below n."""
    good = {2**a * 3**b * 5**c for a in range(1, 12) for b in range(8) for c in range(6)}
    return min(g for g in good if g >= n)


def barthann(n):
    """Bartlett-Hann window from 0 over 1 to 0."""
    t = np.arange(n) / (n - 1) - 0.5
    return np.maximum(0, 0.62 - 0.48 * abs(t) + 0.38 * np.cos(2 * np.pi * t))


def taper(shape):
    return np.outer(barthann(shape[0]), barthann(shape[1]))


def correlate(images, filters):
    """images (c, h, w), filters (n, c, k, k); the valid region (n, h - k + 1, w - k + 1)."""
    k = filters.shape[-1]
    patches = np.lib.stride_tricks.sliding_window_view(images, (k, k), axis=(1, 2))
    return np.einsum('cyxuv,ncuv->nyx', patches, filters)


def features(images, p):
    """Eq. 2, with two recombinations; first all x~_i, then all y~_i."""
    hidden = images.bilinear(correlate, p['filters'])
    for m in ('mix1', 'mix2'):
        hidden = hidden.tanh().bilinear(lambda h, w: np.einsum('oi,iyx->oyx', w, h), p[m])
    return hidden


def spectrum(a, shape):
    return a.linear(lambda v: np.fft.fft2(v, shape))


def quotient(fx, fy, log_beta):
    """Eq. 4 and 5; fx, fy (pairs, h, w)."""
    power = (fx.conj() * fx).real()
    return (fx.conj() * fy).sum(0) / (power.sum(0) + dual(log_beta).exp())


def estimate_kernel(xy, p, size):
    """Section 3.1.2. Kernel in convolution orientation, origin in the middle."""
    pairs = xy.v.shape[0] // 2
    f = spectrum(xy, [good_size(n) for n in xy.v.shape[1:]])
    k = quotient(f[:pairs], f[pairs:], p['log_beta_k']).linear(np.fft.ifft2).real()
    r = size // 2
    k = k.linear(lambda v: np.roll(v, (r, r), (0, 1))[:size, :size]).positive()
    return k / k.sum()


def wrap_around(image, shape):
    """Goes over from the last value to the first along half a cosine, first across, then down."""
    for axis in (1, 0):
        image = np.moveaxis(image, axis, 0)
        n = shape[axis] - len(image)
        t = 0.5 - 0.5 * np.cos(np.pi * np.arange(1, n + 1) / (n + 1))
        image = np.concatenate([image, (1 - t[:, None]) * image[-1] + t[:, None] * image[0]])
        image = np.moveaxis(image, 0, axis)
    return image


def estimate_image(kernel, padded, p, shape):
    """Section 3.1.3."""
    size = kernel.v.shape[0]
    r = size // 2

    def place(k):
        plane = np.zeros(padded.shape)
        plane[:size, :size] = k
        return np.roll(plane, (-r, -r), (0, 1))

    fk = spectrum(kernel.linear(place), padded.shape)
    latent = quotient(fk[None], dual(np.fft.fft2(padded)[None]), p['log_beta_x']).linear(np.fft.ifft2)
    return latent.real()[:shape[0], :shape[1]]


def resample(n_in, n_out):
    """Matrix of a Catmull-Rom interpolation, widened when shrinking; the edges are replicated."""
    step = n_in / n_out
    widen = max(1, step)
    center = (np.arange(n_out) + 0.5) * step - 0.5
    reach = int(2 * widen) + 2
    at = np.arange(-reach, n_in + reach)
    t = abs(at[None] - center[:, None]) / widen
    w = np.where(t < 1, 1 - 2.5 * t**2 + 1.5 * t**3, np.where(t < 2, 2 - 4 * t + 2.5 * t**2 - 0.5 * t**3, 0))
    w /= w.sum(1, keepdims=True)
    replicate = np.eye(n_in)[np.clip(at, 0, n_in - 1)]
    return w @ replicate


def resize(image, shape):
    rows, columns = (resample(n, m) for n, m in zip(image.shape, shape))
    return rows @ image @ columns.T


def network(spec, parameters, blurry, target, seen=None):
    """Section 3.2. Returns the loss; what is computed on the way is put into seen."""
    seen = {} if seen is None else seen
    finest = spec['scales'][-1]['kernel']
    latent = None
    loss = dual(0.0)
    for scale in spec['scales']:
        name, size = scale['weights'], scale['kernel']
        shape = [int(np.floor(n * size / finest + 0.5)) for n in blurry.shape]
        y = blurry if size == finest else resize(blurry, shape)
        padded = wrap_around(y, [good_size(n + size - 1) for n in shape])
        seen['host/blurry/' + name], seen['host/padded/' + name] = y, padded
        if latent is not None:
            latent = latent.linear(lambda v: resize(v, shape))
        for s in range(1, len(scale['stages']) + 1):
            prefix = f'{name}/{s}/'
            p = {k[len(prefix):]: v for k, v in parameters.items() if k.startswith(prefix)}
            images = dual(y[None]) if latent is None else Dual(
                np.stack([latent.v, y]), np.stack([latent.d, 0 * y]))
            f = features(images, p)
            window = taper(f.v.shape[1:])
            f = f * window
            kernel = estimate_kernel(f, p, size)
            latent = estimate_image(kernel, padded, p, shape)
            seen['host/window/' + name] = window
            seen['features/' + prefix[:-1]] = f.v
            seen['kernel/' + prefix[:-1]] = kernel.v
            seen['latent/' + prefix[:-1]] = latent.v
            if size == finest:
                difference = kernel - target
                error = (difference * difference).sum() / (target**2).sum()
                seen['error/' + prefix[:-1]] = error.v[None]
                loss = loss + error
    return loss


def gradients(spec, parameters, blurry, target):
    result = {}
    for name, values in parameters.items():
        g = np.zeros(values.size)
        for i in range(values.size):
            direction = np.zeros(values.size)
            direction[i] = 1
            moved = dict(parameters)
            moved[name] = Dual(values, direction.reshape(values.shape))
            g[i] = network(spec, moved, blurry, target).d
        result[name] = g.reshape(values.shape)
    return result


# -- the example --------------------------------------------------------------------------------------------


def exact(a):
    """Rounded to 32 bits, as doubles."""
    return np.asarray(a, np.float32).astype(float)


def example():
    rng = np.random.default_rng(20140628)
    stage = dict(filters=4, filterSize=3, hidden=3, layers=2, pairs=2, learnBetaK=True)
    spec = dict(scales=[dict(kernel=k, weights=f'k{k}', stages=[stage, stage]) for k in (3, 5)])
    parameters = {}
    for scale in spec['scales']:
        for s in (1, 2):
            prefix = f"{scale['weights']}/{s}/"
            inputs = 1 if prefix == 'k3/1/' else 2
            filters = rng.normal(size=(4, inputs, 3, 3))
            parameters[prefix + 'filters'] = exact(filters - filters.mean((2, 3), keepdims=True))
            parameters[prefix + 'mix1'] = exact(rng.normal(size=(3, 4)) / 2)
            parameters[prefix + 'mix2'] = exact(rng.normal(size=(4, 3)) / 2)
            # y~ not unlike x~, so that the kernels have a peak and something around it
            mix = parameters[prefix + 'mix2']
            mix[2:] = exact(mix[:2] + rng.normal(size=(2, 3)) / 8)
            parameters[prefix + 'log_beta_k'] = exact([np.log(0.5 + s / 4)])
            parameters[prefix + 'log_beta_x'] = exact([np.log(0.02 * s)])
    # a few bright rectangles, blurred by a streak, and noise
    sharp = np.full((28, 26), 0.2)
    for _ in range(9):
        y, x = rng.integers(0, 24), rng.integers(0, 22)
        sharp[y:y + rng.integers(3, 11), x:x + rng.integers(3, 11)] = rng.uniform(0.2, 0.9)
    streak = np.array([[0, 0, 0, 1, 2], [0, 0, 2, 3, 1], [0, 1, 4, 1, 0], [0, 2, 1, 0, 0], [0, 1, 0, 0, 0.0]])
    target = exact(streak / streak.sum())
    blurry = correlate(sharp[None], target[None, None, ::-1, ::-1])[0]
    blurry = exact(np.clip(blurry + rng.normal(size=blurry.shape) / 100, 0, 1))
    return spec, parameters, blurry, target


def check(spec, parameters, blurry, target, found):
    """The carried derivatives against differences of the loss, for a few parameters."""
    rng = np.random.default_rng(1)
    for name, g in found.items():
        i = rng.integers(g.size)
        losses = []
        for step in (-1e-5, 1e-5):
            moved = {k: v.copy() for k, v in parameters.items()}
            moved[name].flat[i] += step
            losses.append(float(network(spec, moved, blurry, target).v))
        difference = (losses[1] - losses[0]) / 2e-5
        assert abs(difference - g.flat[i]) < 1e-6 * (abs(g).max() + 1e-3), (name, i, difference, g.flat[i])


# -- optimizers ---------------------------------------------------------------------------------------------


def optimizers():
    """Ten steps each (SOAP: 25) on a quadratic bowl. The gradients are rounded to 32 bits before they are used."""
    rng = np.random.default_rng(1212)
    n, steps = 6, 10
    curvature, minimum = rng.uniform(0.1, 30, n), rng.normal(size=n)
    start = exact(rng.normal(size=n))
    start[0] = exact(minimum[0])  # a tiny gradient
    out = {'start': start}

    def run(name, step, steps=steps, noise=0):
        w, all_w, all_g = start.copy(), [], []
        for t in range(1, steps + 1):
            g = exact(curvature * (w - minimum) + noise * rng.normal(size=n))
            w = w + step(g, t)
            all_g.append(g)
            all_w.append(w)
        out[name + '/gradients'] = np.array(all_g)
        out.update(split(name + '/weights', np.array(all_w)))

    # Zeiler 2012, algorithm 1; the paper's rate is a factor of the update
    rate, decay, epsilon = 0.01, 0.95, 1e-6
    g2, x2 = np.zeros(n), np.zeros(n)

    def adadelta(g, _):
        g2[:] = decay * g2 + (1 - decay) * g**2
        dx = -np.sqrt(x2 + epsilon) / np.sqrt(g2 + epsilon) * g
        x2[:] = decay * x2 + (1 - decay) * dx**2
        return rate * dx

    run('adadelta', adadelta)

    # Kingma and Ba 2015, algorithm 1
    m, v = np.zeros(n), np.zeros(n)

    def adam(g, t):
        m[:] = 0.9 * m + 0.1 * g
        v[:] = 0.999 * v + 0.001 * g**2
        return -0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    run('adam', adam)

    # Vyas et al. 2024, algorithms 3 and 4, for 2 rows and 3 columns
    mean, square, moments, bases = np.zeros((2, 3)), np.zeros((2, 3)), [0, 0], [None, None]

    def soap(g, t):
        g = g.reshape(2, 3)
        for side, now in enumerate((g @ g.T, g.T @ g)):
            moments[side] = 0.98 * moments[side] + 0.02 * now
            if t == 1:
                bases[side] = np.linalg.eigh(moments[side])[1][:, ::-1]  # the largest first
            elif t % 10 == 1:
                bases[side] = np.linalg.qr(moments[side] @ bases[side])[0]
        left, right = bases
        if t == 1:
            return np.zeros(6)
        t -= 1
        mean[:] = 0.9 * mean + 0.1 * g
        square[:] = 0.999 * square + 0.001 * (left.T @ g @ right)**2
        m, v = mean / (1 - 0.9**t), square / (1 - 0.999**t)
        return -0.01 * (left @ (left.T @ m @ right / (np.sqrt(v) + 1e-8)) @ right.T).ravel()

    run('soap', soap, 25, 1)  # the same gradient twice would be diagonal in its own basis
    return out


# -- files --------------------------------------------------------------------------------------------------


def split(name, a):
    high = a.astype(np.float32)
    return {name: high, name + '#lo': (a - high).astype(np.float32)}


def save(file, tensors, metadata):
    header, data = {'__metadata__': metadata}, b''
    for name, a in tensors.items():
        raw = np.ascontiguousarray(a, '<f4').tobytes()
        offsets = [len(data), len(data) + len(raw)]
        header[name] = dict(dtype='F32', shape=list(np.shape(a)), data_offsets=offsets)
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    file.write_bytes(struct.pack('<Q', len(text)) + text + data)
    print(file.name, 8 + len(text) + len(data), 'bytes')


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / 'resources' / 'golden'
    spec, parameters, blurry, target = example()
    tensors = {'blurry': blurry, 'target': target}
    tensors.update({'parameters/' + k: v for k, v in parameters.items()})
    seen = {}
    loss = network(spec, parameters, blurry, target, seen)
    found = gradients(spec, parameters, blurry, target)
    check(spec, parameters, blurry, target, found)
    seen['loss'] = loss.v[None]
    seen.update({'gradient/' + k: v for k, v in found.items()})
    for name, a in seen.items():
        tensors.update(split(name, a))
    about = 'src/test/python/golden.py; "name" + "name#lo" is the expected value of "name"'
    save(folder / 'network.safetensors', tensors, dict(spec=json.dumps(spec), about=about))
    save(folder / 'optimizers.safetensors', optimizers(), dict(about=about))
    np.set_printoptions(precision=3, suppress=True)
    for s in ('k3/1', 'k3/2', 'k5/1', 'k5/2'):
        print('kernel', s, np.array2string(seen['kernel/' + s]).replace('\n', ''))
    print('errors', seen['error/k5/1'], seen['error/k5/2'], 'loss', float(loss.v))


if __name__ == '__main__':
    main()

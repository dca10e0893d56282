#!/usr/bin/env python3
"""The network of "Learning to Deblur" in PyTorch: an independent check of the Java one, and its rival in speed.

    python3 torch_peer.py [--model file] [--kernels 9,17] [--threads 2] [--no-race]
                          [--classpath target/test-classes:...]

Run in the project's folder. Starts the Java side (PeerRun in src/test/java, through Maven unless a class path
is given), which writes a batch of 8 examples and its own kernels, latent images and gradients. The same is
computed here from the same model file, and the largest differences are printed. Differences of two
computations in 32 bits say little without a scale: "rounding" is what PyTorch's own 32-bit result differs
from its 64-bit one. Then both do training steps (forward, backward, update of all weights) in turns, one
waiting while the other works, with the same number of threads.

PyTorch races in the way that is fastest for it, which is tried out first: OpenMP threads within an operation,
or threads of our own over examples, with 1 to 8 examples per call. On two cores (AMD EPYC, AVX-512; Debian's
PyTorch 1.13) that was anything from 2.6 to 16.6 examples/s. OpenMP threads wait for each other at every
operation: with other work on the machine PyTorch loses more than Java does, so race on an idle one only. On two
idle cores of Zen 4: one scale of 17x17, Java 27.6 and PyTorch 11.1 examples/s, ratio 2.6; scales 9 and 17, 19.7
and 7.3, ratio 2.7.

Needs PyTorch and numpy (Debian: python3-torch; run it with /usr/bin/python3 where there are several). Not
needed by the test suite.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from golden import good_size, resample, taper, wrap_around

RATE = 1e-7  # as in PeerRun: the weights stay nearly what they are
ROUNDS, STEPS = 7, 3


def load(file):
    """Tensors and metadata of a safetensors file of 32-bit floats."""
    raw = Path(file).read_bytes()
    length, = struct.unpack('<Q', raw[:8])
    header, data = json.loads(raw[8:8 + length]), raw[8 + length:]
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, t in header.items():
        begin, end = t['data_offsets']
        tensors[name] = np.frombuffer(data[begin:end], '<f4').reshape(t['shape'])
    return tensors, metadata


class Network:
    """All scales and stages, bound to a batch of blurry images. Equation numbers of arXiv 1406.7444."""

    def __init__(self, spec, parameters, blurry, target, earlier_loss, dtype):
        self.scales = spec['scales']
        self.p = {k: torch.tensor(v, dtype=dtype, requires_grad=True) for k, v in parameters.items()}
        self.target = torch.tensor(target, dtype=dtype)
        self.earlier_loss = earlier_loss
        # What does not depend on the weights is computed once, in double precision
        tensor = lambda a: torch.tensor(np.array(a), dtype=dtype)
        if spec.get('normalized'):
            blurry = blurry - blurry.astype(float).mean(axis=(1, 2), keepdims=True)
            blurry = 0.2 * blurry / blurry.std(axis=(1, 2), keepdims=True)
        finest, full = self.scales[-1]['kernel'], blurry.shape[1:]
        self.shapes, self.blurry, self.spectra, self.windows, self.enlarge = [], [], [], [], []
        for i, scale in enumerate(self.scales):
            size = scale['kernel']
            shape = [int(np.floor(n * size / finest + 0.5)) for n in full]
            rows, columns = (resample(n, m) if n != m else np.eye(n) for n, m in zip(full, shape))
            small = [rows @ b.astype(float) @ columns.T for b in blurry]
            padded = [wrap_around(b, [good_size(n + size - 1) for n in shape]) for b in small]
            self.shapes.append(shape)
            self.blurry.append(tensor(small)[:, None])
            self.spectra.append(torch.fft.rfft2(tensor(padded)))
            self.windows.append([tensor(taper([n - s['filterSize'] + 1 for n in shape])) for s in scale['stages']])
            if i > 0:
                self.enlarge.append([tensor(resample(n, m)) for n, m in zip(self.shapes[i - 1], shape)])

    def features(self, images, prefix, layers):
        """Eq. 2; channels: first all x~_i, then all y~_i."""
        h = F.conv2d(images, self.p[prefix + 'filters'])
        for m in range(1, layers + 1):
            h = F.conv2d(torch.tanh(h), self.p[f'{prefix}mix{m}'][:, :, None, None])
        return h

    def kernel(self, features, prefix, size):
        """Eq. 4, cropped, without negative values, sum 1; the origin is in the middle."""
        pairs = features.shape[1] // 2
        shape = [good_size(n) for n in features.shape[2:]]
        f = torch.fft.rfft2(features, s=shape)
        x, y = f[:, :pairs], f[:, pairs:]
        power = (x.real**2 + x.imag**2).sum(1)
        k = torch.fft.irfft2((x.conj() * y).sum(1) / (power + self.p[prefix + 'log_beta_k'].exp()), s=shape)
        k = torch.roll(k, (size // 2, size // 2), (1, 2))[:, :size, :size].clamp(min=0)
        return k / k.sum((1, 2), keepdim=True)

    def latent(self, kernel, spectrum, prefix, shape, size):
        """Eq. 5."""
        padded = [good_size(n + size - 1) for n in shape]
        k = F.pad(kernel, (0, padded[1] - size, 0, padded[0] - size))
        k = torch.fft.rfft2(torch.roll(k, (-(size // 2), -(size // 2)), (1, 2)))
        power = k.real**2 + k.imag**2
        image = torch.fft.irfft2(k.conj() * spectrum / (power + self.p[prefix + 'log_beta_x'].exp()), s=padded)
        return image[:, None, :shape[0], :shape[1]]

    def forward(self, everything=False):
        """The loss, summed over the batch, and (if asked for) all kernels and latent images by name."""
        seen, latent, loss = {}, None, 0
        for i, scale in enumerate(self.scales):
            size, shape, y = scale['kernel'], self.shapes[i], self.blurry[i]
            finest = i == len(self.scales) - 1
            if latent is not None:
                rows, columns = self.enlarge[i - 1]
                latent = rows @ latent @ columns.T
            for s, stage in enumerate(scale['stages']):
                prefix, last = f"{scale['weights']}/{s + 1}/", s == len(scale['stages']) - 1
                images = y if latent is None else torch.cat([latent, y], 1)
                kernel = self.kernel(self.features(images, prefix, stage['layers']) * self.windows[i][s], prefix, size)
                if everything or not (finest and last):
                    latent = self.latent(kernel, self.spectra[i], prefix, shape, size)
                if everything:
                    seen[f'kernel/{i + 1}/{s + 1}'], seen[f'latent/{i + 1}/{s + 1}'] = kernel, latent[:, 0]
                if finest:
                    error = ((kernel - self.target)**2).sum((1, 2)) / (self.target**2).sum((1, 2))
                    loss = loss + (1 if last else self.earlier_loss) * error.sum()
        return loss, seen

    def gradients(self):
        """By name; zero for what the loss does not depend on, or what the spec holds fixed."""
        for p in self.p.values():
            p.grad = None
        self.forward()[0].backward()
        fixed = {f"{scale['weights']}/{s + 1}/log_beta_k" for scale in self.scales
                 for s, stage in enumerate(scale['stages']) if not stage['learnBetaK']}
        return {n: torch.zeros_like(p) if p.grad is None or n in fixed else p.grad for n, p in self.p.items()}

    def results(self):
        with torch.no_grad():
            all_results = {n: v.double().numpy() for n, v in self.forward(True)[1].items()}
        for n, v in self.gradients().items():
            all_results['gradient/' + n] = v.detach().double().numpy()
        return all_results


class Training:
    """Steps of plain gradient descent, the batch cut into parts; lanes of parts run side by side."""

    def __init__(self, spec, parameters, blurry, target, earlier_loss, part, lanes, threads):
        self.name = f'{part} per call, {lanes} lane(s) of {threads} OpenMP thread(s)'
        self.networks = [Network(spec, parameters, blurry[i:i + part], target[i:i + part], earlier_loss, torch.float32)
                         for i in range(0, len(blurry), part)]
        self.threads = threads
        # one lane stays in this thread: pools made later would change its number of OpenMP threads
        self.map = map if lanes == 1 else ThreadPoolExecutor(
            lanes, initializer=torch.set_num_threads, initargs=(threads,)).map

    def step(self):
        found = list(self.map(Network.gradients, self.networks))
        with torch.no_grad():
            for name in found[0]:
                update = RATE * sum(g[name] for g in found)
                for network in self.networks:
                    network.p[name] -= update

    def seconds(self, steps):
        torch.set_num_threads(self.threads)
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        return (time.perf_counter() - start) / steps


def fastest(inputs, threads):
    """PyTorch at its best with this number of threads."""
    best = None
    for lanes in sorted({1, threads}):
        for part in (1, 2, 4, 8):
            if len(inputs[2]) // part < lanes:
                continue
            way = Training(*inputs, part, lanes, threads // lanes)
            way.seconds(1)
            seconds = statistics.median(way.seconds(1) for _ in range(3))
            print(f'PyTorch, {way.name}: {len(inputs[2]) / seconds:.2f} examples/s')
            if best is None or seconds < best[0]:
                best = seconds, way
    return best


def compare(java, single, double):
    """One line per quantity: differences, as such and relative to its largest value."""
    worst = {}  # by kind: absolute, relative
    print(f"{'':26}{'Java - PyTorch':>16}{'relative':>11}{'rounding':>11}")
    for name, exact in double.items():
        largest = max(abs(exact).max(), 1e-30)
        difference = abs(java[name] - single[name]).max()
        rounding = abs(single[name] - exact).max() / largest
        print(f'{name:26}{difference:16.2e}{difference / largest:11.1e}{rounding:11.1e}')
        kind = name.split('/')[0]
        worst[kind] = np.maximum(worst.get(kind, 0), (difference, difference / largest))
    for kind, (difference, relative) in worst.items():
        print(f'peer largest_difference_{kind}={difference:.2e} relative={relative:.1e}')


def start_java(options, folder):
    model = options.model or 'random:' + options.kernels
    if options.classpath:
        command = ['java', '--add-modules', 'jdk.incubator.vector', '-cp', options.classpath,
                   'io.github.learningtodeblur.PeerRun', model, folder, str(options.threads)]
    else:
        command = ['mvn', '-q', 'test-compile', 'exec:exec@peer', f'-Dmodel={model}', f'-Dout={folder}',
                   f'-Dthreads={options.threads}']
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def answer(java, keyword):
    for line in java.stdout:
        if line.startswith(keyword + ' '):
            return line[len(keyword):].strip()
    sys.exit('The Java side has ended without an answer, see its messages above')


def race(java, training):
    """Seconds per step of both, in turns."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        java.stdin.write('\n')
        java.stdin.flush()
        ours.append(float(answer(java, 'seconds')))
        theirs.append(training.seconds(STEPS))
    return ours, theirs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--model', help='default: three untrained stages per scale')
    parser.add_argument('--kernels', default='17', help='scales of the untrained model; default: 17')
    parser.add_argument('--no-race', action='store_true', help='compare results only, a matter of seconds')
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--classpath', help='of the compiled tests; default: Maven finds it')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        java = start_java(options, folder)
        print('Java:', answer(java, 'ready'))
        print('PyTorch:', torch.__version__, 'threads:', options.threads)
        parameters, metadata = load(Path(folder) / 'model.safetensors')
        results, settings = load(Path(folder) / 'java.safetensors')
        spec = json.loads(metadata['spec'])
        inputs = (spec, parameters, results['blurry'], results['target'], float(settings['earlier_loss']))
        compare(results, *(Network(*inputs, t).results() for t in (torch.float32, torch.float64)))
        if options.no_race:
            java.stdin.close()
            java.wait()
            return
        trial, way = fastest(inputs, options.threads)
        ours, theirs = race(java, way)
        java.stdin.close()
        java.wait()
    batch = len(results['blurry'])
    for name, seconds in (('java', ours), ('pytorch', theirs)):
        print(f'peer {name}_examples_per_s={batch / statistics.median(seconds):.2f} step_s='
              f'{statistics.median(seconds):.3f} ({min(seconds):.3f} to {max(seconds):.3f})')
    print(f'peer way: {way.name}')
    if not 0.8 < statistics.median(theirs) / trial < 1.25:
        print('peer warning: PyTorch was not as fast in the race as before it; do not trust the ratio')
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    print(f'peer ratio={ratio:.2f} at {options.threads} threads, batch {batch}, {results["blurry"].shape[2]}x'
          f'{results["blurry"].shape[1]} pixels')


if __name__ == '__main__':
    main()

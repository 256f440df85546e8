"""Small networks on the handwritten digits, for the tables behind functions of `plannerbench`.

Many networks of one shape are trained at once, in the same arrays. SGD has a momentum of 0.9; all rates are constant.
Needs numpy.
"""

import gzip

import numpy as np


def read(folder, part):
    """Images between -1 and 1, and labels."""
    with gzip.open(f"{folder}/{part}-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 64)
    with gzip.open(f"{folder}/{part}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read()[8:], np.uint8)
    return images.astype(np.float32) / 8 - 1, labels.astype(int)


def forward(weights, biases, x, activation):
    """The inputs of every layer, and last the outputs; shape [network, sample, unit]."""
    inputs = [x]
    for layer, (weight, bias) in enumerate(zip(weights, biases)):
        x = inputs[-1] @ weight + bias
        if layer < len(weights) - 1:
            x = np.maximum(x, 0) if activation == "relu" else np.tanh(x)
        inputs.append(x)
    return inputs


def probabilities(outputs):
    shares = np.exp(outputs - outputs.max(axis=2, keepdims=True))
    return shares / shares.sum(axis=2, keepdims=True)


def training(shape, optimizer, batch, rates, decays, seeds, data, epochs):
    """Yields the outputs on the test images after every epoch; shape [network, image, class].

    `shape` is layers, units and activation; `rates`, `decays` (of the weights, by a penalty) and `seeds` have one number
    for each network; `data` is the images and labels to train on, and the test images.
    """
    layers, units, activation = shape
    images, labels, test = data
    rates = np.asarray(rates, np.float32)[:, None, None]
    decays = np.asarray(decays, np.float32)[:, None, None]
    sizes = [64] + [units] * layers + [10]
    gain = 2 if activation == "relu" else 1
    generators = {seed: np.random.default_rng(seed) for seed in sorted(set(seeds))}
    weights, biases = [], []
    for above, below in zip(sizes[1:], sizes):
        drawn = {s: g.normal(0, np.sqrt(gain / below), (below, above)) for s, g in generators.items()}
        weights.append(np.stack([drawn[seed] for seed in seeds]).astype(np.float32))
        biases.append(np.zeros((len(seeds), 1, above), np.float32))
    values = weights + biases
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    steps = 0
    for _ in range(epochs):
        drawn = {seed: g.permutation(len(images)) for seed, g in generators.items()}
        orders = np.stack([drawn[seed] for seed in seeds])
        for start in range(0, len(images) - batch + 1, batch):
            rows = orders[:, start:start + batch]
            inputs = forward(weights, biases, images[rows], activation)
            delta = (probabilities(inputs[-1]) - np.eye(10, dtype=np.float32)[labels[rows]]) / batch
            slopes = [None] * len(values)
            for layer in reversed(range(len(weights))):
                slopes[layer] = inputs[layer].transpose(0, 2, 1) @ delta
                if decays.any():
                    slopes[layer] += decays * weights[layer]
                slopes[len(weights) + layer] = delta.sum(axis=1, keepdims=True)
                if layer:
                    delta = delta @ weights[layer].transpose(0, 2, 1)
                    delta *= (inputs[layer] > 0) if activation == "relu" else 1 - inputs[layer] ** 2
            steps += 1
            for value, slope, m, v in zip(values, slopes, first, second):
                if optimizer == "sgd":
                    m *= 0.9
                    m += slope
                    value -= rates * m
                else:
                    m += 0.1 * (slope - m)
                    v += 0.001 * (slope**2 - v)
                    value -= rates * (m / (1 - 0.9**steps)) / (np.sqrt(v / (1 - 0.999**steps)) + 1e-8)
        yield forward(weights, biases, np.broadcast_to(test, (len(seeds), *test.shape)), activation)[-1]

"""Trains small networks on the handwritten digits: the table behind the function netdigits of `plannerbench goals`.

    python3 netdigits.py DIGITS OUT.csv

DIGITS is the folder of the data, Sources/Datasets/Resources/digits. Needs numpy. A row is the mean test error of three
trainings that differ by their seeds: 20 epochs of minibatches of 32, with a constant rate; SGD with a momentum of 0.9,
or Adam. A network whose outputs are not finite has the error of chance. All rates and seeds of one shape are trained at
once, in the same arrays.
"""

import csv
import gzip
import sys

import numpy as np

LAYERS = (1, 2, 3)
UNITS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
ACTIVATIONS = ("relu", "tanh")
RATES = {"sgd": [10 ** (k / 2) for k in range(-6, 1)], "adam": [10 ** (k / 2) for k in range(-8, -1)]}
SEEDS, EPOCHS, BATCH, CHANCE = 3, 20, 32, 0.9


def read(folder, part):
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


def errors(layers, units, activation, optimizer, train, test):
    """The mean error for each rate."""
    images, labels = train
    rates = np.repeat(RATES[optimizer], SEEDS).astype(np.float32)[:, None, None]
    sizes = [64] + [units] * layers + [10]
    gain = 2 if activation == "relu" else 1
    generators = [np.random.default_rng(seed) for seed in range(SEEDS)]
    weights, biases = [], []
    for above, below in zip(sizes[1:], sizes):
        drawn = [g.normal(0, np.sqrt(gain / below), (below, above)) for g in generators]
        weights.append(np.stack(drawn * len(RATES[optimizer])).astype(np.float32))
        biases.append(np.zeros((len(rates), 1, above), np.float32))
    values = weights + biases
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    steps = 0
    for _ in range(EPOCHS):
        orders = np.stack([g.permutation(len(images)) for g in generators] * len(RATES[optimizer]))
        for start in range(0, len(images) - BATCH + 1, BATCH):
            rows = orders[:, start:start + BATCH]
            inputs = forward(weights, biases, images[rows], activation)
            outputs = np.exp(inputs[-1] - inputs[-1].max(axis=2, keepdims=True))
            outputs /= outputs.sum(axis=2, keepdims=True)
            delta = (outputs - np.eye(10, dtype=np.float32)[labels[rows]]) / BATCH
            slopes = [None] * len(values)
            for layer in reversed(range(len(weights))):
                slopes[layer] = inputs[layer].transpose(0, 2, 1) @ delta
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
    images, labels = test
    outputs = forward(weights, biases, np.broadcast_to(images, (len(rates), *images.shape)), activation)[-1]
    wrong = np.where(
        np.isfinite(outputs).all(axis=(1, 2)), (outputs.argmax(axis=2) != labels).mean(axis=1), CHANCE)
    return wrong.reshape(-1, SEEDS).mean(axis=1)


def main():
    folder, out = sys.argv[1:]
    np.seterr(all="ignore")
    train, test = read(folder, "train"), read(folder, "test")
    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["layers", "units", "activation", "optimizer", "rate", "error", "weights"])
        for layers in LAYERS:
            for units in UNITS:
                weights = 65 * units + (layers - 1) * (units + 1) * units + (units + 1) * 10
                for activation in ACTIVATIONS:
                    for optimizer, rates in RATES.items():
                        shape = [layers, units, activation, optimizer]
                        for rate, error in zip(rates, errors(*shape, train, test)):
                            rows.writerow(shape + [f"{rate:.5g}", f"{error:.5f}", weights])
                    file.flush()


if __name__ == "__main__":
    main()

"""Trains small networks on the handwritten digits and keeps their learning curves: a table for `plannerbench curves`.

    python3 netcurves.py DIGITS WRONG OUT.csv

DIGITS is the folder of the data, Sources/Datasets/Resources/digits; WRONG the share of the training labels that are
replaced by random ones: 0 for netcurves.csv, 0.3 for noisycurves.csv. Needs numpy. A row has the mean cross-entropy on
the test images after each of 27 epochs, at most 9.99; a training whose outputs are not finite has no more numbers from
there on.
"""

import csv
import sys

import numpy as np

from digitnets import probabilities, read, training

LAYERS = (1, 2, 3)
UNITS = (4, 8, 16, 32, 64)
ACTIVATIONS = ("relu", "tanh")
BATCHES = (16, 64)
DECAYS = (1e-5, 1e-3, 3e-2)
RATES = {"sgd": [10 ** (k / 2) for k in range(-6, 1)], "adam": [10 ** (k / 2) for k in range(-8, -1)]}
EPOCHS = 27


def curves(shape, optimizer, batch, train, test):
    """The loss after each epoch; shape [epoch, network]."""
    rates = np.repeat(RATES[optimizer], len(DECAYS))
    decays = np.array(DECAYS * len(RATES[optimizer]))
    images, labels = test
    losses = []
    for outputs in training(shape, optimizer, batch, rates, decays, [0] * len(rates), (*train, images), EPOCHS):
        right = probabilities(outputs)[:, np.arange(len(labels)), labels]
        loss = np.minimum(-np.log(np.maximum(right, 1e-30)).mean(axis=1), 9.99)
        losses.append(np.where(np.isfinite(outputs).all(axis=(1, 2)), loss, np.nan))
    return np.array(losses), rates, decays


def main():
    folder, wrong, out = sys.argv[1:]
    np.seterr(all="ignore")
    (images, labels), test = read(folder, "train"), read(folder, "test")
    random = np.random.default_rng(1)
    labels = np.where(random.random(len(labels)) < float(wrong), random.integers(0, 10, len(labels)), labels)
    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(
            ["layers", "units", "activation", "batch", "optimizer", "rate", "decay"]
            + [f"e{epoch}" for epoch in range(1, EPOCHS + 1)])
        for layers in LAYERS:
            for units in UNITS:
                for activation in ACTIVATIONS:
                    for batch in BATCHES:
                        for optimizer in RATES:
                            shape = (layers, units, activation)
                            losses, rates, decays = curves(shape, optimizer, batch, (images, labels), test)
                            for losses, rate, decay in zip(losses.T, rates, decays):
                                known = losses[:int(np.append(np.flatnonzero(np.isnan(losses)), EPOCHS)[0])]
                                row = [layers, units, activation, batch, optimizer, f"{rate:.5g}", f"{decay:g}"]
                                rows.writerow(row + [f"{loss:.3g}" for loss in known])
                    file.flush()


if __name__ == "__main__":
    main()

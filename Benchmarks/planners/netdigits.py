"""Trains small networks on the handwritten digits: the table behind the function netdigits of `plannerbench goals`.

    python3 netdigits.py DIGITS OUT.csv

DIGITS is the folder of the data, Sources/Datasets/Resources/digits. Needs numpy. A row is the mean test error of three
trainings that differ by their seeds: 20 epochs of minibatches of 32. A network whose outputs are not finite has the
error of chance.
"""

import csv
import sys

import numpy as np

from digitnets import read, training

LAYERS = (1, 2, 3)
UNITS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
ACTIVATIONS = ("relu", "tanh")
RATES = {"sgd": [10 ** (k / 2) for k in range(-6, 1)], "adam": [10 ** (k / 2) for k in range(-8, -1)]}
SEEDS, EPOCHS, BATCH, CHANCE = 3, 20, 32, 0.9


def errors(shape, optimizer, train, test):
    """The mean error for each rate."""
    rates = np.repeat(RATES[optimizer], SEEDS)
    seeds = list(range(SEEDS)) * len(RATES[optimizer])
    images, labels = test
    for outputs in training(shape, optimizer, BATCH, rates, 0 * rates, seeds, (*train, images), EPOCHS):
        pass
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
                        found = errors((layers, units, activation), optimizer, train, test)
                        for rate, error in zip(rates, found):
                            rows.writerow(
                                [layers, units, activation, optimizer, f"{rate:.5g}", f"{error:.5f}", weights])
                    file.flush()


if __name__ == "__main__":
    main()

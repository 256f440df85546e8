"""Logistic regression on points of two classes. It prints its losses as text, and knows nothing of revsweep."""

import argparse
import math
import random

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=0.1)
parser.add_argument("--momentum", type=float, default=0.0)
parser.add_argument("--epochs", type=int, default=10)
options = parser.parse_args()

numbers = random.Random(0)
points = []
for _ in range(200):
    label = numbers.choice([0, 1])
    points.append((numbers.gauss(2 * label - 1, 1), numbers.gauss(1 - 2 * label, 1), label))
training, validation = points[:150], points[150:]


def probability(weights, x, y):
    return 1 / (1 + math.exp(-max(-30, min(30, weights[0] * x + weights[1] * y + weights[2]))))


def loss(weights, data):
    return -sum(math.log(abs(probability(weights, x, y) - 1 + label) + 1e-12) for x, y, label in data) / len(data)


weights, steps = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
for epoch in range(1, options.epochs + 1):
    for x, y, label in training:
        error = probability(weights, x, y) - label
        for index, value in enumerate((x, y, 1)):
            steps[index] = options.momentum * steps[index] - options.learning_rate * error * value
            weights[index] += steps[index]
    losses = loss(weights, training), loss(weights, validation)
    print(f"epoch {epoch}/{options.epochs}: train_loss={losses[0]:.4f} val_loss={losses[1]:.4f}")

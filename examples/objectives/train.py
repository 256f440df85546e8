"""Fits a curve by radial basis functions with rounded weights: the error on other points, and how large the model is."""

import argparse
import json
import math

parser = argparse.ArgumentParser()
parser.add_argument("--centres", type=int, default=10)
parser.add_argument("--width", type=float, default=0.1)
parser.add_argument("--ridge", type=float, default=1e-3)
parser.add_argument("--bits", type=int, default=8)
options = parser.parse_args()


def target(x):
    return math.sin(12 * x) * math.exp(-x) + 0.3 * math.sin(40 * x)


def features(x):
    places = [index / max(1, options.centres - 1) for index in range(options.centres)]
    return [math.exp(-(((x - place) / options.width) ** 2) / 2) for place in places]


def solve(matrix, right):
    """Gaussian elimination with the greatest pivot."""
    size = len(right)
    rows = [row + [value] for row, value in zip(matrix, right)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for place in range(column, size + 1):
                rows[row][place] -= factor * rows[column][place]
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][place] * solution[place] for place in range(row + 1, size))
        solution[row] = (rows[row][size] - known) / rows[row][row]
    return solution


points = [index / 60 for index in range(61)]
table = [features(x) for x in points]
size = options.centres
normal = [
    [sum(row[i] * row[j] for row in table) + (options.ridge if i == j else 0) for j in range(size)] for i in range(size)
]
right = [sum(row[i] * target(x) for row, x in zip(table, points)) for i in range(size)]
weights = solve(normal, right)

# Each weight is rounded to one of 2^bits values.
largest = max(abs(weight) for weight in weights) or 1.0
levels = 2 ** (options.bits - 1) - 1 or 1
weights = [round(weight / largest * levels) / levels * largest for weight in weights]

others = [(index + 0.5) / 60 for index in range(60)]
errors = [sum(w * f for w, f in zip(weights, features(x))) - target(x) for x in others]
error = math.sqrt(sum(e * e for e in errors) / len(errors))
print(json.dumps({"error": min(error, 1e6), "bytes": math.ceil(options.centres * options.bits / 8)}))

"""Fits a polynomial to the points of a file beside the sweep file, in whose folder it is started."""

import argparse
import csv
import json

from regression.polynomial import fit, predict

parser = argparse.ArgumentParser()
parser.add_argument("--degree", type=int, required=True)
parser.add_argument("--ridge", type=float, required=True)
options = parser.parse_args()

with open("data/points.csv") as file:
    points = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
weights = fit(points[::2], options.degree, options.ridge)
error = sum((predict(weights, x) - y) ** 2 for x, y in points[1::2]) / len(points[1::2])
print(json.dumps({"error": error}))

"""Gradient descent with momentum on a narrow valley, the options read by argparse."""

import argparse
import json

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=0.1)
parser.add_argument("--momentum", type=float, default=0.0)
parser.add_argument("--epochs", type=int, default=20)
options = parser.parse_args()

curvatures = [1.0, 10.0]
place, velocity = [1.0, 1.0], [0.0, 0.0]
for epoch in range(1, options.epochs + 1):
    for axis, curvature in enumerate(curvatures):
        velocity[axis] = options.momentum * velocity[axis] - options.learning_rate * curvature * place[axis]
        place[axis] += velocity[axis]
    loss = sum(curvature * x * x / 2 for curvature, x in zip(curvatures, place))
    print(json.dumps({"step": epoch, "loss": min(loss, 1e9)}))

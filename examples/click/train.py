"""A nearest-neighbour classifier of two noisy rings, the options read by click."""

import json
import math
import random

import click


def ring(radius, label, count):
    for _ in range(count):
        angle = random.uniform(0, 2 * math.pi)
        distance = random.gauss(radius, 0.35)
        yield (distance * math.cos(angle), distance * math.sin(angle)), label


@click.command()
@click.option("--neighbours", type=int, default=5)
@click.option("--distance-power", type=float, default=2)
@click.option("--weigh-by-distance/--no-weigh-by-distance", default=False)
def train(neighbours, distance_power, weigh_by_distance):
    random.seed(1)
    known = [*ring(1, -1, 60), *ring(2, 1, 60)]
    asked = [*ring(1, -1, 60), *ring(2, 1, 60)]

    def distance(a, b):
        return sum(abs(x - y) ** distance_power for x, y in zip(a, b)) ** (1 / distance_power)

    right = 0
    for point, label in asked:
        nearest = sorted((distance(point, other), vote) for other, vote in known)[:neighbours]
        votes = sum(vote / (far + 1e-9) if weigh_by_distance else vote for far, vote in nearest)
        right += (votes > 0) == (label > 0)
    print(json.dumps({"accuracy": right / len(asked)}))


train()

"""Why long Gauss-Newton runs in single precision end where those in double do not.

    python3 Benchmarks/rounding/rounding.py

All is computed in double, with numpy. A run of 28 steps is made twice, the second time with every feature disturbed
by 6e-8 of itself, which is the rounding of single precision. After each step: how far apart the weights are, how many
units of ReLU are on in one run and off in the other, and whether the pseudo-inverses kept equal ranks.
"""
import numpy as np

FEATURES, HIDDEN, CLASSES, BATCH, BATCHES, BLOCKS = 64, 200, 10, 100, 7, 2
HALF, MOMENTUM, DECAY, THRESHOLD = FEATURES // 2, 0.5, 0.01, 1e-2


class Run:
    def __init__(self, seed, rate, identity, disturbance):
        draw = np.random.default_rng(seed)
        shape = (BLOCKS, 2)
        self.projection = [[draw.normal(size=(HALF, HIDDEN)) / np.sqrt(HIDDEN) for _ in "FG"] for _ in range(BLOCKS)]
        self.theta = [
            [np.vstack([draw.normal(size=(HIDDEN, HALF)) * 1e-3, np.zeros((1, HALF))]) for _ in "FG"]
            for _ in range(BLOCKS)
        ]
        self.readout, _ = np.linalg.qr(draw.normal(size=(FEATURES, CLASSES)))
        self.velocity = np.zeros(shape).tolist()
        self.images = np.random.default_rng(7).normal(size=(BATCHES, BATCH, FEATURES))
        self.targets = np.eye(CLASSES)[np.arange(BATCH) % CLASSES]
        self.noise, self.disturbance = np.random.default_rng(99), disturbance
        self.rate, self.identity = rate, identity

    def features(self, block, coupling, x):
        z = x @ self.projection[block][coupling]
        return np.hstack([np.maximum(z, 0) if block else z, np.ones((len(x), 1))])

    def coupling(self, block, coupling, x):
        return self.features(block, coupling, x) @ self.theta[block][coupling]

    def derivative(self, block, coupling, x, tangent):
        z = x @ self.projection[block][coupling]
        slope = (z > 0) if block else 1.0
        return ((tangent @ self.projection[block][coupling]) * slope) @ self.theta[block][coupling][:-1]

    def solve(self, features, tangent):
        if self.disturbance:
            features = features * (1 + self.disturbance * self.noise.normal(size=features.shape))
        left, singular, right = np.linalg.svd(features, full_matrices=False)
        kept = singular >= THRESHOLD * singular[0]
        self.ranks.append(int(kept.sum()))
        return right[kept].T @ ((left[:, kept].T @ tangent) / singular[kept, None])

    def step(self, iteration):
        self.ranks, self.on, steps = [], [], []
        x = self.images[iteration % BATCHES]
        x1, x2 = x[:, :HALF], x[:, HALF:]
        for block in range(BLOCKS):
            x1 = x1 + self.coupling(block, 0, x2)
            x2 = x2 + self.coupling(block, 1, x1)
        logits = np.hstack([x1, x2]) @ self.readout
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        error = p - self.targets if self.identity else 2 * (logits - self.targets)
        v = error @ self.readout.T
        v1, v2 = v[:, :HALF], v[:, HALF:]
        for block in reversed(range(BLOCKS)):
            y1 = x1
            x2 = x2 - self.coupling(block, 1, y1)
            x1 = y1 - self.coupling(block, 0, x2)
            first, second = self.features(block, 0, x2), self.features(block, 1, y1)
            if block:
                self.on += [first > 0, second > 0]
            step1 = self.solve(first, v1)
            step2 = self.solve(second, v2 - self.derivative(block, 1, y1, first @ step1))
            steps.append((block, (step1, step2)))
            u2 = v2 - self.derivative(block, 1, y1, v1)
            v1, v2 = v1 - self.derivative(block, 0, x2, u2), u2
        for block, pair in steps:
            for index, step in enumerate(pair):
                theta = self.theta[block][index]
                self.velocity[block][index] = MOMENTUM * self.velocity[block][index] + step + DECAY * theta
                self.theta[block][index] = theta - self.rate * self.velocity[block][index]

    def weights(self):
        return np.concatenate([theta.ravel() for block in self.theta for theta in block])


for name, seed, rate, identity in [
    ("cross entropy, curvature identity, rate 0.3", 1, 0.3, True),
    ("squared error, rate 0.2, seed 0", 0, 0.2, False),
    ("squared error, rate 0.2, seed 1", 1, 0.2, False),
    ("squared error, rate 0.1, seed 2", 2, 0.1, False),
]:
    exact, disturbed = (Run(seed, rate, identity, disturbance) for disturbance in (0, 6e-8))
    print(f"\n{name}\nstep  distance  units that differ  ranks")
    for iteration in range(28):
        exact.step(iteration)
        disturbed.step(iteration)
        distance = np.linalg.norm(exact.weights() - disturbed.weights()) / np.linalg.norm(exact.weights())
        units = sum(int((a != b).sum()) for a, b in zip(exact.on, disturbed.on))
        if iteration % 9 == 0 or units in range(1, 3) or iteration == 27:
            ranks = "equal" if exact.ranks == disturbed.ranks else "differ"
            print(f"{iteration + 1:4}  {distance:8.1e}  {units:17}  {ranks}")

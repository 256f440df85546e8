def features(x, degree):
    return [x**power for power in range(degree + 1)]


def fit(points, degree, ridge):
    """The coefficients w that minimise |Aw - y|² + ridge |w|²."""
    rows = [features(x, degree) for x, _ in points]
    size = degree + 1
    system = [
        [sum(row[i] * row[j] for row in rows) + (ridge if i == j else 0) for j in range(size)]
        + [sum(row[i] * y for row, (_, y) in zip(rows, points))]
        for i in range(size)
    ]
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(system[row][pivot]))
        system[pivot], system[best] = system[best], system[pivot]
        for row in range(size):
            if row != pivot:
                factor = system[row][pivot] / system[pivot][pivot]
                system[row] = [a - factor * b for a, b in zip(system[row], system[pivot])]
    return [system[row][size] / system[row][row] for row in range(size)]


def predict(weights, x):
    return sum(weight * feature for weight, feature in zip(weights, features(x, len(weights) - 1)))

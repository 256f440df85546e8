import Foundation
import SweepSearch

/// Functions with bounds on further metrics, which are the excesses: what is above 0 is too much.
let boundedFunctions = [srn, c2dtlz2, boundedBranin]

// Srinivas and Deb 1994, "Multiobjective Optimization Using Nondominated Sorting in Genetic Algorithms". A sixth of the
// space is within both bounds, and both bounds cut the front.
private let srn = VectorFunction(
    .bounds, "srn", reference: [245, 25], front: srnFront,
    [Parameter("x", .uniform(min: -20, max: 20)), Parameter("y", .uniform(min: -20, max: 20))]
) { v in
    let (x, y) = (v["x"], v["y"])
    return ObjectiveVector(
        values: srnValues(x, y), excesses: [square(x) + square(y) - 225, x - 3 * y + 10])
}

private func srnValues(_ x: Double, _ y: Double) -> [Double] {
    [2 + square(x - 2) + square(y - 1), 9 * x - square(y - 1)]
}

/// Inside the bounds the gradients of the objectives are opposite where x = −2.5; beyond the ends of that line the best
/// is on a bound.
private let srnFront: [[Double]] = (0...10_000).flatMap { index in
    let share = Double(index) / 10_000
    let onLine = 2.5 + share * (218.75.squareRoot() - 2.5)
    let onSecondBound = 2.5 + 1.2 * share
    let angle = (0.5 + 0.12 * share) * .pi
    return [
        srnValues(-2.5, onLine), srnValues(3 * onSecondBound - 10, onSecondBound),
        srnValues(15 * cos(angle), 15 * sin(angle)),
    ]
}

// Jain and Deb 2014, "An Evolutionary Many-Objective Optimization Algorithm Using Reference-Point Based Nondominated
// Sorting Approach, Part II": of the front of DTLZ2 three pieces are left, of which the middle one lies alone. With two
// objectives and their radius of 0.5 the pieces would overlap; it is 0.2, as others have it.
private let c2dtlz2 = VectorFunction(
    .bounds, "c2dtlz2", reference: [1.1, 1.1], front: quarterCircle.filter { c2Excess($0) <= 0 }, cube(6, 0, 1)
) { v in
    let values = dtlz2(v.vector(6), objectives: 2)
    return ObjectiveVector(values: values, excesses: [c2Excess(values)])
}

private let quarterCircle: [[Double]] = (0...20_000).map { index in
    let angle = Double(index) / 40_000 * Double.pi
    return [cos(angle), sin(angle)]
}

/// How far a point with two objectives is outside the nearest of the circles around (1, 0), (0, 1) and (√½, √½), in
/// squares.
private func c2Excess(_ values: [Double]) -> Double {
    let half = 0.5
    let centres: [[Double]] = [[1, 0], [0, 1], [half.squareRoot(), half.squareRoot()]]
    return centres.map { square(values[0] - $0[0]) + square(values[1] - $0[1]) - 0.04 }.min() ?? 0
}

// One objective: Branin's function inside a disc, outside which two of its three minima lie (Gelbart, Snoek and Adams
// 2014, "Bayesian Optimization with Unknown Constraints"). The volume is the distance to the reference.
private let boundedBranin = VectorFunction(
    .bounds, "bounded-branin", reference: [100], best: 100 - 0.39788735772973816,
    [Parameter("x1", .uniform(min: -5, max: 10)), Parameter("x2", .uniform(min: 0, max: 15))]
) { v in
    let excess = square(v["x1"] - 2.5) + square(v["x2"] - 7.5) - 50
    return ObjectiveVector(values: [BenchFunction.named("branin")?.value(v) ?? .nan], excesses: [excess])
}

import Foundation
import SweepSearch

/// DTLZ2 of Deb, Thiele, Laumanns and Zitzler 2005, "Scalable Test Problems for Evolutionary Multiobjective
/// Optimization", with six parameters. The front is the part of the unit sphere where no objective is negative; the
/// reference is at 1.1 in each, as usual.
let dtlzFunctions = [
    VectorFunction(.dtlz, "dtlz2-2", reference: [1.1, 1.1], best: 1.21 - .pi / 4, cube(6, 0, 1)) { v in
        ObjectiveVector(values: dtlz2(v.vector(6), objectives: 2))
    },
    VectorFunction(.dtlz, "dtlz2-3", reference: [1.1, 1.1, 1.1], best: 1.331 - .pi / 6, cube(6, 0, 1)) { v in
        ObjectiveVector(values: dtlz2(v.vector(6), objectives: 3))
    },
]

/// A point at the distance 1 + g from the origin: the first parameters are its angles, the others make up g.
func dtlz2(_ x: [Double], objectives: Int) -> [Double] {
    let angles = x.prefix(objectives - 1).map { $0 * .pi / 2 }
    let radius = x.dropFirst(objectives - 1).reduce(1) { $0 + square($1 - 0.5) }
    return (0..<objectives).map { objective in
        let cosines = angles.dropLast(objective).reduce(radius) { $0 * cos($1) }
        return objective == 0 ? cosines : cosines * sin(angles[objectives - 1 - objective])
    }
}

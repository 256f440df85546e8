import Foundation
import RandomStreams
import SweepSearch

/// Smooth functions to practise on, which show how close to a minimum a model can come.
let practiceLandscapes = [peaks6, peaks3, bends4, bowl12, needle4]

// Four hills whose slopes differ from one dimension to the next.
private let peaks6 = BenchFunction(.practice, "peaks6", optimum: -1.0373847400564575, cube(6, 0, 1)) { v in
    peaks(v.vector(6), stream: 5)
}

private let peaks3 = BenchFunction(.practice, "peaks3", optimum: -1.1621564981301509, cube(3, 0, 1)) { v in
    peaks(v.vector(3), stream: 2)
}

// A valley that winds through four dimensions; its ground falls slowly.
private let bends4 = BenchFunction(.practice, "bends4", optimum: 0, cube(4, -2, 2)) { v in
    let x = v.vector(4)
    var sum = 0.5 * square(x[0] - 0.7)
    for (left, right) in zip(x, x.dropFirst()) { sum += 40 * square(right - 1.3 * sin(1.6 * left)) }
    return sum
}

// Twelve dimensions, each half as important as the one before.
private let bowl12 = BenchFunction(.practice, "bowl12", optimum: 0, cube(12, -1, 1)) { v in
    var sum = 0.0
    var weight = 1.0
    var before = 0.0
    for (index, x) in v.vector(12).enumerated() {
        let distance = x - 0.6 * sin(Double(3 * index + 1))
        sum += weight * (square(distance) + 0.6 * distance * before)
        weight /= 2
        before = distance
    }
    return log1p(3 * sum)
}

// A cone with ripples, far out nearly flat.
private let needle4 = BenchFunction(.practice, "needle4", optimum: 0, cube(4, -1, 1)) { v in
    let x = zip(v.vector(4), [0.31, -0.52, 0.13, 0.64]).map { $0 - $1 }
    let distance = x.reduce(0) { $0 + square($1) }.squareRoot()
    let ripples = x.reduce(0) { $0 + square(sin(9 * $1)) }
    return 1 - exp(-4 * distance) + 0.05 * ripples
}

/// Minus the sum of four hills; the least values were found by descent from many places.
private func peaks(_ x: [Double], stream: UInt64) -> Double {
    var random = RandomStream(seed: 11, stream: stream)
    var sum = 0.0
    for height in [1, 0.85, 0.6, 0.5] {
        var exponent = 0.0
        for u in x { exponent += (0.5 + 40 * square(random.uniform())) * square(u - 0.1 - 0.8 * random.uniform()) }
        sum += height * exp(-exponent)
    }
    return -sum
}

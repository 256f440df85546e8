import Foundation
import RandomStreams
import SweepSearch

/// Flat and smooth functions to practise on, whose values span many orders of magnitude.
let practiceValleys = [powell4, dixon5, zakharov4, trid6, colville4, bend3, wells6, wells4]

// Its curvature vanishes at the minimum, in two directions of four.
private let powell4 = BenchFunction(.practice, "powell4", optimum: 0, cube(4, -4, 5)) { v in
    let x = v.vector(4)
    return square(x[0] + 10 * x[1]) + 5 * square(x[2] - x[3]) + square(square(x[1] - 2 * x[2]))
        + 10 * square(square(x[0] - x[3]))
}

// Dixon and Price's chain of parabolas: two minima in a curved valley.
private let dixon5 = BenchFunction(.practice, "dixon5", optimum: 0, cube(5, -4, 3)) { v in
    let x = v.vector(5)
    var sum = square(x[0] - 1)
    for index in 1..<5 { sum += Double(index + 1) * square(2 * x[index] * x[index] - x[index - 1]) }
    return sum
}

// Steep along one diagonal.
private let zakharov4 = BenchFunction(.practice, "zakharov4", optimum: 0, cube(4, -5, 10)) { v in
    let x = v.vector(4)
    let diagonal = x.enumerated().reduce(0) { $0 + 0.5 * Double($1.offset + 1) * $1.element }
    return x.reduce(0) { $0 + square($1) } + square(diagonal) + square(square(diagonal))
}

// A quadratic with its minimum off the centre of the box.
private let trid6 = BenchFunction(.practice, "trid6", optimum: -50, cube(6, -36, 36)) { v in
    let x = v.vector(6)
    var sum = 0.0
    for index in 0..<6 { sum += square(x[index] - 1) - (index > 0 ? x[index] * x[index - 1] : 0) }
    return sum
}

// Two curved valleys side by side.
private let colville4 = BenchFunction(.practice, "colville4", optimum: 0, cube(4, -3, 3)) { v in
    let x = v.vector(4)
    let first = 100 * square(x[0] * x[0] - x[1]) + square(x[0] - 1)
    let second = 90 * square(x[2] * x[2] - x[3]) + square(x[2] - 1)
    return first + second + 10.1 * (square(x[1] - 1) + square(x[3] - 1)) + 19.8 * (x[1] - 1) * (x[3] - 1)
}

// A cubic valley in three dimensions.
private let bend3 = BenchFunction(.practice, "bend3", optimum: 0, cube(3, -1.5, 2)) { v in
    let x = v.vector(3)
    return 60 * square(x[1] - x[0] * x[0] * x[0] + 0.4 * x[0]) + 30 * square(x[2] - 0.7 * x[1] * x[1] + 0.3)
        + square(x[0] - 1.1)
}

// Wells of Gaussian shape, as wide in one dimension as narrow in another; the deepest is not far from the others.
private let wells6 = BenchFunction(.practice, "wells6", optimum: -1.4643366065293364, cube(6, 0, 1)) { v in
    wells(v.vector(6), stream: 1)
}

private let wells4 = BenchFunction(.practice, "wells4", optimum: -2.428425722294019, cube(4, 0, 1)) { v in
    wells(v.vector(4), stream: 2)
}

private func wells(_ x: [Double], stream: UInt64) -> Double {
    var random = RandomStream(seed: 12, stream: stream)
    var sum = 0.0
    for depth in [1, 0.7, 0.5, 0.4, 0.3] {
        var exponent = 0.0
        for u in x { exponent += pow(10, -1 + 2.2 * random.uniform()) * square(u - 0.15 - 0.7 * random.uniform()) }
        sum += depth * exp(-exponent)
    }
    return -sum
}

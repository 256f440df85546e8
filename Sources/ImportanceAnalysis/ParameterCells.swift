import Foundation
import SweepModel
import SweepSearch

/// The values of one parameter in at most fifty cells, and the smooth density that counts in them stand for.
///
///     let cells = ParameterCells(.logUniform(min: 1e-3, max: 1), observed: [])
///     cells?.cell(of: .number(1e-3))     // 0
///     cells?.cell(of: .number(1))        // 49
///
/// It is the grid of Optuna's evaluator. Distributions that Optuna does not have are taken as they are exported: a
/// normal one as a range of four standard deviations to both sides, the weights of choices are left out, and an
/// ordinal is a choice.
struct ParameterCells: Sendable, Hashable {
    private enum Kind: Sendable, Hashable {
        /// Cells of equal width on a linear or logarithmic axis, whose middles are the bounds for the first and last.
        case numbers(low: Double, width: Double, isLogarithmic: Bool)
        case choices(ValuePlaces)
    }

    private let kind: Kind
    let count: Int

    private static let maxCount = 50.0
    /// What keeps a density from being 0, as a divisor.
    private static let floor = 1e-12

    /// Nil for a parameter that can have one value only: nothing can depend on it.
    ///
    /// - Parameter observed: values of trials. The range of a normal distribution is wide enough for all of them.
    init?(_ distribution: Distribution, observed: some Sequence<ParameterValue>) {
        switch distribution {
        case .choice(let values, _), .ordinal(let values):
            if values.count < 2 { return nil }
            self.init(kind: .choices(ValuePlaces(values)), count: values.count)
        case .integer(let min, let max, let step, let log):
            let (low, high) = (Double(min), Double(max))
            let span = high - low
            let cells =
                log
                ? (Foundation.log(span + 1) / Foundation.log(2)).rounded(.up) + 1
                : (span / Double(step)).rounded(.down) + 1
            // The last integer that a step reaches may lie below the bound.
            self.init(low, log ? high : low + (cells - 1) * Double(step), cells: cells, isLogarithmic: log)
        case .quantized(let axis, let min, let max, let step):
            // Bounds that are multiples are so but for rounding.
            let (first, last) = ((min / step - 1e-9).rounded(.up), (max / step + 1e-9).rounded(.down))
            switch axis {
            case .linear: self.init(first * step, last * step, cells: last - first + 1, isLogarithmic: false)
            case .logarithmic: self.init(min, max, cells: Self.maxCount, isLogarithmic: true)
            case .normal, .logNormal: self.init(axis, min, max, observed)
            }
        case .real(let axis, let min, let max):
            switch axis {
            case .linear: self.init(min, max, cells: Self.maxCount, isLogarithmic: false)
            case .logarithmic: self.init(min, max, cells: Self.maxCount, isLogarithmic: true)
            case .normal, .logNormal: self.init(axis, min, max, observed)
            }
        }
    }

    /// The range of a normal axis: four standard deviations to both sides, and wider if values were observed there.
    private init?(_ axis: NumberAxis, _ min: Double, _ max: Double, _ observed: some Sequence<ParameterValue>) {
        var (low, high, isLogarithmic) = (min, max, false)
        switch axis {
        case .normal(let mean, let std): (low, high) = (mean - 4 * std, mean + 4 * std)
        case .logNormal(let mean, let std):
            (low, high, isLogarithmic) = (exp(mean - 4 * std), exp(mean + 4 * std), true)
        case .linear, .logarithmic: break
        }
        (low, high) = (Swift.max(low, min), Swift.min(high, max))
        for case let number? in observed.lazy.map(\.asNumber) where number.isFinite && (!isLogarithmic || number > 0) {
            (low, high) = (Swift.min(low, number), Swift.max(high, number))
        }
        self.init(low, high, cells: Self.maxCount, isLogarithmic: isLogarithmic)
    }

    /// - Parameter cells: how many cells there would be without a limit; a whole number.
    private init?(_ low: Double, _ high: Double, cells: Double, isLogarithmic: Bool) {
        guard low < high, cells >= 2, !isLogarithmic || low > 0 else { return nil }
        let limited = Swift.min(cells, Self.maxCount)
        let (first, last) = isLogarithmic ? (log(low), log(high)) : (low, high)
        let width = (last - first) / (limited - 1)
        guard width > 0, width.isFinite else { return nil }
        self.init(kind: .numbers(low: first, width: width, isLogarithmic: isLogarithmic), count: Int(limited))
    }

    private init(kind: Kind, count: Int) {
        self.kind = kind
        self.count = count
    }

    /// No trial in any cell.
    var empty: [Int] { Array(repeating: 0, count: count) }

    /// The cell of a value; nil for one that is none of the choices, or no number.
    func cell(of value: ParameterValue) -> Int? {
        switch kind {
        case .choices(let places): return places[value]
        case .numbers(let low, let width, let isLogarithmic):
            guard let number = value.asNumber, number.isFinite, !isLogarithmic || number > 0 else { return nil }
            let place = ((isLogarithmic ? log(number) : number) - low) / width
            // A value in the middle between two cells belongs to the lower one.
            return Int(min(Double(count - 1), max(0, (place - 0.5).rounded(.up))))
        }
    }

    // MARK: Density

    /// The density over the cells: a mixture of one kernel for each occupied cell, weighted by how many trials are in
    /// it, and a kernel with the weight of one trial that is spread over all.
    func density(of counts: [Int]) -> [Double] {
        let occupied = counts.enumerated().filter { $0.element > 0 }.map { (cell: $0.offset, trials: $0.element) }
        return switch kind {
        case .numbers: numberDensity(occupied)
        case .choices: choiceDensity(occupied)
        }
    }

    private func choiceDensity(_ occupied: [(cell: Int, trials: Int)]) -> [Double] {
        let total = Double(occupied.reduce(0) { $0 + $1.trials } + 1)
        let kernels = Double(occupied.count + 1)
        let cells = Double(count)
        // A kernel gives most to its own cell, and the same to all.
        let unit = 1 / (cells / kernels + 1)
        let all = occupied.reduce(0.0) { $0 + Double($1.trials) / total / kernels * unit }
        var density = [Double](repeating: 1 / total / cells + all, count: count)
        for (cell, trials) in occupied { density[cell] += Double(trials) / total * unit }
        return density.map { $0 + Self.floor }
    }

    private func numberDensity(_ occupied: [(cell: Int, trials: Int)]) -> [Double] {
        let total = occupied.reduce(0) { $0 + $1.trials }
        let bandwidth = Self.bandwidth(of: occupied, total)
        let weight = 1 / Double(total + 1)
        /// The part of a normal distribution in a cell, before it is cut off at the ends of the grid.
        func mass(_ place: Double, around mean: Double, _ deviation: Double) -> Double {
            Self.mass(from: (place - 0.5 - mean) / deviation, to: (place + 0.5 - mean) / deviation)
        }
        /// What is left of it there, so that each kernel makes 1.
        func whole(around mean: Double, _ deviation: Double) -> Double {
            Self.mass(from: (-0.5 - mean) / deviation, to: (Double(count) - 0.5 - mean) / deviation)
        }
        var density = [Double](repeating: 0, count: count)
        // All narrow kernels stand in the middle of a cell: what they have in another one depends on how far that is.
        let masses = (1 - count..<max(1, count)).map { mass(Double($0), around: 0, bandwidth) }
        for (cell, trials) in occupied {
            let whole = whole(around: Double(cell), bandwidth)
            for place in density.indices {
                density[place] += Double(trials) * weight * masses[place - cell + count - 1] / whole
            }
        }
        let (middle, spread) = (Double(count - 1) / 2, Double(count))
        let all = whole(around: middle, spread)
        for place in density.indices { density[place] += weight * mass(Double(place), around: middle, spread) / all }
        return density.map { $0 + Self.floor }
    }

    /// Scott's rule for the width of the kernels, in cells: `1.059 · min(IQR / 1.34, σ) · n^(−1/5)`, but at least so
    /// wide that 90 % of a kernel lie in its own cell.
    private static func bandwidth(of occupied: [(cell: Int, trials: Int)], _ total: Int) -> Double {
        let count = Double(total)
        let mean = occupied.reduce(0) { $0 + Double($1.cell * $1.trials) } / count
        let squares = occupied.reduce(0) {
            $0 + Double($1.trials) * (Double($1.cell) - mean) * (Double($1.cell) - mean)
        }
        let deviation = (squares / Double(max(1, total - 1))).squareRoot()
        var cumulative: [Int] = []
        for (_, trials) in occupied { cumulative.append((cumulative.last ?? 0) + trials) }
        let lower = cumulative.firstIndex { $0 >= total / 4 } ?? cumulative.count
        let upper = cumulative.firstIndex { $0 > total * 3 / 4 } ?? cumulative.count
        guard let last = occupied.indices.last else { return 0.5 / 1.64 }
        let range = Double(occupied[min(last, upper)].cell - occupied[min(last, lower)].cell)
        return max(1.059 * min(range / 1.34, deviation) * pow(count, -0.2), 0.5 / 1.64)
    }

    /// The part of a standard normal distribution between two numbers. Far from 0 the difference is taken on the side
    /// where both are small, which keeps its digits.
    private static func mass(from left: Double, to right: Double) -> Double {
        func below(_ bound: Double) -> Double { 0.5 * erfc(-bound / 2.0.squareRoot()) }
        return left <= 0 ? below(right) - below(left) : below(-left) - below(-right)
    }
}

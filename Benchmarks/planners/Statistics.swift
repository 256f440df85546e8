import Foundation

/// The q-quantile, interpolated between neighbours.
func quantile(_ values: [Double], _ q: Double) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return .nan }
    let place = q * Double(last)
    let below = Int(place)
    if below == last || sorted[below] == sorted[below + 1] { return sorted[below] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
}

func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

/// Ranks from 1, equal values sharing the mean of theirs.
func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
        let below = values.count { $0 < value }
        let equal = values.count { $0 == value }
        return Double(below) + Double(equal + 1) / 2
    }
}

/// The two-sided p-value of Mann and Whitney's U test: the normal approximation with corrections for ties and
/// continuity, and P(left < right) + P(equal)/2.
func mannWhitney(_ left: [Double], _ right: [Double]) -> (p: Double, superiority: Double) {
    let (m, n) = (Double(left.count), Double(right.count))
    var wins = 0.0
    for a in left { for b in right { wins += a < b ? 1 : a == b ? 0.5 : 0 } }
    let all = left + right
    let ties = Dictionary(grouping: all) { $0 }.values.reduce(0.0) { sum, group in
        let t = Double(group.count)
        return sum + t * t * t - t
    }
    let total = m + n
    let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0 { return (1, 0.5) }
    let z = max(0, abs(wins - m * n / 2) - 0.5) / variance.squareRoot()
    return (min(1, erfc(z / 2.0.squareRoot())), wins / (m * n))
}

/// Holm's adjustment of p-values for multiple comparisons.
func holm(_ p: [Double]) -> [Double] {
    var adjusted = p
    var running = 0.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
        running = max(running, min(1, p[index] * Double(p.count - rank)))
        adjusted[index] = running
    }
    return adjusted
}

import LinearAlgebra
import Testing

/// Something that was computed, in the order in which it was.
struct Quantity {
    var name: String
    var values: [Double]
    /// The size of what it is a difference of, where that is larger than the difference.
    var magnitude = 0.0
}

/// What it should have been: |computed − expected| ≤ tolerance · scale, with the square root of the sum of squares.
struct Expectation {
    var name: String
    var values: [Double]
    var tolerance: Double
    /// What the tolerance is relative to; the size of the values where nothing else is said.
    var scale: Double

    init(_ name: String, _ values: [Double], tolerance: Double, scale: Double? = nil) {
        self.name = name
        self.values = values
        self.tolerance = tolerance
        self.scale = scale ?? size(values)
    }
}

func size(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

func distance(_ left: [Double], _ right: [Double]) -> Double {
    guard left.count == right.count else { return .infinity }
    return size(zip(left, right).map { $0 - $1 })
}

/// Fails at the first quantity that differs, which is where to look.
func compare(
    _ quantities: [Quantity], with expectations: [Expectation], precision: Precision, spread: [String: Double] = [:]
) throws {
    let computed = Dictionary(quantities.map { ($0.name, $0.values) }) { first, _ in first }
    try #require(!expectations.isEmpty)
    for expectation in expectations {
        guard let values = computed[expectation.name] else {
            throw GoldenError(text: "\(expectation.name) was not computed")
        }
        let error = distance(values, expectation.values)
        let allowed = max(expectation.tolerance * expectation.scale, spread[expectation.name] ?? 0)
        guard error <= allowed else {
            throw GoldenError(
                text: "\(expectation.name) in \(precision) differs first: by \(error) where \(allowed) is allowed")
        }
    }
}

enum Precision: String, CaseIterable, Sendable { case double, single }

/// What single precision may change of every quantity, derived from the problem itself.
///
/// Every elementary operation acts like a relative change of its operands by half a unit of rounding u, and what such a
/// change of all inputs does is measured in double precision, four times. A number of the result has gone through at
/// most `depth` roundings, each doing no more than that: the inner lengths of the products that lead to it.
func singlePrecisionSpread(
    depth: Int, _ quantities: (_ disturbance: UInt64?) throws -> [Quantity]
) throws -> [String: Double] {
    let exact = try quantities(nil)
    var spread: [String: Double] = [:]
    for disturbance in UInt64(1)...4 {
        for (quantity, disturbed) in zip(exact, try quantities(disturbance)) {
            let change = distance(quantity.values, disturbed.values)
            spread[quantity.name] = max(spread[quantity.name] ?? 0, change)
        }
    }
    for quantity in exact {
        let rounding = Double(Float.ulpOfOne) / 2 * max(size(quantity.values), quantity.magnitude)
        spread[quantity.name] = Double(depth) * max(spread[quantity.name] ?? 0, rounding)
    }
    return spread
}

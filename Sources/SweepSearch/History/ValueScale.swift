import RealModule

/// The transformation of reported values before they are standardized.
///
///     u = (y − median)/(median − least)        linear: u        bent: u for u ≤ 0, log(1 + u) above
///
///     values 0, 1, 2, 10      median 2, least 0       bent: -1, -0.5, 0, 1.61; linear: -1, -0.5, 0, 4
///
/// One trial with a loss of 1e6 would else leave no difference visible between the good ones.
package struct ValueScale: Sendable {
    package enum Shape: Hashable, Sendable {
        /// Linear everywhere.
        case linear
        /// Linear below the median and logarithmic above, where differences matter little.
        case bent
    }

    let shape: Shape
    /// The median; of an even number the upper one of the two in the middle.
    private let centre: Double
    /// The distance from the median to the least value; 1 if they are equal.
    let width: Double

    init(_ values: [Double], _ shape: Shape) {
        self.shape = shape
        let sorted = values.map(Self.clamped).sorted()
        guard let least = sorted.first else {
            (centre, width) = (0, 1)
            return
        }
        centre = sorted[sorted.count / 2]
        let spread = centre - least
        width = spread > 0 ? spread : 1
    }

    /// The scaled value; the median becomes 0, the least value -1.
    func callAsFunction(_ value: Double) -> Double {
        let distance = min((Self.clamped(value) - centre) / width, 1e150)
        return shape == .linear || distance <= 0 ? distance : Double.log(onePlus: distance)
    }

    /// The value whose scaled value this is, the inverse of the scale.
    func value(ofScaled scaled: Double) -> Double {
        centre + width * (shape == .linear || scaled <= 0 ? scaled : Double.expMinusOne(min(scaled, 345)))
    }

    /// The logarithm of the slope at a scaled value, relative to the slope below the median.
    func logSlope(atScaled scaled: Double) -> Double { shape == .linear ? 0 : -max(0, scaled) }

    /// Limits a value so that differences of two are finite.
    private static func clamped(_ value: Double) -> Double {
        min(max(value, -1e150), 1e150)
    }
}

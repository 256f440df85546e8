import RealModule

/// The transformation of reported values before they are standardized.
///
///     u = (y − median)/(median − least)
///     linear           u
///     bent             u for u ≤ 0, log(1 + u) above
///     logarithmic      log(u + 1 + ε) for u ≥ −1, log ε + (u + 1)/ε below        ε = 0.05
///
///     values           0     1     2     10         their median is 2, the least is 0
///     linear          -1    -0.5   0      4
///     bent            -1    -0.5   0      1.61
///     logarithmic     -3    -0.60  0.05   1.62
///
/// On a linear scale one trial with a loss of 1e6 leaves no difference visible between the good ones.
package struct ValueScale: Sendable {
    package enum Shape: CaseIterable, Hashable, Sendable {
        /// Linear everywhere.
        case linear
        /// Linear below the median and logarithmic above, where differences matter little.
        case bent
        /// Logarithmic above the least value: the nearer to it, the more differences matter.
        case logarithmic
    }

    let shape: Shape
    /// The median; of an even number the upper one of the two in the middle.
    private let centre: Double
    /// The distance from the median to the least value, from the next greater one where the median is the least, and 1
    /// where all are equal.
    private let width: Double

    /// ε: how finely the logarithmic scale resolves the values near the least one, compared with those at the median.
    private static let resolution = 0.05

    package init(_ values: [Double], _ shape: Shape) {
        self.shape = shape
        let sorted = values.map(Self.clamped).sorted()
        guard let least = sorted.first else {
            (centre, width) = (0, 1)
            return
        }
        centre = sorted[sorted.count / 2]
        // Where half of the values are the least one, the next greater one takes the part of the median.
        let spread = (centre > least ? centre : sorted.first { $0 > least } ?? least) - least
        width = spread > 0 ? spread : 1
    }

    /// The scaled value.
    package func callAsFunction(_ value: Double) -> Double {
        let distance = Self.clamped((Self.clamped(value) - centre) / width)
        switch shape {
        case .linear: return distance
        case .bent: return distance <= 0 ? distance : Double.log(onePlus: distance)
        case .logarithmic:
            let height = (distance + 1) / Self.resolution
            return Double.log(Self.resolution) + (height < 0 ? height : Double.log(onePlus: height))
        }
    }

    /// The value whose scaled value this is, the inverse of the scale.
    package func value(ofScaled scaled: Double) -> Double {
        switch shape {
        case .linear: return centre + width * scaled
        case .bent: return centre + width * (scaled <= 0 ? scaled : Double.expMinusOne(min(scaled, 345)))
        case .logarithmic:
            let height = scaled - Double.log(Self.resolution)
            return centre + width * (Self.resolution * (height < 0 ? height : Double.expMinusOne(min(height, 345))) - 1)
        }
    }

    /// The logarithm of the slope dz/dy at a scaled value z, without the part that is the same for all shapes.
    func logSlope(atScaled scaled: Double) -> Double {
        switch shape {
        case .linear: 0
        case .bent: -max(0, scaled)
        case .logarithmic: -max(Double.log(Self.resolution), scaled)
        }
    }

    /// How much the value changes with a small change of the scaled value: 1/(dz/dy).
    package func valueSlope(atScaled scaled: Double) -> Double {
        width * Double.exp(min(-logSlope(atScaled: scaled), 345))
    }

    /// Limits a number so that the difference and the product of two are finite.
    private static func clamped(_ value: Double) -> Double {
        min(max(value, -1e150), 1e150)
    }
}

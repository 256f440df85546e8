import SweepSearch
import Testing

@Suite struct ValueScaleTests {
    private static let values = [0.3, 7, 0.31, 2, 1e6, 0.9]

    @Test(arguments: ValueScale.Shape.allCases)
    func `a scale keeps the order, and its inverse gives the values back`(shape: ValueScale.Shape) {
        let scale = ValueScale(Self.values, shape)
        // Below the least one, too: a process may predict such a value.
        let ascending = [-40, -1, 0.2, 0.3, 0.301, 0.31, 0.9, 1.9, 2, 2.1, 7, 300, 1e6, 1e9]
        let scaled = ascending.map(scale.callAsFunction)
        for (left, right) in zip(scaled, scaled.dropFirst()) { #expect(left < right) }
        for (value, scaled) in zip(ascending, scaled) {
            #expect(abs(scale.value(ofScaled: scaled) - value) < 1e-9 * max(1, abs(value)))
        }
    }

    @Test(arguments: ValueScale.Shape.allCases)
    func `its slope is that of central differences`(shape: ValueScale.Shape) {
        let scale = ValueScale(Self.values, shape)
        for scaled in [-4.0, -3.1, -2.9, -1, -0.4, 0.3, 2, 5] {
            let difference = scale.value(ofScaled: scaled + 1e-5) - scale.value(ofScaled: scaled - 1e-5)
            #expect(abs(difference / 2e-5 / scale.valueSlope(atScaled: scaled) - 1) < 1e-8)
        }
    }

    @Test func `shapes differ in how finely they resolve the values near the least one`() {
        let shares = ValueScale.Shape.allCases.map { shape in
            let scale = ValueScale(Self.values, shape)
            return (scale(0.31) - scale(0.3)) / (scale(1e6) - scale(0.3))
        }
        // Of linear, bent and logarithmic.
        #expect(shares[0] < 1e-7 && shares[0] < shares[1] && shares[1] < 0.001 && shares[2] > 0.005)
    }

    private static let odd: [[Double]] = [
        [], [3], [2, 2, 2], [-1e308, 1e308, 0], [.leastNonzeroMagnitude, 0, 1e-307],
    ]

    @Test(arguments: ValueScale.Shape.allCases, odd)
    func `no values make it infinite`(shape: ValueScale.Shape, values: [Double]) {
        let scale = ValueScale(values, shape)
        for value in values + [0, 1, -1e308, 1e308, .infinity, -.infinity] {
            #expect(scale(value).isFinite)
            #expect(scale.value(ofScaled: scale(value)).isFinite)
        }
        for scaled in [-1e3, 0, 1e3] {
            #expect(scale.value(ofScaled: scaled).isFinite && scale.valueSlope(atScaled: scaled).isFinite)
        }
    }
}

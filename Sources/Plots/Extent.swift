import Foundation

/// The lowest and the highest of some numbers.
struct Extent: Hashable {
    var low: Double
    var high: Double

    init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// - Returns: nil where no number is finite and wanted.
    init?(of values: some Sequence<Double?>, where isWanted: (Double) -> Bool = { _ in true }) {
        var low = Double.infinity
        var high = -Double.infinity
        for case let value? in values where value.isFinite && isWanted(value) {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return nil }
        self.init(low: low, high: high)
    }

    /// Where a number lies between the ends: 0 at `low`, 1 at `high`, and one half where the ends are equal.
    ///
    /// Both differences are halved first: that of -1e308 and 1e308 is not a number that a Double can hold.
    func share(of value: Double) -> Double {
        let whole = high / 2 - low / 2
        guard whole > 0 else { return 0.5 }
        return (value / 2 - low / 2) / whole
    }

    /// The number at a share between the ends.
    func value(at share: Double) -> Double {
        low * (1 - share) + high * share
    }

    /// Wider by a part on both sides; equal ends are moved apart first.
    func widened(by part: Double) -> Extent {
        let apart = separated
        let margin = (apart.high / 2 - apart.low / 2) * part * 2
        let limit = Double.greatestFiniteMagnitude
        return Extent(low: max(apart.low - margin, -limit), high: min(apart.high + margin, limit))
    }

    /// The same, but never so narrow that its ticks cannot be told apart by the numbers beside them.
    var separated: Extent {
        let size = max(abs(low), abs(high))
        let width = high / 2 - low / 2
        if width > size * 1e-9 && width > 1e-300 { return self }
        let middle = low / 2 + high / 2
        let half = size > 1e-290 ? size * 0.1 : 1
        let limit = Double.greatestFiniteMagnitude
        return Extent(low: max(middle - half, -limit), high: min(middle + half, limit))
    }
}

/// The logarithm to base 10.
func logarithm(_ value: Double) -> Double { log10(value) }

/// Ten to a power.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }

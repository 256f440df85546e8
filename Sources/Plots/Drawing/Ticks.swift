import Foundation

/// A place on an axis with the text beside it; without text it is only a line of the grid.
struct Tick: Hashable {
    var value: Double
    var label: String
}

/// Chooses where an axis has ticks: at numbers with few digits, and so many that their texts do not touch.
///
/// A step is 1, 2 or 5 times a power of ten, for time also 15 and 30 seconds or minutes, 3, 6 and 12 hours.
struct Ticks {
    let kind: Axis.Kind
    /// The ends of the axis; both positive on a log axis.
    let extent: Extent
    /// The length of the axis in pixels.
    let length: Double
    /// Whether texts stand beside each other (a horizontal axis) or above each other.
    let isHorizontal: Bool

    static let fontSize = 11.0

    func chosen() -> [Tick] {
        switch kind {
        case .categories(let names): categories(names)
        case .linear: firstThatFits(linear)
        case .time: firstThatFits(time)
        case .log: logarithmic()
        }
    }

    /// Fewer and fewer ticks until their texts fit; of those that fit, at least two, as one says nothing of the scale.
    private func firstThatFits(_ ticks: (_ count: Double) -> [Tick]) -> [Tick] {
        var count = max(length / (isHorizontal ? 64 : 36), 1)
        var result = ticks(count)
        for _ in 0..<12 where !fits(result) {
            count *= 0.7
            result = ticks(count)
        }
        for _ in 0..<4 where result.count < 2 {
            count *= 1.6
            let finer = ticks(count)
            if finer.count > 1, fits(finer) { return finer }
        }
        return fits(result) ? result : Array(result.prefix(1))
    }

    private func fits(_ ticks: [Tick]) -> Bool {
        let labelled = ticks.filter { !$0.label.isEmpty }
        for (tick, next) in zip(labelled, labelled.dropFirst()) {
            let distance = abs(place(next.value) - place(tick.value))
            if distance < (room(for: tick.label) + room(for: next.label)) / 2 { return false }
        }
        return true
    }

    private func room(for label: String) -> Double {
        isHorizontal ? TextMeasure.width(of: label, size: Self.fontSize) + 10 : Self.fontSize + 4
    }

    private func place(_ value: Double) -> Double {
        guard kind.isLog else { return extent.share(of: value) * length }
        return Extent(low: logarithm(extent.low), high: logarithm(extent.high)).share(of: logarithm(value)) * length
    }

    // MARK: Linear and time

    private func linear(_ count: Double) -> [Tick] {
        let step = Self.niceStep(atLeast: (extent.high / 2 - extent.low / 2) / count * 2)
        let decimals = NumberText.decimals(ofStep: step)
        let values = multiples(of: step)
        let largest = values.map(abs).max() ?? 0
        // All texts of an axis are written in the same way, by the needs of the largest.
        if largest >= 1e6 || (largest < 1e-3 && largest > 0) {
            let digits = NumberText.digits(of: largest, step: step)
            return values.map { Tick(value: $0, label: $0 == 0 ? "0" : NumberText.exponential($0, digits: digits)) }
        }
        return values.map { value in
            let text = String(format: "%.\(decimals)f", value == 0 ? 0 : value)
            return Tick(value: value, label: text)
        }
    }

    private func time(_ count: Double) -> [Tick] {
        let wanted = (extent.high / 2 - extent.low / 2) / count * 2
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
        ]
        let step: Double
        if wanted < 1 {
            step = Self.niceStep(atLeast: wanted)
        } else if let listed = steps.first(where: { $0 >= wanted }) {
            step = listed
        } else {
            step = 86_400 * Self.niceStep(atLeast: wanted / 86_400)
        }
        return multiples(of: step).map { Tick(value: $0, label: NumberText.time($0, step: step)) }
    }

    private func multiples(of step: Double) -> [Double] {
        guard step > 0, step.isFinite else { return [] }
        let first = (extent.low / step - 1e-6).rounded(.up)
        let last = (extent.high / step + 1e-6).rounded(.down)
        guard first.isFinite, last.isFinite, last >= first, last - first < 1_000 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }.filter(\.isFinite)
    }

    /// The smallest of 1, 2 or 5 times a power of ten that is not below a number.
    static func niceStep(atLeast wanted: Double) -> Double {
        guard wanted > 0, wanted.isFinite else { return 1 }
        let power = powerOfTen(log10(wanted).rounded(.down))
        guard power > 0, power.isFinite else { return wanted }
        let factor = [1.0, 2, 5].first { $0 * power >= wanted * (1 - 1e-9) } ?? 10
        let step = factor * power
        return step.isFinite ? step : wanted
    }

    // MARK: Log

    private func logarithmic() -> [Tick] {
        let low = logarithm(extent.low)
        let high = logarithm(extent.high)
        // Within less than a decade there may be no power of ten, so that the ticks are those of a linear axis.
        if high - low < 0.9 { return firstThatFits(linear).filter { $0.value > 0 } }
        for mantissas in [[1.0, 2, 5], [1, 3], [1]] {
            let ticks = powers(low, high, every: 1, mantissas)
            if ticks.count < 9, fits(ticks) { return withLinesBetween(ticks, low, high) }
        }
        for every in [1, 2, 3, 5, 10, 20, 50, 100, 200] {
            let ticks = powers(low, high, every: every, [1])
            if fits(ticks), Double(ticks.count) <= max(length / (isHorizontal ? 40 : 24), 2) { return ticks }
        }
        return []
    }

    private func powers(_ low: Double, _ high: Double, every: Int, _ mantissas: [Double]) -> [Tick] {
        var ticks: [Tick] = []
        for exponent in Int(low.rounded(.down))...Int(high.rounded(.up)) where exponent % every == 0 {
            for mantissa in mantissas {
                let value = mantissa * powerOfTen(Double(exponent))
                if value.isFinite, value >= extent.low * (1 - 1e-9), value <= extent.high * (1 + 1e-9) {
                    ticks.append(Tick(value: value, label: Self.power(mantissa, exponent)))
                }
            }
        }
        return ticks
    }

    /// "0.001", "20", "1e-6": written out between 1e-3 and 1e4, as people write learning rates.
    private static func power(_ mantissa: Double, _ exponent: Int) -> String {
        if exponent > 4 || exponent < -3 { return "\(Int(mantissa))e\(exponent)" }
        return NumberText.plain(mantissa * powerOfTen(Double(exponent)), decimals: max(0, -exponent))
    }

    /// Lines of the grid at the digits between, which make a log axis recognisable.
    private func withLinesBetween(_ ticks: [Tick], _ low: Double, _ high: Double) -> [Tick] {
        guard high - low <= 6, length / (high - low) >= 70 else { return ticks }
        let lines = powers(low, high, every: 1, [1, 2, 3, 4, 5, 6, 7, 8, 9])
        return lines.map { line in
            ticks.first { abs($0.value - line.value) <= line.value * 1e-9 } ?? Tick(value: line.value, label: "")
        }
    }

    // MARK: Categories

    /// Every name, or every n-th where there is no room for all.
    private func categories(_ names: [String]) -> [Tick] {
        guard !names.isEmpty else { return [] }
        let distance = length / max(extent.high - extent.low, 1)
        let widest = names.map { TextMeasure.width(of: $0, size: Self.fontSize) }.max() ?? 0
        let least = isHorizontal ? min(widest + 8, 40) : Self.fontSize + 2
        let every = max(1, Int((least / max(distance, 0.01)).rounded(.up)))
        let room = isHorizontal ? distance * Double(every) - 8 : 140
        let shown = stride(from: 0, to: names.count, by: every)
        var labels = shown.map { Self.shortened(names[$0], toWidth: room) }
        // Of "reversible block 1" and "reversible block 2" only the ends tell them apart.
        if Set(labels).count < labels.count {
            labels = shown.map { TextMeasure.shortenedAtStart(names[$0], toWidth: room, size: Self.fontSize) }
        }
        return zip(shown, labels).map { Tick(value: Double($0), label: $1) }
    }

    /// Of a path with dots, such as "optimizer.pseudo_inverse.rtol", the end says most.
    private static func shortened(_ name: String, toWidth room: Double) -> String {
        let isPath = name.contains(".") && !name.contains(" ") && Double(name) == nil
        return isPath
            ? TextMeasure.shortenedAtStart(name, toWidth: room, size: fontSize)
            : TextMeasure.shortened(name, toWidth: room, size: fontSize)
    }
}

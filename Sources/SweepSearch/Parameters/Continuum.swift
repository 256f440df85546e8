import RealModule

/// The numbers from `min` to `max` on an axis, and the map between them and their quantiles.
///
///     let rates = Continuum(.logarithmic, min: 1e-4, max: 1)
///     rates.number(atQuantile: 0.5)       // 0.01
///     rates.quantile(of: 0.1)             // 0.75
struct Continuum {
    /// The lowest number; above 0 on an axis that is logarithmic.
    let min: Double
    let max: Double
    private let scale: Scale

    /// The axis, with what does not depend on the number computed once.
    private enum Scale {
        case linear
        case logarithmic(log: ClosedRange<Double>)
        case normal(TruncatedNormal, isLogarithmic: Bool)
    }

    /// Where a normal distribution hardly varies between the bounds, or has next to no probability there, the numbers
    /// are uniform on the linear or logarithmic axis: see `TruncatedNormal`. A logarithmic axis that is so short that
    /// it differs from the linear one by less than its logarithms are rounded is linear.
    init(_ axis: NumberAxis, min: Double, max: Double) {
        self.min = min
        self.max = max
        switch axis {
        case .linear: scale = .linear
        case .logarithmic: scale = Self.logarithmic(min, max)
        case .normal(let mean, let std):
            let normal = TruncatedNormal(mean: mean, std: std, from: min, to: max)
            scale = normal.map { .normal($0, isLogarithmic: false) } ?? .linear
        case .logNormal(let mean, let std):
            let normal = TruncatedNormal(mean: mean, std: std, from: Double.log(min), to: Double.log(max))
            scale = normal.map { .normal($0, isLogarithmic: true) } ?? Self.logarithmic(min, max)
        }
    }

    private static func logarithmic(_ min: Double, _ max: Double) -> Scale {
        isStraight(from: min, to: max) ? .linear : .logarithmic(log: Double.log(min)...Double.log(max))
    }

    /// Whether the logarithm hardly bends between two numbers above 0: its rounding errors would move numbers and
    /// quantiles further than a straight line does.
    static func isStraight(from min: Double, to max: Double) -> Bool { max / min - 1 < 0x1p-22 }

    /// The number below which lies the share `quantile` of the probability; at 0 and 1 exactly the bounds.
    func number(atQuantile quantile: Double) -> Double {
        quantile <= 0 ? min : quantile >= 1 ? max : computed(atQuantile: quantile)
    }

    /// The same, but at 0 and 1 what the arithmetic yields, which rounding may have moved off the bounds: grids of
    /// earlier versions had such points.
    func computed(atQuantile quantile: Double) -> Double {
        let number =
            switch scale {
            case .linear: Self.interpolate(min, max, quantile)
            case .logarithmic(let log): Double.exp(Self.interpolate(log.lowerBound, log.upperBound, quantile))
            case .normal(let normal, false): normal.number(atQuantile: quantile)
            case .normal(let normal, true): Double.exp(normal.number(atQuantile: quantile))
            }
        return clamp(number, min, max)
    }

    /// The share of the probability below `number`, from 0 to 1; ½ if the range is a single number.
    func quantile(of number: Double) -> Double {
        if min == max { return 0.5 }
        let quantile =
            switch scale {
            case .linear: Self.fraction(number, min, max)
            case .logarithmic(let log): Self.fraction(Self.logarithm(number), log.lowerBound, log.upperBound)
            case .normal(let normal, false): normal.quantile(of: number)
            case .normal(let normal, true): normal.quantile(of: Self.logarithm(number))
            }
        return clamp(quantile, 0, 1)
    }

    /// The logarithm, also of numbers that are not in the range.
    private static func logarithm(_ number: Double) -> Double { number > 0 ? Double.log(number) : -.infinity }

    /// The number `fraction` of the way from `min` to `max`, also where their difference overflows.
    private static func interpolate(_ min: Double, _ max: Double, _ fraction: Double) -> Double {
        let span = max - min
        return span.isFinite ? min + fraction * span : 2 * (min / 2 + fraction * (max / 2 - min / 2))
    }

    /// Where `number` lies between `min` and `max`, from 0 to 1; in the middle if they are equal.
    private static func fraction(_ number: Double, _ min: Double, _ max: Double) -> Double {
        let span = max - min
        if span == 0 { return 0.5 }
        return clamp(span.isFinite ? (number - min) / span : (number / 2 - min / 2) / (max / 2 - min / 2), 0, 1)
    }
}

/// The number, or the bound that it is beyond.
func clamp(_ number: Double, _ lower: Double, _ upper: Double) -> Double {
    min(max(number, lower), upper)
}

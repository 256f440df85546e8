import ConfigFile
import RealModule

/// How the learning rate moves during a run: a function of the position alone, so that a resumed run needs no
/// memory of it.
///
/// Time t is counted in epochs or in batches from 0, T of them in the run. Warm-up takes the first w of them, and the
/// schedule proper begins behind it, with s = t − w of S = T − w:
///
/// | | rate at t |
/// |---|---|
/// | warm-up, t < w | base·(t + 1)/(w + 1) |
/// | `constant` | base |
/// | `step` | base·gamma^⌊s / step_size⌋ |
/// | `cosine` | min + (base − min)·(1 + cos(π s/S))/2: base at first, and min just after the last step |
///
///     var schedule = LearningRateSchedule()
///     schedule.name = .cosine
///     schedule.rate(0.1, at: 0, of: 20)     // 0.1; at 10 it is 0.05
///
/// Source of the cosine: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017
/// (arXiv:1608.03983), without its restarts.
public struct LearningRateSchedule: Hashable, Sendable {
    /// The form of the schedule, by its word in a config; the table above has the formulas.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case constant, step, cosine
    }

    /// What time is counted in. A schedule `per: batch` changes the rate within an epoch too.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
        case epoch, batch
    }

    public var name = Name.constant
    /// What time is counted in. The research code steps its schedule once per batch.
    public var unit = Unit.epoch
    /// Of `step`: the epochs or batches between two reductions.
    public var stepSize = 10
    /// Of `step`: what each reduction multiplies the rate by.
    public var gamma = 0.1
    /// Of `cosine`: the rate that it falls to.
    public var minimum = 0.0
    /// The epochs or batches in which the rate rises to its full value.
    public var warmup = 0

    public init() {}

    /// The rate at a time.
    ///
    /// - Parameters:
    ///   - base: the learning rate of the optimizer.
    ///   - time: t, from 0.
    ///   - total: T.
    ///
    ///     var schedule = LearningRateSchedule()
    ///     schedule.name = .step
    ///     (schedule.stepSize, schedule.gamma, schedule.warmup) = (10, 0.5, 4)
    ///     schedule.rate(0.1, at: 0, of: 40)       // 0.02: warm-up, 0.1·1/5
    ///     schedule.rate(0.1, at: 4, of: 40)       // 0.1
    ///     schedule.rate(0.1, at: 14, of: 40)      // 0.05
    ///     schedule.rate(0.1, at: 24, of: 40)      // 0.025
    public func rate(_ base: Double, at time: Int, of total: Int) -> Double {
        precondition(time >= 0, "a schedule begins at 0, not at \(time)")
        if time < warmup { return base * Double(time + 1) / Double(warmup + 1) }
        let elapsed = time - warmup
        switch name {
        case .constant: return base
        case .step:
            // By multiplication, as PyTorch has it; a `pow` may differ from machine to machine.
            return (0..<elapsed / stepSize).reduce(base) { rate, _ in rate * gamma }
        case .cosine:
            let fraction = min(Double(elapsed) / Double(max(total - warmup, 1)), 1)
            return minimum + (base - minimum) * (1 + Double.cos(.pi * fraction)) / 2
        }
    }

    /// The rate of one batch of a run.
    ///
    /// - Parameters:
    ///   - epoch: from 1.
    ///   - batch: from 0.
    ///   - epochs: in the run.
    ///   - batches: in each epoch.
    public func rate(_ base: Double, epoch: Int, batch: Int, epochs: Int, batches: Int) -> Double {
        switch unit {
        case .epoch: rate(base, at: epoch - 1, of: epochs)
        case .batch: rate(base, at: (epoch - 1) * batches + batch, of: epochs * batches)
        }
    }

    /// Whether the rate at some time depends on how long the run is.
    ///
    /// A run whose rate depends on it cannot be made longer: its epochs so far would have had other rates.
    public var dependsOnLength: Bool { name == .cosine }
}

extension LearningRateSchedule {
    /// - Parameter base: the learning rate, which the smallest may not exceed.
    ///
    /// Keys that are missing keep their defaults.
    mutating func read(_ section: ConfigSection, base: Double) {
        name = section.choice("name", else: name)
        let steps = EffectCondition(section.name("name"), name, isOneOf: .step)
        stepSize = section.integer("step_size", in: 1...1_000_000_000, else: stepSize, if: steps)
        gamma = section.number("gamma", .positive, else: gamma, if: steps)
        minimum = section.number(
            "min", .nonNegative, else: minimum, if: .init(section.name("name"), name, isOneOf: .cosine))
        warmup = section.integer("warmup", in: 0...1_000_000_000, else: warmup)
        unit = section.choice(
            "per", else: unit,
            if: .init(
                name != .constant || warmup > 0, otherwise: "the learning rate is constant and has no warmup",
                help: "it says what warmup, step_size and the length of a cosine count"))
        if name == .cosine && minimum > base {
            section.problems.report(
                "'\(section.name("min"))' is \(minimum), more than the learning rate \(base) that it is to fall from",
                at: section.place(of: "min"))
        }
    }

    /// In the form that `read` reads, every option made explicit.
    var resolved: [(String, ConfigNode.Value)] {
        [
            ("name", .string(name.rawValue)), ("per", .string(unit.rawValue)), ("step_size", .integer(stepSize)),
            ("gamma", .number(gamma)), ("min", .number(minimum)), ("warmup", .integer(warmup)),
        ]
    }
}

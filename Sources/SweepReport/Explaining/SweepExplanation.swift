import ConfigFile
import SweepFile
import SweepModel
import SweepSearch

/// What the trials of a sweep say, all together: what each step from where it began to its best trial is expected to
/// bring, and what more trials are expected to bring.
///
///     let explanation = SweepExplanation(of: try store.trials(), in: file, name: "digits")
///     print(explanation.text(isUnicode: true))
///
/// Values and improvements are in the unit of the metric; an improvement is above 0, whichever way is better.
public struct SweepExplanation: Sendable {
    /// The model that everything rests on.
    public struct Model: Sendable, Hashable {
        /// How many trials say something about the metric, and how many of them it was fitted to.
        public var trials: Int
        public var fitted: Int
        /// How well it predicts each trial from the others.
        public var validation: SurrogateModel.Validation
        /// By how much trials with the same values differ: the standard deviation.
        public var noise: Double
    }

    /// How often what was expected of trials before they ran has come true.
    public struct Record: Sendable, Hashable {
        /// The complete trials of which a value was expected.
        public var trials: Int
        /// Those whose value lay in the interval of nine in ten.
        public var inside: Int

        public init(trials: Int, inside: Int) {
            self.trials = trials
            self.inside = inside
        }
    }

    /// Where the path begins.
    public enum Start: Sendable, Hashable {
        /// The values of the base configuration.
        case base
        /// A trial, mostly the first that was complete.
        case trial(Int)
    }

    /// The way to the best trial.
    public struct Path: Sendable, Hashable {
        public var start: Start
        /// The best trial, and its value.
        public var best: Int
        public var value: Double
        /// With values in the unit of the metric.
        public var steps: AblationPath
    }

    public let name: String
    public let metric: Metric
    /// How many trials are complete.
    public let complete: Int
    /// Nil if the trials make no model.
    public let model: Model?
    /// Nil if nothing was expected of any complete trial.
    public let record: Record?
    /// Nil if there is no model, or the best trial is where it began.
    public let path: Path?
    /// Nil if there is no model, if everything has been tried, or if there are several objectives or bounds.
    public let outlook: Outlook?
    private let isOfOneMetric: Bool
    private let surrogate: SurrogateModel?

    /// - Parameter proposals: what was expected of the trials, as far as it is stored.
    public init(of trials: [TrialRecord], _ proposals: [TrialProposal] = [], in file: SweepFile, name: String) {
        let (space, metric) = (file.sweep.space, file.sweep.metric)
        (self.name, self.metric) = (name, metric)
        isOfOneMetric = file.sweep.objectives.areOne
        complete = trials.count { $0.state == .complete }
        record = Record(trials, proposals)
        let observations = Observations(of: trials, in: file.sweep)
        surrogate = SurrogateModel(of: space, given: observations)
        guard let surrogate else {
            (model, path, outlook) = (nil, nil, nil)
            return
        }
        model = Model(
            trials: surrogate.trials, fitted: surrogate.fitted, validation: surrogate.validation,
            noise: surrogate.noise)
        path = Self.path(surrogate, trials, file)
        outlook = isOfOneMetric ? surrogate.outlook(beside: observations) : nil
    }

    private static func path(_ model: SurrogateModel, _ trials: [TrialRecord], _ file: SweepFile) -> Path? {
        let (space, metric) = (file.sweep.space, file.sweep.metric)
        func legal(_ trial: TrialRecord) -> Assignment? { trial.legalAssignment(in: space) }
        guard let best = file.sweep.objectives.ranked(trials).first(where: { legal($0) != nil }), let end = legal(best),
            let value = best.value
        else { return nil }
        let start: Start
        let assignment: Assignment
        if let base = file.defaultAssignment {
            (start, assignment) = (.base, base)
        } else if let first = trials.first(where: { $0.state == .complete && legal($0) != nil }),
            let values = legal(first)
        {
            (start, assignment) = (.trial(first.number), values)
        } else {
            return nil
        }
        var steps = model.path(from: assignment, to: end)
        if steps.steps.isEmpty { return nil }
        steps.startValue = metric.minimized(steps.startValue)
        for index in steps.steps.indices { steps.steps[index].value = metric.minimized(steps.steps[index].value) }
        return Path(start: start, best: best.number, value: value, steps: steps)
    }

    /// What the model expects of the metric along each parameter; empty if there is no model.
    ///
    /// They are computed when they are asked for, as the report shows them and the command does not.
    public func dependences() -> [DependenceCurve] {
        (surrogate?.dependences() ?? []).map { curve in
            var curve = curve
            curve.estimates = curve.estimates.map(metric.minimized)
            return curve
        }
    }

    // MARK: Sentences

    /// Why there is nothing to say; nil if there is a model.
    public var reasonForNone: String? {
        if model != nil { return nil }
        if complete < SurrogateModel.minTrials {
            return "a model of the metric takes \(SurrogateModel.minTrials) complete trials or more, and there are "
                + "\(complete)"
        }
        return "the \(complete) complete trials make no model: all have the same value, nothing varies, or more than "
            + "\(SurrogateModel.maxParameters) parameters do"
    }

    /// What the numbers rest on, and how good that is.
    public var modelWords: String {
        guard let model else { return reasonForNone ?? "" }
        let taken = model.fitted < model.trials ? ", of which it takes \(model.fitted)" : ""
        let explained = HumanText.percent(max(0, model.validation.explained))
        let verdict = model.validation.carries ? "" : " That is little: take what follows as guesses."
        return "A Gaussian process of \(model.trials) trials\(taken). Left out one at a time, it explains \(explained) "
            + "of how they differ.\(verdict)"
    }

    /// How often the sampler's model was right; nil if it expected nothing.
    public var recordWords: String? {
        record.map { record in
            "Of \(record.trials) complete \(record.trials == 1 ? "trial" : "trials") of which a value was expected "
                + "before, \(record.inside) came out within nine in ten."
        }
    }

    /// Whether more trials are worth it, in one or two sentences.
    public var outlookWords: String {
        guard let model else { return "Nothing can be said: \(reasonForNone ?? "")." }
        guard isOfOneMetric else {
            return "Nothing can be said: the model knows '\(metric.name)' alone, and no other metrics or bounds."
        }
        guard let outlook else { return "Everything that was looked at has been tried." }
        guard let gain = outlook.gains.first(where: { $0.trials >= 20 }) ?? outlook.gains.last else {
            return "Everything that was looked at has been tried."
        }
        let improvement = gain.improvement
        var words =
            "\(gain.trials) more \(gain.trials == 1 ? "trial is" : "trials are") expected to improve the best by "
            + "\(HumanText.short(improvement.mean)) (nine in ten: \(HumanText.short(improvement.low)) to "
            + "\(HumanText.short(improvement.high)))."
        if !model.validation.carries {
            words += " But the model explains little of what the trials gave, so this is a guess."
        } else if outlook.reachable.mean < model.noise {
            words +=
                " All that is expected to be left, \(HumanText.short(outlook.reachable.mean)), is less than by how "
                + "much single trials differ by chance, \(HumanText.short(model.noise)): this is a good time to stop."
        } else {
            words += " What is expected to be left in all is \(HumanText.short(outlook.reachable.mean))."
        }
        return words
    }
}

extension SweepExplanation.Record {
    fileprivate init?(_ trials: [TrialRecord], _ proposals: [TrialProposal]) {
        let values = Dictionary(
            trials.filter { $0.state == .complete }.map { ($0.number, $0.value) },
            uniquingKeysWith: { first, _ in first })
        (self.trials, inside) = (0, 0)
        for proposal in proposals {
            guard let expected = proposal.forecast?.value, case let value?? = values[proposal.trial] else { continue }
            self.trials += 1
            if expected.low <= value && value <= expected.high { inside += 1 }
        }
        if self.trials == 0 { return nil }
    }
}

extension SweepExplanation.Start {
    /// `the base configuration`, or `trial 0`
    public var words: String {
        switch self {
        case .base: "the base configuration"
        case .trial(let number): "trial \(number)"
        }
    }
}

extension HumanText {
    /// Three significant digits, for numbers that are estimates.
    static func short(_ value: Double) -> String { formatted("%.3g", value) }

    /// `81 %`
    static func percent(_ share: Double) -> String { formatted("%.0f", share * 100) + " %" }
}

extension SweepFile {
    /// The values of the base configuration as an assignment; nil if one of them is missing there or is not legal in
    /// the space.
    var defaultAssignment: Assignment? {
        guard let base else { return nil }
        let space = sweep.space
        var values: [String: ParameterValue] = [:]
        for parameter in space.parameters {
            let value = base.root[path: parameter.name].flatMap { ParameterValue($0) }
            values[parameter.name] = value.flatMap(parameter.distribution.legalForm(of:))
        }
        // A section that is not active may be there all the same.
        for _ in space.parameters {
            let assignment = Assignment(values, in: space)
            for name in assignment.names where !space.isActive(name, in: assignment) { values[name] = nil }
        }
        let assignment = Assignment(values, in: space)
        return space.problem(with: assignment) == nil ? assignment : nil
    }
}

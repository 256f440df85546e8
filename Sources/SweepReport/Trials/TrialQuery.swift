import ConfigFile
import SweepModel
import SweepSearch
import SweepStore

/// Which trials of a sweep are wanted, and in which order.
///
///     let query = try TrialQuery(filter: "state == complete", sort: "-seconds", limit: 5, over: fields)
///     let trials = try query.run(on: store)
public struct TrialQuery: Sendable {
    /// What the trials are sorted by.
    public struct Order: Sendable, Hashable {
        public var field: TrialField
        /// Greatest first; for the value of the sweep's metric it is the worst first.
        public var isReversed: Bool
    }

    private let fields: TrialFields
    private let state: TrialState?
    private let filter: Filter?
    /// The fields that the filter names, in the order of its names.
    private let filterFields: [TrialField]
    private let order: Order?
    private let limit: Int?

    /// - Parameters:
    ///   - state: only trials in this state.
    ///   - filter: an expression as of ``Filter``.
    ///   - sort: the name of a field, with `-` in front to reverse the order.
    ///   - isReversed: reverses the order; without `sort` that of the numbers.
    ///   - limit: how many trials at most.
    ///   - store: asked for the names of metrics where a name is unknown.
    /// - Throws: `DiagnosticsError` with the option, and the column in the expression.
    public init(
        state: TrialState? = nil, filter: String? = nil, sort: String? = nil, isReversed: Bool = false,
        limit: Int? = nil, over fields: TrialFields, in store: SweepStore
    ) throws {
        self.fields = fields
        self.state = state
        self.limit = limit
        order = try Self.order(sort, isReversed, fields, store)
        self.filter = try filter.map { try Self.filter($0, fields, store) }
        filterFields = (self.filter?.names ?? []).compactMap(fields.field)
    }

    private static func order(
        _ sort: String?, _ isReversed: Bool, _ fields: TrialFields, _ store: SweepStore
    ) throws -> Order? {
        guard let sort else { return isReversed ? Order(field: .number, isReversed: true) : nil }
        // A parameter may have a name that begins with a hyphen.
        let isDescending = sort.hasPrefix("-") && fields.field(sort) == nil
        let name = isDescending ? String(sort.dropFirst()) : sort
        return Order(
            field: try fields.known(name, option: "--sort", in: store), isReversed: isDescending != isReversed)
    }

    private static func filter(_ text: String, _ fields: TrialFields, _ store: SweepStore) throws -> Filter {
        let words = fields.words
        func throwing(_ problems: [(offset: Int, message: String, help: String?)]) -> DiagnosticsError {
            DiagnosticsError(
                problems.map { problem in
                    Diagnostic(
                        path: "--filter", location: SourceLocation(line: 1, column: problem.offset + 1),
                        message: problem.message, help: problem.help, line: text)
                })
        }
        let filter: Filter
        do throws(ConstraintError) {
            filter = try Filter(parsing: text, words: words) { name in fields.field(name).map(fields.variable) }
        } catch {
            let metrics = try store.metricNames()
            throw throwing(
                error.problems.map { problem -> (offset: Int, message: String, help: String?) in
                    switch problem.kind {
                    case .empty: (problem.offset, "the expression is empty", "as in --filter 'value < 0.5'")
                    case .unknownParameter(let name):
                        (
                            problem.offset, "there is no '\(name)' in this sweep",
                            fields.help(for: name, metrics: metrics, words: words)
                        )
                    case .unknownFunction(let name):
                        (
                            problem.offset, "\(problem)",
                            nearestName(to: name, among: Constraint.functionNames).map { "did you mean '\($0)'?" }
                                ?? "known are \(Constraint.functionNames.joined(separator: ", "))"
                        )
                    case .impossibleValue(let name, let value, let distribution):
                        (
                            problem.offset, "\(problem)",
                            nearestName(to: "\(value)", among: words.sorted()).map { "did you mean '\($0)'?" }
                                ?? "'\(name)' is \(distribution)"
                        )
                    case .tooDeep, .tooLong: (problem.offset, "the expression is too long, or nests too deep", nil)
                    case .illegalCharacter, .unclosedQuote, .illegalNumber, .unexpected, .foreign, .argumentCount,
                        .wrongKind, .structure:
                        (problem.offset, "\(problem)", nil)
                    }
                })
        }
        for name in filter.names {
            guard case .metric(let metric) = fields.field(name), let help = try fields.help(forMetric: metric, store)
            else { continue }
            let offset = text.unicodeScalars.firstOffset(of: name)
            throw throwing([(offset, "no trial has reported a metric '\(metric)'", help)])
        }
        return filter
    }

    // MARK: Running

    /// The trials that are wanted, in their order.
    ///
    /// - Parameter numbers: only trials with these numbers; nil for all.
    /// - Throws: `SweepStoreError`.
    public func run(on store: SweepStore, among numbers: Set<Int>? = nil) throws -> [TrialRecord] {
        var lastValues: [String: [Int: Double]] = [:]
        for case .metric(let name) in filterFields + (order.map { [$0.field] } ?? []) where lastValues[name] == nil {
            lastValues[name] = try store.lastValues(ofMetric: name)
        }
        var chosen: [TrialRecord] = []
        try store.forEachTrial { trial in
            if order == nil, let limit, chosen.count >= limit { return }
            if let state, trial.state != state { return }
            if let numbers, !numbers.contains(trial.number) { return }
            if let filter, !filter.matches({ filterFields[$0].value(of: trial, lastValues) }) { return }
            chosen.append(trial)
        }
        guard let order else { return chosen }
        let places = fields.places(of: order.field)
        let sorted = Self.sorted(chosen, by: order, fields.objectives) { trial in
            let value = order.field.value(of: trial, lastValues)
            return value.flatMap { places[$0.normalized] }.map { .integer($0) } ?? value
        }
        return limit.map { Array(sorted.prefix($0)) } ?? sorted
    }

    /// The trials by what `key` gives for them; those for which it gives nothing come last, whatever the order. Equal
    /// ones stay in the order of their numbers.
    private static func sorted(
        _ trials: [TrialRecord], by order: Order, _ objectives: Objectives,
        _ key: (TrialRecord) -> ParameterValue?
    ) -> [TrialRecord] {
        let keyed = trials.map { trial in (trial: trial, key: SortKey(key(trial), order, trial, objectives)) }
        return keyed.sorted { first, second in
            guard let left = first.key, let right = second.key else {
                return first.key == nil && second.key == nil
                    ? first.trial.number < second.trial.number : first.key != nil
            }
            if left == right { return first.trial.number < second.trial.number }
            if left.group != right.group { return left.group < right.group }
            return order.isReversed ? right < left : left < right
        }.map(\.trial)
    }
}

/// What one trial is sorted by: numbers by size and before texts.
private struct SortKey: Comparable {
    /// Keys of a lower group come first, also if the order is reversed: it is so only inside a group.
    var group: Int
    var number: Double
    var text: String

    /// Nil for what a trial does not have.
    init?(_ value: ParameterValue?, _ order: TrialQuery.Order, _ trial: TrialRecord, _ objectives: Objectives) {
        switch value {
        case nil: return nil
        case .integer, .number, .largeInteger:
            guard let number = value?.asNumber, !number.isNaN else { return nil }
            // The best first. Only complete trials have a value that can be compared with the others', and what breaks
            // a bound is of no use.
            let metric: Metric
            switch order.field {
            case .value: metric = objectives.metric
            case .objective(let other): metric = other
            case .number, .state, .seconds, .attempt, .reason, .started, .ended, .origin, .source, .seed, .parameter,
                .metric:
                (group, self.number, text) = (0, number, "")
                return
            }
            group = trial.state != .complete ? 2 : objectives.keepsBounds(trial) ? 0 : 1
            (self.number, text) = (metric.minimized(number), "")
        case .boolean(let flag): (group, number, text) = (3, flag ? 1 : 0, "")
        case .string(let word): (group, number, text) = (4, 0, word)
        case .null, .list, .mapping: (group, number, text) = (5, 0, value.map(\.argument) ?? "")
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.group, left.number, left.text) < (right.group, right.number, right.text)
    }
}

extension TrialFields {
    /// The field of this name, which exists.
    ///
    /// - Parameter option: where the user wrote it, for the message.
    /// - Throws: `DiagnosticsError` with the nearest name.
    public func known(_ name: String, option: String, in store: SweepStore) throws -> TrialField {
        func error(_ message: String, _ help: String) -> DiagnosticsError {
            DiagnosticsError([Diagnostic(path: option, message: message, help: help)])
        }
        guard let field = field(name) else {
            throw error("there is no '\(name)' in this sweep", help(for: name, metrics: try store.metricNames()))
        }
        if case .metric(let metric) = field, let help = try help(forMetric: metric, store) {
            throw error("no trial has reported a metric '\(metric)'", help)
        }
        return field
    }

    /// The places of the values of an ordinal parameter in its list, where these are not all numbers; otherwise empty.
    fileprivate func places(of field: TrialField) -> [ParameterValue: Int] {
        guard case .parameter(let name) = field, case .ordinal(let values)? = space[name]?.distribution,
            values.contains(where: { $0.asNumber == nil })
        else { return [:] }
        return Dictionary(values.enumerated().map { ($1.normalized, $0) }) { first, _ in first }
    }

    /// What to write instead of a metric that no trial has reported; nil if it may be right.
    fileprivate func help(forMetric name: String, _ store: SweepStore) throws -> String? {
        // A sweep that has just begun has not reported anything.
        if try name == metric.name || store.hasReported(name) { return nil }
        let names = try store.metricNames()
        if names.isEmpty { return nil }
        return nearestName(to: name, among: names).map { "did you mean 'metric.\($0)'?" }
            ?? "reported are \(names.prefix(20).joined(separator: ", "))"
    }
}

extension String.UnicodeScalarView {
    /// Where `text` is first found, in characters of Unicode from the beginning; 0 if it is not in it.
    fileprivate func firstOffset(of text: String) -> Int {
        let (all, wanted) = (Array(self), Array(text.unicodeScalars))
        guard !wanted.isEmpty, all.count >= wanted.count else { return 0 }
        return (0...(all.count - wanted.count)).first { all[$0..<$0 + wanted.count].elementsEqual(wanted) } ?? 0
    }
}

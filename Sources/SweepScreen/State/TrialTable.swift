import Foundation
import SweepModel
import SweepReport
import SweepSearch

/// A column of the table of trials, by which it can also be sorted.
enum TrialColumn: Sendable, Hashable {
    case number, state, value, seconds
    case parameter(String)
    case reason
}

/// Which trials the table has, in which order, and which of them is under the cursor.
struct TrialTable: Sendable {
    /// What the user has typed to choose trials; empty for all.
    private(set) var filter = ""
    /// Why the filter cannot be applied; no trial is shown then.
    private(set) var filterProblem: String?
    private(set) var sort = TrialColumn.value
    private(set) var isReversed = false
    /// The parameters that have a column: those that vary.
    private(set) var parameters: [String] = []
    /// Their titles.
    private(set) var titles: [String: String] = [:]
    /// The numbers of the trials that are shown, in their order.
    private(set) var order: [Int] = []
    /// The place of the cursor in `order`; 0 if it is empty.
    private(set) var position = 0
    /// The first place that is seen.
    private(set) var top = 0

    /// The number of the trial under the cursor.
    var chosen: Int? { order.indices.contains(position) ? order[position] : nil }

    var columns: [TrialColumn] {
        [.number, .state, .value, .seconds] + parameters.map { .parameter($0) } + [.reason]
    }

    /// The title of a column.
    func title(of column: TrialColumn, metric: Metric) -> String {
        switch column {
        case .number: "trial"
        case .state: "state"
        case .value: metric.name
        case .seconds: "time"
        case .parameter(let name): titles[name] ?? name
        case .reason: "reason"
        }
    }

    // MARK: Moving

    /// Moves the cursor, as far as there are trials.
    mutating func move(by distance: Int) {
        position = min(max(0, position + max(-1 << 40, min(1 << 40, distance))), max(0, order.count - 1))
    }

    /// Scrolls so that the cursor is in one of as many rows.
    mutating func scroll(rows: Int) {
        let rows = max(1, rows)
        top = min(max(top, position - rows + 1), position)
        top = max(0, min(top, order.count - rows))
    }

    // MARK: Order

    /// Sorts by the next column.
    mutating func sortByNext(_ content: SweepContent, backwards: Bool = false) {
        let columns = columns
        let place = columns.firstIndex(of: sort) ?? 0
        sort = columns[(place + (backwards ? columns.count - 1 : 1)) % columns.count]
        isReversed = false
        update(content)
    }

    mutating func reverse(_ content: SweepContent) {
        isReversed.toggle()
        update(content)
    }

    mutating func setFilter(_ text: String, _ content: SweepContent?) {
        filter = text
        if let content { update(content) }
    }

    /// Takes in other trials of the same sweep or of another one. The cursor stays on its trial if that is still there.
    mutating func update(_ content: SweepContent) {
        let former = chosen
        let reserved: Set = ["trial", "state", "time", "reason", content.metric.name]
        parameters = ParameterNames.varying(content.parameterNames, over: content.trials)
        titles = ParameterNames.short(content.parameterNames, besides: reserved)
        if case .parameter(let name) = sort, !parameters.contains(name) { (sort, isReversed) = (.value, false) }
        let choice = TrialChoice(filter, content)
        filterProblem = choice.problem
        order = sorted(content.trials.filter(choice.includes), content).map(\.number)
        let place = former.flatMap { former in order.firstIndex(of: former) }
        position = place ?? min(position, max(0, order.count - 1))
    }

    /// The trials by the column that they are sorted by; equal ones by number.
    private func sorted(_ trials: [TrialRecord], _ content: SweepContent) -> [TrialRecord] {
        if sort == .number { return isReversed ? trials.reversed() : trials }
        let keyed = trials.map { (trial: $0, key: key(of: $0, content)) }
        return keyed.sorted { first, second in
            if first.key.group != second.key.group { return first.key.group < second.key.group }
            if first.key == second.key { return first.trial.number < second.trial.number }
            return (first.key < second.key) != isReversed
        }.map(\.trial)
    }

    /// What a trial is sorted by. Keys of a lower group come first, also if the order is reversed.
    private struct SortKey: Comparable {
        var group: Int
        var number = 0.0
        var text = ""

        static func < (left: SortKey, right: SortKey) -> Bool { (left.number, left.text) < (right.number, right.text) }
    }

    private func key(of trial: TrialRecord, _ content: SweepContent) -> SortKey {
        switch sort {
        case .number: return SortKey(group: 0, number: Double(trial.number))
        case .state: return SortKey(group: 0, number: Double(Self.stateOrder.firstIndex(of: trial.state) ?? 0))
        case .value:
            // The best first. The values of trials that are not complete cannot be compared with those that are.
            guard let value = content.value(of: trial), !value.isNaN else { return SortKey(group: 3) }
            let group = trial.state == .complete ? 0 : trial.state == .running ? 1 : 2
            return SortKey(group: group, number: content.metric.minimized(value))
        case .seconds:
            // Trials that run have taken longest so far.
            if trial.state == .running { return SortKey(group: 0, number: -.infinity) }
            return trial.seconds.map { $0.isNaN ? SortKey(group: 2) : SortKey(group: 1, number: -$0) }
                ?? SortKey(group: 2)
        case .parameter(let name):
            guard let value = trial.parameters[name] else { return SortKey(group: 2) }
            if let number = value.asNumber, !number.isNaN { return SortKey(group: 0, number: number) }
            return SortKey(group: 1, text: value.description)
        case .reason: return trial.reason.map { SortKey(group: 0, text: $0.description) } ?? SortKey(group: 1)
        }
    }

    /// Running trials first: they are what changes.
    private static let stateOrder: [TrialState] = [.running, .waiting, .complete, .pruned, .diverged, .failed]
}

import SweepSearch

/// What the list `enqueue` of a sweep file still has to be tried: each entry once, whatever has become of the list
/// since trials were planned from it.
///
///     var list = EnqueuedList(of: sweep)          // enqueue: [{lr: 0.1}, {lr: 0.2}]
///     list.take(trial)                            // a trial that was enqueued with lr 0.2
///     list.next                                   // {lr: 0.1}
public struct EnqueuedList: Sendable {
    /// In the order of the file.
    public private(set) var rest: [[String: ParameterValue]]

    public init(of sweep: Sweep) { rest = sweep.enqueued }

    /// The entry that is to be tried next; nil if none is left.
    public var next: [String: ParameterValue]? { rest.first }

    /// Takes out the first entry whose values a trial of the sweep has, if the user chose them.
    public mutating func take(_ trial: TrialRecord) {
        guard !rest.isEmpty, trial.origin == .enqueued, trial.source == nil,
            let place = rest.firstIndex(where: { entry in
                entry.allSatisfy { trial.parameters[$0.key]?.matches($0.value) == true }
            })
        else { return }
        rest.remove(at: place)
    }
}

import SweepSearch

extension TrialRecord {
    /// The values in the forms that the space has now, which may have changed since: 3 is 3.0 of a range.
    package func assignment(in space: SearchSpace) -> Assignment {
        let values = parameters.mapValues { space[$0]?.distribution.legalForm(of: $1) ?? $1 }
        return Assignment(values.valuesByName, in: space)
    }

    /// What the trial says about its values, with lower values better as samplers want them; nil until it has ended.
    package func outcome(_ metric: Metric) -> Outcome? {
        let value = value.map(metric.minimized)
        switch state {
        case .waiting, .running: return nil
        case .complete: return value.map { .value($0) } ?? .failed
        case .pruned: return .pruned(value)
        case .diverged: return .diverged
        case .failed: return .failed
        }
    }
}

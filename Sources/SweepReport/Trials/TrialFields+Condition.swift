import SweepModel
import SweepSearch

/// Conditions that are looked at again and again while trials change, without the database.
extension TrialFields {
    /// Reads a condition over what is known of a trial itself; metrics other than the sweep's stand in the database.
    ///
    /// - Throws: what is wrong with the text.
    public func condition(_ text: String) throws(ConstraintError) -> Filter {
        try Filter(parsing: text, words: words) { name in
            switch field(name) {
            case nil, .metric: nil
            case .some(let field): variable(field)
            }
        }
    }

    /// What is wrong with a condition, on one line, with the name that was probably meant.
    public func explanation(_ problem: ConstraintProblem) -> String {
        guard case .unknownParameter(let name) = problem.kind else { return "\(problem)" }
        return "there is no '\(name)' in this sweep; \(help(for: name, metrics: [], words: words))"
    }

    /// What the names of a condition stand for, in their order: to be found once, and not for each trial.
    public func fields(of condition: Filter) -> [TrialField] { condition.names.compactMap(field) }
}

extension Filter {
    /// Whether a trial is one of those that are looked for.
    ///
    /// - Parameter fields: what the names stand for, as `TrialFields.fields(of:)` gives them.
    public func matches(_ trial: TrialRecord, _ fields: [TrialField]) -> Bool {
        matches { fields.indices.contains($0) ? fields[$0].value(of: trial, [:]) : nil }
    }
}

import SweepModel
import SweepReport
import SweepSearch

/// Which trials the user has chosen with `/`: those that have the text somewhere in their row, or, if the text compares
/// something, those for which that is true.
///
///     adam                              has the text `adam` in a value or in its reason
///     optimizer=adam                    the same for one parameter
///     state == complete and lr < 0.1    the language of constraints, as in `revsweep trials --filter`
struct TrialChoice: Sendable {
    private let text: String
    private var condition: (filter: Filter, fields: [TrialField])?
    /// What is wrong with the text, if it cannot be understood; no trial is chosen then.
    private(set) var problem: String?

    init(_ text: String, _ content: SweepContent) {
        self.text = text.lowercased()
        guard Self.comparisons.contains(where: text.contains), let space = content.space else { return }
        let fields = TrialFields(
            content.objectives, parameterNames: content.parameterNames, space: space)
        do {
            let filter = try fields.condition(text)
            condition = (filter, fields.fields(of: filter))
        } catch {
            problem = error.problems.first.map(fields.explanation) ?? "this is no condition"
        }
    }

    /// A text without any of these is looked for as it is.
    private static let comparisons = ["<", ">", "==", "!=", " in "]

    func includes(_ trial: TrialRecord) -> Bool {
        if text.isEmpty { return true }
        if problem != nil { return false }
        if let condition { return condition.filter.matches(trial, condition.fields) }
        let words =
            ["\(trial.number)", trial.state.rawValue, trial.reason?.description ?? ""]
            + trial.parameters.map { "\($0.name)=\($0.value)" }
        return words.contains { $0.lowercased().contains(text) }
    }
}

import ConfigFile
import SweepSearch

/// Reads `enqueue`: values that the author of a sweep file wants tried first, such as those that worked before.
///
///     enqueue: [{lr: 0.01, layers: 3}, {lr: 0.1}]    # layers of the second are sampled
///
///     # [["lr": 0.01, "layers": 3], ["lr": 0.1]]
///
/// All that a trial needs is checked here, as the first trials would else fail one after the other when they are
/// planned.
struct EnqueueReader {
    /// The space that the values must fit; nil where the parameters could not be read, and nothing is checked.
    let space: SearchSpace?
    let problems: DiagnosticCollector

    /// The values of each trial in the order of the file. A value gets the form that its parameter has: 1 becomes 1.0
    /// for a range of numbers.
    func read(_ file: ConfigSection) -> [[String: ParameterValue]] {
        guard let node = file.node("enqueue") else { return [] }
        guard case .sequence(let items) = node.value else {
            problems.report(
                "'enqueue' must be a list of mappings, found \(node.kindDescription)", at: node.location,
                help: "enqueue: [{NAME: VALUE, …}, …]")
            return []
        }
        return items.map { item in
            guard case .mapping(let entries) = item.value else {
                problems.report(
                    "an element of 'enqueue' must be a mapping, found \(item.kindDescription)", at: item.location,
                    help: "enqueue: [{NAME: VALUE, …}, …]")
                return [:]
            }
            return space.map { values(entries, of: item, in: $0) } ?? [:]
        }
    }

    /// The values of one trial. Those that are wrong are reported and left out.
    private func values(
        _ entries: [ConfigEntry], of item: ConfigNode, in space: SearchSpace
    ) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for entry in entries {
            guard let parameter = space[entry.key] else {
                problems.report(
                    "'\(entry.key)' is not a parameter of this sweep", at: entry.keyLocation,
                    help: nearest(entry.key, among: space.parameters.map(\.name)).map { "did you mean '\($0)'?" })
                continue
            }
            guard let value = ParameterValue(entry.node).flatMap(parameter.distribution.legalForm(of:)) else {
                // What a list or mapping holds may be all that is wrong with it.
                let structure =
                    switch entry.node.value {
                    case .sequence, .mapping: ParameterValue(entry.node)?.description
                    case .null, .boolean, .integer, .number, .string: nil as String?
                    }
                problems.report(
                    "'\(entry.key)' cannot be \(structure ?? entry.node.kindDescription)", at: entry.node.location,
                    help: "it is \(parameter.distribution)")
                continue
            }
            values[entry.key] = value
        }
        for problem in space.problems(withPartial: values) {
            problems.report("\(problem)", at: place(of: problem, in: entries) ?? item.location)
        }
        return values
    }

    /// The key in the file that a problem is about; nil for a problem of several values together.
    private func place(of problem: AssignmentProblem, in entries: [ConfigEntry]) -> SourceLocation? {
        switch problem {
        case .unknownParameter(let name), .illegalValue(let name, _, _), .inactive(let name, _), .missing(let name):
            entries.first { $0.key == name }?.keyLocation
        case .contradiction, .violates, .noFeasibleCompletion: nil
        }
    }
}

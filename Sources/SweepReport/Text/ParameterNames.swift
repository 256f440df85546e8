import SweepModel
import SweepSearch

/// Which parameters are worth a column of a table, and what to call them where room is scarce.
///
///     ParameterNames.short(["optimizer.learning_rate", "optimizer.name", "model.name"])
///     // ["optimizer.learning_rate": "learning_rate", "optimizer.name": "optimizer.name", …]
public enum ParameterNames {
    /// The shortest name for each parameter that could mean no other: the last parts of its path.
    ///
    /// - Parameter reserved: names that are taken already, as the titles of other columns.
    public static func short(_ names: [String], besides reserved: Set<String> = []) -> [String: String] {
        var owners: [String: Int] = [:]
        for name in names {
            for ending in endings(of: name) { owners[ending, default: 0] += 1 }
        }
        let pairs = names.map { name in
            (name, endings(of: name).first { owners[$0] == 1 && !reserved.contains($0) } ?? name)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Those parameters of which there are different values among the trials, in the order of `names`.
    ///
    /// That some trials lack a parameter, as a condition may have it, does not make it vary: the parameter of the
    /// condition shows that. Of a single trial nothing varies, and all of its parameters are of interest.
    public static func varying(_ names: [String], over trials: some Collection<TrialRecord>) -> [String] {
        if trials.count < 2 { return names }
        var first: [String: ParameterValue] = [:]
        var varying: Set<String> = []
        for trial in trials where varying.count < names.count {
            for parameter in trial.parameters where !varying.contains(parameter.name) {
                if let former = first[parameter.name] {
                    if !former.matches(parameter.value) { varying.insert(parameter.name) }
                } else {
                    first[parameter.name] = parameter.value
                }
            }
        }
        return names.filter(varying.contains)
    }

    /// The parameters of a space that can have more than one value, in its order.
    public static func varying(in space: SearchSpace) -> [String] {
        space.parameters.filter { $0.distribution.onlyValue == nil }.map(\.name)
    }

    /// The ends of a path that begin behind one of its dots, the shortest first, and the whole path as the last.
    private static func endings(of name: String) -> [String] {
        let dots = name.indices.filter { name[$0] == "." }
        let endings = dots.reversed().map { String(name[name.index(after: $0)...]) }
        return endings.filter { !$0.isEmpty } + [name]
    }
}

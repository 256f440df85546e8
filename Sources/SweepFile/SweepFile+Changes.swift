import ConfigFile
import Files
import Foundation
import SweepModel
import SweepSearch

extension SweepFile {
    /// What this file says differently than `former`, except budget and resources, which change no trial.
    ///
    /// What the files mean is compared, not their texts. Comments, layout, the order of keys, `1` or `1.0` as the end
    /// of a range, a default that is written out, and another path to the same program are no changes.
    ///
    /// `revsweep run` asks this before it goes on with a sweep that exists. An empty list means that its trials so far
    /// and those to come belong to one search.
    ///
    ///     new.changes(since: old).map(\.description)    // ["parameters.lr.max: 0.1 → 0.3"]
    public func changes(since former: SweepFile) -> [FileChange] {
        let (old, new) = (former.sweep, sweep)
        var changes: [FileChange] = []
        func add(_ part: FileChange.Part, _ path: String, by comparison: FileChange.Comparison = .values) {
            changes += textChanges(since: former, part, path, by: comparison)
        }
        if new.name != old.name { changes.append(FileChange(.name, "name", from: old.name, to: new.name)) }
        if new.objectives.metrics != old.objectives.metrics { for key in ["metric", "metrics"] { add(.metric, key) } }
        if new.objectives.bounds != old.objectives.bounds {
            // Where the same numbers are measured, a trial so far keeps the new bounds or does not.
            add(Set(new.objectives.measured) == Set(old.objectives.measured) ? .bounds : .metric, "bounds")
        }
        if Set(new.warmStart) != Set(old.warmStart) { add(.warmStart, "warm_start") }
        changes += trainerChanges(since: former)
        changes += spaceChanges(since: former)
        if new.enqueued != old.enqueued { add(.enqueue, "enqueue") }
        if new.sampler != old.sampler { add(.sampler, "sampler") }
        if new.pruning != old.pruning { add(.pruner, "pruner") }
        if new.replicates != old.replicates { add(.replicates, "replicates") }
        if new.retry.meaning != old.retry.meaning { add(.retry, "retry") }
        if new.planning != old.planning { add(.planning, "reproducible") }
        if new.launcher != old.launcher { add(.launcher, "launcher", by: .texts) }
        return changes
    }

    /// The differences in the text of a part whose meaning has changed: the user knows the text.
    ///
    /// If the texts differ only as 1 and 1.0 do, that is what has changed the meaning.
    ///
    /// - Parameter path: of the part in the file; in the same place in both files.
    private func textChanges(
        since former: SweepFile, _ part: FileChange.Part, _ path: String, by comparison: FileChange.Comparison = .values
    ) -> [FileChange] {
        let (old, new) = (former.node(at: path), node(at: path))
        let changes = FileChange.between(old, new, part: part, path: path, by: comparison)
        return changes.isEmpty ? FileChange.between(old, new, part: part, path: path, by: .kinds) : changes
    }

    /// The node at a path; the name of a parameter is not split at its dots.
    private func node(at path: String) -> ConfigNode? {
        let section = "parameters."
        guard path.hasPrefix(section) else { return document.root[path: path] }
        return document.root["parameters"]?[String(path.dropFirst(section.count))]
    }

    // MARK: The trainer

    /// What changed in the trainer's command, environment, folder and base configuration.
    private func trainerChanges(since former: SweepFile) -> [FileChange] {
        let (old, new) = (former.sweep.trainer, sweep.trainer)
        var changes: [FileChange] = []
        if !runsSameProgram(as: former) || new.command.dropFirst() != old.command.dropFirst() {
            changes += textChanges(since: former, .trainer, "trainer.command", by: .texts)
        }
        if new.environment != old.environment {
            changes += textChanges(since: former, .trainer, "trainer.env", by: .texts)
        }
        if new.client != old.client { changes += textChanges(since: former, .trainer, "trainer.client", by: .texts) }
        if new.reports != old.reports { changes += textChanges(since: former, .trainer, "trainer.reports", by: .texts) }
        if !startsTrainersInSameFolder(as: former) {
            changes += textChanges(since: former, .trainer, "trainer.directory")
        }
        guard let oldBase = former.base?.root, let newBase = base?.root else {
            if (base == nil) != (former.base == nil) { changes += textChanges(since: former, .base, "trainer.config") }
            return changes
        }
        // No trainer ever sees a value of the base that every trial replaces.
        let covered = Set(sweep.space.parameters.filter { $0.conditions.isEmpty }.map(\.name))
        return changes
            + FileChange.between(oldBase, newBase, part: .base, path: "", by: .kinds)
            .filter { !covered.contains($0.path) }
            .map { FileChange(.base, "\($0.path) in the base configuration", from: $0.old, to: $0.new) }
    }

    /// Whether both commands run the same program. Each is looked at from its own folder, as a project may have moved.
    private func runsSameProgram(as former: SweepFile) -> Bool {
        let (old, new) = (former.sweep.trainer.command.first?.text, sweep.trainer.command.first?.text)
        guard let old, let new else { return former.sweep.trainer.command.first == sweep.trainer.command.first }
        return former.place(of: old) == place(of: new)
    }

    /// Whether trainers start in one folder by both files, however each of them writes it.
    private func startsTrainersInSameFolder(as former: SweepFile) -> Bool {
        if sweep.trainer.directory == former.sweep.trainer.directory { return true }
        guard let old = former.sharedTrainerDirectory, let new = sharedTrainerDirectory else { return false }
        return former.place(of: old) == place(of: new)
    }

    /// A form of a path by which both files can be compared: a bare name stays, and a path loses its detours and is
    /// taken from the sweep file's folder if it leads into that.
    ///
    ///     python                       python
    ///     ./bin/../train               ./train
    ///     /home/ada/project/train      ./train, if the sweep file is in /home/ada/project
    ///     ../shared/train              ../shared/train
    private func place(of name: String) -> String {
        guard name.contains("/") else { return name }
        let folder = directory.absolutePath()
        let path = name.absolutePath(in: folder)
        if path == folder { return "." }
        if path.hasPrefix(folder + "/") { return "./" + path.dropFirst(folder.count + 1) }
        // Outside the folder a relative path stays as written: both may have moved together.
        return name.hasPrefix("/") ? path : name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    // MARK: The space

    /// What changed in the parameters and constraints.
    private func spaceChanges(since former: SweepFile) -> [FileChange] {
        let (old, new) = (former.sweep.space, sweep.space)
        let isGrid = sweep.sampler.name == .grid || former.sweep.sampler.name == .grid
        let gone = old.parameters.filter { new[$0.name] == nil }
        var changes = (new.parameters + gone).flatMap { parameter -> [FileChange] in
            let path = "parameters.\(parameter.name)"
            guard let before = old[parameter.name], let after = new[parameter.name] else {
                return textChanges(since: former, .space, path)
            }
            if after.meaning(inGrid: isGrid) == before.meaning(inGrid: isGrid) {
                // Equal values may reach the trainer as another text: 3.1 and 3.10 may be versions.
                if sweep.written.agrees(with: former.sweep.written, on: parameter.name) { return [] }
                return textChanges(since: former, .space, path, by: .texts)
            }
            // A default matters only for trials that lack the parameter, so it is left out beside other changes.
            let text = textChanges(since: former, .space, path)
            let others = text.filter { $0.path != "\(path).default" }
            return others.isEmpty ? text : others
        }
        let isSame = [(new.constraints, old.constraints), (old.constraints, new.constraints)].allSatisfy {
            some, others in
            some.allSatisfy { constraint in others.contains { $0.isEquivalent(to: constraint) } }
        }
        if !isSame { changes += textChanges(since: former, .space, "constraints") }
        return changes
    }
}

/// What trials can notice of a parameter, in a form that is equal for all ways to write it.
///
///     {type: choice, values: [a, b]}      and     {type: choice, values: [a, b], weights: [2, 2]}
///     when: {optimizer: sgd}              and     when: {optimizer: [sgd]}
private struct ParameterMeaning: Hashable {
    var distribution: Distribution
    var conditions: Set<Condition>
    var points: Int?
}

extension Parameter {
    /// - Parameter isGrid: whether the number of points matters, which only a grid uses.
    fileprivate func meaning(inGrid isGrid: Bool) -> ParameterMeaning {
        let conditions = conditions.map { condition in
            let test: Condition.Test =
                switch condition.test {
                case .equals(let value): .isOneOf([value.normalized])
                case .isOneOf(let values): .isOneOf(values.map(\.normalized).sorted { "\($0)" < "\($1)" })
                case .comparison: condition.test
                }
            return Condition(condition.parameter, test)
        }
        return ParameterMeaning(
            distribution: distribution.withRelativeWeights, conditions: Set(conditions),
            points: isGrid ? gridPoints : nil)
    }
}

extension Distribution {
    /// The distribution with 1 as its largest weight: the weights [1, 1] and [2, 2] mean the same.
    fileprivate var withRelativeWeights: Distribution {
        guard case .choice(let values, let weights) = self, let peak = weights.max(), peak > 0 else { return self }
        return .choice(values: values, weights: weights.map { $0 / peak })
    }
}

extension Retry {
    /// The rule in a form that is equal for rules with the same effect: with one attempt, the causes have none.
    fileprivate var meaning: Retry {
        if attempts <= 1 { return Retry(attempts: 1, causes: []) }
        return Retry(attempts: attempts, causes: Cause.allCases.filter(causes.contains), backoff: backoff)
    }
}

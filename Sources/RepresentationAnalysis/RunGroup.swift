import Foundation
import Training

/// Runs that belong together, and what they are called beside others.
///
///     RunGroup.shortlyNamed(setupsOf: runs).map(\.name)                // ["optimizer=adam", "optimizer=sgd"]
///     try RunGroup.groups(of: runs, by: "model.hidden").map(\.name)    // ["64", "128"]
public struct RunGroup: Sendable {
    public var name: String
    public var runs: [StoredRun]

    /// No run has such a setting.
    public struct UnknownSetting: Error, Hashable, Sendable, CustomStringConvertible {
        public var name: String
        /// Those in which the runs differ.
        public var differing: [String]

        public var description: String {
            let words = differing.isEmpty ? "none" : differing.joined(separator: ", ")
            return "the runs have no setting '\(name)'; those in which they differ: \(words)"
        }
    }

    /// Runs that differ only in their seed, in the order in which the set-ups come first. Each is named by the settings
    /// in which the set-ups differ: `optimizer.name=adam model.hidden=64`.
    static func setups(of runs: [StoredRun]) -> [RunGroup] {
        grouped(runs, by: setup).map { runs, differing in
            RunGroup(name: differing.map { "\($0.path)=\($0.value)" }.joined(separator: " "), runs: runs)
        }
    }

    /// The same groups with names for a legend: the last part of a path where no other ends so, numbers in four digits.
    public static func shortlyNamed(setupsOf runs: [StoredRun]) -> [RunGroup] {
        let setups = grouped(runs, by: setup)
        let endings = Dictionary(grouping: Set(setups.flatMap { $0.differing.map(\.path) }), by: ending)
        func name(_ settings: [Setting], _ value: (Setting) -> String) -> String {
            settings.map { setting in
                let ending = ending(of: setting.path)
                return (endings[ending]?.count == 1 ? ending : setting.path) + "=" + value(setting)
            }.joined(separator: " ")
        }
        let short = setups.map { name($0.differing, \.shortValue) }
        let areUnique = Set(short).count == short.count
        return setups.enumerated().map { place, setup in
            let name = areUnique ? short[place] : name(setup.differing, \.value)
            // Where all runs have the same settings there is nothing to tell them by.
            return RunGroup(name: name.isEmpty ? setup.runs[0].config.optimizer.name.rawValue : name, runs: setup.runs)
        }
    }

    /// Runs with the same value of one setting, in the order in which the values come first.
    ///
    /// - Throws: `UnknownSetting`.
    public static func groups(of runs: [StoredRun], by path: String) throws(UnknownSetting) -> [RunGroup] {
        func value(_ run: StoredRun) -> String? { run.settings.first { $0.path == path }?.value }
        guard runs.contains(where: { value($0) != nil }) else {
            let all = grouped(runs) { run in run.settings.map { Setting(path: $0.path, value: $0.value) } }
            throw UnknownSetting(name: path, differing: Set(all.flatMap { $0.differing.map(\.path) }).sorted())
        }
        let groups = grouped(runs) { [Setting(path: path, value: value($0) ?? "–")] }
        return groups.map { RunGroup(name: value($0.runs[0]) ?? "–", runs: $0.runs) }
    }

    private struct Setting: Hashable {
        var path: String
        var value: String

        /// `0.02477` for `0.0247687…`
        var shortValue: String {
            guard value.count > 6, value.contains("."), let number = Double(value), number.isFinite else {
                return value
            }
            return String(format: "%.4g", number)
        }
    }

    private static func setup(_ run: StoredRun) -> [Setting] {
        // With `{seed}` in its path, the file that a run begins with has other weights for every seed.
        run.settings.filter { $0.path != "seed" && $0.path != "training.start_checksum" }
            .map { Setting(path: $0.path, value: $0.value) }
    }

    /// `hidden` of `model.hidden`, and `optimizer` of `optimizer.name`.
    private static func ending(of path: String) -> String {
        var parts = path.split(separator: ".")
        if parts.count > 1, parts.last == "name" { parts.removeLast() }
        return parts.last.map(String.init) ?? path
    }

    /// Runs with the same key, and those settings in which the keys differ.
    private static func grouped(
        _ runs: [StoredRun], by key: (StoredRun) -> [Setting]
    ) -> [(runs: [StoredRun], differing: [Setting])] {
        var keys: [[Setting]] = []
        var members: [[Setting]: [StoredRun]] = [:]
        for run in runs {
            let key = key(run)
            if members[key] == nil { keys.append(key) }
            members[key, default: []].append(run)
        }
        let common = keys.dropFirst().reduce(Set(keys.first ?? [])) { $0.intersection($1) }
        return keys.map { key in (members[key] ?? [], key.filter { !common.contains($0) }) }
    }
}

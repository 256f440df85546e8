import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// The trials of other sweeps from which a new one learns.
///
///     let prior = try WarmStart.trials(of: file, below: "results")
///     try SweepStore.create(in: directory, record, learningFrom: prior)
enum WarmStart {
    /// Of each sweep at most this many trials: the best, and as many of the others.
    private static let most = 200

    /// The complete trials of the sweeps that the file names under `warm_start`: by their names below the results
    /// folder, or by paths from the folder of the file.
    ///
    /// - Throws: `DiagnosticsError` with the place in the file if there is no such sweep, or none of its trials is
    ///   complete; `SweepStoreError`.
    static func trials(of file: SweepFile, below results: String) throws -> [PriorTrial] {
        var trials: [String: [PriorTrial]] = [:]
        var directories: [String] = []
        let problems = DiagnosticCollector(source: file.document.source)
        for (name, node) in names(in: file) {
            let path = name.hasPrefix("/") ? name : "\(name.contains("/") ? file.directory : results)/\(name)"
            let directory = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
            if name == file.sweep.name {
                problems.report(
                    "a sweep cannot learn from itself", at: node?.location, help: "its own trials count anyway")
                continue
            }
            guard SweepStore.exists(in: directory) else {
                problems.report("there is no sweep in '\(path)'", at: node?.location, help: help(name, results))
                continue
            }
            // The same folder may be named in two ways.
            if trials[directory] == nil { directories.append(directory) }
            let (chosen, hasBounds): ([PriorTrial], Bool)
            do {
                let store = try SweepStore(readingSweepIn: directory)
                chosen = try self.chosen(of: store, directory)
                hasBounds = try !store.sweep().objectives.bounds.isEmpty
            } catch {
                problems.report("the sweep '\(name)': \(error)", at: node?.location)
                continue
            }
            if let problem = problem(with: chosen, in: file.sweep.space, areBounded: hasBounds) {
                problems.report("the sweep '\(name)': \(problem)", at: node?.location, help: "leave it out")
            }
            trials[directory] = chosen
        }
        try problems.throwIfAny()
        return directories.flatMap { trials[$0] ?? [] }
    }

    /// The sweeps that the file names, with their places.
    private static func names(in file: SweepFile) -> [(String, ConfigNode?)] {
        let node = file.document.root["warm_start"]
        let items: [ConfigNode] = if case .sequence(let items)? = node?.value { items } else { [] }
        return file.sweep.warmStart.map { name in (name, items.first { $0.scalarText == name } ?? node) }
    }

    /// The trials of a sweep that are worth knowing: the best, and others at equal intervals of their rank.
    private static func chosen(of store: SweepStore, _ directory: String) throws -> [PriorTrial] {
        let record = try store.sweep()
        let objectives = record.objectives
        // A file that this release reads otherwise still has trials.
        let replicates = (try? SweepFile(record))?.sweep.replicates
        let known = configurations(of: try store.trials(), replicates, objectives.metric)
        let complete = objectives.metric.ranked(known.filter(objectives.keepsBounds))
        let (best, others) = (complete.prefix(most / 2), Array(complete.dropFirst(most / 2)))
        let wanted = min(others.count, most / 2)
        let spread = (0..<wanted).map { others[$0 * others.count / wanted] }
        return (best + spread).compactMap { trial in
            trial.value.map {
                PriorTrial(
                    source: directory, number: trial.number, parameters: trial.parameters,
                    value: objectives.metric.minimized($0))
            }
        }
    }

    /// The trials, or where configurations have several seeds, the first one of each with the value that all its seeds
    /// come to: the best single seed would be the luckiest one. A configuration that has no finite value is left out.
    private static func configurations(
        of trials: [TrialRecord], _ replicates: Replicates?, _ metric: Metric
    ) -> [TrialRecord] {
        guard let replicates else { return trials }
        // Whoever planned them, trials with the same values are one configuration.
        return Dictionary(grouping: trials, by: \.parameters).values.compactMap { seeds in
            let results = seeds.compactMap { $0.outcome(metric)?.seedResult }
            guard var first = seeds.first(where: { $0.state == .complete }), let value = replicates.value.of(results),
                value.isFinite
            else { return nil }
            first.value = metric.minimized(value)
            return first
        }
    }

    /// Why nothing can be learnt from these trials; nil if something can.
    private static func problem(with trials: [PriorTrial], in space: SearchSpace, areBounded: Bool) -> String? {
        if trials.isEmpty { return "it has no complete trial" + (areBounded ? " that keeps its bounds" : "") }
        var reason = "it has none of the parameters of this one"
        for trial in trials {
            do {
                if try !space.overlap(with: trial.parameters.valuesByName).isEmpty { return nil }
            } catch {
                reason = "no trial fits into this space; \(error)"
            }
        }
        return reason
    }

    /// From how many trials of which other sweeps one learns: `learning from 18 of 20 trials of former`. Nil for none.
    static func words(of trials: [PriorTrial], in space: SearchSpace) -> String? {
        var order: [String] = []
        for trial in trials where !order.contains(trial.source) { order.append(trial.source) }
        let parts = order.map { source in
            let all = trials.filter { $0.source == source }
            let fitting = all.count { (try? space.overlap(with: $0.parameters.valuesByName))?.isEmpty == false }
            let name = URL(fileURLWithPath: source).lastPathComponent
            return "\(fitting == all.count ? "" : "\(fitting) of ")\(all.count) trials of \(name)"
        }
        return parts.isEmpty ? nil : "learning from " + parts.joined(separator: ", ")
    }

    /// What may have been meant by the name of a sweep that is not there.
    private static func help(_ name: String, _ results: String) -> String {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: results)) ?? []
        let sweeps = folders.filter { SweepStore.exists(in: "\(results)/\($0)") }
        return nearestName(to: name, among: sweeps.sorted()).map { "did you mean '\($0)'?" }
            ?? "the name of a sweep in \(results), or a path from the folder of this file, such as ./other"
    }
}

extension SweepStore {
    /// What the sweep has learnt from others, one lesson of each; those of which no trial fits are left out.
    func lessons(for sweep: Sweep) throws -> [Lesson] {
        var order: [String] = []
        var trials: [String: [Lesson.Trial]] = [:]
        for trial in try priorTrials() {
            if trials[trial.source] == nil { order.append(trial.source) }
            trials[trial.source, default: []].append(
                Lesson.Trial(values: trial.parameters.valuesByName, value: trial.value))
        }
        let isModelled = sweep.sampler.name == .auto || sweep.sampler.name == .gp
        return order.compactMap { source in
            trials[source].flatMap {
                Lesson(of: $0, in: sweep.space, seed: sweep.sampler.seed, isModelled: isModelled)
            }
        }
    }
}

extension SweepFile {
    /// What would be wrong with the sweeps that it begins to learn from, if it were started now; nil if nothing is.
    ///
    /// - Parameter results: the folder that holds the sweeps.
    public func warmStartNote(below results: String) -> String? {
        guard !sweep.warmStart.isEmpty else { return nil }
        do {
            _ = try WarmStart.trials(of: self, below: results)
            return nil
        } catch let error as DiagnosticsError {
            let problems = error.diagnostics.map { $0.message + ($0.help.map { " (\($0))" } ?? "") }
            return "warm_start: " + problems.joined(separator: "; ")
        } catch {
            return "warm_start: \(error)"
        }
    }
}

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
        var trials: [PriorTrial] = []
        var problems: [Diagnostic] = []
        for name in file.sweep.warmStart {
            let path =
                name.contains("/") ? (name.hasPrefix("/") ? name : "\(file.directory)/\(name)") : "\(results)/\(name)"
            let directory = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
            func report(_ message: String, _ help: String) {
                let node = file.document.root["warm_start"]
                let items: [ConfigNode] = if case .sequence(let items)? = node?.value { items } else { [] }
                problems.append(
                    Diagnostic(
                        path: file.document.source.path,
                        location: items.first { $0.value == .string(name) }?.location ?? node?.location,
                        message: message,
                        help: help))
            }
            guard SweepStore.exists(in: directory) else {
                report("there is no sweep in '\(path)'", "the name of a sweep in \(results), or a path to its folder")
                continue
            }
            let store = try SweepStore(readingSweepIn: directory)
            let objectives = try store.sweep().objectives
            let complete = objectives.metric.ranked(try store.trials().filter(objectives.keepsBounds))
            if complete.isEmpty { report("no trial of the sweep '\(name)' is complete", "leave it out") }
            let best = complete.prefix(most / 2)
            let others = complete.dropFirst(most / 2)
            let wanted = min(others.count, most / 2)
            let spread = (0..<wanted).map { others[others.startIndex + $0 * others.count / wanted] }
            trials += (best + spread).compactMap { trial in
                trial.value.map {
                    PriorTrial(
                        source: directory, number: trial.number, parameters: trial.parameters,
                        value: objectives.metric.minimized($0))
                }
            }
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
        return trials
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
        return order.compactMap { source in trials[source].flatMap { Lesson(of: $0, in: sweep.space) } }
    }
}

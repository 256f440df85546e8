import EventFiles
import Files
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// A sweep as runs that TensorBoard shows, also in its tab HPARAMS.
///
///     DIR/events.out.tfevents.1795842000.revsweep                which parameters and metrics there are
///     DIR/trial-00012/events.out.tfevents.1795842042.revsweep    values, reports and state of one trial
///
/// Parameters that are inactive are missing. TensorBoard drops null, so that becomes the text `None`; and it wants the
/// values of one parameter to be of one kind, so choices of several kinds become text. Numbers of metrics are rounded
/// to single precision.
///
/// Source: tensorboard/plugins/hparams/api.proto and plugin_data.proto, google/protobuf/struct.proto.
public enum TensorBoardExport {
    /// Writes the folder beside its place and puts it there when it is whole. One that an earlier export has written is
    /// replaced, and its rights stay.
    ///
    /// - Returns: how many trials it holds: all that have been started.
    /// - Throws: `DraftFolder.Occupied` if the folder has something else in it, `FileError`, or what the store throws.
    public static func write(_ store: SweepStore, _ file: SweepFile, to path: String) throws -> Int {
        let record = try store.sweep()
        let metric = record.metric.name
        let space = HParams(file.sweep.space)
        let folder = try DraftFolder(replacing: path, isOwn: isOwn)
        let created = record.created.timeIntervalSince1970
        let plugin = PluginMessages(metric: metric, space: space)
        try folder.write(
            EventFile.beginning(at: created) + plugin.experiment(named: record.name, at: created),
            to: fileName(at: created))
        var count = 0
        _ = try store.forEachTrial(reporting: metric) { trial, reports in
            guard let started = trial.started?.timeIntervalSince1970 else { return }
            count += 1
            let end = (trial.ended?.timeIntervalSince1970).map { max($0, started) }
            var bytes = EventFile.beginning(at: started)
            bytes += plugin.start(of: trial, at: started)
            for (index, report) in reports.enumerated() {
                // When it was reported is not known: they are spread over the time that the trial took.
                let share = Double(index + 1) / Double(reports.count + 1)
                let time = end.map { started + ($0 - started) * share } ?? started
                bytes += EventFile.scalars([(metric, report.value)], step: report.step, at: time)
            }
            if trial.state == .complete, let value = trial.value, let end, reports.last?.value != value {
                // The table shows the last number. By the rule `best` that is another one than the trial's value.
                let step = reports.last.map { $0.step == .max ? $0.step : $0.step + 1 } ?? 0
                bytes += EventFile.scalars([(metric, value)], step: step, at: end)
            }
            bytes += plugin.end(of: trial, at: end ?? started)
            let name = String(trial.number)
            let zeros = String(repeating: "0", count: max(0, 5 - name.count))
            try folder.write(bytes, to: "trial-\(zeros)\(name)/\(fileName(at: started))")
        }
        try folder.publish()
        return count
    }

    private static func fileName(at time: Double) -> String {
        "events.out.tfevents.\(Int(min(max(time, 0), 1e12))).revsweep"
    }

    /// Whether an export may have written this in its folder.
    private static func isOwn(_ name: String) -> Bool {
        name.wholeMatch(of: /trial-\d+|events\.out\.tfevents\.\d+\.revsweep/) != nil
    }
}

/// The messages of the plugin HParams.
private struct PluginMessages {
    let metric: String
    let space: HParams

    private func event(_ tag: String, at time: Double, _ build: (inout ProtocolMessage) -> Void) -> [UInt8] {
        var content = ProtocolMessage()
        // The version of the plugin's data.
        content.add(1, integer: 0)
        build(&content)
        return EventFile.pluginMessage(content, of: "hparams", tag: "_hparams_/\(tag)", at: time)
    }

    func experiment(named name: String, at time: Double) -> [UInt8] {
        event("experiment", at: time) { content in
            content.add(2) { experiment in
                experiment.add(6, text: name)
                experiment.add(3, double: time)
                for parameter in space.parameters { experiment.add(4, message: parameter.info) }
                experiment.add(5) { info in
                    info.add(1) { $0.add(2, text: metric) }
                    info.add(3, text: metric)
                }
            }
        }
    }

    func start(of trial: TrialRecord, at time: Double) -> [UInt8] {
        event("session_start_info", at: time) { content in
            content.add(3) { start in
                for parameter in trial.parameters {
                    guard let value = space.value(parameter.value, of: parameter.name) else { continue }
                    start.add(1) { entry in
                        entry.add(1, text: parameter.name)
                        entry.add(2, message: value)
                    }
                }
                start.add(4, text: "trial \(trial.number)")
                start.add(5, double: time)
            }
        }
    }

    func end(of trial: TrialRecord, at time: Double) -> [UInt8] {
        event("session_end_info", at: time) { content in
            content.add(4) { end in
                end.add(1, integer: Self.status(trial.state))
                end.add(2, double: time)
            }
        }
    }

    /// Success, failure or running.
    private static func status(_ state: TrialState) -> Int {
        switch state {
        case .complete, .pruned: 1
        case .diverged, .failed: 2
        case .running, .waiting: 3
        }
    }
}

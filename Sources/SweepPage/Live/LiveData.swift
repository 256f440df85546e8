import ConfigFile
import Foundation
import ReportFormat
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// What a server sends to the page of one sweep: first all of it, then what changes, as JSON.
///
/// Whoever was sent the document and all changes since has what the document of now would say. `docs/report-format.md`
/// describes both.
///
///     let (json, id) = try LiveData.document(
///         of: store, file, record, program: "revsweep 0.1.0", planner: "running", addresses: addresses)
///     …
///     if let (json, next) = try LiveData.changes(in: store, file, record, since: id), next != id { … }
public enum LiveData {
    /// How many new rows a page is told of at a time. For more it is quicker to read everything anew.
    private static let maxRows = 10_000

    // MARK: All of it

    /// The document of a page that shows one sweep.
    ///
    /// What a model of the trials says is not in it: that takes longer than all the rest.
    ///
    /// - Parameters:
    ///   - program: the name and version of the program, which the page shows.
    ///   - planner: what is working on the sweep, in words.
    ///   - confirmed: what fresh seeds have shown of the best trials; nil if they have not been run again.
    /// - Returns: also up to where it tells of the sweep, which stands in it, too.
    /// - Throws: `SweepStoreError`, or `DiagnosticsError` if the stored sweep file is not legal.
    public static func document(
        of store: SweepStore, _ file: SweepFile, _ record: SweepRecord, program: String, planner: String,
        addresses: LiveAddresses, confirmed: ConfirmedBest? = nil
    ) throws -> (json: String, id: ChangeID) {
        let (id, snapshot) = try store.inOneState { store in
            (try ChangeID(of: store, record), try SweepSnapshot(store, file, record))
        }
        let sweep = SweepDocument(
            snapshot: snapshot, ranking: ParameterRanking(snapshot), model: nil, planner: planner,
            choice: choice(snapshot, confirmed))
        let mark = addresses.events.contains("?") ? "&" : "?"
        let document = ConfigNode.object([
            "format": .integer(1), "program": .string(program),
            "live": ConfigNode.object([
                "events": .string("\(addresses.events)\(mark)since=\(id)"), "log": addresses.log.map { .string($0) },
            ]).value,
            "sweeps": .sequence([sweep.node]),
        ])
        return (document.compactJSON, id)
    }

    /// The trial that is the best by more than its own value, as far as that is known without a model.
    private static func choice(_ snapshot: SweepSnapshot, _ confirmed: ConfirmedBest?) -> BestChoice? {
        let (file, record) = (snapshot.file, snapshot.record)
        return BestChoice(BestConfig(file: file, record: record, trials: snapshot.trials, confirmed: confirmed))
    }

    // MARK: What changes

    /// What has been stored since, for an event `changes`.
    ///
    /// - Parameters:
    ///   - file: the sweep file of `record`, both as they are stored now.
    ///   - planner: what is working on the sweep, in words; nil if the page is told so elsewhere.
    /// - Returns: also up to where that tells of the sweep: `id` itself if nothing is new. Nil if the page has to read
    ///   everything anew: too much is new, or `id` is of another sweep, of another file of this one, or of a database
    ///   that was replaced.
    /// - Throws: `SweepStoreError`.
    public static func changes(
        in store: SweepStore, _ file: SweepFile, _ record: SweepRecord, since id: ChangeID, planner: String? = nil
    ) throws -> (json: String, id: ChangeID)? {
        let epoch = ChangeID.epoch(of: record)
        let metric = file.sweep.metric.name
        // What the caller knows of the sweep may be older than what is stored.
        let changes = try store.inOneState { store -> SweepStore.Changes? in
            guard id.epoch == epoch, try ChangeID.epoch(of: store.sweep()) == epoch else { return nil }
            return try store.changes(since: id.progress, reporting: metric, atMost: maxRows)
        }
        guard let changes else { return nil }
        let trials = TrialChange.all(of: changes, since: id.progress.trials, file)
        let node = ConfigNode.object([
            "sweep": .string(record.name), "planner": planner.map { .string($0) },
            "trials": .sequence(trials.map(\.node)),
        ])
        return (node.compactJSON, ChangeID(epoch: epoch, changes.progress))
    }

    /// What the page says of the sweep as a whole, for an event `sweep`.
    ///
    /// - Parameters:
    ///   - confirmed: what fresh seeds have shown of the best trials; nil if they have not been run again.
    ///   - withImportance: whether it says, too, which parameters matter and which trial is the best. That reads all
    ///     trials, and takes some seconds where there are many of many parameters: a forest is grown on 2,000 of them.
    /// - Throws: `SweepStoreError`, or `DiagnosticsError` if the stored sweep file is not legal.
    public static func sweepEntry(
        of store: SweepStore, _ file: SweepFile, _ record: SweepRecord, planner: String,
        confirmed: ConfirmedBest? = nil, withImportance: Bool = false
    ) throws -> String {
        var changes = [
            ConfigEntry(key: "planner", node: ConfigNode(.string(planner))),
            ConfigEntry(key: "spent", node: .object(["seconds": .number(try store.timeRun() / .seconds(1))])),
        ]
        if withImportance {
            let snapshot = try SweepSnapshot(store, file, record)
            let document = SweepDocument(
                snapshot: snapshot, ranking: ParameterRanking(snapshot), model: nil, planner: planner)
            changes.append(ConfigEntry(key: "importance", node: ConfigNode(.sequence(document.importance))))
            // Null takes back what was said before.
            let choice = choice(snapshot, confirmed)
            changes.append(ConfigEntry(key: "best", node: ConfigNode(choice.map { .integer($0.trial) } ?? .null)))
            changes.append(ConfigEntry(key: "bestWords", node: ConfigNode(choice.map { .string($0.words) } ?? .null)))
        }
        return ConfigNode.object(["sweep": .string(record.name), "changes": .mapping(changes)]).compactJSON
    }
}

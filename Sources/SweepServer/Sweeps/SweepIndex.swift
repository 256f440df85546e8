import ConfigFile
import Foundation
import SweepModel
import SweepReport
import SweepStore

/// All sweeps in a few numbers each, for the list of them.
///
/// The files are looked at once a second while somebody asks, and read only where they have changed. Each entry has the
/// number of the change that it comes from, so that a client is told only of those that are newer than what it has.
///
///     let list = await index.list(since: nil)
///     list.json         // [{"address": "sweep/digits/", "name": "digits", "state": "running", …}]
///     list.id           // "5f2c-12"
actor SweepIndex {
    struct List: Sendable {
        /// The entries as JSON: an array.
        var json: String
        /// Those that are there no longer, as JSON: an array of addresses.
        var gone: String
        /// Whether the list is all there is, and not only what is new.
        var isWhole: Bool
        var isEmpty: Bool
        var id: String
    }

    private struct Entry {
        var json: String
        var change: Int
    }

    private let executor = QueueExecutor("index")
    private let table: SweepTable
    /// Numbers of changes of an earlier server mean nothing here.
    private let epoch = String(UInt32.random(in: 0 ... .max), radix: 16)
    private var watches: [String: SweepWatch] = [:]
    private var entries: [String: Entry] = [:]
    private var gone: [(address: String, change: Int)] = []
    private var change = 0
    private var lastLook: ContinuousClock.Instant?

    private static let pause = Duration.milliseconds(400)
    /// How long one database that another program holds keeps the list of all waiting.
    private static let patience = Duration.milliseconds(200)
    private let deadline = Deadline()
    private static let maxGone = 1000

    init(_ table: SweepTable) { self.table = table }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What is new since a client had the list of this identifier; everything if it had none of this server.
    func list(since id: String?) -> List {
        look()
        let seen = id.flatMap { number(in: $0) }
        let isWhole = seen == nil
        let new = entries.filter { $0.value.change > seen ?? -1 }.sorted { $0.key < $1.key }
        let removed = isWhole ? [] : gone.filter { $0.change > seen ?? -1 }
        return List(
            json: "[" + new.map(\.value.json).joined(separator: ",\n") + "]",
            gone: ConfigNode(.sequence(removed.map { ConfigNode(.string($0.address)) })).compactJSON,
            isWhole: isWhole, isEmpty: new.isEmpty && removed.isEmpty, id: "\(epoch)-\(change)")
    }

    private func number(in id: String) -> Int? {
        let parts = id.split(separator: "-")
        guard parts.count == 2, parts[0] == epoch, let number = Int(parts[1]), 0...change ~= number else { return nil }
        return number
    }

    private func look() {
        if let lastLook, ContinuousClock.now - lastLook < Self.pause { return }
        let directories = table.folders.directories
        let present = Set(directories)
        for directory in directories {
            let deadline = deadline
            deadline.set(after: Self.patience)
            var watch =
                watches[directory] ?? SweepWatch(directory: directory, HeldUp(isGivenUp: { deadline.isOver }))
            _ = watch.look(isChosen: false)
            watches[directory] = watch
            guard let name = table.name(of: directory) else { continue }
            let content = Self.entry(watch.overview, name: name).compactJSON
            if entries[directory]?.json == content { continue }
            change += 1
            entries[directory] = Entry(json: content, change: change)
        }
        for directory in watches.keys where !present.contains(directory) {
            watches[directory] = nil
            guard entries.removeValue(forKey: directory) != nil, let name = table.name(of: directory) else { continue }
            change += 1
            gone.append((Self.address(name), change))
            if gone.count > Self.maxGone { gone.removeFirst() }
        }
        lastLook = .now
    }

    private static func address(_ name: String) -> String { "sweep/\(EncodedText.encoded(name))/" }

    private static func entry(_ overview: SweepOverview, name: String) -> ConfigNode {
        let states = TrialState.allCases.map { state in
            ConfigEntry(key: state.rawValue, node: ConfigNode(.integer(overview.counts[state] ?? 0)))
        }
        return .object([
            "address": .string(address(name)), "name": .string(overview.name), "folder": .string(overview.directory),
            "state": .string(state(overview)), "problem": overview.problem.map { .string($0) },
            "metric": overview.metric.map { .string($0.name) },
            "goal": overview.metric.map { .string($0.goal.rawValue) },
            "trials": .mapping(states), "ended": .integer(overview.ended), "imported": .integer(overview.imported),
            "budget": overview.budget.map { .integer($0) },
            "best": overview.best.flatMap { best in
                ConfigNode.object(["trial": .integer(best.number), "value": .number(best.value)]).value
            },
            "process": overview.process.map { .integer(Int($0)) },
            "changed": lastChange(in: overview.directory).map { .string($0) },
        ])
    }

    private static func state(_ overview: SweepOverview) -> String {
        if overview.problem != nil { return "unreadable" }
        if overview.isRun { return "running" }
        return overview.budget.map { overview.ended >= $0 } ?? false ? "done" : "stopped"
    }

    /// When something was stored last.
    private static func lastChange(in directory: String) -> String? {
        let path = "\(directory)/\(SweepStore.fileName)"
        let times = [path, path + "-wal"].compactMap { path -> Int? in
            var status = stat()
            return stat(path, &status) == 0 && status.st_size > 0 ? status.st_mtim.tv_sec : nil
        }
        return times.max().map { Date(timeIntervalSince1970: Double($0)).ISO8601Format() }
    }
}

import Files
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepServer
import SweepStore
import TestSupport

/// A folder with sweeps, and a server in this process that shows it.
struct ServedFolder {
    let folder: TemporaryDirectory
    static let time = Date(timeIntervalSince1970: 1_800_000_000)
    static let token = "a-token-for-tests-0123456789"

    init() throws { folder = try TemporaryDirectory() }

    var path: String { folder.path }

    private static let text = """
        name: shown
        metric: {name: loss, goal: minimize}
        trainer: {command: [train, "{args}"]}
        parameters:
          lr: {type: loguniform, min: 1e-5, max: 1}
        budget: {trials: 100}
        """

    private static func record(_ name: String) -> SweepRecord {
        SweepRecord(
            name: name, metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: ["lr"], lag: nil,
            file: .init(path: "shown.yaml", text: text.replacing("name: shown", with: "name: \"\(name)\"")), base: nil,
            directory: "/nowhere", relativeDirectory: nil, created: time)
    }

    /// Makes a sweep in a folder of this name.
    @discardableResult
    func addSweep(_ name: String, trials: Int = 3) async throws -> SweepStore {
        let directory = "\(path)/\(name)"
        try SweepStore.create(in: directory, Self.record("shown"))
        let store = try SweepStore(runningSweepIn: directory)
        for _ in 0..<trials { try await Self.addTrial(to: store) }
        return store
    }

    /// Adds the next trial, which has ended.
    static func addTrial(to store: SweepStore, running: Bool = false) async throws {
        let number = try store.trialCount()
        let space = try SweepFile(store.sweep()).sweep.space
        let trial = TrialRecord(
            number: number, origin: .sampled, seed: 1,
            parameters: Assignment(["lr": .number(0.001 * Double(number + 1))], in: space), created: time)
        try await store.plan(trial, startingAt: time.addingTimeInterval(Double(number)))
        try await store.record([
            MetricRecord(trial: number, attempt: 1, step: 1, name: "loss", value: 1 / Double(number + 1))
        ])
        if running { return }
        try await store.end(
            number, .complete(1 / Double(number + 1)), metrics: [], at: time.addingTimeInterval(Double(number) + 0.5))
    }

    /// Writes into the log of a trial, as its trainer would.
    func log(_ bytes: [UInt8], of trial: Int, in sweep: String, name: String = "stdout.log") throws {
        let folder = "\(path)/\(sweep)/\(TrialRecord.folder(of: trial))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = "\(folder)/\(name)"
        try appendAll(bytes, to: file)
    }

    var options: ServerOptions {
        var options = ServerOptions(sweeps: .all(in: path), program: "revsweep test")
        options.port = 0
        return options
    }

    /// Runs `body` while a server runs.
    func serve<Value: Sendable>(
        _ change: (inout ServerOptions) throws -> Void = { _ in },
        _ body: @Sendable (TestServer) async throws -> Value
    ) async throws -> Value {
        var options = options
        try change(&options)
        let server = try SweepServer(options)
        let (addresses, announce) = AsyncStream<ServedAddress>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { announce.yield($0) } }
            var iterator = addresses.makeAsyncIterator()
            guard let address = await iterator.next(), let port = URL(string: address.text)?.port else {
                throw CancellationError()
            }
            let value = try await body(TestServer(port: port, address: address.text))
            group.cancelAll()
            return value
        }
    }
}

/// A server that a test talks to.
struct TestServer: Sendable {
    let port: Int
    /// As it was announced.
    let address: String

    /// One request over a connection of its own.
    func ask(
        _ path: String, method: String = "GET", host: String? = nil, headers: [String] = []
    ) async throws -> HTTPConnection.Answer {
        let connection = try HTTPConnection(port: port)
        let lines = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "localhost:\(port)")"] + headers
        try await connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try await connection.answer(hasBody: method != "HEAD")
    }

    /// Sends these bytes, and reads all that comes until the server closes.
    func raw(_ text: String) async throws -> String {
        let connection = try HTTPConnection(port: port)
        try await connection.send(text)
        return try await connection.untilClosed()
    }
}

import ArgumentParser
import Foundation
import SweepEngine
import SweepExchange

/// The option that has an Optuna journal follow a running sweep.
struct MirrorOption: ParsableArguments {
    @Option(
        name: .customLong("mirror"),
        help: ArgumentHelp("An Optuna journal that follows the sweep, for optuna-dashboard.", valueName: "FILE.log"))
    var path: String?

    /// Runs `body`, and meanwhile writes the journal.
    ///
    /// A journal that cannot be written does not end the sweep: that is said once, and the sweep goes on without.
    ///
    /// - Throws: whatever `body` throws; before it runs, `ExchangeError` if there is a file that is no mirror.
    func following<Value: Sendable>(
        _ sweep: OpenSweep, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let path else { return try await body() }
        let mirror: StudyMirror
        do { mirror = try StudyMirror(replacing: path, store: sweep.store, sweep.file) } catch {
            Self.warn(error)
            return try await body()
        }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await mirror.follow { Self.warn($0) } }
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            tasks.cancelAll()
            try await tasks.waitForAll()
            // What ended last is not yet in it.
            mirror.finish { Self.warn($0) }
            return try result.get()
        }
    }

    /// - Throws: `ExchangeError` if there is a file at the path that no mirror has written.
    func check() throws {
        if let path { try StudyMirror.requireReplaceable(path) }
    }

    private static func warn(_ error: any Error) {
        Console.printError("warning: the mirror cannot be written, and the sweep goes on without it: \(error)")
    }
}

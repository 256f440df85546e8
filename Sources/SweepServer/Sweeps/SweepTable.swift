import Foundation
import SweepReport
import SweepStore
import Synchronization

/// The sweeps that are served, by the names in their addresses.
///
/// A name from outside is only ever looked up here. It never becomes part of a path, so that none leads elsewhere.
///
///     let table = SweepTable(.all(in: "/data/results"))
///     table["digits"]?.directory            // "/data/results/digits"
///     table["../../etc"]                    // nil
final class SweepTable: Sendable {
    let folders: SweepFolders

    private struct State {
        var names: [String: String] = [:]
        var feeds: [String: SweepFeed] = [:]
        var lastSearch: ContinuousClock.Instant?
    }

    /// However many unknown names are asked for, the folder is not searched more often.
    private static let pause = Duration.milliseconds(200)

    private let state = Mutex(State())

    init(_ folders: SweepFolders) {
        self.folders = folders
        refresh()
    }

    /// The sweep of this name. One that was there once keeps its name: its folder may come back.
    subscript(name: String) -> SweepFeed? {
        if let known = state.withLock({ $0.feeds[name] }) { return known }
        let isDue = state.withLock { state in
            if let last = state.lastSearch, ContinuousClock.now - last < Self.pause { return false }
            state.lastSearch = .now
            return true
        }
        if isDue { refresh() }
        return state.withLock { $0.feeds[name] }
    }

    /// The name of a sweep in its address.
    func name(of directory: String) -> String? {
        if let name = state.withLock({ $0.names[directory] }) { return name }
        refresh()
        return state.withLock { $0.names[directory] }
    }

    /// The only sweep, if this server was started for one.
    var single: String? {
        guard case .named(let directories) = folders, directories.count == 1 else { return nil }
        return name(of: directories[0])
    }

    private func refresh() {
        let directories = folders.directories
        state.withLock { state in
            for directory in directories where state.names[directory] == nil {
                let last = URL(fileURLWithPath: directory).lastPathComponent
                var name = last
                // Sweeps of different folders may have one name.
                var count = 1
                while state.feeds[name] != nil {
                    count += 1
                    name = "\(last)-\(count)"
                }
                state.names[directory] = name
                state.feeds[name] = SweepFeed(directory: directory)
            }
        }
    }
}

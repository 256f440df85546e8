import Foundation
import SweepReport
import SweepScreen
import SweepStore
import Synchronization

/// Reads sweeps on a queue of its own while their screen is shown, so that a slow disk does not make keys wait.
///
///     let reader = TopReader(folders: .named(directories), wake: terminal.waker)
///     reader.look()
///     reader.request(state.request)
///     for data in reader.take() { … }
final class TopReader: Sendable {
    private struct Mailbox {
        var request = ScreenRequest()
        var data: [ScreenData] = []
        var isLooking = false
        var isEnding = false
    }

    private let folders: SweepFolders
    private let wake: @Sendable () -> Void
    private let mailbox = Mutex(Mailbox())
    private let watches = Mutex<[SweepWatch]>([])
    private let queue = DispatchQueue(label: "sweeps")

    /// How many lines of a log are kept.
    private static let maxLogLines = 500

    /// - Parameter wake: called when there is something to be taken.
    init(folders: SweepFolders, wake: @escaping @Sendable () -> Void) {
        self.folders = folders
        self.wake = wake
    }

    /// Says what is shown now, and has it read.
    func request(_ request: ScreenRequest) {
        let isNew = mailbox.withLock { mailbox in
            defer { mailbox.request = request }
            return mailbox.request != request
        }
        if isNew { look() }
    }

    /// What has been read since the last call.
    func take() -> [ScreenData] {
        mailbox.withLock { mailbox in
            defer { mailbox.data = [] }
            return mailbox.data
        }
    }

    /// Looks at the files, unless that is about to happen.
    func look() {
        let isNeeded = mailbox.withLock { mailbox in
            defer { mailbox.isLooking = true }
            return !mailbox.isLooking && !mailbox.isEnding
        }
        guard isNeeded else { return }
        queue.async { [self] in
            let request = mailbox.withLock { mailbox in
                mailbox.isLooking = false
                return mailbox.request
            }
            watches.withLock { read(request, &$0) }
        }
    }

    /// Reads nothing more.
    func end() { mailbox.withLock { $0.isEnding = true } }

    private func post(_ data: [ScreenData]) {
        if data.isEmpty { return }
        mailbox.withLock { $0.data += data }
        wake()
    }

    // MARK: Reading

    private func read(_ request: ScreenRequest, _ watches: inout [SweepWatch]) {
        var hasChanged = adopt(folders.directories, keeping: request.sweep, &watches)
        // The sweep whose trials are shown comes first, so that there is something to see at once.
        if let place = watches.firstIndex(where: { $0.directory == request.sweep }) {
            if watches[place].look(isChosen: true) {
                hasChanged = true
                post([.content(watches[place].content, directory: watches[place].directory)])
            }
            post(details(of: request, &watches[place]))
        }
        if hasChanged { post([.overviews(watches.map(\.overview))]) }
        var hasNews = false
        for place in watches.indices where watches[place].directory != request.sweep {
            // What its user wants to see now is more urgent than the rest of a long list.
            if mailbox.withLock({ $0.isLooking || $0.isEnding }) { break }
            if watches[place].look(isChosen: false) { hasNews = true }
        }
        if hasNews { post([.overviews(watches.map(\.overview))]) }
    }

    /// Makes the watches those of these folders.
    ///
    /// - Parameter chosen: the sweep that is shown, which stays in the list even if its folder has vanished.
    /// - Returns: whether the list has changed.
    private func adopt(_ directories: [String], keeping chosen: String?, _ watches: inout [SweepWatch]) -> Bool {
        let former = watches.map(\.directory)
        var wanted = directories
        if let chosen, !wanted.contains(chosen), former.contains(chosen) { wanted.append(chosen) }
        if wanted == former { return false }
        let known = Dictionary(watches.map { ($0.directory, $0) }) { first, _ in first }
        watches = wanted.map { known[$0] ?? SweepWatch(directory: $0) }
        return true
    }

    private func details(of request: ScreenRequest, _ watch: inout SweepWatch) -> [ScreenData] {
        var data: [ScreenData] = []
        if !request.curves.isEmpty {
            data.append(.curves(watch.curves(of: request.curves), directory: watch.directory))
        }
        if request.needsImportance, let importance = watch.importances() {
            data.append(.importance(importance, directory: watch.directory))
        }
        if let log = request.log {
            let lines = LogTail.lines(Self.maxLogLines, of: log.log, ofTrial: log.trial, in: watch.directory)
            data.append(.log(lines, log, directory: watch.directory))
        }
        return data
    }
}

import Files
import Foundation
import SweepFile
import SweepModel
import SweepStore
import Synchronization

/// An Optuna journal that follows a running sweep, for optuna-dashboard to watch.
///
/// It is written whole at the start, replacing what was there at once, and then lines are added as the sweep's database
/// gets news; so a sweep that goes on after a kill has no trial twice. Only whole lines are added, each batch with one
/// write. It is never read back: whoever opens it may write to it too.
///
///     let mirror = try StudyMirror(replacing: "digits.log", store: store, file)
///     try mirror.update()                    // adds what is new
public final class StudyMirror: Sendable {
    /// What of a trial is in the journal already.
    struct Written {
        var isRunning: Bool
        var hasParameters: Bool
        var lastReport: Double?
    }

    struct State {
        var export: OptunaExport
        var journal = JournalText()
        var position: SweepStore.Position
        /// How many trials the journal has; the number of the next one.
        var count = 0
        /// The trials that have not ended, by number.
        var open: [Int: Written] = [:]
        var log: AppendedFile
    }

    private let store: SweepStore
    private let state: Mutex<State>
    /// It could not be written once, and is not tried again: a reader would miss what was between.
    private let hasFailed = Mutex(false)

    /// Checks that nothing is lost that is not a mirror's.
    ///
    /// - Throws: `ExchangeError` if there is a file at the path that no mirror has written.
    public static func requireReplaceable(_ path: String) throws(ExchangeError) {
        // What is no file is not replaced, and not opened: a pipe would keep this program waiting.
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let file = fopen(path, "re") else { return }
        defer { fclose(file) }
        let beginning = Array(JournalText.beginning.utf8)
        var bytes = [UInt8](repeating: 0, count: beginning.count)
        let count = fread(&bytes, 1, bytes.count, file)
        if count == 0 || bytes[..<count].elementsEqual(beginning) { return }
        throw ExchangeError(
            path, "there is a file that revsweep has not written, and a mirror would replace it",
            help: "give another name, or move the file away")
    }

    /// Writes the journal as the sweep is now.
    ///
    /// - Throws: `FileError` or `ExchangeError` if it cannot be written, and what the store throws.
    public init(replacing path: String, store: SweepStore, _ file: SweepFile) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw ExchangeError(path, "this is no file that a mirror could be")
        }
        // The sweep itself has made files since the path was checked.
        try Self.requireReplaceable(path)
        self.store = store
        let export = try OptunaExport(of: store, file)
        let draft = try DraftFile(replacing: path)
        var (journal, count, open) = (JournalText(), 0, [Int: Written]())
        try draft.append(journal.study(export.study).utf8)
        let position = try export.forEachTrial(withQueue: false) { trial in
            try draft.append(journal.trial(trial).utf8)
            count += 1
            if trial.state.isFinished { return }
            open[trial.number] = Written(
                isRunning: trial.state == .running, hasParameters: trial.state == .running,
                lastReport: trial.reports.last { $0.value.isFinite }?.value)
        }
        try draft.publish()
        let log = try AppendedFile(path, keeping: try Self.length(of: path))
        state = Mutex(
            State(export: export, journal: journal, position: position, count: count, open: open, log: log))
    }

    /// Adds what is new in the sweep since the last call.
    ///
    /// - Throws: `FileError` if it cannot be written: a half line is then taken back as far as that is possible. Or
    ///   what the store throws.
    public func update() throws {
        try state.withLock { state in
            let news = try store.news(since: state.position, reporting: state.export.sweep.metric.name)
            let text = state.lines(for: news)
            state.position = news.position
            if text.isEmpty { return }
            let length = try Self.length(of: state.log.path)
            do { try state.log.append(text.utf8) } catch {
                // A reader would wait for the end of the line for ever.
                _ = truncate(state.log.path, off_t(length))
                throw error
            }
        }
    }

    private static func length(of path: String) throws(FileError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(.write, path: path, code: errno) }
        return Int(status.st_size)
    }

    /// Adds what is new a few times a second, until the task is cancelled.
    ///
    /// - Parameter failed: called once, if the mirror cannot be written; it ends then.
    public func follow(failed: (any Error) -> Void) async {
        while true {
            do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
            do { try update() } catch {
                hasFailed.withLock { $0 = true }
                return failed(error)
            }
        }
    }

    /// Adds what is still missing, unless the mirror has failed before.
    public func finish(failed: (any Error) -> Void) {
        if hasFailed.withLock({ $0 }) { return }
        do { try update() } catch { failed(error) }
    }
}

extension StudyMirror.State {
    /// The lines for what has been stored, in an order that makes sense to a reader: a trial is made, reports, ends.
    mutating func lines(for news: SweepStore.News) -> String {
        var text = ""
        let reports = Dictionary(grouping: news.reports, by: \.trial)
        var written: Set<Int> = []
        for trial in news.trials {
            written.insert(trial.number)
            text += lines(for: trial, reports[trial.number] ?? [])
        }
        // Trials that have only reported, in the order of arrival.
        for report in news.reports where !written.contains(report.trial) { text += line(for: report) }
        return text
    }

    private mutating func lines(for record: TrialRecord, _ reports: [MetricRecord]) -> String {
        export.include(record.parameters)
        let now = OptunaExport.state(of: record)
        var text = ""
        // A journal numbers trials by the order of their lines.
        guard record.number <= count else { return "" }
        if record.number == count {
            var made = export.trial(record, [])
            if now.isFinished {
                // It ends with the line that says so, behind its reports.
                (made.state, made.ended, made.values, made.userAttributes) = (.running, nil, [], [:])
                made.systemAttributes["constraints"] = nil
            }
            text += journal.trial(made)
            count += 1
            open[record.number] = StudyMirror.Written(
                isRunning: made.state == .running, hasParameters: made.state == .running)
        }
        // One that is to be run again stays as it is.
        if now != .waiting, let trial = open[record.number], !trial.isRunning {
            if !trial.hasParameters {
                text += journal.parameters(export.parameters(of: record), ofTrial: record.number)
            }
            text += JournalText.started(trial: record.number, at: record.started ?? record.created)
            open[record.number]?.isRunning = true
            open[record.number]?.hasParameters = true
        }
        for report in reports { text += line(for: report) }
        guard now.isFinished, let trial = open.removeValue(forKey: record.number) else { return text }
        text += JournalText.attributes(export.attributes(of: record), ofTrial: record.number)
        text += JournalText.systemAttributes(export.constraints(of: record), ofTrial: record.number)
        var ended = OptunaTrial(number: record.number, state: now)
        ended.ended = record.ended ?? record.started ?? record.created
        ended.values = export.values(of: record, lastReport: trial.lastReport)
        return text + JournalText.ended(ended)
    }

    private mutating func line(for report: MetricRecord) -> String {
        guard open[report.trial] != nil, report.value.isFinite else { return "" }
        open[report.trial]?.lastReport = report.value
        return JournalText.report(trial: report.trial, step: report.step, report.value)
    }
}

import ArgumentParser
import Files
import Foundation
import SweepReport
import SweepStore
import TerminalDrawing

/// `revsweep top`: sweeps in the whole terminal, while they run.
///
///     revsweep top
///     revsweep top digits mnist
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Sweeps in the whole terminal, while they run.",
        discussion: """
            A table of trials, their curves and logs, each parameter against the metric, the importance of the
            parameters, and how the best value came about. It only reads: quitting it does not stop a sweep.

            Keys: arrows or j k, PgUp, PgDn  s sort  / filter  space mark  tab pane  ? help  q quit
            """)

    @Argument(
        help: "Sweeps, by name below the results folder or by path; all of that folder if none is given.",
        completion: .sweeps)
    var sweeps: [String] = []

    @OptionGroup var results: ResultsOption

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = Console.isTerminal && isatty(STDIN_FILENO) == 1
        let features = TerminalFeatures(environment: environment, isTerminal: isTerminal)
        guard features.isLive else {
            let name = sweeps.first ?? "SWEEP"
            throw UserError(
                message: Self.problem(isTerminal: isTerminal, environment),
                help: "as lines: revsweep status \(shell: name), or revsweep trials \(shell: name)")
        }
        var session = try TopSession(folders(), features: features)
        session.run()
    }

    /// Why there is no place to show itself on.
    private static func problem(isTerminal: Bool, _ environment: [String: String]) -> String {
        if !isTerminal { return "revsweep top needs a terminal to show itself on" }
        let term = environment["TERM"] ?? ""
        return term.isEmpty
            ? "TERM is not set: it is not known whether this terminal can show a full screen"
            : "TERM=\(term): this terminal cannot show a full screen"
    }

    /// - Throws: `UserError` if a sweep does not exist, or none does.
    private func folders() throws -> SweepFolders {
        if !sweeps.isEmpty {
            let directories = try sweeps.map { try SweepArgument.directory(of: $0, in: results) }
            return .named(directories.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
        let folder = URL(fileURLWithPath: results.path).standardizedFileURL.resolvingSymlinksInPath().path
        let folders = SweepFolders.all(in: folder)
        // Where the folder cannot be read, that is the reason.
        if try SweepStore.names(in: folder).isEmpty {
            throw UserError(
                message: "there is no sweep in \(results.path)",
                help: "revsweep run FILE starts one; --results names another folder")
        }
        return folders
    }
}

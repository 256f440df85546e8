import About
import ArgumentParser
import Foundation
import SweepFile
import SweepReport
import SweepServer
import SweepStore

/// `revsweep serve`: sweeps in a browser, while they run.
///
///     revsweep serve
///     revsweep serve digits --port 0
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Sweeps in a browser, while they run.",
        discussion: """
            revsweep serve                        all sweeps below results, on port 8080
            revsweep serve digits --port 0        one sweep, on any port that is free
            revsweep serve /data/results --address 0.0.0.0 --token-file ~/.revsweep-token

            A page follows its sweep without being loaded again. The server only reads: nothing can be changed \
            through it, and to end it does not stop a sweep. Others on the network can reach it only with --address, \
            which needs a token: --token-file, or the environment variable REVSWEEP_TOKEN.
            """)

    @Argument(
        help:
            "A folder with sweeps, or one sweep: its name, folder, database or sweep file. Otherwise all of results.",
        completion: .sweeps)
    var place: String?

    @OptionGroup var results: ResultsOption
    @Option(help: "The address to listen on. Other machines can reach any but 127.0.0.1.") var address = "127.0.0.1"
    @Option(help: "The port; 0 for any that is free.") var port = ServerOptions.usualPort
    @Option(
        help: "A secret that browsers have to show. Others can see it in the list of processes; --token-file hides it.")
    var token: String?
    @Option(help: "The file with the secret. It is made if it is not there.", completion: .file())
    var tokenFile: String?
    @Option(help: "A further name by which browsers may call the server, as behind a proxy. Can be repeated.")
    var allowHost: [String] = []

    func run() async throws {
        var options = ServerOptions(
            sweeps: try ServedSweeps.find(place, in: results), program: ProgramVersion.line(of: "revsweep"))
        options.address = address
        options.port = port
        options.token = try accessToken()
        options.allowedHosts = allowHost
        let server = try SweepServer(options)
        let signals = Signals.interruptions()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals {
                    // Nothing is open that has to be closed in order, and clients connect again by themselves.
                    _exit(0)
                }
            }
            group.addTask { try await server.run { try? Console.print($0.text) } }
            try await group.next()
            group.cancelAll()
        }
    }

    /// - Throws: `UserError`, `AccessTokenError` or `FileError`.
    private func accessToken() throws -> AccessToken? {
        if let token {
            guard tokenFile == nil else {
                throw UserError(message: "--token and --token-file are two secrets", help: "give one of them")
            }
            return try AccessToken(token)
        }
        if let tokenFile { return try AccessToken.stored(in: tokenFile) }
        return try ProcessInfo.processInfo.environment["REVSWEEP_TOKEN"].map { try AccessToken($0) }
    }
}

/// The sweeps that a person means who names a folder, a sweep, or a file of one.
private enum ServedSweeps {
    /// - Throws: `UserError` if there is nothing of that name; `DiagnosticsError` if it is a sweep file with mistakes.
    static func find(_ place: String?, in results: ResultsOption) throws -> SweepFolders {
        guard let place else { return try all(in: results.path) }
        if SweepStore.exists(in: "\(results.path)/\(place)") || SweepStore.exists(in: place) {
            return .named([try SweepArgument.directory(of: place, in: results)])
        }
        if isFolder(place) { return try all(in: place) }
        if URL(fileURLWithPath: place).lastPathComponent == SweepStore.fileName {
            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            return .named([try SweepArgument.directory(of: folder, in: results)])
        }
        if FileManager.default.fileExists(atPath: place), place.hasSuffix(".yaml") || place.hasSuffix(".yml") {
            let name = try SweepFile.reading(place).sweep.name
            return .named([try SweepArgument.directory(of: name, in: results)])
        }
        return .named([try SweepArgument.directory(of: place, in: results)])
    }

    /// Sweeps that are started later appear by themselves, so there need not be any yet.
    private static func all(in folder: String) throws -> SweepFolders {
        guard isFolder(folder) else {
            throw UserError(
                message: "there is no folder '\(folder)'",
                help: "revsweep run FILE starts a sweep in results; revsweep serve FOLDER names another folder")
        }
        _ = try SweepStore.names(in: folder)
        return .all(in: URL(fileURLWithPath: folder).standardizedFileURL.resolvingSymlinksInPath().path)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

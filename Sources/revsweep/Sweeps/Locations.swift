import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepModel
import SweepStore

/// The option for the folder in which all sweeps are.
///
///     revsweep status digits --results /data/sweeps      # the sweep in /data/sweeps/digits
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("results"), help: "The folder that holds the sweeps.", completion: .directory)
    var path = Self.usual

    static let usual = "results"

    func validate() throws { try OutputPath.check(path, of: "--results") }

    /// The option as it is written behind a command, with a space before it; empty for the usual folder.
    var words: String { path == Self.usual ? "" : " --results \(shell: path)" }
}

/// The argument that names a sweep: by its name below the results folder, or by the path of its folder.
///
/// The folder below `results` is looked for first: a folder `digits` in the current directory, such as one with data,
/// does not hide the sweep `digits`.
///
///     $ revsweep status digit
///     error: there is no sweep 'digit' in results
///       = help: did you mean 'digits'?
struct SweepArgument: ParsableArguments {
    @Argument(help: "The sweep's name below the results folder, or the path of its folder.", completion: .sweeps)
    var sweep: String

    @OptionGroup var results: ResultsOption

    /// The argument as it is written behind a command: `digits`, `digits --results /data/sweeps`.
    var words: String { "\(shell: sweep)\(results.words)" }

    /// The absolute path of the sweep's folder.
    ///
    /// - Throws: `UserError` if there is no such sweep, with the sweeps there are; `FileError` if a folder cannot be
    ///   read that may hold it.
    func directory() throws -> String { try Self.directory(of: sweep, in: results) }

    /// As `directory()`, for the commands that take several sweeps.
    ///
    /// - Throws: `UserError` if there is no such sweep, with the sweeps there are; `FileError` if a folder cannot be
    ///   read that may hold it.
    static func directory(of sweep: String, in results: ResultsOption) throws -> String {
        let candidates = ["\(results.path)/\(sweep)", sweep]
        for candidate in candidates where SweepStore.exists(in: candidate) {
            return URL(fileURLWithPath: candidate).standardizedFileURL.resolvingSymlinksInPath().path
        }
        if sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml") {
            throw UserError(
                message: "there is no sweep '\(sweep)' in \(results.path)",
                help:
                    "a sweep is called by the `name:` in its file; what takes the file is: "
                    + "revsweep run \(shell: sweep)\(results.words)"
            )
        }
        let sweeps = try SweepStore.names(in: results.path)
        if let obstacle = candidates.compactMap(SweepStore.obstacle(to:)).first { throw obstacle }
        let help =
            nearestName(to: sweep, among: sweeps).map { "did you mean '\($0)'?" }
            ?? (sweeps.isEmpty
                ? "there is no sweep in \(results.path) yet: revsweep run FILE\(results.words)"
                : "there are \(sweeps.joined(separator: ", "))")
        throw UserError(message: "there is no sweep '\(sweep)' in \(results.path)", help: help)
    }
}

/// The argument that names one of the sweep's trials by its number. It follows `SweepArgument` on the command line.
struct TrialArgument: ParsableArguments {
    @Argument(help: "The trial's number.", completion: .trials)
    var number: Int

    /// - Throws: `UserError` if there is no such trial; `SweepStoreError`.
    func record(in stored: StoredSweep) throws -> TrialRecord { try stored.trial(number) }
}

/// The argument that names several of the sweep's trials by their numbers.
struct TrialsArgument: ParsableArguments {
    @Argument(help: "The numbers of the trials.", completion: .trials)
    var numbers: [Int]

    /// The trials in the order in which they are named.
    ///
    /// - Throws: `UserError` if one of them is not there; `SweepStoreError`.
    func records(in stored: StoredSweep) throws -> [TrialRecord] { try numbers.map(stored.trial) }
}

/// What a person has named to be written to.
enum OutputPath {
    /// Refuses an empty path, which is what `-o "$file"` gives where the variable is not set.
    ///
    /// - Parameter path: nil where the option was not given.
    /// - Throws: `ValidationError`.
    static func check(_ path: String?, of option: String = "--output") throws {
        if path == "" { throw ValidationError("the path after \(option) is empty") }
    }

    /// The path, or `-` for every other name that standard output has, such as `/dev/stdout`: nothing else may be
    /// printed there then.
    static func standardized(_ path: String) -> String {
        var (there, output) = (stat(), stat())
        guard stat(path, &there) == 0, fstat(STDOUT_FILENO, &output) == 0 else { return path }
        return there.st_dev == output.st_dev && there.st_ino == output.st_ino ? "-" : path
    }

    /// Whether a file is there. A device or a pipe is none: it is written to, and not replaced.
    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Says that something was written to `path`: on standard error where no file is there, since both might come out
    /// at the same place.
    static func sayWritten(_ words: String, to path: String) throws {
        if isFile(path) { try Console.print(words) } else { Console.printError(words) }
    }
}

/// Paths as files name each other.
enum RelativePath {
    /// The path from the folder of the file `output` to another file: from `sweeps/a.yaml` to `configs/b.yaml` it is
    /// `../configs/b.yaml`. An absolute path stays.
    ///
    /// - Parameter keepsAbsolute: false to make a relative path of an absolute one, too.
    static func from(_ output: String, to file: String, keepsAbsolute: Bool = true) -> String {
        if keepsAbsolute, file.hasPrefix("/") { return file }
        /// Without the links of the folder; the name stays.
        func place(_ path: String) -> URL {
            let url = URL(fileURLWithPath: path.absolutePath())
            let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
            return folder.appendingPathComponent(url.lastPathComponent)
        }
        let folder = output == "-" ? place(".") : place(output).deletingLastPathComponent()
        return folder.path.way(to: place(file).path)
    }
}

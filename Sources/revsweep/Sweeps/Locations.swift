import ArgumentParser
import ConfigFile
import Foundation
import SweepStore

/// The option for the folder in which all sweeps are.
///
///     revsweep status digits --results /data/sweeps      # the sweep in /data/sweeps/digits
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("results"), help: "The folder that holds the sweeps.")
    var path = "results"
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
    @Argument(help: "The sweep's name below the results folder, or the path of its folder.")
    var sweep: String

    @OptionGroup var results: ResultsOption

    /// The absolute path of the sweep's folder.
    ///
    /// - Throws: `UserError` if there is no such sweep, with the sweeps there are.
    func directory() throws -> String {
        let candidates = ["\(results.path)/\(sweep)", sweep]
        for candidate in candidates where SweepStore.exists(in: candidate) {
            return URL(fileURLWithPath: candidate).standardizedFileURL.resolvingSymlinksInPath().path
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []
        let sweeps = names.filter { SweepStore.exists(in: "\(results.path)/\($0)") }.sorted()
        if sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml") {
            throw UserError(
                message: "there is no sweep '\(sweep)' in \(results.path)",
                help: "a sweep is called by the `name:` in its file; what takes the file is: revsweep run \(sweep)")
        }
        let help =
            nearestName(to: sweep, among: sweeps).map { "did you mean '\($0)'?" }
            ?? (sweeps.isEmpty
                ? "there is no sweep in \(results.path) yet: revsweep run FILE"
                : "there are \(sweeps.joined(separator: ", "))")
        throw UserError(message: "there is no sweep '\(sweep)' in \(results.path)", help: help)
    }
}

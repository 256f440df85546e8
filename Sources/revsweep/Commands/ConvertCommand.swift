import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepConversion
import SweepExchange
import SweepModel

/// `revsweep convert`: turns a file of another tool into a sweep file.
///
///     revsweep convert sweep.yaml --output sweeps/mnist.yaml
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Turns a file of another tool into a sweep file.",
        discussion: """
            It knows W&B sweeps, Hydra with the Optuna sweeper, NNI search spaces and experiments, Katib Experiments, \
            Optuna studies (journals and SQLite files), and tuning files of the research code (tune_test.yaml), \
            by what is in them.
            What a sweep file cannot say is named in a comment there, and on standard error.
            """)

    @Argument(help: "The file to convert.", completion: .file()) var file: String
    @Option(help: "The training configuration that names are looked up in.", completion: .file()) var config: String?
    @Option(
        help: "NNI: the configuration of the experiment, if it is not config.yml beside the file.",
        completion: .file())
    var experiment: String?
    @Option(help: "Optuna: the name of the study, if the file holds several.") var study: String?
    @Option(help: "The number that the trainer reports.") var metric: String?
    @Flag(exclusivity: .exclusive, help: "Which values of the metric are better.") var goal: GoalFlag?
    @Option(help: "The trainer's command, its words separated by spaces.") var command: String?
    @Option(
        name: .shortAndLong, help: "The sweep file to write; '-' for standard output.", completion: .file())
    var output: String?

    /// The way to better values of the metric.
    enum GoalFlag: String, EnumerableFlag {
        case maximize, minimize
    }

    func validate() throws { try OutputPath.check(output) }

    func run() throws {
        let output = OutputPath.standardized(output ?? "-")
        guard let foreign = try recognized() else { throw try unknown() }
        let conversion = try foreign.converted(try context(output))
        try NewSweepFile.write(conversion.text, to: output)
        for note in conversion.notes { Console.printError(note.description) }
    }

    private func context(_ output: String) throws -> ConversionContext {
        let base = try config.map { path throws in
            (
                document: try ConfigDocument.read(path: path, dialect: .foreign),
                path: RelativePath.from(output, to: path)
            )
        }
        // Programs and scripts are named as they are seen from here, where the other tool is started, too.
        let here = output == "-" ? "" : RelativePath.from(output, to: ".")
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        // An experiment of NNI starts its trials at its own configuration.
        let configuration = experiment ?? file
        let start = RelativePath.from(output, to: Self.folder(of: configuration), keepsAbsolute: false)
        let stem = URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent
        let neighbour: @Sendable (String) -> SourceFile? = { [experiment] name in
            // A path on the command line begins here, one in a file at that file.
            let path = name.hasPrefix("/") || name == experiment ? name : "\(folder)/\(name)"
            return try? SourceFile(readingFrom: path, writtenAs: name)
        }
        let target = output == "-" ? "." : Self.folder(of: output)
        let isFolder: @Sendable (String) -> Bool = { path in
            let expanded = NSString(string: path).expandingTildeInPath
            var isFolder: ObjCBool = false
            // The folder of the sweep file need not be there yet, so its path is shortened before it is looked up.
            let place = expanded.absolutePath(in: target)
            return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && isFolder.boolValue
        }
        return ConversionContext(
            base: base, command: try command.map { try CommandText.command(ofOption: $0) }, metric: metric,
            goal: goal.map { $0 == .maximize ? .maximize : .minimize }, directory: here.isEmpty ? nil : here,
            folder: start.isEmpty ? nil : start, fileName: output == "-" ? nil : stem, experiment: experiment,
            isFolder: isFolder,
            neighbour: neighbour)
    }

    /// `configs` of `configs/a.yml`, and `.` of `a.yml`.
    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// - Throws: `UserError` for a page, of whose first line a reader of YAML would complain.
    private func recognized() throws -> ForeignFile? {
        do { return try ForeignFile.recognize(path: file, study: study) } catch {
            guard (try? ForeignTrials.isPage(file)) == true else { throw error }
            throw UserError(
                message: "\(file) is a page, and no file of a known tool",
                help: "if revsweep report has written it: revsweep import SWEEP \(shell: file) takes its trials")
        }
    }

    private func unknown() throws -> UserError {
        let source = try SourceFile(readingFrom: file)
        let keys = (try? ConfigDocument(parsing: source, dialect: .imported))?.root.entries.map(\.key) ?? []
        if keys.contains("trainer"), keys.contains("parameters") {
            return UserError(message: "\(file) is a sweep file already", help: "revsweep check \(shell: file)")
        }
        let found = keys.isEmpty ? "" : "; its keys are \(keys.prefix(6).joined(separator: ", "))"
        return UserError(
            message: "\(file) is no file of a known tool" + found + (keys.count > 6 ? ", …" : ""),
            help: "known are W&B sweeps, Hydra with the Optuna sweeper, NNI, Katib, Optuna studies and tune_test.yaml")
    }
}

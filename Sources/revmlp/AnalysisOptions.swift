import ArgumentParser
import Files
import Foundation
import RepresentationAnalysis
import Training

/// Which runs an analysis reads, and where it puts what it finds.
struct AnalysisOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Runs' folders, folders of them, or sweeps' folders under results.", valueName: "runs"))
    var paths: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the table as CSV.", valueName: "file"))
    var output: String?

    @Flag(help: "Print the table as an array of JSON objects.")
    var json = false

    /// Reads the runs, with as many threads as the first of them was trained with.
    func runs() throws -> [StoredRun] {
        let runs = try StoredRun.find(at: paths)
        if let first = runs.first {
            Threads.use(first.config.threads(environment: ProcessInfo.processInfo.environment))
        }
        return runs
    }

    func show(_ table: ResultTable) throws {
        if let output { try AtomicFile.write(table.csv, to: output) }
        try Console.print(json ? table.json : table.text)
    }
}

import ArgumentParser
import Files
import Foundation
import RepresentationAnalysis
import Training

/// Which runs an analysis reads.
struct RunsArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Runs' folders, folders of them, or sweeps' folders under results.", valueName: "runs"),
        completion: .directory)
    var paths: [String]

    /// Reads the runs, with as many threads as the first of them was trained with.
    ///
    /// Results are the same bits with any number of threads; only the time differs.
    ///
    /// - Throws: `StoredRun.SearchError` for a path without a run, `CheckpointError`, `DatasetError`.
    func read() throws -> [StoredRun] {
        let runs = try StoredRun.find(at: paths)
        if let first = runs.first {
            Threads.use(first.config.threads(environment: ProcessInfo.processInfo.environment))
        }
        return runs
    }
}

/// Whether runs that differ only in their seed share a row.
struct SeedsOption: ParsableArguments {
    @Flag(help: "Mean and standard deviation over runs that differ only in their seed.")
    var overSeeds = false
}

/// Which runs an analysis reads, and where it puts what it finds.
///
///     $ revmlp curves results/runs/a results/runs/b        two runs
///     $ revmlp curves results/runs                         all runs in a folder
///     $ revmlp curves results/digits -o curves.csv         the trials of a sweep; the table is also written as CSV
struct AnalysisOptions: ParsableArguments {
    @OptionGroup var argument: RunsArgument

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the table as CSV.", valueName: "file"), completion: .file())
    var output: String?

    @Flag(help: "Print the table as an array of JSON objects.")
    var json = false

    /// - Throws: what `RunsArgument.read` throws.
    func runs() throws -> [StoredRun] { try argument.read() }

    /// Prints the table of some runs, as it is or over their seeds.
    ///
    /// - Throws: as `show(_:)` does.
    func show(_ table: ResultTable, of runs: [StoredRun], _ seeds: SeedsOption) throws {
        try show(seeds.overSeeds ? table.overSeeds(of: runs) : table)
    }

    /// Prints the table, and writes it as CSV where a file was named.
    ///
    /// - Throws: `FileError`, whereupon nothing is printed; `Console.OutputError`.
    func show(_ table: ResultTable) throws {
        if let output { try AtomicFile.write(table.csv, to: output) }
        try Console.print(json ? table.json : table.text)
    }
}

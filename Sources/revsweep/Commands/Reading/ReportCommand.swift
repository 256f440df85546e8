import About
import ArgumentParser
import Files
import Foundation
import SweepPage
import SweepStore

/// `revsweep report`: one HTML file with all plots and all trials.
///
///     revsweep report digits -o digits.html
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "One HTML file with plots of a sweep, its trials and its data.",
        discussion: """
            revsweep report digits                       writes digits.html
            revsweep report digits mnist -o both.html    several sweeps on one page

            The file needs a browser and nothing else: no network, and no other file. The same database gives the \
            same bytes.
            """)

    @OptionGroup var sweeps: SweepsArgument
    @OptionGroup var results: ResultsOption
    @Option(
        name: .shortAndLong, help: "The file to write; '-' for standard output. Otherwise NAME.html.",
        completion: .file(extensions: ["html"]))
    var output: String?

    func validate() throws { try OutputPath.check(output) }

    func run() throws {
        try AddressSpace.requireEnough()
        var page = try ReportPage(program: ProgramVersion.line(of: "revsweep"))
        var names: [String] = []
        for sweep in sweeps.sweeps {
            let stored = try StoredSweep(in: SweepArgument.directory(of: sweep, in: results))
            names.append(stored.record.name)
            try page.add(
                stored.store, stored.file, stored.record, planner: try stored.summary().plannerText,
                confirmed: stored.confirmed)
        }
        let html = page.html()
        let output = OutputPath.standardized(output ?? "\(names.first ?? "report").html")
        if output == "-" { return try Console.printData(html) }
        try AtomicFile.write(html, to: output)
        try OutputPath.sayWritten("wrote \(output), \(HumanSize.text(of: html.utf8.count))", to: output)
    }
}

/// The sweeps of a command that takes several.
struct SweepsArgument: ParsableArguments {
    @Argument(help: "Names of sweeps below the results folder, or paths of their folders.", completion: .sweeps)
    var sweeps: [String]
}

private enum HumanSize {
    /// `1.2 MB`
    static func text(of bytes: Int) -> String {
        bytes < 1_000_000 ? "\(bytes / 1000) kB" : String(format: "%.1f MB", Double(bytes) / 1e6)
    }
}

import ArgumentParser
import Files
import Foundation
import Plots
import SweepPage

/// `revsweep plot`: one still picture of a sweep.
///
///     revsweep plot history digits -o history.svg
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "One picture of a sweep as SVG or PNG.",
        discussion: """
            revsweep plot history digits                     writes digits-history.svg
            revsweep plot parallel digits -o parallel.png    with rsvg-convert, if that is installed
            revsweep plot importance digits --format plotly  the same figure as JSON for Plotly
            revsweep plot front nets --axes error,bytes      two of the metrics that a sweep optimizes or bounds

            """ + SweepPicture.allCases.map { "\($0.rawValue): \($0.words)" }.joined(separator: "\n"))

    @Argument(
        help: "Which picture: \(SweepPicture.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(SweepPicture.allCases.map(\.rawValue)))
    var kind: SweepPicture
    @OptionGroup var sweep: SweepArgument
    @Option(
        name: .shortAndLong, help: "The file to write, .svg, .png or .json; '-' for standard output.",
        completion: .file())
    var output: String?
    @Option(help: "svg, png or plotly; by the file's name where that ends so.") var format: FigureFormat?
    @Flag(help: "A logarithmic axis for the metric.") var log = false
    @Option(help: "With front: the metrics to show, with commas between them; of more than two each pair.")
    var axes: String?

    private var names: [String] { (axes ?? "").split(separator: ",").map(String.init) }

    func validate() throws {
        try OutputPath.check(output)
        if axes == nil { return }
        if kind != .front { throw ValidationError("--axes goes with front") }
        if Set(names).count < 2 || Set(names).count < names.count {
            throw ValidationError("--axes takes two different metrics or more, with commas between them")
        }
    }

    func run() throws {
        let format = try FigureFormat.chosen(format, forFile: output)
        let stored = try StoredSweep(in: sweep.directory())
        let data = PictureData(try SweepSnapshot(stored.store, stored.file, stored.record))
        if kind == .front { try checkAxes(data.frontAxes, of: stored.record.name) }
        let figure = kind.figure(data, isLog: log, axes: names)
        let output = OutputPath.standardized(output ?? "\(stored.record.name)-\(kind.rawValue).\(format.ending)")
        try write(format.data(of: figure), to: output)
    }

    /// - Parameter known: the metrics that can be drawn.
    private func checkAxes(_ known: [String], of name: String) throws {
        if known.count < 2 {
            throw UserError(
                message: "'\(name)' has one metric, and a front is of two",
                help: "revsweep plot history \(sweep.words)")
        }
        for metric in names where !known.contains(metric) {
            throw UserError(
                message: "'\(name)' neither optimizes nor bounds '\(metric)'",
                help: "there are \(known.joined(separator: ", "))")
        }
    }

    private func write(_ data: Data, to output: String) throws {
        if output == "-" {
            try Console.write(bytes: data)
            return
        }
        let draft = try DraftFile(replacing: output)
        try draft.append(data)
        try draft.publish()
        try OutputPath.sayWritten("wrote \(output)", to: output)
    }
}

extension FigureFormat: ExpressibleByArgument {}

extension SweepPicture: ExpressibleByArgument {}

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
    @Option(help: "svg, png or plotly; by the file's name where that ends so.") var format: Format?
    @Flag(help: "A logarithmic axis for the metric.") var log = false

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case svg, png, plotly

        init?(ending: String) {
            switch ending.lowercased() {
            case "svg": self = .svg
            case "png": self = .png
            case "json": self = .plotly
            default: return nil
            }
        }

        var ending: String { self == .plotly ? "json" : rawValue }
    }

    private var chosenFormat: Format {
        format ?? output.flatMap { Format(ending: URL(fileURLWithPath: $0).pathExtension) } ?? .svg
    }

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        let figure = kind.figure(PictureData(try SweepSnapshot(stored.store, stored.file, stored.record)), isLog: log)
        let format = chosenFormat
        let output = output ?? "\(stored.record.name)-\(kind.rawValue).\(format.ending)"
        switch format {
        case .svg: try write(Data(figure.svg(on: .card).utf8), to: output)
        case .plotly: try write(Data((PlotlyFigure(figure).json + "\n").utf8), to: output)
        case .png: try write(try Self.png(of: figure.svg(on: .card)), to: output)
        }
        if output != "-" { try Console.print("wrote \(output)") }
    }

    private func write(_ data: Data, to output: String) throws {
        if output == "-" {
            try Console.write(bytes: data)
            return
        }
        let draft = try DraftFile(replacing: output)
        try draft.append(data)
        try draft.publish()
    }

    /// - Throws: `UserError` if there is no program for it, or if it fails.
    private static func png(of svg: String) throws -> Data {
        let name = "rsvg-convert"
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { folder -> String in "\(folder)/\(name)" }
        guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw UserError(
                message: "a PNG takes the program \(name), which is not installed",
                help: "Debian has it in the package librsvg2-bin; or write an SVG: --format svg")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, picture) = (folder.appendingPathComponent("a.svg"), folder.appendingPathComponent("a.png"))
        try Data(svg.utf8).write(to: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        // Twice as fine, for screens of today.
        process.arguments = ["--zoom", "2", "--output", picture.path, source.path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let data = try? Data(contentsOf: picture) else {
            throw UserError(message: "\(name) could not draw the picture")
        }
        return data
    }
}

extension SweepPicture: ExpressibleByArgument {}

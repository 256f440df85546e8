import Foundation

/// What a picture is written as.
///
///     let format = try FigureFormat.chosen(nil, forFile: "loss.png")
///     try format.data(of: figure)
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg
    /// Through the program `rsvg-convert`.
    case png
    /// The figure as JSON, for those who style it anew.
    case plotly

    /// The format that a file's name says, if it says one.
    public init?(ofFile name: String) {
        switch URL(fileURLWithPath: name).pathExtension.lowercased() {
        case "svg": self = .svg
        case "png": self = .png
        case "json": self = .plotly
        default: return nil
        }
    }

    /// What a picture is written as: the format that was asked for, or what the file's name says, or else SVG.
    ///
    /// - Parameter name: nil where the file has no name yet, and `-` for standard output.
    /// - Throws: `Failure` if the name ends as that of a file of another kind, such as `.pdf`.
    public static func chosen(_ format: FigureFormat?, forFile name: String?) throws(Failure) -> FigureFormat {
        if let format { return format }
        guard let name, name != "-" else { return .svg }
        if let format = FigureFormat(ofFile: name) { return format }
        let ending = URL(fileURLWithPath: name).pathExtension
        if ending.isEmpty { return .svg }
        let known = allCases.map { "\($0.rawValue) (.\($0.ending))" }.joined(separator: ", ")
        throw Failure(
            problem: "no picture is written to a file that ends with '.\(ending)'", help: "--format is one of \(known)")
    }

    /// What the name of such a file ends with.
    public var ending: String { self == .plotly ? "json" : rawValue }

    /// A picture cannot be made.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public var problem: String
        public var help: String

        public var description: String { "\(problem)\n  = help: \(help)" }
    }

    /// The picture as a file of this format has it.
    ///
    /// - Throws: `Failure` if there is no program for it, or if that fails; an error of the file system.
    public func data(of figure: Figure) throws -> Data {
        switch self {
        case .svg: Data(figure.svg(on: .card).utf8)
        case .plotly: Data((PlotlyFigure(figure).json + "\n").utf8)
        case .png: try Self.png(of: figure.svg(on: .card))
        }
    }

    private static func png(of svg: String) throws -> Data {
        let name = "rsvg-convert"
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { folder -> String in "\(folder)/\(name)" }
        guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw Failure(
                problem: "a PNG takes the program \(name), which is not installed",
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
            throw Failure(problem: "\(name) could not draw the picture", help: "write an SVG: --format svg")
        }
        return data
    }
}

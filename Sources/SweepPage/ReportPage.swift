import ConfigFile
import Files
import Foundation
import Plots
import ReportFormat
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// One HTML file with everything about one sweep or several: the plots, the trials, the data.
///
/// It needs nothing but a browser: no network, no other file, and no library. Nothing in it can be run but its own
/// script, whatever a trainer printed or a sweep file holds: data are text in a block that is not run, and the page's
/// policy names its script and style by their check sums.
///
///     var page = try ReportPage(program: "revsweep 0.1.0")
///     try page.add(store, file, record, planner: "not running")
///     try AtomicFile.write(page.html(), to: "report.html")
public struct ReportPage {
    private let program: String
    private let resources: PageResources
    private var sweeps: [(name: String, node: ConfigNode, pictures: [String])] = []

    /// - Parameter program: the name and version of the program, which the page shows.
    /// - Throws: `PageResourceError` if the program was copied without the files of the page: before anything is
    ///   computed for it.
    public init(program: String) throws(PageResourceError) {
        self.program = program
        resources = try PageResources()
    }

    /// Adds a sweep to the page.
    ///
    /// - Parameters:
    ///   - planner: what is working on it, in words.
    ///   - confirmed: what fresh seeds have shown of the best trials; nil if they have not been run again.
    /// - Throws: `SweepStoreError`, or `DiagnosticsError` if the stored sweep file is not legal.
    public mutating func add(
        _ store: SweepStore, _ file: SweepFile, _ record: SweepRecord, planner: String,
        confirmed: ConfirmedBest? = nil
    ) throws {
        let snapshot = try SweepSnapshot(store, file, record)
        let ranking = ParameterRanking(snapshot)
        let model = ModelSummary(snapshot)
        let best = BestConfig(
            file: file, record: record, trials: snapshot.trials, confirmed: confirmed,
            expecting: snapshot.trials.count <= ExpectedBest.mostTrials)
        let document = SweepDocument(
            snapshot: snapshot, ranking: ranking, model: model, planner: planner, choice: BestChoice(best))
        let data = PictureData(snapshot, ranking: ranking, model: model)
        let kinds = (data.frontAxes.count > 1 ? [.front] : []) + Self.pictures
        let pictures = kinds.map { $0.figure(data, room: .page).svg(on: .page) }
        sweeps.append((record.name, document.node, pictures))
    }

    /// The whole file.
    public func html() -> String {
        let document = ConfigNode.object([
            "format": .integer(1), "program": .string(program), "live": .null,
            "sweeps": .sequence(sweeps.map(\.node)),
        ])
        let policy =
            "default-src 'none'; script-src '\(resources.scriptHash)'; style-src '\(resources.styleHash)'; "
            + "img-src data:"
        return resources.page(filling: [
            "policy": "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">",
            "title": MarkupText.escaped(sweeps.map(\.name).joined(separator: ", ") + " · revsweep"),
            "style": "<style>\(resources.style)</style>",
            "noscript": sweeps.map(still).joined(separator: "\n"),
            "data": ReportBlock.html(document.compactJSON),
            "script": "<script>\(resources.script)</script>",
        ])
    }

    /// The pictures of one sweep, under its name if there are several.
    private func still(_ sweep: (name: String, node: ConfigNode, pictures: [String])) -> String {
        let heading = sweeps.count > 1 ? ["<h2>\(MarkupText.escaped(sweep.name))</h2>"] : []
        return (heading + sweep.pictures.map { "<figure>\($0)</figure>" }).joined(separator: "\n")
    }

    /// What is shown where scripts are switched off, and in mail; before it the front, if there is one.
    private static let pictures: [SweepPicture] = [
        .history, .intermediate, .slice, .importance, .dependence, .edf,
    ]
}

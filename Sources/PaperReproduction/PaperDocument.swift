import Foundation
import Plots

/// The result of a reproduction, figure by figure, as a page for a browser or as Markdown.
///
///     let document = PaperDocument(evidence, pictures: ["1": ["figures/1-mnist-full.svg"]], introduction: ["…"])
///     try AtomicFile.write(document.html, to: "results/paper/small/index.html")
public struct PaperDocument: Sendable {
    private enum Block {
        case title(String)
        case heading(String)
        case paragraph(String)
        case picture(String, String)
        case table([String], [[String]])
    }

    private let blocks: [Block]

    /// - Parameters:
    ///   - pictures: by a figure's raw value, paths of its pictures, as the document's place sees them.
    ///   - introduction: paragraphs that say how, when and where it was made.
    public init(_ evidence: Evidence, pictures: [String: [String]], introduction: [String]) {
        let checks = evidence.checks
        var blocks: [Block] = [.title("The paper, reproduced")]
        blocks += introduction.map { .paragraph($0) }
        blocks.append(.paragraph(Self.summary(checks)))
        blocks.append(
            .table(
                ["figure", "statement", "verdict", "that is"],
                checks.map { [$0.figure.rawValue, $0.statement, $0.verdictText, $0.meaning] }))
        for figure in PaperFigure.allCases {
            let own = checks.filter { $0.figure == figure }
            let shown = pictures[figure.rawValue] ?? []
            if own.isEmpty && shown.isEmpty { continue }
            blocks.append(.heading(figure.title))
            blocks.append(.paragraph("The paper: \(figure.paper)"))
            blocks += shown.map { .picture($0, "\(figure.title), reproduced") }
            for check in own {
                blocks.append(.paragraph("\(check.statement): \(check.verdictText)."))
                let width = check.rows.map(\.numbers.count).max() ?? 0
                if width == 0 { continue }
                blocks.append(
                    .table(
                        ["setup", "quantity"] + (1...width).map { "run \($0)" },
                        check.rows.map { row in
                            [row.setup, row.quantity] + row.numbers
                                + Array(repeating: "", count: width - row.numbers.count)
                        }))
            }
        }
        blocks.append(.heading("Runs"))
        blocks.append(.table(["experiment", "what", "setup", "seeds", "epochs"], Self.inventory(evidence)))
        self.blocks = blocks
    }

    private static func summary(_ checks: [Check]) -> String {
        let hold = checks.count { $0.verdict == .holds }
        let fail = checks.count { $0.verdict == .fails }
        let missing = checks.count - hold - fail
        return "Of \(checks.count) statements \(hold) hold and \(fail) do not"
            + (missing > 0 ? "; \(missing) could not be checked." : ".")
            + " A run is one seed. A statement holds if it holds for every seed."
    }

    private static func inventory(_ evidence: Evidence) -> [[String]] {
        Experiment.allCases.flatMap { experiment in
            evidence.setups(experiment).map { setup in
                let runs = evidence.runs(experiment) { $0 == setup }
                return [
                    experiment.rawValue, experiment.words, setup.name,
                    runs.map { String($0.seed) }.joined(separator: ", "),
                    String(runs.map(\.length).max() ?? 0),
                ]
            }
        }
    }

    // MARK: Forms

    /// One page that needs nothing but its pictures.
    public var html: String {
        let body = blocks.map { block -> String in
            switch block {
            case .title(let text): "<h1>\(MarkupText.escaped(text))</h1>"
            case .heading(let text): "<h2>\(MarkupText.escaped(text))</h2>"
            case .paragraph(let text): "<p>\(MarkupText.escaped(text))</p>"
            case .picture(let path, let words):
                "<figure><img src=\"\(MarkupText.escaped(path))\" alt=\"\(MarkupText.escaped(words))\"></figure>"
            case .table(let columns, let rows): Self.table(columns, rows)
            }
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>The paper, reproduced</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>\(Self.style)</style></head><body>
            \(body.joined(separator: "\n"))
            </body></html>

            """
    }

    private static func table(_ columns: [String], _ rows: [[String]]) -> String {
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>"
                + cells.map { cell in
                    let kind = tag == "td" ? kind(cell) : ""
                    return "<\(tag)\(kind)>\(MarkupText.escaped(cell))</\(tag)>"
                }.joined() + "</tr>"
        }
        return "<div class=\"wide\"><table><thead>\(row(columns, "th"))</thead><tbody>"
            + rows.map { row($0, "td") }.joined() + "</tbody></table></div>"
    }

    private static func kind(_ cell: String) -> String {
        switch cell {
        case "holds": " class=\"holds\""
        case "fails": " class=\"fails\""
        default: ""
        }
    }

    private static let style = """
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        .wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}td,th{border-bottom:1px solid #8886;\
        padding:.25rem .6rem;text-align:left;vertical-align:top}img{max-width:100%;background:#fff}figure{margin:1rem 0}
        .holds{color:#16803c;font-weight:600}.fails{color:#c02626;font-weight:600}
        """

    public var markdown: String {
        blocks.map { block -> String in
            switch block {
            case .title(let text): "# \(text)"
            case .heading(let text): "## \(text)"
            case .paragraph(let text): text
            case .picture(let path, let words):
                "![\(words)](\(path))"
            case .table(let columns, let rows):
                ([columns, columns.map { _ in "---" }] + rows).map(Self.markdownRow).joined(separator: "\n")
            }
        }.joined(separator: "\n\n") + "\n"
    }

    private static func markdownRow(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

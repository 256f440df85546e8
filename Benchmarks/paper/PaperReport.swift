import ArgumentParser
import Files
import Foundation
import PaperReproduction

/// Called by `scripts/reproduce`, with the folder in which it has put sweeps, tables and pictures.
@main struct PaperReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paperreport", abstract: "Checks what the paper says against runs, and writes what was found.",
        discussion: "paperreport results/paper/small --command 'scripts/reproduce --scale small'")

    @Argument(help: "The folder with the sweeps and the tables of the analyses.") var folder: String
    @Option(help: "The command that made it.") var command = "scripts/reproduce"
    @Option(help: "When and on what it was made.") var machine = ""

    /// Writes `index.html` and `paper.md` into the folder, and prints the verdicts.
    ///
    /// - Throws: what cannot be read, or written.
    func run() throws {
        let evidence = try Evidence(readingFrom: folder)
        let made = ["Made by `\(command)`" + (machine.isEmpty ? "." : " on \(machine).")]
        let document = PaperDocument(evidence, pictures: try pictures(), introduction: made)
        try AtomicFile.write(document.html, to: "\(folder)/index.html")
        try AtomicFile.write(document.markdown, to: "\(folder)/paper.md")
        for check in evidence.checks { print("\(check.figure.rawValue)\t\(check.verdictText)\t\(check.statement)") }
    }

    /// The pictures of each figure: `figures/1.mnist-full.train_loss.svg` is one of figure 1.
    private func pictures() throws -> [String: [String]] {
        let place = "\(folder)/figures"
        guard FileManager.default.fileExists(atPath: place) else { return [:] }
        let names = try FileManager.default.contentsOfDirectory(atPath: place).filter { $0.hasSuffix(".svg") }.sorted()
        return Dictionary(grouping: names) { String($0.prefix { $0 != "." }) }.mapValues { $0.map { "figures/\($0)" } }
    }
}

import Foundation
import Tables
import TerminalDrawing

/// Text for people that is no wider than their terminal, and is broken between words.
///
///     let fitted = FittedText(columns: 60)
///     fitted.row("proposed", "by the Gaussian process, after 13 trials had ended")
///
/// A terminal itself would break it in the middle of a word. In a file or a pipe nothing is broken, as programs read
/// lines.
struct FittedText {
    /// How wide the terminal is; nil where there is none.
    let columns: Int?

    /// In a narrower terminal a label has a line of its own.
    private static let leastRoom = 24

    /// Lines of a text, each of which goes on below where it is too long.
    ///
    /// - Parameter indent: how far what goes on is set in.
    func paragraph(_ text: String, indent: Int = 0) -> String {
        let lines = TerminalText.lines(text)
        guard let columns else { return lines }
        return lines.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in broken(String(line), columns, indent) }
            .joined(separator: "\n")
    }

    /// A label with a text beside it.
    ///
    /// - Parameter width: where the text begins.
    func row(_ label: String, _ text: String, width: Int = 12) -> String {
        let label = label.padding(toLength: max(width, label.count), withPad: " ", startingAt: 0)
        let text = TerminalText.line(text)
        guard let columns else { return label + text }
        let room = columns - label.count
        if room < Self.leastRoom {
            return paragraph(label.trimmingCharacters(in: .whitespaces) + ": " + text, indent: 2)
        }
        let lines = StyledText(text).wrapped(to: room).map(\.text)
        return label + lines.joined(separator: "\n" + String(repeating: " ", count: label.count))
    }

    func table(_ table: TextTable) -> String { table.text(columns: columns) }

    private func broken(_ line: String, _ columns: Int, _ indent: Int) -> String {
        let start = String(line.prefix { $0 == " " })
        let lines = StyledText(line).wrapped(to: columns)
        guard lines.count > 1, let first = lines.first else { return line }
        let margin = start + String(repeating: " ", count: indent)
        let rest = StyledText(String(line.dropFirst(first.text.count).drop { $0 == " " }))
            .wrapped(to: max(1, columns - margin.count))
        return ([first.text] + rest.map { margin + $0.text }).joined(separator: "\n")
    }
}

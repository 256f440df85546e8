import Files
import TerminalDrawing

/// A command for people to copy into a shell, with each argument quoted where it needs to be.
///
///     ShellCommand(["revmlp", "eval", "my run"]).text     // "revmlp eval 'my run'"
public struct ShellCommand: Hashable, Sendable {
    public var words: [String]

    public init(_ words: [String]) { self.words = words }

    public var text: String { words.map(ShellWord.text).joined(separator: " ") }

    /// The command on lines of at most this width, which a shell reads as one: each but the last ends with `\`.
    func lines(width: Int) -> [String] {
        let room = max(4, width - 2)
        if Self.columns(text) <= width { return [text] }
        var lines = [""]
        for word in words {
            let quoted = ShellWord.text(word)
            let space = lines[lines.count - 1].isEmpty ? "" : " "
            if Self.columns(lines[lines.count - 1] + space + quoted) <= room {
                lines[lines.count - 1] += space + quoted
            } else if Self.columns(quoted) <= room {
                lines[lines.count - 1] += " \\"
                lines.append(quoted)
            } else {
                // A word that is longer than a line goes on at the beginning of the next one. Its pieces are quoted one
                // by one, since a line cannot be continued inside quotes.
                for (index, piece) in Self.pieces(of: word, room: room).enumerated() {
                    if index > 0 || !lines[lines.count - 1].isEmpty {
                        lines[lines.count - 1] += index > 0 ? "\\" : " \\"
                        lines.append("")
                    }
                    lines[lines.count - 1] = ShellWord.text(piece)
                }
            }
        }
        return lines
    }

    private static func columns(_ text: String) -> Int { TextWidth.columns(of: text) }

    private static func pieces(of word: String, room: Int) -> [String] {
        var pieces = [""]
        for character in word {
            let longer = pieces[pieces.count - 1] + String(character)
            if columns(ShellWord.text(longer)) > room, !pieces[pieces.count - 1].isEmpty {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1] = longer
            }
        }
        return pieces
    }
}

/// Arguments of a command as a sweep file writes them.
public enum CommandText {
    /// The list after `command:`.
    ///
    /// `/usr/bin/env` begins it: that program is on every machine, and looks for the one after it when a trial starts.
    /// A sweep file can so be checked on a machine without the trainer's programs.
    static func list(_ words: [String]) -> String {
        let starts = ["/usr/bin/env", "env"]
        let all = words.first.map(starts.contains) ?? false ? words : ["/usr/bin/env"] + words
        return ValueText.list(all.map(ValueText.string))
    }

    /// A text that arrives as it is: `{`, `}` and `$` have a meaning in a sweep file, and are doubled.
    ///
    /// - Parameter isForShell: whether a shell reads the argument; to it `$` is left.
    static func literal(_ text: String, isForShell: Bool = false) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "{", "}": result += "\(character)\(character)"
            case "$":
                let next = rest.first
                if next == "{", let end = rest.firstIndex(of: "}") {
                    result += (isForShell ? "$" : "$$") + rest[...end]
                    rest = rest[rest.index(after: end)...]
                } else if !isForShell, let next, next == "(" || next == "_" || next.isASCII && next.isLetter {
                    result += "$$"
                } else {
                    result += "$"
                }
            default: result.append(character)
            }
        }
        return result
    }

    /// The words of a line as a shell splits it, with quotes and backslashes.
    static func words(_ line: String) -> [String] { split(line).words }

    /// The words of a command that a person has typed for a program and not for a shell.
    ///
    ///     CommandText.command("python3 'my train.py' {config}")       // ["python3", "my train.py", "{config}"]
    ///
    /// - Throws: `CommandTextError` for a quote that is never closed, and for what only a shell understands.
    public static func command(_ line: String) throws(CommandTextError) -> [String] {
        let (words, sign, quote) = split(line)
        if let quote { throw .openQuote(quote) }
        if let sign { throw .needsShell(sign) }
        return words
    }

    /// The words, the first sign outside of quotes that connects commands or files, and the quote that is never closed.
    private static func split(_ line: String) -> (words: [String], sign: Character?, quote: Character?) {
        var words: [String] = []
        var sign: Character?
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"", let next = rest.first, "\\\"$`".contains(next) {
                    word = (word ?? "") + String(rest.removeFirst())
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\", let next = rest.popFirst() {
                if next != "\n" { word = (word ?? "") + String(next) }
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                if sign == nil, "|&;<>".contains(character) { sign = character }
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return (words, sign, quote)
    }
}

/// Why a text is no command for a program.
public enum CommandTextError: Error, Sendable, Hashable, CustomStringConvertible {
    case openQuote(Character)
    case needsShell(Character)

    public var description: String {
        switch self {
        case .openQuote(let quote): "the quote \(quote) is never closed"
        case .needsShell(let sign): "'\(sign)' is for a shell, and the command is started without one"
        }
    }

    /// What the user can do about it; nil where the description says it all.
    public var help: String? {
        switch self {
        case .openQuote: nil
        case .needsShell: "go through one: --command \"sh -c '…'\"; the text itself stands in quotes"
        }
    }
}

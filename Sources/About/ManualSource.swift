/// The text of a manual page while it is written, in the macros of `man(7)`, which every reader of such pages knows.
///
/// Whatever is handed over is text: signs that would be commands of the language are escaped here and nowhere else.
struct ManualSource: Sendable {
    private(set) var text = ""

    mutating func title(_ name: String, version: String) {
        add(".TH \(Self.quoted(name)) 1 \"\" \(Self.quoted(version)) \(Self.quoted("User Commands"))")
    }

    mutating func section(_ name: String) { add(".SH \(name)") }

    mutating func line(_ line: String) { add(Self.escaped(line)) }

    mutating func bold(_ line: String) { add(".B \(Self.escaped(line))") }

    /// Lines that are escaped already.
    mutating func raw(_ lines: [String]) { for line in lines { add(line) } }

    mutating func paragraph(_ paragraph: CommandDiscussion.Paragraph) {
        switch paragraph {
        case .prose(let text):
            add(".PP")
            line(text)
        case .table(let lines):
            add(".PP\n.nf\n.RS")
            for text in lines { line(text) }
            add(".RE\n.fi")
        }
    }

    /// A section with the arguments; none if there are none.
    mutating func entries(_ name: String, _ arguments: [CommandDescription.Argument]) {
        if !arguments.isEmpty { section(name) }
        for argument in arguments {
            let names = argument.names ?? []
            let typed = (names.filter { $0.kind != .long } + names.filter { $0.kind == .long }).map(\.typed)
            let value = argument.kind == .flag ? [] : [Self.italic(argument.valueName ?? "value")]
            let head = typed.isEmpty ? value : [typed.map(Self.bolded).joined(separator: ", ")] + value
            add(".TP\n\(head.joined(separator: " "))")
            var sentences = [argument.abstract, argument.discussion].compactMap(\.self).filter { !$0.isEmpty }
            if let values = argument.allValues, !values.allSatisfy({ argument.abstract?.contains($0) ?? false }) {
                sentences.append("Values: \(values.joined(separator: ", ")).")
            }
            if let value = argument.defaultValue { sentences.append("Default: \(value).") }
            line(sentences.joined(separator: " "))
        }
    }

    mutating func entry(bold head: String, _ meaning: String) {
        add(".TP\n\(Self.bolded(head))")
        line(meaning)
    }

    /// An entry whose head is another page.
    mutating func entry(reference name: String, _ meaning: String) {
        add(".TP\n\(Self.bolded(name))(1)")
        line(meaning)
    }

    mutating func example(_ command: String, comment: String) {
        add(".TP\n\(Self.bolded(command))")
        line(comment)
    }

    mutating func references(_ names: [String]) {
        add(names.map { "\(Self.bolded($0))(1)" }.joined(separator: ",\n"))
    }

    static func bolded(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// A word of a macro, which may hold spaces.
    private static func quoted(_ text: String) -> String {
        "\"\(escaped(text).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq"))\""
    }

    /// One line of text in which nothing is a command: a dot or an apostrophe at the beginning would be one, and so
    /// would a backslash anywhere. A dash stays the one that is typed, and does not become a hyphen.
    static func escaped(_ text: String) -> String {
        var result = text.first == "." || text.first == "'" ? "\\&" : ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }

    private mutating func add(_ line: String) { if !line.isEmpty { text += line + "\n" } }
}

import ConfigFile
import SweepModel
import SweepSearch

/// Why a text cannot be read as a template, and what to write instead.
struct TemplateProblem: Error {
    /// What is wrong, as the user reads it.
    var message: String
    /// What to write instead; nil if the message says it all.
    var help: String?
}

extension CommandTemplate {
    /// What reads a text after us, and therefore what `$` and `~` mean in it.
    enum Reader {
        /// A program that gets it as an argument.
        case program
        /// A program that reads it as an environment variable; as in PATH, `~` may also follow a colon.
        case environment
        /// A shell, which expands `$` and `~` itself, so they are left alone.
        case shell
        /// A program, in a sweep that an earlier release started: to it `$` and `~` were plain text.
        case former

        /// Whether `~` is replaced here.
        fileprivate var expands: Bool {
            switch self {
            case .program, .environment: true
            case .shell, .former: false
            }
        }
    }

    /// Reads a text with placeholders:
    ///
    ///     --lr={param:lr}     the text `--lr=`, then the parameter `lr`
    ///     ~/data              the home folder, then the text `/data`
    ///     $SCRATCH/out        the variable `SCRATCH`, then the text `/out`
    ///     {{"a": 1}}          the text `{"a": 1}`
    ///     $$HOME              the text `$HOME`
    ///
    /// - Parameter parameters: the names that `{param:NAME}` may have; nil for any.
    /// - Throws: `TemplateProblem` for the first mistake.
    init(parsing text: String, parameters: [String]?, for reader: Reader = .program) throws(TemplateProblem) {
        var parser = TemplateParser(text, parameters: parameters, reader: reader)
        self.init(segments: try parser.parse())
        let isAlone = segments.count == 1 && reader != .environment
        for case .arguments(let form) in placeholders where !form.isOneText && !isAlone {
            throw reader == .environment
                ? TemplateProblem(
                    message: "'{args}' is several arguments, and an environment variable is one text",
                    help: "write {args:json}, or {args:file} for the path of a file")
                : TemplateProblem(
                    message: "'{args}' must be an argument of its own",
                    help: reader == .shell
                        ? "the shell gets it after the script, and a word for $0 before it: "
                            + "[sh, -c, 'python3 train.py \"$@\"', sh, \"{args}\"]"
                        : "it becomes one for each active parameter; {args:json} and {args:file} are one text")
        }
    }
}

/// Reads a template from its beginning, one character at a time, and collects literal text between placeholders.
private struct TemplateParser {
    private let text: String
    private let parameters: [String]?
    private let reader: CommandTemplate.Reader
    /// What has not been read yet.
    private var rest: Substring
    /// The literal text since the last placeholder.
    private var literal = ""
    private var segments: [CommandTemplate.Segment] = []

    init(_ text: String, parameters: [String]?, reader: CommandTemplate.Reader) {
        self.text = text
        self.parameters = parameters
        self.reader = reader
        rest = text[...]
    }

    /// Reads the whole text. An empty text is one empty segment, so that an empty argument stays an argument.
    ///
    /// - Throws: `TemplateProblem` for the first mistake.
    mutating func parse() throws(TemplateProblem) -> [CommandTemplate.Segment] {
        while let character = rest.first {
            if character == "~", reader.expands, isAtBeginningOfPath {
                try tilde()
                continue
            }
            rest.removeFirst()
            switch character {
            case "{", "}":
                if rest.first == character {
                    rest.removeFirst()
                    literal.append(character)
                } else if character == "{" {
                    try placeholder()
                } else {
                    literal.append(character)
                }
            case "$":
                switch reader {
                case .program, .environment: try dollar()
                case .shell: shellVariable()
                case .former: literal.append(character)
                }
            default: literal.append(character)
            }
        }
        if !literal.isEmpty || segments.isEmpty { segments.append(.text(literal)) }
        return segments
    }

    /// Adds a placeholder after the literal text that has been collected.
    private mutating func append(_ placeholder: CommandTemplate.Placeholder) {
        if !literal.isEmpty { segments.append(.text(literal)) }
        literal = ""
        segments.append(.placeholder(placeholder))
    }

    // MARK: Braces

    /// Reads a placeholder after its opening brace.
    private mutating func placeholder() throws(TemplateProblem) {
        guard let end = rest.firstIndex(of: "}") else {
            throw TemplateProblem(message: "'{' is never closed", help: "write '{{' for a brace")
        }
        append(try placeholder(String(rest[..<end])))
        rest = rest[rest.index(after: end)...]
    }

    /// The placeholder with this name: a fixed one such as `config`, a form of `args`, or `param:NAME`.
    ///
    /// - Throws: `TemplateProblem`, with the nearest name if one is near.
    private func placeholder(_ name: String) throws(TemplateProblem) -> CommandTemplate.Placeholder {
        if let found = CommandTemplate.Placeholder.fixed.first(where: { $0.name == name }) { return found.placeholder }
        if name.hasPrefix("args:") { return .arguments(try ArgumentForm(parsing: name)) }
        if name.hasPrefix("param:") {
            let parameter = String(name.dropFirst("param:".count))
            guard let parameters, !parameters.contains(parameter) else { return .parameter(parameter) }
            throw TemplateProblem(
                message: "'{\(name)}' names no parameter of this sweep",
                help: nearest(parameter, among: parameters).map { "did you mean '{param:\($0)}'?" })
        }
        let known = CommandTemplate.Placeholder.fixed.map(\.name) + ["param:NAME"]
        if let parameters, parameters.contains(name) {
            throw TemplateProblem(
                message: "'{\(name)}' is not a placeholder", help: "did you mean '{param:\(name)}'?")
        }
        throw TemplateProblem(
            message: "'{\(name)}' is not a placeholder",
            help: (nearest(name, among: known)
                ?? parameters.flatMap { nearest(name, among: $0) }.map { "param:\($0)" })
                .map { "did you mean '{\($0)}'?" }
                ?? "known are \(known.map { "{\($0)}" }.joined(separator: " ")); write '{{' for a brace")
    }

    // MARK: What a shell would expand

    /// Reads what follows a `$`: a variable, or after a second `$` the text itself.
    ///
    ///     $RUN/out        the variable RUN, then the text /out
    ///     ${RUN}s         the variable RUN, then the text s
    ///     ${RUN:-a}       the variable RUN, or the text a if it is not set, or empty
    ///     $$RUN           the text $RUN
    ///     $(date)         refused: nothing here runs a command
    ///     5$              the text 5$
    private mutating func dollar() throws(TemplateProblem) {
        switch rest.first {
        case "$":
            let escaped = rest.dropFirst()
            let name = escaped.prefix(while: Self.isPartOfName)
            if escaped.first == "{", let end = escaped.firstIndex(of: "}") {
                literal += "$" + escaped[...end]
                rest = escaped[escaped.index(after: end)...]
            } else if escaped.first == "(" {
                literal += "$("
                rest = escaped.dropFirst()
            } else if let first = name.first, Self.isBeginningOfName(first) {
                literal += "$" + name
                rest = escaped.dropFirst(name.count)
            } else {
                literal.append("$")
            }
        case "{":
            let inside = rest.dropFirst()
            guard let end = inside.firstIndex(of: "}") else {
                throw TemplateProblem(message: "'${' is never closed", help: "write '$${{' for the text")
            }
            let parts = String(inside[..<end]).split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0]
            guard let first = name.first, Self.isBeginningOfName(first), name.allSatisfy(Self.isPartOfName) else {
                throw TemplateProblem(
                    message: "'${\(name)}' is not the name of an environment variable",
                    help: "for the text itself write '$${\(name)}'; what a shell should expand goes through one: "
                        + "[sh, -c, '…']")
            }
            append(.variable(String(name), otherwise: parts.count > 1 ? String(parts[1]) : nil))
            rest = inside[inside.index(after: end)...]
        case "(":
            throw TemplateProblem(
                message: "'$(' is for a shell, and none reads this",
                help: "command: [sh, -c, '…']; write '$$(' for the text")
        case let first? where Self.isBeginningOfName(first):
            let name = rest.prefix(while: Self.isPartOfName)
            append(.variable(String(name)))
            rest = rest.dropFirst(name.count)
        case nil, _?: literal.append("$")
        }
    }

    /// Keeps `${NAME}` as text for a shell; otherwise its braces would be read as a placeholder.
    private mutating func shellVariable() {
        literal.append("$")
        guard rest.first == "{", rest.dropFirst().first != "{", let end = rest.firstIndex(of: "}") else { return }
        literal += rest[...end]
        rest = rest[rest.index(after: end)...]
    }

    /// Whether a variable's name may begin with the character: `$5` is text.
    private static func isBeginningOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character == "_")
    }

    /// Names of variables are ASCII, as a shell has them: in `$RUNé` the name is `RUN`.
    private static func isPartOfName(_ character: Character) -> Bool {
        isBeginningOfName(character) || character.isASCII && character.isNumber
    }

    /// Whether a shell would read a `~` here as the user's home folder: at the beginning, after the `=` of an option
    /// as in `--out=~/runs`, and in an environment variable after a colon.
    private var isAtBeginningOfPath: Bool {
        let before = text[..<rest.startIndex]
        guard let last = before.last else { return true }
        if reader == .environment { return last == ":" }
        return last == "="
            && before.dropLast().allSatisfy { Self.isPartOfName($0) || $0 == "-" || $0 == "." }
    }

    /// Reads `~`, alone or before a slash or colon. `~ada/runs` is refused rather than passed on, since it would
    /// become a folder of that name; `~5` is text.
    private mutating func tilde() throws(TemplateProblem) {
        let after = rest.dropFirst()
        let name = after.prefix { !"/:".contains($0) }
        if name.isEmpty {
            append(.home)
        } else if name.allSatisfy({ Self.isPartOfName($0) || $0 == "-" }), after.dropFirst(name.count).first == "/" {
            throw TemplateProblem(
                message: "'~\(name)' is another user's folder, which is not looked up",
                help: "write the path out, or './~\(name)' for a name that begins so")
        } else {
            literal.append("~")
        }
        rest = after
    }
}

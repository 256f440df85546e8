import Yams

extension DiagnosticCollector {
    /// Says in a person's words why a text is no YAML.
    func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            report(
                SyntaxProblem(
                    problem, context?.text, SourceLocation(mark), begun: context.map { SourceLocation($0.mark) }))
        case .reader(let problem, _, let value, _):
            let place = source.text.unicodeScalars.place { Int64($0.value) == Int64(value) }
            report(problem, at: place, help: "the file should be plain text")
        case .duplicatedKeysInMapping(let keys, let context):
            report("the key '\(keys.first ?? "")' is given twice", at: SourceLocation(context.mark))
        case .writer(let problem), .emitter(let problem), .representer(let problem):
            report(problem, at: nil)
        case .no, .memory, .dataCouldNotBeDecoded:
            report("the text cannot be read as YAML", at: nil)
        }
    }

    func reportTooDeep(at location: SourceLocation?) {
        report("lists and mappings may nest \(Conversion.deepest) deep, and this goes further", at: location)
    }

    private func report(_ problem: SyntaxProblem) {
        let lines = source.text.unicodeScalars.lines
        let line =
            lines.indices.contains(problem.place.line - 1) ? lines[problem.place.line - 1] : Substring().unicodeScalars
        let indentation = line.prefix { $0 == " " || $0 == "\t" }
        if let tab = indentation.firstIndex(of: "\t") {
            let column = indentation.distance(from: indentation.startIndex, to: tab) + 1
            report(
                "the line is indented with a tab", at: SourceLocation(line: problem.place.line, column: column),
                help: "YAML is indented with spaces")
            return
        }
        switch problem.text {
        case "but found another document":
            report(
                "a second document begins here", at: problem.place,
                help: "a file holds one; '---' may stand only before the first")
        case let text where text.hasPrefix("Maximum nesting level reached"):
            reportTooDeep(at: problem.place)
        case "found unexpected end of stream":
            report("the text in quotes is never closed", at: problem.begun ?? problem.place)
        case "found character that cannot start any token":
            report(
                "no value can begin with this character", at: problem.place,
                help: "put text that begins with '@', '`' or '%' in quotes")
        case "mapping values are not allowed in this context":
            report(
                "a ':' cannot stand here", at: problem.place,
                help: "put text with ': ' in it in quotes, and align a key with the keys above it")
        case "could not find expected ':'":
            report("a key needs a ':' after it", at: problem.begun ?? problem.place)
        case "did not find expected ',' or ']'":
            report("a ',' or ']' is missing", at: problem.place, help: problem.beginning(of: "list"))
        case "did not find expected ',' or '}'":
            report("a ',' or '}' is missing", at: problem.place, help: problem.beginning(of: "mapping"))
        case "did not find expected key":
            report(
                "a key is expected here, aligned with the keys above it", at: problem.place,
                help: problem.beginning(of: "mapping"))
        case "did not find expected '-' indicator":
            report(
                "a '-' is expected here, aligned with those above it", at: problem.place,
                help: problem.beginning(of: "list"))
        case let text:
            let words = [problem.context, text].compactMap(\.self).joined(separator: ": ")
            report(words, at: problem.place, help: problem.beginning(of: "part"))
        }
    }
}

/// What libyaml found, where, and in what: a mapping, a list, a text in quotes.
private struct SyntaxProblem {
    var text: String
    var context: String?
    var place: SourceLocation
    var begun: SourceLocation?

    init(_ text: String, _ context: String?, _ place: SourceLocation, begun: SourceLocation?) {
        self.text = text
        self.context = context
        self.place = place
        self.begun = begun
    }

    /// Nil where it is plain to see.
    func beginning(of part: String) -> String? {
        begun.flatMap { $0.line == place.line ? nil : "the \(part) begins on line \($0.line)" }
    }
}

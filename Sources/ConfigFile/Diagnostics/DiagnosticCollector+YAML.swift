extension DiagnosticCollector {
    /// Reports that lists and mappings nest deeper than `SyntaxReader.maxDepth`.
    func reportTooDeep(at location: SourceLocation?) {
        report("lists and mappings may nest \(SyntaxReader.maxDepth) deep, and this goes further", at: location)
    }

    /// Reports that a file holds more values than `SyntaxReader.maxNodes`.
    ///
    /// - Parameter hasAnchors: whether aliases may be the cause, of which the help then tells.
    func reportTooMany(at location: SourceLocation?, hasAnchors: Bool) {
        report(
            "the file holds more than \(SyntaxReader.maxNodes) values", at: location,
            help: hasAnchors ? "what an alias stands for counts each time" : nil)
    }

    /// Reports why a text is not YAML. libyaml's messages use the terms of its own parser; here they become words about
    /// what the user has written.
    ///
    ///     lr: "0.1            found unexpected end of stream     → the text in quotes is never closed
    ///     name: a: b          mapping values are not allowed …   → a ':' cannot stand here
    ///
    /// A message that is not known here is shown as it is, so that a newer libyaml loses nothing.
    func report(_ problem: SyntaxProblem) {
        let place: SourceLocation
        switch problem.place {
        case .mark(let mark): place = mark.location
        case .byte(let offset):
            report(problem.text, at: source.location(ofByte: offset), help: "the file should be plain text")
            return
        case .unknown:
            report(problem.text, at: nil)
            return
        }
        if let foreign = source.foreignFormat {
            report(foreign.message, at: foreign.location, help: foreign.help)
            return
        }
        report(problem, at: place, begun: problem.begun?.location)
    }

    /// Reports a problem that has a place. A tab in the indentation is looked for first: libyaml reports it in many
    /// ways, and none of them speaks of a tab.
    ///
    /// - Parameter begun: where the list, mapping or text in quotes begins that the problem is in; nil if it is not
    ///   known.
    private func report(_ problem: SyntaxProblem, at place: SourceLocation, begun: SourceLocation?) {
        let lines = source.text.unicodeScalars.lines
        let line =
            lines.indices.contains(place.line - 1) ? lines[place.line - 1] : Substring().unicodeScalars
        let indentation = line.prefix { $0 == " " || $0 == "\t" }
        if let tab = indentation.firstIndex(of: "\t") {
            let column = indentation.distance(from: indentation.startIndex, to: tab) + 1
            report(
                "the line is indented with a tab", at: SourceLocation(line: place.line, column: column),
                help: "YAML is indented with spaces")
            return
        }
        // Whether something else stands before the place on its line.
        let isBehind = place.column > indentation.count + 1
        /// Where the list or mapping begins; nil if that is on the same line, where the user sees it.
        func beginning(of part: String) -> String? {
            begun.flatMap { $0.line == place.line ? nil : "the \(part) begins on line \($0.line)" }
        }
        switch problem.text {
        case "found unexpected end of stream":
            report("the text in quotes is never closed", at: begun ?? place)
        case "found character that cannot start any token":
            report(
                "no value can begin with this character", at: place,
                help: "put text that begins with '@', '`' or '%' in quotes")
        case "mapping values are not allowed in this context":
            report(
                "a ':' cannot stand here", at: place,
                help: "put text with ': ' in it in quotes, and align a key with the keys above it")
        case "could not find expected ':'":
            report("a key needs a ':' after it", at: begun ?? place)
        case "did not find expected ',' or ']'":
            report("a ',' or ']' is missing", at: place, help: beginning(of: "list"))
        case "did not find expected ',' or '}'":
            report("a ',' or '}' is missing", at: place, help: beginning(of: "mapping"))
        case "did not find expected key" where isBehind, "did not find expected '-' indicator" where isBehind:
            reportLeftover(at: place, line)
        case "did not find expected <document start>":
            if lines.prefix(place.line - 1).contains(where: { $0.first == "%" }) {
                report("'---' is missing before this", at: place, help: "it follows the lines that begin with '%'")
            } else {
                reportLeftover(at: place, line)
            }
        case "did not find expected key":
            report(
                "a key is expected here, aligned with the keys above it", at: place,
                help: beginning(of: "mapping"))
        case "did not find expected '-' indicator":
            report(
                "a '-' is expected here, aligned with those above it", at: place,
                help: beginning(of: "list"))
        case "did not find expected alphabetic or numeric character":
            let mark = problem.context == "while scanning an alias" ? "*" : "&"
            report(
                "no anchor's name follows this '\(mark)'", at: begun ?? place,
                help: "text that begins with '\(mark)' needs quotes")
        case "did not find expected node content":
            reportMissingValue(problem, at: place)
        case "did not find expected comment or line break" where problem.context == "while scanning a block scalar":
            report(
                "nothing can follow a '|' or '>' on its line", at: place,
                help: "put text that begins with '|' or '>' in quotes")
        case "block sequence entries are not allowed in this context":
            report(
                "a '-' cannot stand here", at: place,
                help: "a list begins on the next line, or is written [a, b]; text that begins with '- ' needs quotes")
        case "mapping keys are not allowed in this context":
            report("a '?' cannot stand here", at: place, help: "put text that begins with '? ' in quotes")
        case "found unknown escape character":
            report(
                "text in double quotes cannot have this after a '\\'", at: place,
                help: "in 'single quotes' a '\\' is a character like others, and in double quotes it is written '\\\\'")
        case let text:
            let words = [problem.context, text].compactMap(\.self).joined(separator: ": ")
            report(words, at: place, help: beginning(of: "part"))
        }
    }

    /// Reports that something stands behind a value that is whole already.
    ///
    ///     name: 'it's'        the text ends before the s
    private func reportLeftover(at place: SourceLocation, _ line: Substring.UnicodeScalarView) {
        let isBracket = line.dropFirst(place.column - 1).first.map { "]}".unicodeScalars.contains($0) } ?? false
        report(
            "this cannot follow the value before it", at: place,
            help: isBracket
                ? "there is a bracket too many"
                : "put the whole text in quotes; in single quotes a ' is written ''")
    }

    /// Reports that a value should stand at a place, and something else or the end of the text does.
    ///
    ///     layers: [64,        a ']' is missing
    ///     layers: [64, }      a value or ']' is expected here
    ///     layers: ]           no value can begin with this character
    private func reportMissingValue(_ problem: SyntaxProblem, at place: SourceLocation) {
        guard case .mark(let mark) = problem.place else { return }
        let scalars = Array(source.text.unicodeScalars)
        let found = scalars.indices.contains(mark.index) ? scalars[mark.index] : nil
        /// The bracket that stands before a mark; nil if something else does.
        func bracket(before mark: TextMark) -> (isList: Bool, line: Int)? {
            guard scalars.indices.contains(mark.index - 1) else { return nil }
            switch scalars[mark.index - 1] {
            case "[": return (true, mark.line + 1)
            case "{": return (false, mark.line + 1)
            default: return nil
            }
        }
        guard let opened = problem.brackets.reversed().compactMap(bracket(before:)).first else {
            guard let found, ",]}".unicodeScalars.contains(found) else {
                report("a value is expected here", at: place)
                return
            }
            report(
                "no value can begin with this character", at: place,
                help: "put text that begins with '\(found)' in quotes")
            return
        }
        let (part, wanted, end) = opened.isList ? ("list", "a value", "]") : ("mapping", "a key, a value", "}")
        report(
            found == nil ? "a '\(end)' is missing" : "\(wanted) or '\(end)' is expected here", at: place,
            help: opened.line == place.line ? nil : "the \(part) begins on line \(opened.line)")
    }
}

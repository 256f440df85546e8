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
        case let text:
            let words = [problem.context, text].compactMap(\.self).joined(separator: ": ")
            report(words, at: place, help: beginning(of: "part"))
        }
    }
}

import ConfigFile
import SweepModel
import SweepSearch

/// Reads the `constraints` of a sweep file: a list of expressions over its parameters, all of which a trial satisfies.
///
///     constraints: ["width * depth <= 4096", "min_lr < max_lr"]
///
/// A mistake is shown at its own place inside the text:
///
///     sweep.yaml:9:24: error: 'dept' is not a parameter of this sweep
///     9 | constraints: ["width * dept <= 4096"]
///       |                        ^
///       = help: did you mean 'depth'?
struct ConstraintReader {
    /// All parameters of the sweep.
    let parameters: [Parameter]
    let problems: DiagnosticCollector

    private static let help = "constraints: [\"PARAMETER * PARAMETER <= NUMBER\", …]"

    /// The constraints in the order of the file; nil if one of them could not be read, which is reported.
    func read(_ file: ConfigSection) -> [Constraint]? {
        guard let node = file.node("constraints") else { return [] }
        let items: [ConfigNode]
        switch node.value {
        case .sequence(let nodes): items = nodes
        // A single constraint needs no list.
        case .string: items = [node]
        case .null, .boolean, .integer, .number, .mapping:
            problems.report(
                "'constraints' must be a list of expressions, found \(node.kindDescription)", at: node.location,
                help: Self.help)
            return nil
        }
        let constraints = items.compactMap(constraint)
        return constraints.count == items.count ? constraints : nil
    }

    /// Reads one expression; reports each mistake in it at its own place.
    private func constraint(_ node: ConfigNode) -> Constraint? {
        guard case .string(let text) = node.value else {
            problems.report(
                "a constraint must be an expression, found \(node.kindDescription)", at: node.location, help: Self.help)
            return nil
        }
        do {
            return try Constraint(parsing: text, over: parameters)
        } catch {
            for problem in error.problems {
                let place = place(of: problem.offset, in: text, at: node.location)
                let words = place == nil ? "\(problem), at character \(problem.offset + 1)" : "\(problem)"
                problems.report(words, at: place ?? node.location, help: help(for: problem))
            }
            return nil
        }
    }

    /// What to write instead; nil where the message says it all.
    ///
    ///     optimizer == sgd        text needs quotes, as sgd is no parameter
    ///     sqr(x) < 2              did you mean 'sqrt'?
    private func help(for problem: ConstraintProblem) -> String? {
        switch problem.kind {
        case .unknownParameter(let name):
            nearest(name, among: parameters.map(\.name)).map { "did you mean '\($0)'?" } ?? "text needs quotes"
        case .unknownFunction(let name):
            nearest(name, among: Constraint.functionNames).map { "did you mean '\($0)'?" }
                ?? "known are \(Constraint.functionNames.joined(separator: ", "))"
        case .impossibleValue(let parameter, _, let distribution): "'\(parameter)' is \(distribution)"
        case .empty, .illegalCharacter, .unclosedQuote, .illegalNumber, .unexpected, .foreign, .argumentCount,
            .wrongKind, .structure, .tooDeep, .tooLong:
            nil
        }
    }

    /// The place in the file of one character of an expression, so that a mistake is shown where it is; nil where the
    /// text on the line differs from the expression, as in a scalar over several lines.
    private func place(of offset: Int, in text: String, at location: SourceLocation?) -> SourceLocation? {
        guard let location, let line = problems.source.line(location.line) else { return nil }
        var raw = ScalarText(line.dropFirst(location.column - 1))
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let place = SourceLocation(line: location.line, column: location.column + raw.consumed)
            guard raw.next() == scalar else { return nil }
            if index == offset { return place }
        }
        return SourceLocation(line: location.line, column: location.column + raw.consumed)
    }
}

/// A scalar on one line as it is written, read character by character. With quotes and escapes, a character of its
/// value is further to the right in the file.
private struct ScalarText {
    private let scalars: [Unicode.Scalar]
    /// The quotation mark that the scalar begins with; nil for one without.
    private let quote: Unicode.Scalar?
    private(set) var consumed: Int

    /// - Parameter line: the line from the scalar's first character on.
    init(_ line: String.UnicodeScalarView.SubSequence) {
        scalars = Array(line)
        quote = scalars.first.flatMap { $0 == "'" || $0 == "\"" ? $0 : nil }
        consumed = quote == nil ? 0 : 1
    }

    /// The next character of the scalar's value; nil at the end, and at an escape that is not known here.
    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek(0) else { return nil }
        switch (quote, scalar) {
        case ("'", "'"):
            guard peek(1) == "'" else { return nil }
            consumed += 2
            return scalar
        case ("\"", "\\"):
            guard let escaped = peek(1), "\"\\/".unicodeScalars.contains(escaped) else { return nil }
            consumed += 2
            return escaped
        case ("\"", "\""): return nil
        case (_, _):
            consumed += 1
            return scalar
        }
    }

    /// The character that is `ahead` places further in the file.
    private func peek(_ ahead: Int) -> Unicode.Scalar? {
        consumed + ahead < scalars.count ? scalars[consumed + ahead] : nil
    }
}

extension SourceFile {
    /// A line by its number, from 1; nil if the file has no such line.
    fileprivate func line(_ number: Int) -> String.UnicodeScalarView.SubSequence? {
        let lines = text.unicodeScalars.split(
            maxSplits: number, omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
        return lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }
}

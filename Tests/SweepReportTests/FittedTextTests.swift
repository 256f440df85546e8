import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import TerminalDrawing
import TestSupport
import Testing

/// What `check`, `explain` and `compare` print is no wider than the terminal, and no word of it is broken.
@Suite struct FittedTextTests {
    private static func widths(_ text: String) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { TextWidth.columns(of: String($0)) }
    }

    private static func words(_ text: String) -> Set<Substring> { Set(text.split { $0 == " " || $0 == "\n" }) }

    private static func description() throws -> SpaceDescription {
        let sweep = try Example.sweep("constraints: ['lr < 0.9', 'lr > 2 * 0.00001 or lr < 1.5 * 0.00001']")
        return SpaceDescription(sweep, program: "/a/folder/somewhere/bin/train")
    }

    private static func explanation(_ trials: Int) throws -> SweepExplanation {
        let text = """
            name: test
            metric: {name: loss, goal: minimize}
            trainer: {command: [train, "{args}"]}
            parameters:
              x: {type: uniform, min: 0, max: 1}
              optimizer.name: {type: choice, values: [stochastic_gradient, adam]}
            budget: {trials: 100}
            """
        let file = try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere")
        let records = (0..<trials).map { number in
            let x = Double(number * 7 % 20) / 20
            let kind: ParameterValue = number % 3 == 0 ? "stochastic_gradient" : "adam"
            let values = Assignment(["x": .number(x), "optimizer.name": kind], in: file.sweep.space)
            return Example.trial(number, values, .complete((x - 0.3) * (x - 0.3) + (number % 3 == 0 ? 1 : 0)))
        }
        return SweepExplanation(of: records, in: file, name: "test")
    }

    @Test(arguments: [30, 40, 60, 80, 100, 200])
    func `a narrow terminal gets all words, none of them broken`(columns: Int) throws {
        let texts = [
            (try Self.description().text(columns: columns), try Self.description().text()),
            (
                try Self.explanation(20).text(isUnicode: true, columns: columns),
                try Self.explanation(20).text(isUnicode: true)
            ),
            (
                try Self.explanation(1).text(isUnicode: true, columns: columns),
                try Self.explanation(1).text(isUnicode: true)
            ),
        ]
        for (fitted, whole) in texts {
            #expect(Self.widths(fitted).allSatisfy { $0 <= columns }, "\(columns):\n\(fitted)")
            // Labels that have a line of their own get a colon, and bars are shorter. What is wider than half of the
            // terminal may not fit beside a label.
            let missing = Self.words(whole).subtracting(Self.words(fitted.replacing(":", with: "")))
                .subtracting(Self.words(fitted)).filter { !$0.contains("█") && $0.count <= min(30, columns / 2) }
            #expect(missing.isEmpty, "\(columns): \(missing)\n\(fitted)")
        }
    }

    @Test func `where there is room, or no terminal, nothing is broken`() throws {
        let description = try Self.description()
        #expect(description.text(columns: 200) == description.text())
        let explanation = try Self.explanation(20)
        #expect(explanation.text(isUnicode: false, columns: 500) == explanation.text(isUnicode: false))
    }
}

import ReversibleCore
import Testing

/// Reference numbers: those of the published research code where it is right, independent ones where it is not.
@Suite struct GoldenTests {
    /// Kinds that the tests of other modules cover: the analyses of trained networks, schedules and evaluation.
    private static let notCovered: Set = ["cka", "ntk", "misc"]

    /// A folder that was lost, or could not be read, would be a case less and no failure.
    @Test(.enabled(if: !GoldenCase.areElsewhere)) func `all golden cases are there`() {
        let kinds = [
            "p01_net_exact": "net", "p02_net_trunc": "net", "p03_net_tall": "net", "p04_net_train_init": "net",
            "p05_train": "train", "p06_f32": "net_f32", "p09_misc": "misc", "p10_pinvhess": "pinvhess",
        ]
        #expect(Dictionary(uniqueKeysWithValues: GoldenCase.all.map { ($0.name, $0.kind) }) == kinds)
    }

    @Test(arguments: GoldenCase.all, Precision.allCases)
    func `a golden case is reproduced`(golden: GoldenCase, precision: Precision) throws {
        if Self.notCovered.contains(golden.kind) { return }
        let contents = try golden.contents()
        switch golden.kind {
        case "net":
            try check(contents, precision, networkExpectations, networkQuantities, networkQuantities)
        case "train":
            try check(contents, precision, trainingExpectations, trainingQuantities, trainingQuantities)
        case "net_f32":
            try check(contents, precision, networkExpectations, networkQuantities, networkQuantities)
            try check(contents, precision, trainingExpectations, trainingQuantities, trainingQuantities)
        case "pinvhess":
            try check(contents, precision, tangentExpectations, tangentQuantities, tangentQuantities)
        default:
            Issue.record("\(golden.name) is of the unknown kind \(golden.kind)")
        }
    }

    /// In double precision the case's own tolerances count; in single precision what its rounding may change.
    private func check(
        _ contents: GoldenContents, _ precision: Precision,
        _ expectations: (GoldenContents) throws -> [Expectation],
        _ inDouble: (GoldenContents, Double.Type, UInt64?) throws -> [Quantity],
        _ inSingle: (GoldenContents, Float.Type, UInt64?) throws -> [Quantity]
    ) throws {
        let expectations = try expectations(contents)
        switch precision {
        case .double:
            try compare(try inDouble(contents, Double.self, nil), with: expectations, precision: precision)
        case .single:
            let depth = (try? contents.architecture).map { 2 * $0.blocks * ($0.half + $0.coefficientRows) } ?? 16
            let spread = try singlePrecisionSpread(depth: depth) { try inDouble(contents, Double.self, $0) }
            try compare(
                try inSingle(contents, Float.self, nil), with: expectations, precision: precision, spread: spread)
        }
    }
}

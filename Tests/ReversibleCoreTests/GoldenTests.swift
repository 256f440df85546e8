import ReversibleCore
import Testing

/// Reference numbers: those of the published research code where it is right, independent ones where it is not.
@Suite struct GoldenTests {
    /// Kinds that the tests of other modules cover: the analyses of trained networks, schedules and evaluation.
    private static let notCovered: Set = ["cka", "ntk", "misc"]

    @Test func `there are golden cases`() {
        #expect(!GoldenCase.all.isEmpty)
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

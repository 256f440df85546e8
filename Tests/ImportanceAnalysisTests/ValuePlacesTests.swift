import ImportanceAnalysis
import SweepSearch
import Testing

@Suite struct ValuePlacesTests {
    private static let values: [ParameterValue] = [
        "a", .integer(1), .number(1), "1", .number(2), .boolean(true), .null, .number(.nan), .number(0.5),
        .largeInteger("12345678901234567890123"), .list([.number(3)]), .list([.integer(3)]),
        .mapping([.init("x", .number(1)), .init("y", .null)]), .number(1e30),
        .largeInteger("1000000000000000019884624838656"), "a",
    ]
    private static let others: [ParameterValue] = [
        "b", .number(-0.0), .integer(2), .integer(0), .number(12_345_678_901_234_567_741_440), .boolean(false),
        .mapping([.init("y", .null), .init("x", .integer(1))]), .largeInteger("99999999999999999999999"), .list([]),
    ]

    @Test(arguments: values + others)
    func `a value is found where a look at all of them finds it`(value: ParameterValue) {
        let all = Self.values
        let expected = all.firstIndex(of: value) ?? all.firstIndex { $0.matches(value) }
        #expect(ValuePlaces(all)[value] == expected)
    }

    @Test func `what is added later is found, too`() {
        var places = ValuePlaces(["a"])
        #expect(places[.number(4)] == nil)
        places.append(.integer(4))
        places.append(.number(4))
        #expect(places.values == ["a", .integer(4), .number(4)])
        #expect(places[.integer(4)] == 1 && places[.number(4)] == 2 && places["a"] == 0)
    }
}

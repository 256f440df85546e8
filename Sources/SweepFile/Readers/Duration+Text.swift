extension Duration {
    /// The units that a text may have, as they are written.
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Reads `90s`, `1.5h` or `1h30m`: numbers, each with its unit (ms, s, m, h, d); nil for anything else. A number
    /// without a unit is refused, since nothing tells seconds from minutes.
    ///
    ///     Duration(text: "1h30m")    // 5400 seconds
    ///     Duration(text: "90")       // nil
    public init?(text: String) {
        var rest = text[...]
        var milliseconds = 0.0
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), let unit = Self.units.first(where: { $0.name == name }) else {
                return nil
            }
            milliseconds += number * unit.milliseconds
        } while !rest.isEmpty
        // At most a century, long before the conversion would overflow.
        guard milliseconds <= 36_525 * 86_400_000 else { return nil }
        self = .milliseconds(Int64(milliseconds.rounded()))
    }
}

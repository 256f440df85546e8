extension Duration {
    /// The units that a text may have, as they are written.
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The longest that can be read, as it is written: a century, long before a conversion would overflow.
    static let longestText = "36525d"
    private static let mostMilliseconds = 36_525 * 86_400_000.0

    /// Reads `90s`, `1.5h` or `1h30m`: numbers, each with its unit (ms, s, m, h, d); nil for anything else. A number
    /// without a unit is refused, since nothing tells seconds from minutes.
    ///
    ///     Duration(text: "1h30m")    // 5400 seconds
    ///     Duration(text: "90")       // nil
    ///     Duration(text: "36526d")   // nil: more than a century
    public init?(text: String) {
        guard let count = Self.millisecondCount(of: text), count <= Self.mostMilliseconds else { return nil }
        self = .milliseconds(Int64(count.rounded()))
    }

    /// Whether the text is a length of time, and one that is too long to be read.
    static func isTooLong(_ text: String) -> Bool {
        millisecondCount(of: text).map { $0 > mostMilliseconds } ?? false
    }

    /// Nil for a text that is no length of time; infinite for one with hundreds of digits.
    private static func millisecondCount(of text: String) -> Double? {
        var rest = text[...]
        var milliseconds = 0.0
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), let unit = units.first(where: { $0.name == name }) else {
                return nil
            }
            milliseconds += number * unit.milliseconds
        } while !rest.isEmpty
        return milliseconds
    }
}

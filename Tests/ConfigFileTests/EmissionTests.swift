import ConfigFile
import RandomStreams
import Testing

@Suite struct EmissionTests {
    private func readingBack(_ node: ConfigNode) throws -> ConfigNode {
        try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: node.yaml())).root
    }

    @Test(arguments: [
        0, -0.0, 1, 0.1, 1.0 / 3, 1e22, 1e-7, 123_456_789.125, .leastNonzeroMagnitude, -.leastNormalMagnitude,
        .greatestFiniteMagnitude, .pi, 9_007_199_254_740_992, .infinity, -.infinity,
    ])
    func `a number reads back to the last bit`(number: Double) throws {
        guard case .number(let read) = try readingBack(ConfigNode(.number(number))).value else {
            Issue.record("no number")
            return
        }
        #expect(read.bitPattern == number.bitPattern)
    }

    @Test func `numbers keep their spelling where that is asked for`() throws {
        let text = """
            a: 3.10
            b: 1e-3
            c: 0x11
            d: 18446744073709551616
            e: ~
            f: True
            g: '3.10'
            h: !!str 3.10
            i:
            j: [1.50, {k: 007}]

            """
        let root = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)).root
        let kept = root.yaml(.asWritten)
        #expect(try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: kept)).root == root)
        for part in [
            "a: 3.10\n", "b: 1e-3\n", "c: 0x11\n", "d: 18446744073709551616\n", "f: True\n", "g: '3.10'", "1.50",
        ] {
            #expect(kept.contains(part), "\(kept)")
        }
    }

    @Test(arguments: [
        (1e22, "1.0e+22"), (1e-7, "1.0e-07"), (2.5e-8, "2.5e-08"), (1, "1.0"), (0.1, "0.1"), (-0.0, "-0.0"),
        (.leastNonzeroMagnitude, "5.0e-324"),
        (.nan, ".nan"), (-.infinity, "-.inf"),
    ])
    func `a number is one to readers of YAML 1.1 too`(number: Double, text: String) throws {
        #expect(number.yamlDescription == text)
        if number.isFinite {
            // PyYAML's resolver, less the underscores and the sexagesimal numbers that are never written here.
            let float = /[-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?/
            #expect(text.wholeMatch(of: float) != nil)
        }
    }

    @Test(arguments: [
        "", " ", " x", "x ", "yes", "No", "null", "~", "true", "1", "1e-3", "1.0e+22", ".5", "-.inf", ".nan", "0x1F",
        "a: b", "a:b",
        "#", "a #b", "- x", "-", "? x", "*a", "&a", "!t", "%a", "@a", "`a", "[a]", "{a}", "a,b", "'", "\"", "it's",
        "a\\b", "|", ">",
        "<<", "=", "---", "...", "a\nb", "a\n", "\na", "a\n\n b\n", "\t", "a\tb", "\r", "a\r\nb", "\0", "\u{7}",
        "\u{7F}", "\u{85}",
        "\u{A0}", "\u{2028}", "a\u{FEFF}b", "größe", "学習率", "🦊", "e\u{301}", String(repeating: "long ", count: 100),
    ])
    func `a text reads back as the same text, as a value and as a key`(text: String) throws {
        let value = ConfigNode(.string(text))
        #expect(try readingBack(value) == value)
        let key = ConfigNode(.mapping([ConfigEntry(key: text, node: ConfigNode(.sequence([value])))]))
        #expect(try readingBack(key) == key)
    }

    @Test(arguments: ["yes", "On", "n", "1_000", "12:30", "2001-12-14", "+1", ".5_0", "=", "<<", "0b1"])
    func `a text that YAML 1.1 would read as something else is in quotes`(text: String) {
        #expect(ConfigNode(.string(text)).yaml() == "'\(text)'\n")
    }

    @Test func `a tree looks as a person would write it`() throws {
        let text = """
            data:
              name: digits
              sizes: [1, 2.5, 'no']
            optimizer:
              steps:
              - at: 1
                rate: 1.0e-05
              empty: {}
              none: null
              list: []
            seed: 7

            """
        #expect(try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)).root.yaml() == text)
    }

    @Test(arguments: 0..<500) func `any tree reads back as the same tree`(seed: Int) throws {
        var random = RandomStream(seed: UInt64(seed), stream: 1)
        let tree = RandomTree.node(depth: 4, using: &random)
        #expect(try readingBack(tree) == tree, "\(tree.yaml())")
    }
}

/// Trees that hold every kind of value, and text of awkward characters.
enum RandomTree {
    private static let scalars = Array("ab1.0-+:#'\"\\[]{},&*!|>%@`?~<= \n\t\r\0\u{1B}\u{85}\u{2028}é学🦊".unicodeScalars)

    static func node(depth: Int, using random: inout RandomStream) -> ConfigNode {
        switch random.integer(below: depth == 0 ? 5 : 8) {
        case 0: return ConfigNode(.null)
        case 1: return ConfigNode(.boolean(random.integer(below: 2) == 0))
        case 2: return ConfigNode(.integer(Int(bitPattern: UInt(random.next())) >> Int(random.integer(below: 64))))
        case 3: return ConfigNode(.number(number(using: &random)))
        case 4: return ConfigNode(.string(text(using: &random)))
        case 5:
            let count = Int(random.integer(below: 4))
            return ConfigNode(.sequence((0..<count).map { _ in node(depth: depth - 1, using: &random) }))
        default:
            var entries: [ConfigEntry] = []
            for _ in 0..<random.integer(below: 5) {
                let key = text(using: &random)
                if entries.contains(where: { $0.key == key }) { continue }
                entries.append(ConfigEntry(key: key, node: node(depth: depth - 1, using: &random)))
            }
            return ConfigNode(.mapping(entries))
        }
    }

    /// Any bits but those of NaN, which does not equal itself.
    private static func number(using random: inout RandomStream) -> Double {
        let number = Double(bitPattern: random.next())
        return number.isNaN ? 0 : number
    }

    private static func text(using random: inout RandomStream) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<random.integer(below: 7) {
            text.append(scalars[Int(random.integer(below: UInt64(scalars.count)))])
        }
        return String(text)
    }
}

import TerminalDrawing
import TestSupport
import Testing

@Suite struct TextWidthTests {
    @Test func `a long name loses its middle`() {
        let name = "dropout_probability_of_the_residual_12"
        #expect(TextWidth.shortened(name, to: 16) == "dropo…esidual_12")
        #expect(TextWidth.shortened("short", to: 16) == "short")
        for width in 0...40 {
            for text in [name, "損失関数の重み_a", "e\u{301}e\u{301}e\u{301}e\u{301}"] {
                let shortened = TextWidth.shortened(text, to: width)
                #expect(TextWidth.columns(of: shortened) <= width, "\(shortened)")
            }
        }
    }

    @Test(
        arguments: [
            ("", 0), ("loss", 4), ("größe", 5), ("e\u{301}", 1), ("損失", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
            ("ｆｕｌｌ", 8), ("😀", 2), ("👍🏽", 2), ("👩\u{200D}💻", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("▁█", 2),
            ("⠿", 1), ("…", 1), ("\u{200B}", 0),
        ])
    func `the columns of a text are those on a terminal`(text: String, columns: Int) {
        #expect(TextWidth.columns(of: text) == columns, "\(text)")
    }

    /// Python has the whole of Unicode's table. Characters that either side does not know are left out.
    @Test(.enabled("there is no Python") { await Python.has("unicodedata") })
    func `single characters are as wide as Unicode says`() async throws {
        let script = """
            import sys, unicodedata
            for value in range(0xA0, 0x32000):
                text = chr(value)
                kind = unicodedata.category(text)
                if kind[0] in "CZM" or kind == "Cn" or 0x1160 <= value < 0x1200: continue
                if unicodedata.east_asian_width(text) in "WF": print(value)
            """
        let wide = Set(try await Python.run(script).split(separator: "\n").compactMap { UInt32($0) })
        #expect(wide.count > 40_000)
        // These became wide with Unicode 16, which few Pythons know.
        let recent: [ClosedRange<UInt32>] = [0x2630...0x2637, 0x268A...0x268F, 0x4DC0...0x4DFF]
        let narrow = wide.filter { value in
            Unicode.Scalar(value).map { TextWidth.columns(of: $0) != 2 } ?? true
        }
        #expect(narrow.isEmpty, "wide in Unicode alone: \(narrow.sorted().prefix(10).map { String($0, radix: 16) })")
        for value in UInt32(0xA0)..<0x1_1000
        where !wide.contains(value) && !recent.contains(where: { $0.contains(value) }) {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory.isLetterOrSymbol else {
                continue
            }
            #expect(
                TextWidth.columns(of: scalar) < 2 || scalar.properties.age.map { $0.major > 12 } ?? true, "\(scalar)")
        }
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isLetterOrSymbol: Bool {
        switch self {
        case .uppercaseLetter, .lowercaseLetter, .otherLetter, .mathSymbol, .otherSymbol, .otherPunctuation: true
        default: false
        }
    }
}

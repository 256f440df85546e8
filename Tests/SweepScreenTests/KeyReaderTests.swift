import SweepScreen
import Testing

@Suite struct KeyReaderTests {
    private static let cases: [(text: String, keys: [Key])] = [
        ("q", [.character("q")]), ("\u{3}", [.control("c")]), ("\u{1A}", [.control("z")]),
        ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
        ("ü中😀", [.character("ü"), .character("中"), .character("😀")]),
        ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[1;5C", [.right]), ("\u{1B}[5~", [.pageUp]),
        ("\u{1B}[6~", [.pageDown]), ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}[Z", [.backTab]),
        ("\u{1B}[3~", [.delete]), ("\u{1B}[99u", []), ("\u{1B}q", [.escape, .character("q")]),
        ("a\u{1B}[200~q\u{1B}[A\ns\u{1B}[201~b", [.character("a"), .character("b")]),
        ("\u{1B}[200~pasted without an end\u{3}", [.control("c")]),
    ]

    @Test(arguments: cases.indices)
    func `keys are read however their bytes are split`(index: Int) {
        let (text, keys) = Self.cases[index]
        let bytes = Array(text.utf8)
        for split in 0...bytes.count {
            var reader = KeyReader()
            let found = reader.take(bytes[..<split]) + reader.take(bytes[split...])
            #expect(found == keys, "\(text.debugDescription) split at \(split)")
        }
        var reader = KeyReader()
        var found: [Key] = []
        for byte in bytes { found += reader.take([byte]) }
        #expect(found == keys, "\(text.debugDescription) byte by byte")
    }

    @Test func `Escape is a key of its own when nothing follows it`() {
        var reader = KeyReader()
        #expect(reader.take([0x1B]) == [])
        #expect(reader.isWaiting)
        #expect(reader.flush() == [.escape])
        #expect(!reader.isWaiting)
        #expect(reader.flush() == [])
        #expect(reader.take("q".utf8) == [.character("q")])
    }

    @Test func `bytes that are no text do not stop the keys behind them`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var reader = KeyReader()
            let noise = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = reader.take(noise)
            _ = reader.flush()
            // A paste may have begun, which Ctrl-C ends.
            #expect(reader.take([0x03]).last == .control("c"), "\(noise)")
        }
    }
}

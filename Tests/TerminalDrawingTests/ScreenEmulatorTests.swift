import TestSupport
import Testing

/// The terminal that the other tests look at.
@Suite struct ScreenEmulatorTests {
    @Test(arguments: 1...7)
    func `what is written may be cut anywhere`(length: Int) {
        let bytes = Array("é━━\u{1B}[32m😀界\u{1B}[0m e\u{301}\r\n".utf8)
        var whole = ScreenEmulator(columns: 12, rows: 3)
        whole.feed(bytes)
        var cut = ScreenEmulator(columns: 12, rows: 3)
        for start in stride(from: 0, to: bytes.count, by: length) {
            cut.feed(bytes[start..<min(start + length, bytes.count)])
        }
        #expect(cut.lines == whole.lines && cut.lines[0] == "é━━😀界 e\u{301}")
        #expect(cut.wraps + cut.overflows == 0 && cut.alarms == [] && cut.hasColors)
    }

    @Test func `bytes that are no character do not hold up the others`() {
        var screen = ScreenEmulator(columns: 12, rows: 3)
        screen.feed([0x80, 0x80, 0x80, 0x80])
        screen.feed([0xE2, 0x41])
        #expect(screen.lines[0].hasSuffix("A"))
    }
}

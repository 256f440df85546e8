import Foundation
import JSONWriting
import Testing

@Suite struct JSONTextTests {
    @Test func `every character is read back as itself, and none that a terminal would act on is written`() throws {
        // All characters outside these planes are shown as they are; the last is the one of invisible tags.
        let scalars = [0...0x1_FFFF, 0xE_0000...0xE_FFFF].joined().compactMap { Unicode.Scalar(UInt32($0)) }
        let texts = scalars.map { "a\($0)b" }
        let written = texts.map(JSONText.quoted)
        let read = try JSONDecoder().decode([String].self, from: Data("[\(written.joined(separator: ","))]".utf8))
        for (text, back) in zip(texts, read) where !text.unicodeScalars.elementsEqual(back.unicodeScalars) {
            Issue.record("\(text.debugDescription) is read as \(back.debugDescription)")
        }
        #expect(read.count == texts.count)
        #expect(!written.contains { $0.unicodeScalars.contains(where: \.isHiddenOnTerminal) })
    }

    @Test func `a plain text is only put in quotes, other characters are escaped as the standard says`() {
        #expect(JSONText.quoted("optimizer.lr") == "\"optimizer.lr\"")
        #expect(JSONText.quoted("") == "\"\"")
        #expect(JSONText.quoted("\u{7F}\u{9B}\u{202E}\u{E0001}") == #""\u007f\u009b\u202e\udb40\udc01""#)
        #expect(JSONText.quoted("\"\\\n\r\t\0\u{1F}é🦊") == #""\"\\\n\r\t\u0000\u001fé🦊""#)
    }
}

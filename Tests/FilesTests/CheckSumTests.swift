import Files
import Testing

@Suite struct CheckSumTests {
    @Test func `it depends on the bytes alone, wherever they lie`() {
        let bytes = (0..<37).map { UInt8($0) }
        let within = ([9, 9, 9] + bytes + [7])[3..<40]
        #expect(CheckSum.of(within) == CheckSum.of(bytes[...]))
        #expect(CheckSum.of(within) != CheckSum.of(bytes.dropLast()))
        #expect(CheckSum.of([]) != 0)
    }

    @Test func `that of several parts depends on their order, and has 16 digits`() {
        let texts = (0..<200).map { CheckSum.digits(ofParts: [$0, 7]) }
        #expect(Set(texts).count == 200 && texts.allSatisfy(CheckSum.isDigits))
        #expect(CheckSum.digits(ofParts: [1, 2]) != CheckSum.digits(ofParts: [2, 1]))
        for text in ["", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeF", "0123456789abcde "] {
            #expect(!CheckSum.isDigits(text))
        }
    }
}

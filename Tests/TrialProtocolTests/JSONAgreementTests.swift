import ConfigFile
import Testing
import TrialProtocol

/// `TrialProtocol` rests on no other module, so it writes JSON strings itself, and must write them as `ConfigFile`
/// does.
@Suite struct JSONAgreementTests {
    @Test func `a report and a configuration write every character as the same JSON`() {
        // All characters outside these planes are shown as they are; the last is the one of invisible tags.
        let values = [0...0x1_FFFF, 0xE_0000...0xE_FFFF].joined()
        for value in values {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let text = "a\(scalar)b"
            let json = ConfigNode(.string(text)).json
            if MetricReport.quoted(text) != json {
                Issue.record("U+\(String(value, radix: 16)): \(MetricReport.quoted(text)) and \(json)")
            }
        }
    }
}

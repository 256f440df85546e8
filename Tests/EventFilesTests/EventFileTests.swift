import EventFiles
import Testing

@Suite struct EventFileTests {
    @Test func `the check sums are those that zip and TensorFlow use`() {
        // The check values that the catalogue of CRC algorithms gives for "123456789".
        #expect(CyclicRedundancyCheck.zip("123456789".utf8) == 0xCBF4_3926)
        #expect(CyclicRedundancyCheck.castagnoli("123456789".utf8) == 0xE306_9283)
    }

    @Test func `a message has its fields as protocol buffers lay them out`() {
        var message = ProtocolMessage()
        message.add(1, integer: 150)
        message.add(2, text: "testing")
        message.add(3) { $0.add(1, integer: -1) }
        message.add(16, double: 1)
        #expect(
            message.bytes == [
                0x08, 0x96, 0x01, 0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67, 0x1A, 11, 0x08, 0xFF, 0xFF, 0xFF,
                0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x81, 0x01, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,
            ])
    }

    @Test func `a file is cut behind the last whole record of a step`() {
        let beginning = EventFile.beginning(at: 1)
        let events = (1...3).map { EventFile.scalars([("loss", Double($0))], step: $0, at: 2) }
        let file = beginning + events.joined()
        #expect(EventFile.prefix(of: file, upTo: 2) == beginning.count + events[0].count + events[1].count)
        #expect(EventFile.prefix(of: file, upTo: 9) == file.count)
        #expect(EventFile.prefix(of: Array(file.dropLast()), upTo: 9) == file.count - events[2].count)
        var damaged = file
        damaged[beginning.count + 20] ^= 1
        #expect(EventFile.prefix(of: damaged, upTo: 9) == beginning.count)
        #expect(EventFile.prefix(of: [UInt8](repeating: 0xFF, count: 64), upTo: 9) == 0)
    }
}

import Foundation

/// TensorBoard's event files: records of TensorFlow's, each with one message `Event` in the form of protocol buffers.
///
///     record    length, 8 bytes · its check sum, 4 bytes · the message · its check sum, 4 bytes
///     Event     1: wall_time, double · 2: step, int64 · 3: file_version, string · 5: summary, Summary
///     Summary   1: value, Value, repeated
///     Value     1: tag, string · 2: simple_value, float
///
/// Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, framework/summary.proto.
enum TensorBoardFile {
    /// What a file begins with, before the first record.
    static func beginning(at time: Double) -> [UInt8] {
        record(double(1, time) + bytes(3, Array("brain.Event:2".utf8)))
    }

    /// One event with all of a record's numbers.
    static func event(_ record: LogRecord, at time: Double) -> [UInt8] {
        let values = record.values.flatMap { value -> [UInt8] in
            guard let tag = value.tag else { return [] }
            return bytes(1, bytes(1, Array(tag.utf8)) + float(2, Float(value.value)))
        }
        return Self.record(double(1, time) + key(2, 0) + varint(UInt64(record.step)) + bytes(5, values))
    }

    /// How many bytes at the beginning are whole records of no step beyond `step`.
    ///
    /// A record is whole if both of its check sums are right. What a killed process has written of the last one is cut
    /// off by that.
    static func prefix(of file: [UInt8], upTo step: Int) -> Int {
        let file = file[...]
        var place = 0
        while let length = file.number(at: place, bytes: 8), let head = file.part(at: place, count: 8),
            file.number(at: place + 8, bytes: 4) == Int(maskedSum(head)),
            let message = file.part(at: place + 12, count: length),
            let sum = file.number(at: place + 12 + length, bytes: 4), sum == Int(maskedSum(message)),
            self.step(of: message) <= step
        {
            place += 16 + length
        }
        return place
    }

    /// A step stands right after the time of an event that has one.
    private static func step(of message: ArraySlice<UInt8>) -> Int {
        guard message.count > 10, message[message.startIndex + 9] == 2 << 3 else { return 0 }
        var (step, shift) = (0, 0)
        for byte in message.dropFirst(10).prefix(9) {
            step |= Int(byte & 127) << shift
            shift += 7
            if byte < 128 { break }
        }
        return step
    }

    /// A message with its length and both check sums.
    private static func record(_ message: [UInt8]) -> [UInt8] {
        var record: [UInt8] = []
        record.append(message.count, bytes: 8)
        record.append(Int(maskedSum(record)), bytes: 4)
        record += message
        record.append(Int(maskedSum(message)), bytes: 4)
        return record
    }

    /// Rotated and shifted, so that the sum of bytes that hold sums is not degenerate.
    private static func maskedSum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let sum = CyclicRedundancyCheck.castagnoli(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// The number of a field and how its content is written: 0 for a `varint`, 1 for 8 bytes, 2 for a length and bytes,
    /// 5 for 4 bytes.
    private static func key(_ field: Int, _ kind: Int) -> [UInt8] { [UInt8(field << 3 | kind)] }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private static func varint(_ number: UInt64) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), number)
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func double(_ field: Int, _ number: Double) -> [UInt8] {
        key(field, 1) + withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }

    private static func float(_ field: Int, _ number: Float) -> [UInt8] {
        key(field, 5) + withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }

    /// A field of some length: a text, or another message.
    private static func bytes(_ field: Int, _ content: [UInt8]) -> [UInt8] {
        key(field, 2) + varint(UInt64(content.count)) + content
    }
}

/// TensorBoard's event files: records of TensorFlow's, each with one message `Event` in the form of protocol buffers.
///
///     record    length, 8 bytes · its check sum, 4 bytes · the message · its check sum, 4 bytes
///     Event     1: wall_time, double · 2: step, int64 · 3: file_version, string · 5: summary, Summary
///     Summary   1: value, Value, repeated
///     Value     1: tag, string · 2: simple_value, float · 9: metadata, of a plugin
///
/// A file is `beginning(at:)` and then one event after the other:
///
///     var bytes = EventFile.beginning(at: 1_795_842_000)
///     bytes += EventFile.scalars([("val_loss", 0.25)], step: 3, at: 1_795_842_003)
///
/// Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, framework/summary.proto.
public enum EventFile {
    /// What a file begins with, before the first record.
    public static func beginning(at time: Double) -> [UInt8] {
        record(event(at: time) { $0.add(3, text: "brain.Event:2") })
    }

    /// One event with numbers of one step, each under the name that TensorBoard shows it by.
    public static func scalars(_ values: [(tag: String, value: Double)], step: Int, at time: Double) -> [UInt8] {
        record(
            event(at: time) { event in
                event.add(2, integer: step)
                event.add(5) { summary in
                    for value in values {
                        summary.add(1) {
                            $0.add(1, text: value.tag)
                            $0.add(2, float: Float(value.value))
                        }
                    }
                }
            })
    }

    /// One event that holds a message of a plugin, and no number.
    public static func pluginMessage(
        _ content: ProtocolMessage, of plugin: String, tag: String, at time: Double
    ) -> [UInt8] {
        record(
            event(at: time) { event in
                event.add(5) { summary in
                    summary.add(1) { value in
                        value.add(1, text: tag)
                        value.add(9) { metadata in
                            metadata.add(1) { data in
                                data.add(1, text: plugin)
                                data.add(2, message: content)
                            }
                        }
                    }
                }
            })
    }

    /// How many bytes at the beginning are whole records of no step beyond `step`.
    public static func prefix(of file: [UInt8], upTo step: Int) -> Int {
        var place = 0
        while let length = number(file, at: place, bytes: 8), let head = part(file, at: place, count: 8),
            number(file, at: place + 8, bytes: 4) == Int(maskedSum(head)),
            let message = part(file, at: place + 12, count: length),
            let sum = number(file, at: place + 12 + length, bytes: 4), sum == Int(maskedSum(message)),
            self.step(of: message) <= step
        {
            place += 16 + length
        }
        return place
    }

    private static func event(at time: Double, _ build: (inout ProtocolMessage) -> Void) -> [UInt8] {
        var event = ProtocolMessage()
        event.add(1, double: time)
        build(&event)
        return event.bytes
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

    private static func record(_ message: [UInt8]) -> [UInt8] {
        var record = littleEndian(UInt64(message.count), bytes: 8)
        record += littleEndian(UInt64(maskedSum(record)), bytes: 4)
        record += message
        record += littleEndian(UInt64(maskedSum(message)), bytes: 4)
        return record
    }

    /// Rotated and shifted, so that the sum of bytes that hold sums is not degenerate.
    private static func maskedSum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let sum = CyclicRedundancyCheck.castagnoli(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    private static func littleEndian(_ number: UInt64, bytes count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    /// The little-endian number of `count` bytes at an offset; nil where the bytes end before.
    private static func number(_ bytes: [UInt8], at offset: Int, bytes count: Int) -> Int? {
        part(bytes, at: offset, count: count).map { part in
            Int(truncatingIfNeeded: part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }

    /// A part of the bytes; nil where they end before.
    private static func part(_ bytes: [UInt8], at offset: Int, count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
        return bytes[offset..<offset + count]
    }
}

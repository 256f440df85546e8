/// A message of protocol buffers, built field by field.
///
/// Each field is a key, which is the field's number and the kind of what follows, and a value. What a number means is
/// said by the program that defined the message.
///
///     var value = ProtocolMessage()
///     value.add(1, text: "val_loss")
///     value.add(2, float: 0.25)
///
/// Source: the section "Encoding" of the documentation of protocol buffers.
public struct ProtocolMessage: Sendable, Hashable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Whole numbers, also of an enumeration, and truth values as 0 and 1.
    public mutating func add(_ field: Int, integer: Int) {
        key(field, 0)
        variable(UInt64(bitPattern: Int64(integer)))
    }

    public mutating func add(_ field: Int, double: Double) {
        key(field, 1)
        withUnsafeBytes(of: double.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func add(_ field: Int, float: Float) {
        key(field, 5)
        withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func add(_ field: Int, text: String) { add(field, content: text.utf8) }

    public mutating func add(_ field: Int, message: ProtocolMessage) { add(field, content: message.bytes) }

    /// Another message in this one.
    public mutating func add(_ field: Int, _ build: (inout ProtocolMessage) -> Void) {
        var message = ProtocolMessage()
        build(&message)
        add(field, message: message)
    }

    private mutating func add(_ field: Int, content: some Collection<UInt8>) {
        key(field, 2)
        variable(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    private mutating func key(_ field: Int, _ kind: UInt64) { variable(UInt64(field) << 3 | kind) }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private mutating func variable(_ number: UInt64) {
        var rest = number
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

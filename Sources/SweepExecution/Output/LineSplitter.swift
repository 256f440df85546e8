/// Cuts a stream of bytes at line feeds, and holds no more of a line than it may.
struct LineSplitter {
    /// A longer line is no report: its rest is passed over, up to where it is written over. A progress bar may write
    /// over its line for hours before the report comes in its place.
    static let longestLine = 1 << 20

    private var line: [UInt8] = []
    private var isTooLong = false

    /// Takes the next bytes and hands over each line that they end, without its line end.
    mutating func take(_ bytes: UnsafeRawBufferPointer, line handle: (ArraySlice<UInt8>) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            append(rest[..<end])
            finish(handle)
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// Hands over a last line that no line feed ended.
    mutating func finish(_ handle: (ArraySlice<UInt8>) -> Void) {
        if line.last == 13 { line.removeLast() }
        if !isTooLong, !line.isEmpty { handle(line[...]) }
        line.removeAll(keepingCapacity: true)
        isTooLong = false
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) {
        var bytes = bytes
        if isTooLong || line.count + bytes.count > Self.longestLine {
            // What was written before the last carriage return is not seen any more; one at the end may belong to the
            // line end.
            if let overwritten = bytes.dropLast().lastIndex(of: 13) {
                bytes = bytes[(overwritten + 1)...]
                (line, isTooLong) = ([], false)
            } else if let overwritten = line.dropLast().lastIndex(of: 13) {
                line.removeSubrange(...overwritten)
            }
        }
        if line.count + bytes.count > Self.longestLine {
            isTooLong = true
            line.removeAll(keepingCapacity: true)
        }
        if !isTooLong { line.append(contentsOf: bytes) }
    }
}

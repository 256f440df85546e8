/// Cuts a stream of bytes at line feeds, with a limit on the memory that one line may take.
///
///     var splitter = LineSplitter()
///     splitter.take(bytes("a\nb"), line: show)          // shows "a"
///     splitter.take(bytes("c\r\n"), line: show)         // shows "bc"
///     splitter.take(bytes("rest"), line: show)          // shows nothing yet
///     splitter.finish(show)                             // shows "rest"
///
/// Empty lines are not passed on.
struct LineSplitter {
    /// In bytes. A longer line is not a report, and is skipped, until a carriage return begins it anew: a progress bar
    /// may overwrite its line for hours before a report comes in the same line.
    static let maxLineLength = 1 << 20

    /// What has come since the last line end.
    private var line: [UInt8] = []
    /// Whether the line has exceeded the limit, so that its bytes are skipped until its end.
    private var isTooLong = false

    /// Takes the next bytes and passes on each line that they complete, without its line end.
    mutating func take(_ bytes: UnsafeRawBufferPointer, line handle: (ArraySlice<UInt8>) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            append(rest[..<end])
            finish(handle)
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// Passes on the last line if it does not end with a line feed.
    mutating func finish(_ handle: (ArraySlice<UInt8>) -> Void) {
        if line.last == 13 { line.removeLast() }
        if !isTooLong, !line.isEmpty { handle(line[...]) }
        line.removeAll(keepingCapacity: true)
        isTooLong = false
    }

    /// Adds bytes without a line end to the line.
    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) {
        var bytes = bytes
        if isTooLong || line.count + bytes.count > Self.maxLineLength {
            // What stands before the last carriage return has been overwritten. One that is the last byte does not
            // count: it may be half of a Windows line end.
            if let overwritten = bytes.dropLast().lastIndex(of: 13) {
                bytes = bytes[(overwritten + 1)...]
                (line, isTooLong) = ([], false)
            } else if let overwritten = line.dropLast().lastIndex(of: 13) {
                line.removeSubrange(...overwritten)
            }
        }
        if line.count + bytes.count > Self.maxLineLength {
            isTooLong = true
            line.removeAll(keepingCapacity: true)
        }
        if !isTooLong { line.append(contentsOf: bytes) }
    }
}

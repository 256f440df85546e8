/// The files of a tar archive, compressed or not, read forwards from its beginning.
///
///     var archive = try TarReader(path: "cifar-10-binary.tar.gz")
///     while let entry = try archive.next() {
///         if entry.name.hasSuffix("test_batch.bin") { images = try archive.content() }
///     }
///
/// The form of an archive:
///
///     header    512 bytes: name (0..<100), size in octal (124..<136), check sum (148..<156), kind (156),
///               prefix (345..<500)
///     content   filled up with zeros to a multiple of 512 bytes
///     …
///     end       two blocks of zeros
///
/// Links, folders and the entries that extend a header (long names) are passed over.
struct TarReader {
    /// A file in the archive; its content follows.
    struct Entry: Hashable {
        /// With the folders it is in.
        var name: String
        /// In bytes.
        var size: Int
    }

    private static let block = 512
    private let path: String
    private let file: CompressedFile
    /// The bytes of the present entry, and of what fills its last block, that were not read yet.
    private var unread = 0
    private var present: Entry?

    init(path: String) throws(DatasetError) {
        self.path = path
        file = try CompressedFile(path: path)
    }

    /// The next file, whether or not the content of the one before was read; nil at the end.
    ///
    /// - Throws: `DatasetError.unreadable` for something that is not a tar archive or whose header is damaged, and the
    ///   errors of `CompressedFile`.
    mutating func next() throws(DatasetError) -> Entry? {
        while true {
            while unread > 0 { _ = try take(min(unread, 1 << 20)) }
            let start = file.found
            let header = try file.read(atMost: Self.block, announced: nil)
            // An archive that lacks its end mark is whole all the same if it ends between two files.
            if header.isEmpty && start > 0 || header.count == Self.block && header.allSatisfy({ $0 == 0 }) {
                return nil
            }
            guard header.count == Self.block, Self.isIntact(header), let size = Self.octal(header[124..<136]) else {
                throw .unreadable(
                    path: path,
                    reason: start == 0 ? "it is not a tar archive" : "the archive is damaged after \(start) bytes")
            }
            let prefix = header[257..<262].elementsEqual("ustar".utf8) ? Self.text(header[345..<500]) : ""
            let name = Self.text(header[0..<100])
            let entry = Entry(name: prefix.isEmpty ? name : "\(prefix)/\(name)", size: size)
            present = entry
            unread = (size + Self.block - 1) / Self.block * Self.block
            if header[156] == 0 || header[156] == UInt8(ascii: "0") { return entry }
        }
    }

    /// The content of the file that `next()` returned last. It can be read once, since the archive is read forwards
    /// only.
    ///
    /// - Throws: `DatasetError.truncatedArchive` if the archive ends within the file.
    mutating func content() throws(DatasetError) -> [UInt8] {
        guard let present else { preconditionFailure("no file was found yet") }
        return try take(present.size)
    }

    /// The next bytes of the present entry, or of what fills its last block.
    private mutating func take(_ count: Int) throws(DatasetError) -> [UInt8] {
        guard let present else { preconditionFailure("no file was found yet") }
        let bytes = try file.read(atMost: count, announced: file.found + unread)
        guard bytes.count == count else {
            let padding = (present.size + Self.block - 1) / Self.block * Self.block - present.size
            let missing = max(unread - bytes.count - padding, 0)
            throw .truncatedArchive(
                path: path, entry: present.name, expected: present.size, found: present.size - missing)
        }
        unread -= count
        return bytes
    }

    /// Whether the sum of the header's bytes, those of the sum itself taken as spaces, is the one it states.
    private static func isIntact(_ header: [UInt8]) -> Bool {
        let sum = header.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        return octal(header[148..<156]) == sum
    }

    /// A number in octal digits, after spaces; nil if there is none.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 32 }.prefix { (48..<56).contains($0) }
        return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// Text that ends at the first zero, or at the end of the field.
    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}

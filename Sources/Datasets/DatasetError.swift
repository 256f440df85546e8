/// Why a data set could not be read. Every case names the file by the path that was tried.
public enum DatasetError: Error, Hashable, Sendable {
    case missingFile(path: String)
    case unreadable(path: String, reason: String)
    /// The first bytes, in hexadecimal, are not those of the expected kind of IDX file.
    case wrongMagic(path: String, expected: String, found: String)
    /// The content is shorter or longer than its header says.
    case wrongSize(path: String, expected: Int, found: Int)
    /// The compressed stream ends early; `found` bytes came out of it.
    case truncatedCompression(path: String, expected: Int?, found: Int)
    /// The compressed stream contradicts its own check sums.
    case corruptCompression(path: String, reason: String)
    case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
    case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
    /// The folder of a built-in data set; the places where it was looked for.
    case missingResource(name: String, places: [String])
}

extension DatasetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingFile(let path):
            "\(path): there is no such file"
        case .unreadable(let path, let reason):
            "\(path): the file cannot be read: \(reason)"
        case .wrongMagic(let path, let expected, let found):
            "\(path): not the expected IDX file: it begins with \(found) instead of \(expected)"
        case .wrongSize(let path, let expected, let found):
            "\(path): \(found) bytes where its header announces \(expected)"
        case .truncatedCompression(let path, let expected, let found):
            "\(path): the compressed data ends early, after \(found)"
                + (expected.map { " of \($0) bytes" } ?? " bytes")
        case .corruptCompression(let path, let reason):
            "\(path): the compressed data is corrupt: \(reason)"
        case .countsDiffer(let images, let imageCount, let labels, let labelCount):
            "\(images) has \(imageCount) images, but \(labels) has \(labelCount) labels"
        case .labelOutOfRange(let path, let index, let label, let classes):
            "\(path): label \(index) is \(label), beyond the \(classes) classes"
        case .missingResource(let name, let places):
            "the built-in data set '\(name)' is not installed; looked for "
                + places.map { "'\($0)'" }.joined(separator: ", ")
        }
    }
}

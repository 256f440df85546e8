/// Why a data set could not be read. Every case names the file by the path that was tried.
public indirect enum DatasetError: Error, Hashable, Sendable {
    /// There is no file of this name.
    case missingFile(path: String)
    /// The file is there, and the system or its content does not allow it to be read.
    case unreadable(path: String, reason: String)
    /// The first bytes, in hexadecimal, are not those of the expected kind of IDX file.
    case wrongMagic(path: String, expected: String, found: String)
    /// The content is shorter or longer than its header says.
    case wrongSize(path: String, expected: Int, found: Int)
    /// The compressed stream ends early; `found` bytes came out of it.
    case truncatedCompression(path: String, expected: Int?, found: Int)
    /// The compressed stream contradicts its own check sums.
    case corruptCompression(path: String, reason: String)
    /// There are more images than labels, or fewer.
    case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
    /// The test images have another size than the training images.
    case shapesDiffer(training: String, ImageShape, test: String, ImageShape)
    /// An image with an odd number of pixels cannot be cut in two halves.
    case oddImages(path: String, ImageShape)
    /// The file holds no image.
    case noImages(path: String)
    /// The content is not a whole number of records.
    case brokenRecords(path: String, record: Int, found: Int)
    /// The archive ends within one of its files.
    case truncatedArchive(path: String, entry: String, expected: Int, found: Int)
    /// The archive is whole, but lacks one of its files.
    case missingEntry(path: String, entry: String)
    /// A label is not below the number of classes; `index` counts labels from 0.
    case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
    /// The folder of a built-in data set; the places where it was looked for.
    case missingResource(name: String, places: [String])
    /// Some of the training images are to be held back, and there are fewer than two.
    case tooFewToSplit(Int)
    /// More training images were asked for than there are.
    case subsetTooLarge(Int, available: Int)
    /// The same, where files are missing that would have more.
    case subsetOfPart(Int, available: Int, MissingFiles)
    /// The files are sound, and not those of which a config has the check sum.
    case otherSamples(path: String, expected: String, found: String)
    /// A file of a data set that `command` downloads.
    case fetchable(DatasetError, command: String)
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
        case .shapesDiffer(let training, let trained, let test, let tested):
            "\(training) has images of \(trained.height)×\(trained.width) pixels, "
                + "but \(test) of \(tested.height)×\(tested.width)"
        case .oddImages(let path, let shape):
            "\(path): images of \(shape.height)×\(shape.width) pixels cannot be cut in two halves"
        case .noImages(let path):
            "\(path): there are no images in it"
        case .brokenRecords(let path, let record, let found):
            "\(path): \(found) bytes, which is not a whole number of records of \(record) bytes"
        case .truncatedArchive(let path, let entry, let expected, let found):
            "\(path): the archive ends within '\(entry)', after \(found) of its \(expected) bytes"
        case .missingEntry(let path, let entry):
            "\(path): there is no '\(entry)' in the archive"
        case .labelOutOfRange(let path, let index, let label, let classes):
            "\(path): label \(index) is \(label), beyond the \(classes) classes"
        case .missingResource(let name, let places):
            "the built-in data set '\(name)' is not installed; looked for "
                + places.map { "'\($0)'" }.joined(separator: ", ")
        case .tooFewToSplit(let count):
            "\(count == 1 ? "one training image" : "\(count) training images") cannot be split; 'validation: test' "
                + "judges by the test images"
        case .subsetTooLarge(let count, let available):
            "a subset of \(count) training images was asked for, and there are \(available)"
        case .subsetOfPart(let count, let available, let missing):
            "\(DatasetError.subsetTooLarge(count, available: available)): \(missing)"
        case .otherSamples(let path, let expected, let found):
            "\(path): the images or labels are not those that are meant: their check sum is \(found), and "
                + "data.checksum is \(expected)"
        case .fetchable(let error, let command):
            "\(error)\n  = help: '\(command)' downloads the published files"
        }
    }
}

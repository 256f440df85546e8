import Foundation

extension PublishedDataset {
    /// Reads CIFAR-10 in its binary form.
    ///
    ///     let dataset = try PublishedDataset(cifar10At: "data/cifar10")
    ///     dataset.training.images         // [50000, 3072] with all five batches: pixels from 0 to 1, not standardised
    ///
    /// Records of a label and 3 × 32 × 32 pixels, channel first, in `data_batch_1.bin`… (as many as are there) and
    /// `test_batch.bin`. They are looked for in the folder itself, in `cifar-10-batches-bin` below it, and in the
    /// archive `cifar-10-binary.tar.gz`, which is read without unpacking it; `path` may also be an archive. Where a
    /// folder lacks some of the five batches and the archive is beside it, the archive is read; else `missing` names
    /// those that are not there.
    ///
    /// - Throws: `DatasetError` if neither files nor archive are there, or what is there is not whole records with
    ///   labels from 0 to 9.
    public init(cifar10At path: String) throws(DatasetError) {
        let files = try CIFARFiles(at: path)
        self.init(
            training: .bytes(try ByteImages(cifarRecords: files.training)),
            test: .bytes(try ByteImages(cifarRecords: files.test)), shape: cifarShape,
            standardization: DatasetName.cifar10.publishedStandardization)
        let absent = CIFARFiles.missing(among: files.training.map { CIFARFiles.lastPart($0.name) })
        guard !absent.isEmpty else { return }
        missing = MissingFiles(
            place: path, names: absent, published: CIFARFiles.published, found: trainingSource.count,
            total: CIFARFiles.published.count * 10_000)
    }
}

extension DatasetName {
    /// The files of training images that a folder lacks, while it has others; empty also where none is there, and where
    /// the archive is. Their content is not looked at.
    ///
    /// - Parameter path: as for `read`.
    public func missingFiles(path: String? = nil) -> [String] {
        guard self == .cifar10 else { return [] }
        let folder = existingFolder(path)
        guard !fileExists("\(folder)/\(CIFARFiles.archive)") else { return [] }
        let places = CIFARFiles.places(below: folder)
        return places.contains { $0.missing.isEmpty } ? [] : places.first?.missing ?? []
    }
}

private let cifarShape = ImageShape(channels: 3, height: 32, width: 32)
private let cifarClasses = 10

/// The content of the files, each with the name that messages call it.
private struct CIFARFiles {
    typealias File = (name: String, bytes: [UInt8])

    private(set) var training: [File] = []
    private(set) var test: [File] = []

    static let archive = "cifar-10-binary.tar.gz"
    static let folder = "cifar-10-batches-bin"
    static let published = (1...5).map { "data_batch_\($0).bin" }

    /// Which of the published batches are not among some files.
    static func missing(among names: [String]) -> [String] { published.filter { !names.contains($0) } }

    /// The folders that have at least one of the files, and the training files that each of them lacks.
    static func places(below path: String) -> [(folder: String, missing: [String])] {
        [path, "\(path)/\(folder)"].compactMap { place in
            let names = batches(in: place)
            return names.isEmpty ? nil : (place, missing(among: names))
        }
    }

    /// `data_batch_1.bin` of `folder/data_batch_1.bin` and of `archive.tar.gz: data_batch_1.bin`.
    static func lastPart(_ name: String) -> String { name.split { $0 == "/" || $0 == " " }.last.map(String.init) ?? "" }

    init(at path: String) throws(DatasetError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists && !isFolder.boolValue {
            try readArchive(path)
            return
        }
        let (places, archive) = (Self.places(below: path), "\(path)/\(Self.archive)")
        let whole = places.first { $0.missing.isEmpty }
        if let place = whole ?? (fileExists(archive) ? nil : places.first) {
            try readFolder(place.folder)
        } else {
            try readArchive(archive)
        }
    }

    private static func batches(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { isBatch($0) || isTest($0) }
    }

    private static func isTest(_ name: String) -> Bool { name == "test_batch.bin" }

    /// Whether a file has training images: `data_batch_3.bin`.
    private static func isBatch(_ name: String) -> Bool {
        name.hasPrefix("data_batch_") && name.hasSuffix(".bin") && number(name) != nil
    }

    /// The number in a batch's name; nil if it has none.
    private static func number(_ name: String) -> Int? { Int(name.dropFirst("data_batch_".count).dropLast(4)) }

    private mutating func readFolder(_ folder: String) throws(DatasetError) {
        let names = Self.batches(in: folder)
        for missing in ["data_batch_1.bin", "test_batch.bin"]
        where !names.contains(where: { Self.isTest($0) == Self.isTest(missing) }) {
            throw .missingFile(path: "\(folder)/\(missing)")
        }
        for name in names {
            let path = "\(folder)/\(name)"
            add(try CompressedFile(path: path).read(atMost: .max, announced: nil), name: name, path: path)
        }
        sort()
    }

    private mutating func readArchive(_ path: String) throws(DatasetError) {
        var archive = try TarReader(path: path)
        while let entry = try archive.next() {
            let name = entry.name.split(separator: "/").last.map(String.init) ?? ""
            guard Self.isBatch(name) || Self.isTest(name) else { continue }
            add(try archive.content(), name: name, path: "\(path): \(name)")
        }
        if training.isEmpty { throw .missingEntry(path: path, entry: "data_batch_1.bin") }
        if test.isEmpty { throw .missingEntry(path: path, entry: "test_batch.bin") }
        sort()
    }

    /// Adds a file's content to the training or the test images.
    private mutating func add(_ bytes: [UInt8], name: String, path: String) {
        if Self.isTest(name) { test.append((path, bytes)) } else { training.append((path, bytes)) }
    }

    /// The order must not depend on the folder's or the archive's.
    private mutating func sort() {
        func number(_ file: File) -> Int { Self.number(Self.lastPart(file.name)) ?? 0 }
        training.sort { number($0) < number($1) }
    }
}

extension ByteImages {
    /// The images of several files, one after the other. The label is left in front of each record, as bytes to skip,
    /// so that the content need not be copied image by image.
    fileprivate init(cifarRecords files: [CIFARFiles.File]) throws(DatasetError) {
        let record = 1 + cifarShape.count
        bytes = []
        bytes.reserveCapacity(files.reduce(0) { $0 + $1.bytes.count })
        labels = []
        for file in files {
            guard !file.bytes.isEmpty else { throw .noImages(path: file.name) }
            guard file.bytes.count % record == 0 else {
                throw .brokenRecords(path: file.name, record: record, found: file.bytes.count)
            }
            for index in 0..<file.bytes.count / record {
                let label = Int(file.bytes[index * record])
                guard label < cifarClasses else {
                    throw .labelOutOfRange(path: file.name, index: index, label: label, classes: cifarClasses)
                }
                labels.append(label)
            }
            bytes += file.bytes
        }
        header = 1
        columns = cifarShape.count
        classes = cifarClasses
        brightest = 255
    }
}

import Datasets
import TestSupport
import Testing

@Suite struct IDXFileTests {
    private func failure(_ path: String, dimensions: Int = 3) -> DatasetError? {
        do {
            _ = try IDXFile(readingFrom: path, dimensions: dimensions)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [true, false])
    func `an array is read, compressed or not`(gzip: Bool) throws {
        let folder = try TemporaryDirectory()
        let content = idx([3, 4, 5])
        let file = try IDXFile(
            readingFrom: folder.write(gzip ? compressed(content) : content, to: "images"), dimensions: 3)
        #expect(file.dimensions == [3, 4, 5])
        #expect(file.bytes == Array(content[16...]))
    }

    @Test func `a missing file is named`() {
        #expect(failure("/nowhere/images")?.description == "/nowhere/images: there is no such file")
    }

    @Test func `a folder is not an image file`() throws {
        let folder = try TemporaryDirectory()
        #expect(failure(folder.path)?.description == "\(folder.path): the file cannot be read: Is a directory")
    }

    @Test func `a file of another kind is told by its first bytes`() throws {
        let folder = try TemporaryDirectory()
        let labels = try folder.write(idx([60]), to: "labels")
        #expect(
            failure(labels)?.description
                == "\(labels): not the expected IDX file: it begins with 00 00 08 01 instead of 00 00 08 03")
        let empty = try folder.write([], to: "empty")
        #expect(
            failure(empty)?.description
                == "\(empty): not the expected IDX file: it begins with nothing instead of 00 00 08 03")
    }

    @Test(arguments: [true, false], [(59, "75"), (61, "77"), (0, "16")])
    func `a file that is too short or too long is told by the bytes it should have`(
        gzip: Bool, size: (count: Int, found: String)
    ) throws {
        let folder = try TemporaryDirectory()
        let content = idx([3, 4, 5], count: size.count)
        let path = try folder.write(gzip ? compressed(content) : content, to: "images")
        #expect(failure(path)?.description == "\(path): \(size.found) bytes where its header announces 76")
    }

    @Test func `a truncated gzip file is told wherever it was cut`() throws {
        let folder = try TemporaryDirectory()
        let whole = compressed(idx([30, 28, 28]))
        for size in stride(from: 20, to: whole.count, by: 97) {
            let path = try folder.write(Array(whole[..<size]), to: "images.gz")
            switch failure(path) {
            case .truncatedCompression(path, _, _): break
            case let other: Issue.record("cut at \(size): \(String(describing: other))")
            }
        }
        let path = try folder.write(Array(whole[..<(whole.count - 9)]), to: "images.gz")
        guard case .truncatedCompression(_, let expected, _) = failure(path) else {
            Issue.record("not found to be truncated")
            return
        }
        #expect(expected == 16 + 30 * 28 * 28)
    }

    @Test func `a flipped bit in a gzip file is found`() throws {
        let folder = try TemporaryDirectory()
        var content = compressed(idx([30, 28, 28]))
        content[content.count - 6] ^= 1
        let path = try folder.write(content, to: "images.gz")
        #expect(failure(path)?.description == "\(path): the compressed data is corrupt: incorrect data check")
    }

    @Test func `a header that announces more than there is costs no memory`() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(idx([0xFFFF_FFFF, 0x7FFF_FFFF, 1], count: 10), to: "images")
        #expect(failure(path)?.description.hasPrefix("\(path): 26 bytes where its header announces") == true)
        let absurd = try folder.write(idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], count: 10), to: "images")
        #expect(failure(absurd)?.description.contains("its header announces [4294967295,") == true)
    }
}

@Suite struct PublishedDatasetTests {
    private func write(_ folder: TemporaryDirectory, labels: Int = 6, largest: UInt8 = 9) throws {
        for prefix in ["train", "t10k"] {
            _ = try folder.write(compressed(idx([6, 4, 4])), to: "\(prefix)-images-idx3-ubyte.gz")
            _ = try folder.write(
                Array(idx([labels])[..<8]) + (0..<labels).map { UInt8($0) % 9 }.dropLast() + [largest],
                to: "\(prefix)-labels-idx1-ubyte")
        }
    }

    @Test func `a folder in the naming of MNIST is read, whichever of its files are compressed`() throws {
        let folder = try TemporaryDirectory()
        try write(folder)
        let dataset = try PublishedDataset(idxFolder: folder.path, classes: 10, brightest: 255)
        #expect(dataset.training.count == 6 && dataset.test.count == 6)
        #expect(dataset.training.labels == [0, 1, 2, 3, 4, 9])
        #expect(dataset.training.images.columns == 16)
        #expect(dataset.training.images[0, 1] == 37 / Float(255))
    }

    @Test func `as many labels as images`() throws {
        let folder = try TemporaryDirectory()
        try write(folder, labels: 5)
        #expect(throws: DatasetError.self) {
            try PublishedDataset(idxFolder: folder.path, classes: 10, brightest: 255)
        }
    }

    @Test func `a label beyond the classes is named`() throws {
        let folder = try TemporaryDirectory()
        try write(folder, largest: 10)
        let labels = "\(folder.path)/train-labels-idx1-ubyte"
        do {
            _ = try PublishedDataset(idxFolder: folder.path, classes: 10, brightest: 255)
            Issue.record("read")
        } catch {
            #expect(error.description == "\(labels): label 5 is 10, beyond the 10 classes")
        }
    }

    @Test func `a folder without images names the file that is missing`() throws {
        let folder = try TemporaryDirectory()
        do {
            _ = try PublishedDataset(idxFolder: folder.path, classes: 10, brightest: 255)
            Issue.record("read")
        } catch {
            #expect(error == .missingFile(path: "\(folder.path)/train-images-idx3-ubyte.gz"))
        }
    }

    @Test(arguments: [
        ([6, 4, 4], [6, 4, 6], "has images of 4×4 pixels, but"),
        ([6, 3, 3], [6, 3, 3], "cannot be cut in two halves"),
        ([0, 4, 4], [0, 4, 4], "there are no images in it"),
    ])
    func `images that no network can take are told`(training: [Int], test: [Int], words: String) throws {
        let folder = try TemporaryDirectory()
        for (prefix, dimensions) in [("train", training), ("t10k", test)] {
            try folder.write(idx(dimensions), to: "\(prefix)-images-idx3-ubyte")
            try folder.write(
                Array(idx([dimensions[0]], count: 0)) + (0..<UInt8(dimensions[0])), to: "\(prefix)-labels-idx1-ubyte")
        }
        let message = failure { _ = try PublishedDataset(idxFolder: folder.path, classes: 10, brightest: 255) }
        #expect(message?.contains(words) == true, "\(message ?? "read")")
    }
}

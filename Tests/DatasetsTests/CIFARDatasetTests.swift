import Datasets
import TestSupport
import Testing

/// Records whose first pixel is 100 and whose others tell channel and row.
private func records(_ labels: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for label in labels {
        bytes += [label, 100]
        for pixel in 1..<3072 {
            let (channel, row) = (pixel / 1024, pixel % 1024 / 32)
            bytes.append(UInt8(50 * channel + row))
        }
    }
    return bytes
}

/// A tar archive in the old form or the one of 1988, which marks itself.
private func tar(_ files: [(name: String, content: [UInt8])], ustar: Bool = true, kind: Character = "0") -> [UInt8] {
    files.flatMap { file in
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        let name = file.name.split(separator: "/", maxSplits: 1).map(String.init)
        put(ustar ? name[1] : file.name, at: 0)
        put(String(file.content.count, radix: 8) + " ", at: 124)
        put("\(kind)", at: 156)
        if ustar {
            put("ustar", at: 257)
            put(name[0], at: 345)
        }
        put("        ", at: 148)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(sum + "\0 ", at: 148)
        let padding = [UInt8](repeating: 0, count: (512 - file.content.count % 512) % 512)
        return header + file.content + padding
    }
}

private let end = [UInt8](repeating: 0, count: 1024)
private let folderName = "cifar-10-batches-bin"
private let archiveName = "cifar-10-binary.tar.gz"

/// The files as they are published, in no order, among others.
private let files: [(name: String, content: [UInt8])] = [
    ("\(folderName)/data_batch_10.bin", records([7])), ("\(folderName)/readme.html", Array("<html>".utf8)),
    ("\(folderName)/test_batch.bin", records([9, 8])), ("\(folderName)/data_batch_2.bin", records([3, 4])),
]

@Suite struct CIFARDatasetTests {
    private func message(_ path: String) -> String? { failure { _ = try PublishedDataset(cifar10At: path) } }

    private func check(_ path: String) throws {
        let dataset = try PublishedDataset(cifar10At: path)
        #expect(dataset.training.labels == [3, 4, 7], "\(path)")
        #expect(dataset.test.labels == [9, 8], "\(path)")
        #expect(dataset.shape == ImageShape(channels: 3, height: 32, width: 32))
        #expect(dataset.standardization?.channels.count == 3)
        let images = dataset.training.images
        #expect(images[2, 0] == 100 * Float(1.0 / 255) && images[1, 1024 + 5 * 32 + 7] == 55 * Float(1.0 / 255))
    }

    @Test func `the batches that are there are read in the order of their numbers, wherever they lie`() throws {
        let folder = try TemporaryDirectory()
        for file in files { try folder.write(file.content, to: "data/\(file.name)") }
        try check("\(folder.path)/data")
        try check("\(folder.path)/data/\(folderName)")
    }

    @Test(arguments: [true, false], [true, false])
    func `the archive is read as it is`(gzip: Bool, ustar: Bool) throws {
        let folder = try TemporaryDirectory()
        // A folder and a long name's extension are no files.
        let others = tar([("\(folderName)/", [])], ustar: false, kind: "5") + tar([("x/y", [1])], kind: "L")
        let content = others + tar(files, ustar: ustar) + end
        let path = try folder.write(gzip ? compressed(content) : content, to: archiveName)
        try check(folder.path)
        try check(path)
    }

    @Test func `a missing archive, batch or file in the archive is named`() throws {
        let folder = try TemporaryDirectory()
        #expect(message(folder.path) == "\(folder.path)/\(archiveName): there is no such file")
        let path = try folder.write(compressed(tar([files[2]]) + end), to: archiveName)
        #expect(message(folder.path) == "\(path): there is no 'data_batch_1.bin' in the archive")
        let other = try TemporaryDirectory()
        try other.write(records([1]), to: "data_batch_1.bin")
        #expect(message(other.path) == "\(other.path)/test_batch.bin: there is no such file")
    }

    @Test func `batches that are not there are named, and what to do about them`() throws {
        let folder = try TemporaryDirectory()
        for name in ["data_batch_1.bin", "data_batch_4.bin"] { try folder.write(records([1, 2]), to: name) }
        try folder.write(records([9]), to: "test_batch.bin")
        let absent = ["data_batch_2.bin", "data_batch_3.bin", "data_batch_5.bin"]
        #expect(DatasetName.cifar10.missingFiles(path: folder.path) == absent)
        let part = try DatasetName.cifar10.read(path: folder.path)
        #expect(part.missing?.names == absent && part.missing?.found == 4)
        #expect(
            part.missing?.description
                == "\(folder.path): a part of the data set: 2 of its 5 training files, 4 of 50000 images; "
                + "missing: data_batch_2.bin, data_batch_3.bin, data_batch_5.bin")
        #expect(try DataSplit(part, validation: .test, seed: 0).missing == part.missing)
        // A subset says that so many images are enough.
        #expect(try DataSplit(part, validation: .test, subset: 3, seed: 0).missing == nil)
        #expect(
            failure { _ = try DataSplit(part, validation: .test, subset: 5, seed: 0) }
                == "a subset of 5 training images was asked for, and there are 4: \(part.missing?.description ?? "")")
        // Once they are fetched, the archive beside them is what is read.
        let whole = (1...5).map { ("\(folderName)/data_batch_\($0).bin", records([UInt8($0)])) }
        try folder.write(
            compressed(tar(whole + [("\(folderName)/test_batch.bin", records([9]))]) + end), to: archiveName)
        let fetched = try DatasetName.cifar10.read(path: folder.path)
        #expect(fetched.missing == nil && fetched.training.labels == [1, 2, 3, 4, 5])
        #expect(DatasetName.cifar10.missingFiles(path: folder.path) == [])
    }

    @Test func `a folder with all batches is not a part, nor is one without any`() throws {
        let folder = try TemporaryDirectory()
        #expect(DatasetName.cifar10.missingFiles(path: folder.path) == [])
        for number in 1...5 { try folder.write(records([3]), to: "\(folderName)/data_batch_\(number).bin") }
        try folder.write(records([9]), to: "\(folderName)/test_batch.bin")
        #expect(DatasetName.cifar10.missingFiles(path: folder.path) == [])
        #expect(try DatasetName.cifar10.read(path: folder.path).missing == nil)
    }

    @Test func `records that are cut, empty or of another kind are told`() throws {
        let folder = try TemporaryDirectory()
        try folder.write(records([1]), to: "test_batch.bin")
        let path = try folder.write(records([1, 2]).dropLast(3), to: "data_batch_1.bin")
        #expect(
            message(folder.path)
                == "\(path): 6143 bytes, which is not a whole number of records of 3073 bytes")
        try folder.write(records([1, 12]), to: "data_batch_1.bin")
        #expect(message(folder.path) == "\(path): label 1 is 12, beyond the 10 classes")
        try folder.write([], to: "data_batch_1.bin")
        #expect(message(folder.path) == "\(path): there are no images in it")
    }

    @Test func `an archive that was cut is told wherever it ends`() throws {
        let folder = try TemporaryDirectory()
        let whole = tar(files)
        for size in [100, 1000, 5000, 7000, 9000, whole.count - 700] {
            let path = try folder.write(compressed(Array(whole[..<size])), to: archiveName)
            let words = message(folder.path)
            #expect(
                words?.hasPrefix("\(path): ") == true && words?.contains("archive") == true,
                "\(size): \(words ?? "read")")
        }
        let path = try folder.write(compressed(Array(whole[..<1000])), to: archiveName)
        #expect(
            message(folder.path)
                == "\(path): the archive ends within '\(folderName)/data_batch_10.bin', after 488 of its 3073 bytes")
        // Cut before it was compressed or after it was: the one shows in the archive, the other in the compression.
        let packed = compressed(whole + end)
        try folder.write(Array(packed[..<(packed.count / 2)]), to: archiveName)
        #expect(message(folder.path)?.hasPrefix("\(path): the compressed data ends early, after") == true)
    }

    @Test func `what is no archive, or a damaged one, is told`() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(Array("<html>not found</html>".utf8), to: archiveName)
        #expect(message(path) == "\(path): the file cannot be read: it is not a tar archive")
        var content = tar(files) + end
        content[512 + 3584 + 3] ^= 1
        try folder.write(content, to: archiveName)
        #expect(message(path) == "\(path): the file cannot be read: the archive is damaged after 4096 bytes")
    }
}

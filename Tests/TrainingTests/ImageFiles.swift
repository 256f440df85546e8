import Foundation
import TestSupport

/// Files like those of MNIST and CIFAR-10, with a few images of no meaning.
struct ImageFiles {
    private let folder: TemporaryDirectory
    /// What `data.path` is for either data set.
    let path: String

    /// - Parameters:
    ///   - count: of the training images; there are ten test images.
    ///   - batches: which files of CIFAR-10's training images are there, with a fifth of the images each.
    init(count: Int = 40, batches: ClosedRange<Int> = 1...5) throws {
        folder = try TemporaryDirectory()
        path = folder.path
        for (prefix, count) in [("train", count), ("t10k", 10)] {
            func idx(_ sizes: [UInt8]) -> [UInt8] { [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } }
            let pixels = idx([UInt8(count), 28, 28]) + (0..<784 * count).map { UInt8($0 * 7 % 251) }
            let labels = idx([UInt8(count)]) + (0..<count).map { UInt8($0 % 10) }
            try folder.write(pixels, to: "\(prefix)-images-idx3-ubyte")
            try folder.write(labels, to: "\(prefix)-labels-idx1-ubyte")
        }
        func records(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            for image in 0..<count {
                bytes.append(UInt8(image % 10))
                for pixel in 0..<3072 { bytes.append(UInt8((pixel * 11 + image * 17) % 251)) }
            }
            return bytes
        }
        for number in batches { try folder.write(records(count / 5), to: "data_batch_\(number).bin") }
        try folder.write(records(10), to: "test_batch.bin")
    }
}

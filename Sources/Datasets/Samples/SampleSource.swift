import Files
import LinearAlgebra

/// Samples before some of them are chosen. A large file is kept as bytes: as numbers it takes four times the memory,
/// and often only a subset is needed.
enum SampleSource: Sendable {
    case numbers(LabelledImages)
    case bytes(ByteImages)

    /// n, the number of samples.
    var count: Int {
        switch self {
        case .numbers(let samples): samples.count
        case .bytes(let images): images.labels.count
        }
    }

    /// d.
    var columns: Int {
        switch self {
        case .numbers(let samples): samples.images.columns
        case .bytes(let images): images.columns
        }
    }

    /// The samples named by `indices`, in that order.
    func samples(at indices: some Collection<Int>) -> LabelledImages {
        switch self {
        case .numbers(let samples): samples.samples(at: indices)
        case .bytes(let images): images.samples(at: indices)
        }
    }

    /// Check sums of all images and of their labels; none where the samples do not come from a file.
    var checkSums: [UInt64] {
        switch self {
        case .numbers: []
        case .bytes(let images): images.checkSums
        }
    }

    /// All samples, as numbers.
    var all: LabelledImages { samples(at: 0..<count) }
}

/// Images of which each number is a byte, as files hold them.
struct ByteImages: Sendable {
    /// Record after record, each of them `header` bytes of something else and then d numbers.
    var bytes: [UInt8]
    /// How many bytes stand in front of each record's numbers: 1 in CIFAR-10, whose label is there.
    var header = 0
    /// d.
    var columns: Int
    var labels: [Int]
    var classes: Int
    /// The byte that becomes 1.
    var brightest: Int

    var checkSums: [UInt64] {
        [CheckSum.of(bytes[...]), CheckSum.of(labels.map { UInt8(truncatingIfNeeded: $0) }[...])]
    }

    func samples(at indices: some Collection<Int>) -> LabelledImages {
        let scale = 1 / Float(brightest)
        var images = Matrix<Float>(rows: indices.count, columns: columns)
        bytes.withUnsafeBufferPointer { bytes in
            images.withMutableElements { elements in
                for (row, index) in indices.enumerated() {
                    let (source, target) = (index * (header + columns) + header, row * columns)
                    for column in 0..<columns { elements[target + column] = Float(bytes[source + column]) * scale }
                }
            }
        }
        return LabelledImages(images: images, labels: indices.map { labels[$0] }, classes: classes)
    }
}

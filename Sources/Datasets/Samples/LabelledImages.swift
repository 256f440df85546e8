import LinearAlgebra

/// Images as rows of numbers, each with the class it belongs to.
///
///     let batch = split.training.samples(at: [0, 7, 3])
///     batch.images                    // [3, d]
///     batch.targets(width: 10)        // [3, 10]: one 1 in each row
public struct LabelledImages: Sendable {
    /// n images of d numbers each, shape `[n, d]`.
    public internal(set) var images: Matrix<Float>
    /// The class of each of the n images, from 0 to K − 1.
    public let labels: [Int]
    /// K, the number of classes.
    public let classes: Int

    public init(images: Matrix<Float>, labels: [Int], classes: Int) {
        precondition(images.rows == labels.count, "\(labels.count) labels for \(images.rows) images")
        precondition(labels.allSatisfy { (0..<classes).contains($0) }, "a label is not one of \(classes) classes")
        self.images = images
        self.labels = labels
        self.classes = classes
    }

    /// n, the number of images.
    public var count: Int { labels.count }

    /// A copy of the samples named by `indices`, in that order. An index may come several times.
    public func samples(at indices: some Collection<Int>) -> LabelledImages {
        LabelledImages(images: images.rows(at: indices), labels: indices.map { labels[$0] }, classes: classes)
    }

    /// One-hot rows, shape `[n, width]`; where the width exceeds the classes, the rest stays 0.
    public func targets(width: Int) -> Matrix<Float> {
        precondition(width >= classes, "\(classes) classes do not fit \(width) outputs")
        var targets = Matrix<Float>(rows: count, columns: width)
        targets.withMutableElements { elements in
            for (row, label) in labels.enumerated() { elements[row * width + label] = 1 }
        }
        return targets
    }
}

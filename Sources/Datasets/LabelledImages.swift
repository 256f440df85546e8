import LinearAlgebra

/// Images as rows of numbers, each with the class it belongs to.
public struct LabelledImages: Sendable {
    /// Shape `[n, d]`.
    public let images: Matrix<Float>
    /// n classes, from 0.
    public let labels: [Int]
    /// K.
    public let classes: Int

    public init(images: Matrix<Float>, labels: [Int], classes: Int) {
        precondition(images.rows == labels.count, "\(labels.count) labels for \(images.rows) images")
        precondition(labels.allSatisfy { (0..<classes).contains($0) }, "a label is not one of \(classes) classes")
        self.images = images
        self.labels = labels
        self.classes = classes
    }

    public var count: Int { labels.count }

    /// The samples named by `indices`, in that order.
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

    /// The same images, shifted and scaled.
    public func standardized(by standardization: Standardization) -> LabelledImages {
        var images = images
        images.withMutableElements { elements in
            let (mean, deviation) = (Float(standardization.mean), Float(standardization.deviation))
            for index in 0..<elements.count { elements[index] = (elements[index] - mean) / deviation }
        }
        return LabelledImages(images: images, labels: labels, classes: classes)
    }
}

/// One mean and one standard deviation for all pixels of all images.
public struct Standardization: Hashable, Sendable {
    public var mean: Double
    public var deviation: Double

    public init(mean: Double, deviation: Double) {
        precondition(deviation > 0, "a deviation of \(deviation) standardises nothing")
        self.mean = mean
        self.deviation = deviation
    }

    /// Of the given images; where they are all the same, their deviation counts as 1.
    public init(of samples: LabelledImages) {
        var (sum, squares) = (0.0, 0.0)
        samples.images.withElements { elements in
            for index in 0..<elements.count { sum += Double(elements[index]) }
        }
        let mean = sum / Double(max(samples.images.count, 1))
        samples.images.withElements { elements in
            for index in 0..<elements.count {
                let difference = Double(elements[index]) - mean
                squares += difference * difference
            }
        }
        let deviation = (squares / Double(max(samples.images.count, 1))).squareRoot()
        self.init(mean: mean, deviation: deviation > 0 ? deviation : 1)
    }
}

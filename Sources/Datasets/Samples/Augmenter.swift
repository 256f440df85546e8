import LinearAlgebra
import RandomStreams
import RealModule

/// Changes standardised samples at random, one augmentation after the other.
///
/// How a sample is changed is a function of the seed, the epoch and the sample's index: not of its batch, nor of
/// threads, nor of where a run was interrupted.
///
///     let augmenter = Augmenter([.randomCrop(padding: 4)], for: split, seed: 7)
///     let seen = augmenter.augmented(split.training.samples(at: batch), indices: batch, epoch: 3)
public struct Augmenter: Hashable, Sendable {
    private let augmentations: [Augmentation]
    private let shape: ImageShape?
    /// The value of a black pixel, by channel; in standardised numbers, so not 0.
    private let black: [Float]
    private let seed: UInt64

    /// Black is what a pixel of value 0 became when the split was standardised.
    ///
    /// - Parameters:
    ///   - split: whose training samples are to be changed.
    ///   - seed: of the run.
    public init(_ augmentations: [Augmentation], for split: DataSplit, seed: UInt64) {
        self.init(augmentations, shape: split.shape, black: split.standardization.black, seed: seed)
    }

    /// - Parameters:
    ///   - augmentations: done in this order.
    ///   - shape: nil for samples that are no images, which cannot be cropped or flipped.
    ///   - black: the value of a black pixel, by channel.
    ///   - seed: of the run.
    public init(_ augmentations: [Augmentation], shape: ImageShape?, black: [Float], seed: UInt64) {
        precondition(
            shape != nil || !augmentations.contains { $0.needsImages }, "what is no image cannot be cropped or flipped")
        precondition(shape == nil || black.count == shape?.channels, "\(black.count) black values")
        self.augmentations = augmentations
        self.shape = shape
        self.black = black
        self.seed = seed
    }

    /// The samples as they are seen in an epoch.
    ///
    /// - Parameters:
    ///   - samples: standardised; they are changed in place if the caller has no other copy.
    ///   - indices: of each of the samples among all that are trained on.
    ///   - epoch: the same image is changed differently in each epoch.
    public func augmented(
        _ samples: consuming LabelledImages, indices: some Collection<Int>, epoch: Int
    ) -> LabelledImages {
        guard !augmentations.isEmpty else { return samples }
        precondition(indices.count == samples.count, "\(indices.count) indices of \(samples.count) samples")
        let columns = samples.images.columns
        var image = [Float](repeating: 0, count: columns)
        samples.images.withMutableElements { elements in
            for (row, index) in indices.enumerated() {
                let start = row * columns
                for column in 0..<columns { image[column] = elements[start + column] }
                augment(&image, index: index, epoch: epoch)
                for column in 0..<columns { elements[start + column] = image[column] }
            }
        }
        return samples
    }

    /// Changes one image by all augmentations, with random numbers of its own.
    private func augment(_ image: inout [Float], index: Int, epoch: Int) {
        var random = RandomStream(seed: seed, stream: .augmentation, UInt64(epoch), UInt64(index))
        for augmentation in augmentations {
            switch augmentation {
            case .randomCrop(let padding):
                guard let shape else { continue }
                let down = Int(random.integer(below: UInt64(2 * padding + 1))) - padding
                let right = Int(random.integer(below: UInt64(2 * padding + 1))) - padding
                image.shift(down: down, right: right, shape, black: black)
            case .randomResizedCrop(let scale, let ratio):
                guard let shape else { continue }
                image.stretch(Part(of: shape, scale: scale, ratio: ratio, using: &random), shape)
            case .horizontalFlip(let probability):
                guard let shape, random.uniform() < probability else { continue }
                image.flip(shape)
            case .gaussianNoise(let std):
                for index in image.indices { image[index] += Float(std * random.normal()) }
            }
        }
    }
}

/// A rectangle of pixels.
struct Part: Hashable {
    var top: Int
    var left: Int
    var height: Int
    var width: Int
}

extension Part {
    /// As `Augmentation.randomResizedCrop` draws it.
    init(
        of shape: ImageShape, scale: ClosedRange<Double>, ratio: ClosedRange<Double>, using random: inout RandomStream
    ) {
        let (lowest, highest) = (Double.log(ratio.lowerBound), Double.log(ratio.upperBound))
        for _ in 0..<10 {
            let fraction = scale.lowerBound + (scale.upperBound - scale.lowerBound) * random.uniform()
            let area = fraction * Double(shape.plane)
            let aspect = Double.exp(lowest + (highest - lowest) * random.uniform())
            // As numbers that may be far too large for an integer.
            let across = (area * aspect).squareRoot().rounded()
            let down = (area / aspect).squareRoot().rounded()
            guard (1...Double(shape.width)).contains(across), (1...Double(shape.height)).contains(down)
            else { continue }
            let (width, height) = (Int(across), Int(down))
            top = Int(random.integer(below: UInt64(shape.height - height + 1)))
            left = Int(random.integer(below: UInt64(shape.width - width + 1)))
            (self.height, self.width) = (height, width)
            return
        }
        let whole = Double(shape.width) / Double(shape.height)
        let aspect = min(max(whole, ratio.lowerBound), ratio.upperBound)
        width = whole > aspect ? max(Int((Double(shape.height) * aspect).rounded()), 1) : shape.width
        height = whole < aspect ? max(Int((Double(shape.width) / aspect).rounded()), 1) : shape.height
        top = (shape.height - height) / 2
        left = (shape.width - width) / 2
    }
}

extension [Float] {
    /// Moves the image by `down` and `right` pixels against these directions: each pixel shows what lay that far from
    /// it, and black where that is beyond the image.
    fileprivate mutating func shift(down: Int, right: Int, _ shape: ImageShape, black: [Float]) {
        let source = self
        for channel in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<shape.width {
                    let (y, x) = (row + down, column + right)
                    let isInside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
                    self[channel * shape.plane + row * shape.width + column] =
                        isInside ? source[channel * shape.plane + y * shape.width + x] : black[channel]
                }
            }
        }
    }

    /// Exchanges left and right in every row of every channel.
    fileprivate mutating func flip(_ shape: ImageShape) {
        for start in stride(from: 0, to: shape.count, by: shape.width) {
            self[start..<start + shape.width].reverse()
        }
    }

    /// Fills the image with a part of it.
    ///
    /// The centres of the pixels of the part and of the image lie at odd halves; beyond the centres of the outermost
    /// pixels of the part, their values are used.
    fileprivate mutating func stretch(_ part: Part, _ shape: ImageShape) {
        let source = self
        let rows = Interpolation.points(shape.height, from: part.top, count: part.height)
        let columns = Interpolation.points(shape.width, from: part.left, count: part.width)
        for channel in 0..<shape.channels {
            let plane = channel * shape.plane
            for (row, y) in rows.enumerated() {
                let (above, below) = (plane + y.first * shape.width, plane + y.second * shape.width)
                for (column, x) in columns.enumerated() {
                    let upper = x.between(source[above + x.first], source[above + x.second])
                    let lower = x.between(source[below + x.first], source[below + x.second])
                    self[plane + row * shape.width + column] = y.between(upper, lower)
                }
            }
        }
    }
}

/// A place between two pixels of a row or a column.
private struct Interpolation {
    var first: Int
    var second: Int
    /// Of the second one.
    var weight: Float

    /// The value at the place, from those of its two pixels.
    func between(_ first: Float, _ second: Float) -> Float { first + weight * (second - first) }

    /// Where `size` pixels lie that stand for `count` pixels from `start` on.
    ///
    ///     points(4, from: 0, count: 2)        // at 0, 0.25, 0.75 and 1 between the pixels 0 and 1
    static func points(_ size: Int, from start: Int, count: Int) -> [Interpolation] {
        (0..<size).map { index in
            let place = (Double(index) + 0.5) * Double(count) / Double(size) - 0.5
            let inside = Swift.min(Swift.max(place, 0), Double(count - 1))
            let first = Int(inside)
            return Interpolation(
                first: start + first, second: start + Swift.min(first + 1, count - 1),
                weight: Float(inside - Double(first)))
        }
    }
}

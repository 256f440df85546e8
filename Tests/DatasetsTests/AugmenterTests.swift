import Datasets
import LinearAlgebra
import Testing

private let shape = ImageShape(channels: 2, height: 5, width: 6)

/// Images whose numbers tell where they stand: 100·channel + 10·row + column, and 0.001·image.
private func images(_ count: Int, _ shape: ImageShape = shape) -> LabelledImages {
    var elements: [Float] = []
    for image in 0..<count {
        for channel in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<shape.width {
                    elements.append(Float(100 * channel + 10 * row + column) + 0.001 * Float(image))
                }
            }
        }
    }
    return LabelledImages(
        images: Matrix(rows: count, columns: shape.count, elements: elements),
        labels: (0..<count).map { $0 % 2 }, classes: 2)
}

private func augmenter(_ augmentations: Augmentation..., seed: UInt64 = 1) -> Augmenter {
    Augmenter(augmentations, shape: shape, black: [-1, -2], seed: seed)
}

private let every: [Augmentation] = [
    .randomCrop(padding: 2), .randomResizedCrop(scale: 0.3...1, ratio: 0.75...1.5), .horizontalFlip(probability: 0.5),
    .gaussianNoise(std: 0.3),
]

@Suite struct AugmenterTests {
    @Test(arguments: every)
    func `a sample becomes the same in any batch, and another in another epoch or under another seed`(
        augmentation: Augmentation
    ) {
        let samples = images(40)
        let augmenter = augmenter(augmentation)
        let whole = augmenter.augmented(samples, indices: 0..<40, epoch: 3)
        for batch in [[0], [39, 7], Array((0..<40).reversed())] {
            let part = augmenter.augmented(samples.samples(at: batch), indices: batch, epoch: 3)
            #expect(part.images == whole.images.rows(at: batch) && part.labels == batch.map { whole.labels[$0] })
        }
        #expect(augmenter.augmented(samples, indices: 0..<40, epoch: 4).images != whole.images)
        let other = Augmenter([augmentation], shape: shape, black: [-1, -2], seed: 2)
        #expect(other.augmented(samples, indices: 0..<40, epoch: 3).images != whole.images)
        // What was handed over is still what it was.
        #expect(samples.images == images(40).images)
    }

    @Test func `without augmentations a sample stays as it is`() {
        let samples = images(3)
        #expect(augmenter().augmented(samples, indices: 0..<3, epoch: 1).images == samples.images)
    }

    @Test func `a crop moves the whole image by each of its offsets equally often, and leaves black behind`() {
        let (padding, count) = (2, 5000)
        let samples = images(count)
        let cropped = augmenter(.randomCrop(padding: padding)).augmented(samples, indices: 0..<count, epoch: 1)
        var seen: [[Int]: Int] = [:]
        for image in 0..<count {
            let row = cropped.images.rows(image..<image + 1).elements
            let offsets = (-padding...padding).flatMap { y in (-padding...padding).map { x in [y, x] } }
            let matching = offsets.filter { offset in
                for channel in 0..<2 {
                    for y in 0..<5 {
                        for x in 0..<6 {
                            let (from, at) = (y + offset[0], x + offset[1])
                            let inside = (0..<5).contains(from) && (0..<6).contains(at)
                            let expected =
                                inside ? samples.images[image, channel * 30 + from * 6 + at] : [-1, -2][channel]
                            if row[channel * 30 + y * 6 + x] != expected { return false }
                        }
                    }
                }
                return true
            }
            #expect(matching.count == 1, "image \(image)")
            if let offset = matching.first { seen[offset, default: 0] += 1 }
        }
        #expect(seen.count == 25)
        // 6 deviations of a binomial count with p = 1/25.
        let tolerance = 6 * (Double(count) / 25 * 24 / 25).squareRoot()
        for (offset, times) in seen { #expect(abs(Double(times) - Double(count) / 25) < tolerance, "\(offset)") }
    }

    @Test(arguments: [0, 0.3, 1])
    func `a flip mirrors every row of every channel, as often as asked for`(probability: Double) {
        let count = 4000
        let samples = images(count)
        let flipped = augmenter(.horizontalFlip(probability: probability))
            .augmented(samples, indices: 0..<count, epoch: 1)
        var flips = 0
        for image in 0..<count {
            let (before, after) = (
                samples.images.rows(image..<image + 1).elements, flipped.images.rows(image..<image + 1).elements
            )
            if after == before { continue }
            flips += 1
            for start in stride(from: 0, to: 60, by: 6) {
                #expect(Array(after[start..<start + 6]) == before[start..<start + 6].reversed())
            }
        }
        let tolerance = 6 * (Double(count) * probability * (1 - probability)).squareRoot()
        #expect(abs(Double(flips) - probability * Double(count)) <= tolerance)
    }

    @Test func `noise has mean 0 and the deviation asked for, and needs no image`() {
        let count = 3000
        let zeros = LabelledImages(
            images: Matrix(rows: count, columns: 60), labels: Array(repeating: 0, count: count), classes: 1)
        let noise = Augmenter([.gaussianNoise(std: 0.3)], shape: nil, black: [0], seed: 5)
            .augmented(zeros, indices: 0..<count, epoch: 1).images.elements.map(Double.init)
        let n = Double(noise.count)
        let (mean, square) = (noise.reduce(0, +) / n, noise.reduce(0) { $0 + $1 * $1 } / n)
        #expect(abs(mean) < 6 * 0.3 / n.squareRoot())
        // The square of a standard normal has variance 2.
        #expect(abs(square / 0.09 - 1) < 6 * (2 / n).squareRoot())
        let neighbours = zip(noise, noise.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / n
        #expect(abs(neighbours / 0.09) < 6 / n.squareRoot())
    }

    /// Sides that are far too long for an integer, and much shorter than a pixel.
    @Test(arguments: [1e-40...1.0, 1e-300...1e300, 1e300...1e300])
    func `a resized crop of any ratio is a part of the image`(ratio: ClosedRange<Double>) {
        let shape = ImageShape(channels: 1, height: 4, width: 6)
        let crops = Augmenter(
            [.randomResizedCrop(scale: 0.1...1, ratio: ratio)], shape: shape, black: [0], seed: 9
        ).augmented(images(20, shape), indices: 0..<20, epoch: 1).images
        #expect(crops.elements.allSatisfy { $0.isFinite })
    }

    @Test func `a resized crop of a slope is a slope, of an area and a ratio that were asked for`() {
        let shape = ImageShape(channels: 1, height: 40, width: 40)
        let count = 3000
        let samples = images(count, shape)
        let (scale, ratio) = (0.2...0.6, 0.5...2.0)
        let crops = Augmenter([.randomResizedCrop(scale: scale, ratio: ratio)], shape: shape, black: [0], seed: 9)
            .augmented(samples, indices: 0..<count, epoch: 1).images
        var (areas, wide) = (0.0, 0)
        for image in 0..<count {
            func value(_ row: Int, _ column: Int) -> Float { crops[image, row * 40 + column] }
            // Rows rise by 10, columns by 1, both times the part's size over the image's; away from the edges.
            let (down, right) = (value(21, 20) - value(19, 20), value(20, 21) - value(20, 19))
            let (height, width) = (Double(down) * 2, Double(right) * 20)
            #expect(abs(value(25, 25) - value(15, 15) - 5 * (down + right)) < 0.01)
            // Half a pixel of rounding at each of the two sizes.
            let slack = (height + width) / 2 + 0.5
            let area = height * width
            #expect((scale.lowerBound * 1600 - slack...scale.upperBound * 1600 + slack).contains(area), "\(area)")
            #expect((0.5 * 0.9...2 * 1.1).contains(width / height))
            areas += area
            if width > height { wide += 1 }
        }
        // Few parts are refused for not fitting (a fraction of 0.6 at a ratio of 2), which lowers the mean a little.
        #expect(abs(areas / Double(count) / 1600 - 0.4) < 0.02)
        #expect(abs(Double(wide) / Double(count) - 0.5) < 0.05)
    }

    @Test func `a crop that cannot fit takes the middle, and the whole image is itself`() {
        let tall = ImageShape(channels: 1, height: 2, width: 40)
        let samples = images(1, tall)
        let middle = Augmenter([.randomResizedCrop(scale: 1...1, ratio: 1...1)], shape: tall, black: [0], seed: 0)
            .augmented(samples, indices: 0..<1, epoch: 1).images
        // Two columns, 19 and 20, stretched to forty.
        #expect(middle[0, 0] == 19 && middle[0, 39] == 20)
        let square = ImageShape(channels: 2, height: 4, width: 4)
        let whole = Augmenter([.randomResizedCrop(scale: 1...1, ratio: 1...1)], shape: square, black: [0, 0], seed: 0)
        #expect(whole.augmented(images(3, square), indices: 0..<3, epoch: 1).images == images(3, square).images)
    }
}

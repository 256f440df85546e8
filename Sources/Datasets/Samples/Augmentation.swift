/// A random change of an image that leaves what it shows the same. Training on changed images teaches a network that
/// the changes do not matter.
///
///     [.randomCrop(padding: 4), .horizontalFlip(probability: 0.5)]        // customary for CIFAR-10
public enum Augmentation: Hashable, Sendable {
    /// A rectangle of the image's own size, cut at random out of the image with `padding` black pixels on every side.
    case randomCrop(padding: Int)
    /// A random rectangle of the image, stretched to the image's size by linear interpolation.
    ///
    /// The rectangle's area is a fraction of the image's, uniform in `scale`; its width over its height lies in
    /// `ratio`, uniform in the logarithm. Ten rectangles are tried; if none fits into the image, the largest one in its
    /// middle with a legal ratio is taken.
    case randomResizedCrop(scale: ClosedRange<Double>, ratio: ClosedRange<Double>)
    /// Left and right are exchanged, with this probability.
    case horizontalFlip(probability: Double)
    /// To each number a normal one of this standard deviation is added, in units of the standardised numbers.
    case gaussianNoise(std: Double)

    /// Whether it needs to know which pixels are neighbours.
    public var needsImages: Bool {
        switch self {
        case .randomCrop, .randomResizedCrop, .horizontalFlip: true
        case .gaussianNoise: false
        }
    }
}

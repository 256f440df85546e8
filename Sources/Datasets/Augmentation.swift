/// A random change of an image that leaves what it shows the same.
public enum Augmentation: Hashable, Sendable {
    /// A part of the image's own size, cut at random out of the image with so many black pixels around it.
    case randomCrop(padding: Int)
    /// A random part, stretched to the image's size by linear interpolation.
    ///
    /// The part's area is a fraction of the image's, uniform in `scale`; its width over its height lies in `ratio`, uniform
    /// in the logarithm. Ten parts are tried; if none fits into the image, the largest one in its middle with a legal
    /// ratio is taken.
    case randomResizedCrop(scale: ClosedRange<Double>, ratio: ClosedRange<Double>)
    /// Left and right change places, with this probability.
    case horizontalFlip(probability: Double)
    /// To each number a normal one of this deviation is added, in units of the standardised numbers.
    case gaussianNoise(deviation: Double)

    /// Whether it needs to know which pixels are neighbours.
    public var needsImages: Bool {
        switch self {
        case .randomCrop, .randomResizedCrop, .horizontalFlip: true
        case .gaussianNoise: false
        }
    }
}

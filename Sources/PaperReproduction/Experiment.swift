/// The runs that one sweep file of `sweeps/paper` trains.
///
/// A raw value is the name of the file and of the sweep's folder. Experiments of the small and of the full scale have
/// the same names in folders of their own.
public enum Experiment: String, Sendable, Hashable, CaseIterable {
    case mnistFull = "mnist-full"
    case mnistFullTuned = "mnist-full-tuned"
    case mnistFullDamped = "mnist-full-damped"
    case mnistFullWide = "mnist-full-wide"
    case cifar10Full = "cifar10-full"
    case mnistMini = "mnist-mini"
    case mnistMiniTuned = "mnist-mini-tuned"
    case cifar10Mini = "cifar10-mini"
    case cifar10MiniTuned = "cifar10-mini-tuned"
    case noProjection = "no-projection"
    case initialDeviation = "initial-deviation"
    case learningRate = "learning-rate"
    case weightDecay = "weight-decay"
    case pseudoInverse = "pseudo-inverse"
    case switchedToGaussNewton = "switched-to-gauss-newton"
    case switchedToAdam = "switched-to-adam"

    /// What it trains, in words.
    public var words: String {
        switch self {
        case .mnistFull: "MNIST, full batch, the paper's learning rates"
        case .mnistFullTuned: "MNIST, full batch, tuned learning rates"
        case .mnistFullDamped: "MNIST, full batch, Gauss-Newton with damped curvature"
        case .mnistFullWide: "MNIST, full batch, the paper's width of 8,000"
        case .cifar10Full: "CIFAR-10, full batch, the paper's learning rates"
        case .mnistMini: "MNIST, mini-batches, the paper's learning rates"
        case .mnistMiniTuned: "MNIST, mini-batches, tuned learning rates"
        case .cifar10Mini: "CIFAR-10, mini-batches, the paper's learning rates"
        case .cifar10MiniTuned: "CIFAR-10, mini-batches, tuned learning rates"
        case .noProjection: "without the inverted bottleneck"
        case .initialDeviation: "Gauss-Newton from other initial deviations of the weights"
        case .learningRate: "Gauss-Newton at other learning rates"
        case .weightDecay: "Gauss-Newton with weight decay"
        case .pseudoInverse: "Gauss-Newton with truncated, damped and noisy pseudo-inverse"
        case .switchedToGaussNewton: "MNIST, mini-batches, Gauss-Newton from the weights that Adam ended with"
        case .switchedToAdam: "MNIST, mini-batches, Adam from the weights that Gauss-Newton ended with"
        }
    }
}

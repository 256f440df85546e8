/// The figures of the paper (Buffelli et al., NeurIPS 2024) that are reproduced, in the order of its pages.
public enum PaperFigure: String, Sendable, Hashable, CaseIterable {
    case fullBatch = "1"
    case miniBatch = "2"
    case lossChange = "3"
    case representations = "4"
    case noProjection = "5"
    case switched = "16b"
    case initialDeviation = "17a"
    case weights = "17b"
    case blocks = "18"
    case learningRate = "19a"
    case weightDecay = "19b"
    case pseudoInverse = "20a"

    /// `Figure 1`, `page 17, upper figure`.
    public var title: String {
        switch self {
        case .fullBatch: "Figure 1: full batch"
        case .miniBatch: "Figure 2: mini-batches"
        case .lossChange: "Figure 3: the change of a mini-batch's own loss"
        case .representations: "Figure 4: tangent kernel and representations"
        case .noProjection: "Figure 5: without the inverted bottleneck"
        case .switched: "Page 16, second figure: one optimizer after the other"
        case .initialDeviation: "Page 17, first figure: initial weights"
        case .weights: "Page 17, second figure: initial against final weights"
        case .blocks: "Page 18: representations of every block"
        case .learningRate: "Page 19, first figure: learning rates of Gauss-Newton"
        case .weightDecay: "Page 19, second figure: weight decay"
        case .pseudoInverse: "Page 20, first figure: the pseudo-inverse"
        }
    }

    /// What the paper shows there.
    public var paper: String {
        switch self {
        case .fullBatch:
            "Training loss and accuracy on 1,024 images as one batch, MNIST and CIFAR-10: Gauss-Newton converges much "
                + "faster per step than Adam and SGD."
        case .miniBatch:
            "Training loss, test loss and test accuracy, MNIST and CIFAR-10: Gauss-Newton's loss stops falling early, "
                + "also on the training set, and its accuracy stays below that of Adam."
        case .lossChange:
            "By how many per cent a step changes the loss of its own mini-batch: Gauss-Newton's steps change it most, "
                + "early in training above all, and go on doing so after its loss over the epoch has stopped falling."
        case .representations:
            "CIFAR-10 mini-batches: tangent kernel and representations (CKA of first, middle and last block) change "
                + "little under Gauss-Newton, which the abstract (arXiv v2) calls the lazy regime. The abstract on the "
                + "page of the NeurIPS poster says the opposite of the tangent kernel: the feature learning regime."
        case .noProjection: "The same without the random projections to a wide layer: the same story, CIFAR-10."
        case .switched:
            "50 epochs of Adam or Gauss-Newton, then 1,000 of the other: Gauss-Newton's loss stops falling also from "
                + "Adam's weights."
        case .initialDeviation: "Gauss-Newton from weights with a deviation of 1e-2, 1e-3 (the paper's) and 1e-6."
        case .weights:
            "The cosine between the weights at the start and at the end, layer by layer: alike for Adam and "
                + "Gauss-Newton, nearer to 1 for SGD."
        case .blocks: "CKA of each block with its start, by epoch: near 1 for Gauss-Newton and SGD; falling for Adam."
        case .learningRate: "Gauss-Newton at 1e-1, 1e-3 and 1e-4, CIFAR-10."
        case .weightDecay: "Gauss-Newton with and without weight decay beside Adam, CIFAR-10."
        case .pseudoInverse: "Truncated, damped and noisy pseudo-inverses beside Adam, CIFAR-10."
        }
    }
}

/// The shape of a reversible network: everything about it but its numbers.
///
/// Features d (even, halves of width m = d/2), blocks B, hidden width h, classes K.
public struct Architecture: Hashable, Sendable {
    /// d, the width of the input and of every block's output.
    public var features: Int
    /// B.
    public var blocks: Int
    /// h, the width of the frozen random projection inside F and G; `nil`: none, each half is activated as it is.
    public var hidden: Int?
    /// Whether F and G have a trainable bias.
    public var bias: Bool
    /// K, the width of the frozen output projection; `nil`: none, the logits are the output itself.
    public var classes: Int?
    /// The activation from block 1 on; block 0 is always linear.
    public var activation: Activation
    /// Of `leaky_relu`, below 0.
    public var slope: Double

    public init(
        features: Int, blocks: Int, hidden: Int?, bias: Bool, classes: Int?, activation: Activation = .relu,
        slope: Double = 0.01
    ) {
        precondition(features > 0 && features % 2 == 0, "\(features) features cannot be halved")
        precondition(blocks > 0, "a network has at least one block, not \(blocks)")
        precondition(hidden.map { $0 > 0 } ?? true, "a projection has a width, not \(hidden ?? 0)")
        precondition(
            classes.map { $0 > 0 && $0 <= features } ?? true,
            "\(features) features cannot be projected on \(classes ?? 0) orthonormal directions")
        // The sign of an activated number tells the sign of what it was made of.
        precondition(slope >= 0, "a leak of \(slope) folds what is below 0 upwards")
        self.features = features
        self.blocks = blocks
        self.hidden = hidden
        self.bias = bias
        self.classes = classes
        self.activation = activation
        self.slope = slope
    }

    /// m = d/2.
    public var half: Int { features / 2 }

    /// The width of the logits.
    public var outputs: Int { classes ?? features }

    /// The number of columns of `A = [φ | 1]`, hence of rows of every coupling's coefficients.
    public var coefficientRows: Int { (hidden ?? half) + (bias ? 1 : 0) }

    /// The number of trainable numbers.
    public var parameterCount: Int { 2 * blocks * coefficientRows * half }

    /// The activation of one block.
    public func activation(ofBlock block: Int) -> Activation { block == 0 ? .identity : activation }
}

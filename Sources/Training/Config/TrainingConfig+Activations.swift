import ReversibleCore

extension TrainingConfig {
    /// How a step finds the activations of its forward pass again: `ActivationMemory`, or by size.
    public enum ActivationChoice: String, Hashable, Sendable, CaseIterable {
        /// `keep` where that takes at most 512 MiB, else `reverse`.
        case auto
        /// All of them are kept; some are computed again from states that are kept; or everything is, by running blocks
        /// backwards.
        case keep, recompute, reverse

        /// - Parameter batch: the number of samples of the largest batch of the run.
        ///
        ///     ActivationChoice.keep.memory(for: architecture, batch: 128)      // .keep, whatever the size
        func memory(for architecture: Architecture, batch: Int) -> ActivationMemory {
            switch self {
            case .auto: .fastest(for: architecture, batch: batch, within: 512 << 20)
            case .keep: .keep
            case .recompute: .recompute
            case .reverse: .reverse
            }
        }
    }
}

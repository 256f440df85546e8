import ReversibleCore

extension StepCase {
    /// The floating-point operations that are left of a step once the mathematics has been used, to leading order.
    ///
    /// Activations are kept, Gram matrices are symmetric, the last coupling is applied for K logits alone, the last
    /// block's tangent has rank K, and block 0, which is linear, is done with the triangle of its projections where
    /// that pays. Without truncation a Gauss-Newton step lifts `v1` only once.
    /// Factorisations are left out.
    var operations: Double {
        let (n, m, h) = (Double(batch), Double(features / 2), Double(hidden))
        let isReduced = hidden >= 2 * features / 2 && 2 * m * h <= 3 * n * (h - m)
        return (0..<blocks).reduce(0) { sum, block in
            let width = block == 0 && isReduced ? m : h
            let product = 2 * n * m * width
            let isLast = block == blocks - 1
            let short = min(n, width)
            // F and G forward: lifted and applied, the last G to K columns. Then what goes backwards through G, and,
            // but for block 0, through F.
            var products = isLast ? 4.0 : 6
            products += block > 0 ? 2 : 0
            // Aᵀ w of F and G, one of which has rank K in the last block.
            products += isLast ? 1 : 2
            let gram = optimizer == "gn" ? 2 * short * short * max(n, width) : 0
            let solutions = optimizer == "gn" ? (isLast ? 1 : 2) * 2 * short * short * m : 0
            let reduction = block == 0 && isReduced ? 8 * m * m * h : 0
            return sum + products * product + gram + solutions + reduction
        }
    }

    /// The bytes that have to pass through memory at least: parameters and projections once each way, the optimizer's
    /// memory, and the kept features written once and read once.
    var bytes: Double {
        let (n, m, h) = (Double(batch), Double(features / 2), Double(hidden))
        let parameters = 2 * Double(blocks) * m * (h + 1)
        let passes = optimizer == "adam" ? 4.0 + 4 + 2 : 4 + 2
        return 4 * (parameters * passes + 2 * Double(blocks) * n * h * 2)
    }
}

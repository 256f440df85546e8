import LinearAlgebra

/// How a direction d becomes a change of the parameters θ. Conventions are those of PyTorch: unless it is decoupled,
/// weight decay is added to the direction as decay·θ, and all parameters, biases too, decay.
public enum UpdateRule: Hashable, Sendable {
    /// `u ← momentum·u + g` with `g = d + decay·θ` (the first time `u = g`), `θ ← θ − rate·u`. No dampening.
    ///
    /// Nesterov's variant looks ahead along the new velocity: `θ ← θ − rate·(g + momentum·u)`, as Sutskever et al. 2013
    /// write it.
    case descent(rate: Double, momentum: Double, nesterov: Bool = false, weightDecay: Double)
    /// Adam, with ε outside the square root and after the bias correction: with `g = d + decay·θ`,
    ///
    ///     m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²
    ///     θ ← θ − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)      t: the number of the update, from 1
    ///
    /// Source: Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1.
    ///
    /// With `decoupledDecay` the weights shrink by themselves, `θ ← (1 − rate·decay)·θ` before each update, and decay
    /// is no part of the gradient: AdamW, Loshchilov and Hutter 2019 (arXiv:1711.05101).
    case adam(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decoupledDecay: Bool = false)

    /// The learning rate, which a schedule changes between updates; no rule's memory depends on it.
    public var rate: Double {
        get {
            switch self {
            case .descent(let rate, _, _, _): rate
            case .adam(let rate, _, _, _, _, _): rate
            }
        }
        set {
            switch self {
            case .descent(_, let momentum, let nesterov, let decay):
                self = .descent(rate: newValue, momentum: momentum, nesterov: nesterov, weightDecay: decay)
            case .adam(_, let beta1, let beta2, let epsilon, let decay, let decoupled):
                self = .adam(
                    rate: newValue, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay,
                    decoupledDecay: decoupled)
            }
        }
    }
}

/// An update rule with its memory: velocities or moments, and how many updates were made.
///
/// ```swift
/// var optimizer = Optimizer<Float>(.descent(rate: 0.1, momentum: 0.9, weightDecay: 0))
/// optimizer.update(&network.parameters, along: gradient.parameters)
/// ```
public struct Optimizer<Scalar: BLASScalar>: Sendable {
    /// Its rate may change from one update to the next.
    public var rule: UpdateRule
    /// How many updates were made.
    public private(set) var updates: Int
    /// The velocity, or the two moments; empty where the rule keeps none or none was made yet.
    public private(set) var memory: [Parameters<Scalar>]

    public init(_ rule: UpdateRule) {
        self.init(rule, updates: 0, memory: [])
    }

    /// An optimizer in the state that was `updates` and `memory` of another, as a checkpoint stores it.
    public init(_ rule: UpdateRule, updates: Int, memory: [Parameters<Scalar>]) {
        self.rule = rule
        self.updates = updates
        self.memory = memory
    }

    /// The number of vectors in `memory` once an update was made.
    public static func memoryCount(of rule: UpdateRule) -> Int {
        switch rule {
        case .descent(_, let momentum, _, _): momentum == 0 ? 0 : 1
        case .adam: 2
        }
    }

    /// Moves `parameters` against `direction`, a gradient or a Gauss-Newton step.
    public mutating func update(_ parameters: inout Parameters<Scalar>, along direction: Parameters<Scalar>) {
        precondition(
            parameters.coefficients.map(\.count) == direction.coefficients.map(\.count),
            "the direction belongs to another network")
        let update = ParameterUpdate<Scalar>()
        begin(update, of: &parameters)
        for index in parameters.coefficients.indices {
            let direction = direction.coefficients[index]
            update.move(index, rows: 0..<direction.rows, along: direction.view)
            withExtendedLifetime(direction) {}
        }
    }

    /// Counts one more update, and prepares `update` to make it of parameters that must not be used otherwise
    /// meanwhile.
    mutating func begin(_ update: ParameterUpdate<Scalar>, of parameters: inout Parameters<Scalar>) {
        while memory.count < Self.memoryCount(of: rule) { memory.append(Parameters(zerosLike: parameters)) }
        updates += 1
        update.views.removeAll(keepingCapacity: true)
        for index in parameters.coefficients.indices {
            update.views.append(
                ParameterUpdate.Views(
                    theta: parameters.coefficients[index].mutableView(),
                    first: memory.count > 0 ? memory[0].coefficients[index].mutableView() : nil,
                    second: memory.count > 1 ? memory[1].coefficients[index].mutableView() : nil))
        }
        switch rule {
        case .descent(let rate, let momentum, let nesterov, let decay):
            update.rule = .descent(
                rate: Scalar(rate), momentum: Scalar(momentum), ahead: Scalar(nesterov ? momentum : 0),
                decay: Scalar(decay))
        case .adam(let rate, let beta1, let beta2, let epsilon, let decay, let decoupled):
            update.rule = .adam(
                AdamFactors(
                    beta2: Scalar(beta2), epsilon: Scalar(epsilon), decay: Scalar(decoupled ? 0 : decay),
                    fresh1: Scalar(1 - beta1), fresh2: Scalar(1 - beta2),
                    shrinkage: Scalar(decoupled ? rate * decay : 0),
                    rate: Scalar(rate / (1 - power(beta1, updates))),
                    correction: Scalar((1 - power(beta2, updates)).squareRoot())))
        }
    }
}

/// One update of all parameters under way: rows of any coupling may be moved, in any order, each once.
///
/// `@unchecked Sendable`: `begin` writes its properties before any task starts, and the tasks only read them. What they
/// write to, through the views, are rows of parameters and moments: each row belongs to one panel of a direction, and
/// each panel to one task.
final class ParameterUpdate<Scalar: BLASScalar>: @unchecked Sendable {
    fileprivate struct Views {
        /// Θ of a coupling, and the rule's memory of it.
        let theta: MutableMatrixView<Scalar>
        let first: MutableMatrixView<Scalar>?
        let second: MutableMatrixView<Scalar>?
    }

    fileprivate enum Rule {
        case descent(rate: Scalar, momentum: Scalar, ahead: Scalar, decay: Scalar)
        case adam(AdamFactors<Scalar>)
    }

    fileprivate var views: [Views] = []
    fileprivate var rule = Rule.descent(rate: 0, momentum: 0, ahead: 0, decay: 0)

    /// - Parameter direction: of those rows, without gaps.
    func move(_ coupling: Int, rows: Range<Int>, along direction: MatrixView<Scalar>) {
        let views = views[coupling]
        let (theta, direction) = (views.theta.rows(rows).elements, direction.elements)
        switch rule {
        case .descent(let rate, let momentum, let ahead, let decay):
            if let velocity = views.first?.rows(rows).elements {
                applyMomentum(
                    theta, velocity, along: direction, rate: rate, momentum: momentum, ahead: ahead, decay: decay)
            } else {
                applySGD(theta, along: direction, rate: rate, decay: decay)
            }
        case .adam(let factors):
            guard let mean = views.first?.rows(rows).elements, let square = views.second?.rows(rows).elements else {
                preconditionFailure("Adam without its moments")
            }
            applyAdam(theta, mean, square, along: direction, factors)
        }
    }
}

/// `base` to a whole power by repeated squaring: the same bits everywhere, which a library's `pow` does not promise.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}

import LinearAlgebra
import RandomStreams
import ReversibleCore

/// The neural tangent kernel `K = J Jᵀ` of one network on one batch: `[n·o, n·o]`, never formed.
///
/// Source: Jacot, Gabriel, Hongler, "Neural Tangent Kernel: Convergence and Generalization in Neural Networks",
/// NeurIPS 2018 (arXiv:1806.07572).
///
/// J is the derivative of all outputs of all samples by all parameters; o is d, the width of the network's output, or
/// K, that of its logits.
///
///     let start = TangentKernel(try run.network(at: .start), on: input, of: .logits)
///     let end = TangentKernel(try run.network(at: .last), on: input, of: .logits)
///     try TangentSimilarity(exactly: start, start).kernel                             // 1
///     try TangentSimilarity(estimating: start, end, probes: 100, seed: 0).standardError
public struct TangentKernel<Scalar: BLASScalar>: Sendable {
    /// What the derivative is of.
    public enum Output: String, Hashable, Sendable, CaseIterable {
        /// The d features that the last block puts out.
        case features
        /// The K numbers by which a class is chosen.
        case logits
    }

    public let network: ReversibleNetwork<Scalar>
    /// The n samples of the batch, as the two halves that the network takes.
    public let input: Halves<Scalar>
    public let kind: Output
    /// Found once: each product with J or Jᵀ begins here.
    private let output: Halves<Scalar>

    /// Runs the batch through the network once.
    public init(_ network: ReversibleNetwork<Scalar>, on input: Halves<Scalar>, of kind: Output) {
        self.network = network
        self.input = input
        self.kind = kind
        output = network.output(of: input)
    }

    /// o.
    public var width: Int { kind == .features ? network.architecture.features : network.architecture.outputs }

    /// `Jᵀ v`.
    ///
    /// - Parameter v: shape `[n, o]`.
    func transposedJacobian(times v: Matrix<Scalar>) -> Parameters<Scalar> {
        let cotangent = kind == .features ? Halves(splitting: v) : network.atOutput(v)
        return network.gradient(output: output, cotangent: cotangent).parameters
    }

    /// The row of J that belongs to one output of one sample.
    func jacobianRow(sample: Int, output index: Int) -> Parameters<Scalar> {
        var unit = Matrix<Scalar>(rows: 1, columns: width)
        unit[0, index] = 1
        let cotangent = kind == .features ? Halves(splitting: unit) : network.atOutput(unit)
        let part = Halves(
            first: output.first.rows(sample..<sample + 1), second: output.second.rows(sample..<sample + 1))
        return network.gradient(output: part, cotangent: cotangent).parameters
    }

    /// `J g`, shape `[n, o]`.
    func jacobian(times g: Parameters<Scalar>) -> Matrix<Scalar> {
        let tangent = network.jvp(input: input, direction: g)
        return kind == .features ? tangent.joined : network.logits(of: tangent)
    }

    /// `K v = J (Jᵀ v)`, shape `[n, o]`.
    package func times(_ v: Matrix<Scalar>) -> Matrix<Scalar> {
        jacobian(times: transposedJacobian(times: v))
    }
}

/// How alike the tangent kernels of two networks are.
///
/// `jacobian` lies in −1...1; the exact `kernel` in 0...1 but for rounding, since tangent kernels are positive
/// semidefinite.
public struct TangentSimilarity: Hashable, Sendable {
    /// <K0, K1> / (|K0| |K1|).
    public let kernel: Double
    /// <J0, J1> / (|J0| |J1|).
    public let jacobian: Double
    /// Of `kernel`, as estimated; `nil`: it is exact.
    public let standardError: Double?
    /// 0 where it is exact.
    public let probes: Int
}

extension TangentSimilarity {
    /// All of both kernels, column by column.
    ///
    /// The column of K that belongs to an output of a sample is `J` times the row of J that does: n·o backward passes
    /// of one sample and n·o forward passes of the batch. No n·o × parameters Jacobian is kept, which would be
    /// gigabytes for networks where this takes seconds.
    ///
    /// - Throws: `NumericalFailure.nonFinite` if a kernel has no finite norm.
    public init<Scalar: BLASScalar>(
        exactly first: TangentKernel<Scalar>, _ second: TangentKernel<Scalar>
    ) throws(NumericalFailure) {
        Self.check(first, second)
        var (kernel, jacobian) = (CosineTally(), CosineTally())
        for sample in 0..<first.input.batch {
            for index in 0..<first.width {
                let row0 = first.jacobianRow(sample: sample, output: index)
                let row1 = second.jacobianRow(sample: sample, output: index)
                jacobian.add(row0, row1)
                kernel.add(first.jacobian(times: row0), second.jacobian(times: row1))
            }
        }
        try self.init(kernel, jacobian, isExact: true)
    }

    /// Estimated with random probes v ~ N(0, 1):
    ///
    ///     Σ_s <K0 v_s, K1 v_s> / √(Σ_s |K0 v_s|² Σ_s |K1 v_s|²)
    ///
    /// Each of the three sums is an unbiased estimate of its probes' number times <K0, K1>, |K0|², |K1|². To average
    /// the probes before they are multiplied, as the published research code does, would leave one probe's error
    /// however many there are. The standard error is the jackknife's: it is computed from the scatter of the estimates
    /// that leave out one probe each.
    ///
    /// - Parameters:
    ///   - probes: at least 2, for the standard error.
    ///   - seed: of the probes.
    public init<Scalar: BLASScalar>(
        estimating first: TangentKernel<Scalar>, _ second: TangentKernel<Scalar>, probes: Int, seed: UInt64
    ) throws(NumericalFailure) {
        let shape = (rows: first.input.batch, columns: first.width)
        try self.init(
            estimating: first, second,
            with: (0..<probes).lazy.map { index in
                var random = RandomStream(seed: seed, stream: .tangentProbes, UInt64(index))
                return Matrix(
                    rows: shape.rows, columns: shape.columns,
                    elements: (0..<shape.rows * shape.columns).map { _ in Scalar(random.normal()) })
            })
    }

    /// - Parameter probes: v of shape `[n, o]` each.
    package init<Scalar: BLASScalar>(
        estimating first: TangentKernel<Scalar>, _ second: TangentKernel<Scalar>,
        with probes: some Sequence<Matrix<Scalar>>
    ) throws(NumericalFailure) {
        Self.check(first, second)
        var (kernel, jacobian) = (CosineTally(), CosineTally())
        for probe in probes {
            let (g0, g1) = (first.transposedJacobian(times: probe), second.transposedJacobian(times: probe))
            jacobian.add(g0, g1)
            kernel.add(first.jacobian(times: g0), second.jacobian(times: g1))
        }
        try self.init(kernel, jacobian, isExact: false)
    }

    /// Puts the two cosines together, and looks whether they are numbers.
    private init(_ kernel: CosineTally, _ jacobian: CosineTally, isExact: Bool) throws(NumericalFailure) {
        precondition(isExact || kernel.terms.count > 1, "a standard error takes at least 2 probes")
        guard kernel.cosine.isFinite, jacobian.cosine.isFinite else { throw .nonFinite("a tangent kernel") }
        self.kernel = kernel.cosine
        self.jacobian = jacobian.cosine
        standardError = isExact ? nil : kernel.jackknifeError
        probes = isExact ? 0 : kernel.terms.count
    }

    /// Kernels can be compared if they have the same rows and columns.
    private static func check<Scalar>(_ first: TangentKernel<Scalar>, _ second: TangentKernel<Scalar>) {
        precondition(
            first.kind == second.kind && first.width == second.width && first.input.batch == second.input.batch,
            "tangent kernels of different outputs cannot be compared")
    }
}

/// The cosine of two vectors that come in parts.
private struct CosineTally {
    /// <a, b>, |a|² and |b|² of each part.
    var terms: [SIMD3<Double>] = []

    mutating func add<Scalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) {
        terms.append(SIMD3(Double(a.dot(b)), Double(a.dot(a)), Double(b.dot(b))))
    }

    mutating func add<Scalar>(_ a: Parameters<Scalar>, _ b: Parameters<Scalar>) {
        terms.append(SIMD3(Double(a.dot(b)), Double(a.dot(a)), Double(b.dot(b))))
    }

    private var sum: SIMD3<Double> { terms.reduce(SIMD3()) { $0 + $1 } }

    var cosine: Double { Self.cosine(sum) }

    /// √((n − 1)/n · Σ (c₋ᵢ − c̄)²), where c₋ᵢ is the cosine without part i and c̄ the mean of these.
    var jackknifeError: Double {
        let (sum, count) = (sum, Double(terms.count))
        let without = terms.map { Self.cosine(sum - $0) }
        let mean = without.reduce(0, +) / count
        return ((count - 1) / count * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    }

    /// <a, b>/√(|a|²|b|²).
    private static func cosine(_ sum: SIMD3<Double>) -> Double { sum[0] / (sum[1] * sum[2]).squareRoot() }
}

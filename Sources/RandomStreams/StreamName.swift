/// What random numbers are drawn for: the register of all random streams of both programs.
///
/// A stream's number is one of the coordinates of every number drawn from it, so it is part of the file format: a run
/// that is resumed, or a sweep that is repeated, draws the same numbers only if the stream keeps its number. Hence a
/// number is never changed and never used a second time, also when nothing draws from its stream any longer; a new use
/// of random numbers gets a new case.
///
/// ```swift
/// var random = RandomStream(seed: 42, stream: .order, 40)
/// let order = random.permutation(of: 60_000)  // of the samples in epoch 40
/// ```
public enum StreamName: UInt64, Hashable, Sendable, CaseIterable {
    // MARK: The planner

    /// What a sampler draws for a trial. Index: the trial's number.
    case trialValues = 1
    /// The seed that a trainer is given. Index: the trial's number.
    case trainerSeed = 2
    /// The seeds with which the best configurations are run again. Index: the seed's place among them.
    case confirmationSeed = 3
    /// Where CMA-ES starts again once a run of it has converged. Index: the run.
    case evolutionStrategyRestart = 0x434D_4145_53
    /// Digital shifts and scrambles of a Sobol sequence, which takes blocks of `Philox` under this key.
    case sobolScrambling = 0x536F_626F_6C
    /// The search for an assignment that satisfies a space's constraints. Always with seed 0: every run of it finds the
    /// same.
    case feasibility = 0x6665_6173
    /// The examples of a space that a user is shown.
    case spacePreview = 0x7072_6576
    /// Which trials a bootstrap of importances draws. Index: the resample.
    case importanceResampling = 0x696D_7072
    /// The forest of a functional ANOVA. Indices: 0 for which trials it sees and 1 for its trees, then the tree.
    case importanceForest = 0x696D_7066
    /// Functions that a model of the trials holds possible, drawn to explain a sweep.
    case explanation = 0x6578_706C
    /// Values that another sweep did not vary.
    case transfer = 0x7472_616E

    // MARK: A network

    /// W of a fresh network. Index: the coupling.
    case weights = 0x1001
    /// C, the frozen projections. Index: the coupling.
    case projections = 0x1002
    /// U, the frozen read-out.
    case readout = 0x1003
    /// The directions of a randomized pseudo-inverse. Indices: the iteration, the coupling.
    case sketch = 0x1004
    /// Noise that is added to a pseudo-inverse. Indices: the iteration; the coupling in the upper half and the row in
    /// the lower.
    case inverseNoise = 0x1005

    // MARK: Data

    /// Which training samples are held out for validation.
    case validationSplit = 0x2001
    /// In which order an epoch visits the samples. Index: the epoch.
    case order = 0x2002
    /// How a sample is augmented. Indices: the epoch, the sample.
    case augmentation = 0x2003
    /// Which validation samples a network is evaluated on.
    case evaluationSubset = 0x2004
    /// The centres of a synthetic data set. Index: the class.
    case syntheticCentres = 0x2011
    /// Its training samples. Index: the sample.
    case syntheticTraining = 0x2012
    /// Its test samples. Index: the sample.
    case syntheticTest = 0x2013

    // MARK: A learning task

    /// The function that is to be learned.
    case targetFunction = 0x3001
    /// The noise of its values. Indices: the sample, and which set the sample belongs to.
    case targetNoise = 0x3002

    // MARK: Analysis

    /// The probes that a tangent kernel is estimated with. Index: the probe.
    case tangentProbes = 0x4001
}

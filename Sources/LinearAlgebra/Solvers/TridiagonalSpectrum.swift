import COpenBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix, the vectors in two factors: `S = H T Hᵀ`, `T = Zᵀ
/// diag(values) Z`.
///
/// H stays the product of reflectors that made T, and Z the eigenvectors of T: to apply `Z Hᵀ` to a few
/// vectors takes less than to form it.
///
/// `@unchecked Sendable`: `find` fills it before `GramSolver` starts the tasks that call `apply`. Those read what was
/// found, and each of the two has its own `coordinates`, `taskWork` and copy of the reflectors to write to.
///
/// T is solved in `Double` whatever `Scalar` is: its values by `sterf`, and of its vectors only those that are asked
/// for, by `TridiagonalVectors`. In single precision, `sstedc` takes couplings below ε·λ_max for 0, which mixes
/// neighbouring eigenvectors on both sides of a threshold; `dstedc` is as exact, and took 3 times as long as all of
/// this.
final class TridiagonalSpectrum<Scalar: BLASScalar>: @unchecked Sendable {
    /// Ascending.
    private(set) var values: [Double]

    private let size: Int
    /// H once more, for the second task; or S, where only the values are asked for.
    ///
    /// While LAPACK applies reflectors one by one it writes ones into their matrix, and puts back what was there.
    private let copy: MutableMatrixView<Scalar>
    /// As columns, from that of the value `first` on.
    private let vectors: MutableMatrixView<Scalar>
    private var first: Int
    /// T as it was found, and what is left of it: diagonal, then the elements beside it.
    private let found: MutableMatrixView<Scalar>
    private let tridiagonal: MutableMatrixView<Double>
    private let scales: MutableMatrixView<Scalar>
    private let work: MutableMatrixView<Scalar>
    private let finder: TridiagonalVectors
    /// Made when it is needed for the first time.
    private var division: DividedTridiagonal?
    /// For each of two tasks.
    private let coordinates: [MutableMatrixView<Scalar>]
    private let taskWork: [MutableMatrixView<Scalar>]
    /// Own the views.
    private let arena: Arena<Scalar>
    private let wideArena: Arena<Double>

    /// How far from orthogonal the vectors may be: rounding in single precision; in double ten times what they are
    /// at order 1,000.
    private static var orthogonality: Double { max(10 * Double(Scalar.ulpOfOne), 1e-10) }

    /// - Parameter columns: the maximum number of vectors to be transformed at once.
    init(size: Int, columns: Int) {
        self.size = size
        first = size
        let workCount = max(64 * size, 1)
        // What `ormtr` takes for blocks of 32 reflectors: the blocks' triangles beside the vectors.
        let taskCount = 65 * 64 + 64 * (columns + 16)
        let tasks = [Int](repeating: 0, count: 2)
        arena = Arena(
            [(size, size), (size, size), (2, size), (1, size), (1, workCount)]
                + tasks.flatMap { _ in [(size, columns), (1, taskCount)] })
        copy = arena.take(size, size)
        vectors = arena.take(size, size)
        found = arena.take(2, size)
        scales = arena.take(1, size)
        work = arena.take(1, workCount)
        let arena = arena
        coordinates = tasks.map { _ in arena.take(size, columns) }
        taskWork = tasks.map { _ in arena.take(1, taskCount) }
        wideArena = Arena([(3, size)])
        tridiagonal = wideArena.take(3, size)
        finder = TridiagonalVectors(size: size)
        values = [Double](repeating: 0, count: size)
    }

    var byteCount: Int {
        arena.byteCount + wideArena.byteCount + MemoryLayout<Double>.stride * values.count + finder.byteCount
            + (division?.byteCount ?? 0)
    }

    /// Finds T and the values.
    ///
    /// - Parameter reflectors: where H goes; `nil` if no vectors will be asked for.
    func findValues(
        of matrix: MatrixView<Scalar>, reflectors: MutableMatrixView<Scalar>? = nil
    ) throws(NumericalFailure) {
        guard size > 0 else { return }
        let reflectors = reflectors ?? copy
        reflectors.copy(from: matrix)
        // Above our diagonal is below LAPACK's.
        try check(
            Scalar.routines.sytrd(
                LAPACK_COL_MAJOR, letter("L"), Int32(size), reflectors.start, Int32(reflectors.stride),
                found.rows(0..<1).start, found.rows(1..<2).start, scales.start, work.start, Int32(work.columns)),
            "sytrd")
        found[1][size - 1] = 0
        tridiagonal.rows(0..<2).convert(from: found.view)
        let rest = tridiagonal.rows(2..<3)
        rest.copy(from: tridiagonal.view.rows(1..<2))
        for index in 0..<size { values[index] = tridiagonal[0][index] }
        let info = values.withUnsafeMutableBufferPointer {
            Double.routines.sterf(Int32($0.count), $0.baseAddress, rest.start)
        }
        try check(info, "sterf")
    }

    /// Finds the vectors of the values from `first` on, after the values.
    ///
    /// - Parameter reflectors: where `findValues` put H.
    func findVectors(from first: Int, reflectors: MutableMatrixView<Scalar>) throws(NumericalFailure) {
        self.first = first
        guard first < size else { return }
        copy.copy(from: reflectors.view)
        let (diagonal, offDiagonal) = (tridiagonal.view.rows(0..<1), tridiagonal.view.rows(1..<2))
        let target = vectors.columns(0..<size - first)
        let areOrthogonal = finder.find(
            diagonal: diagonal, offDiagonal: offDiagonal, values: values, from: first, into: target,
            limit: Self.orthogonality)
        guard !areOrthogonal else { return }
        // Equal eigenvalues have vectors that only together make sense.
        let division = division ?? DividedTridiagonal(size: size)
        self.division = division
        try division.find(diagonal: diagonal, offDiagonal: offDiagonal)
        target.convert(from: division.vectors.view.rows(first..<size).transposed)
    }

    /// `part ← H Zᵀ diag(f(values)) Z Hᵀ part`, where only the values count whose vectors were found.
    func apply(
        to part: MutableMatrixView<Scalar>, reflectors: MutableMatrixView<Scalar>, task: Int, _ f: (Double) -> Double
    ) {
        guard first < size else { return part.fill(0) }
        let (kept, coordinates) = (vectors.view.columns(0..<size - first), coordinates[task])
        let some = coordinates.rows(0..<size - first).columns(0..<part.columns)
        let reflectors = task == 0 ? reflectors : copy
        multiply(part, byReflectors: reflectors, transposed: true, task: task)
        some.set(kept.transposed, times: part.view)
        for row in 0..<some.rows { some.rows(row..<row + 1).scale(by: Scalar(f(values[first + row]))) }
        part.set(kept, times: some.view)
        multiply(part, byReflectors: reflectors, transposed: false, task: task)
    }

    /// `part ← H part`, or `Hᵀ part`. LAPACK sees `partᵀ`, which it multiplies from the right.
    private func multiply(
        _ part: MutableMatrixView<Scalar>, byReflectors reflectors: MutableMatrixView<Scalar>, transposed: Bool,
        task: Int
    ) {
        guard part.columns > 0 else { return }
        let info = Scalar.routines.ormtr(
            LAPACK_COL_MAJOR, letter("R"), letter("L"), letter(transposed ? "N" : "T"), Int32(part.columns),
            Int32(size), reflectors.start, Int32(reflectors.stride), scales.start, part.start, Int32(part.stride),
            taskWork[task].start, Int32(taskWork[task].columns))
        precondition(info == 0, "ormtr refuses its argument \(-info)")
    }
}

/// All eigenvectors of a symmetric tridiagonal matrix by dividing it in halves, which leaves them orthogonal to
/// rounding whatever the eigenvalues.
private final class DividedTridiagonal {
    /// As rows, in ascending order of the eigenvalues.
    let vectors: MutableMatrixView<Double>
    private let size: Int
    private let numbers: MutableMatrixView<Double>
    private let work: MutableMatrixView<Double>
    private var integers: [Int32]
    /// Owns the views.
    private let arena: Arena<Double>

    init(size: Int) {
        self.size = size
        let count = 1 + 4 * size + size * size
        arena = Arena([(size, size), (2, size), (1, count)])
        vectors = arena.take(size, size)
        numbers = arena.take(2, size)
        work = arena.take(1, count)
        integers = [Int32](repeating: 0, count: 3 + 5 * size)
    }

    var byteCount: Int { arena.byteCount + MemoryLayout<Int32>.stride * integers.count }

    func find(diagonal: MatrixView<Double>, offDiagonal: MatrixView<Double>) throws(NumericalFailure) {
        numbers.rows(0..<1).copy(from: diagonal)
        numbers.rows(1..<2).copy(from: offDiagonal)
        try check(
            Double.routines.stedc(
                LAPACK_COL_MAJOR, letter("I"), Int32(size), numbers.rows(0..<1).start, numbers.rows(1..<2).start,
                vectors.start, Int32(vectors.stride), work.start, Int32(work.columns), &integers,
                Int32(integers.count)), "stedc")
    }
}

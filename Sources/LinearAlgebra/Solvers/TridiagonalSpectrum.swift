import COpenBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix, the vectors in two factors: `S = H T Hᵀ`, `T = Zᵀ
/// diag(values) Z`.
///
/// H stays the product of reflectors that made T, and Z the eigenvectors of T, as rows: to apply `Z Hᵀ` to a few
/// vectors takes less than to form it.
///
/// `@unchecked Sendable`: `find` fills it before `GramSolver` starts the tasks that call `apply`. Those read what was
/// found, and each of the two has its own `coordinates`, `taskWork` and copy of the reflectors to write to.
///
/// T is solved in `Double` whatever `Scalar` is. In single precision, `sstedc` takes couplings below ε·σ_max² for 0,
/// which mixes neighbouring eigenvectors on both sides of a threshold: the truncated solution was then wrong by up to
/// 1e-1 at order 1,024 and rtol 1e-2, where it is now wrong by 4e-4 at most. S, H and Z as it is applied stay `Scalar`.
final class TridiagonalSpectrum<Scalar: BLASScalar>: @unchecked Sendable {
    /// Ascending.
    private(set) var values: [Double]

    private let size: Int
    /// H once more, for the second task; or S, where only the values are asked for.
    ///
    /// While LAPACK applies reflectors one by one it writes ones into their matrix, and puts back what was there.
    private let copy: MutableMatrixView<Scalar>
    private let vectors: MutableMatrixView<Scalar>
    private let diagonal: MutableMatrixView<Scalar>
    private let offDiagonal: MutableMatrixView<Scalar>
    private let scales: MutableMatrixView<Scalar>
    private let work: MutableMatrixView<Scalar>
    /// T, its eigenvectors and what LAPACK needs to find them.
    private let exactDiagonal: MutableMatrixView<Double>
    private let exactOffDiagonal: MutableMatrixView<Double>
    private let exactVectors: MutableMatrixView<Double>
    private let exactWork: MutableMatrixView<Double>
    /// For each of two tasks.
    private let coordinates: [MutableMatrixView<Scalar>]
    private let taskWork: [MutableMatrixView<Scalar>]
    private var integers: [Int32]
    /// Owns the views.
    private let arena: Arena<Scalar>
    private let exactArena: Arena<Double>

    /// - Parameter columns: the maximum number of vectors to be transformed at once.
    init(size: Int, columns: Int) {
        self.size = size
        let (workCount, exactCount) = (max(64 * size, 1), 1 + 4 * size + size * size)
        // What `ormtr` takes for blocks of 32 reflectors: the blocks' triangles beside the vectors.
        let taskCount = 65 * 64 + 64 * (columns + 16)
        let tasks = [Int](repeating: 0, count: 2)
        arena = Arena(
            [(size, size), (size, size), (1, size), (1, size), (1, size), (1, workCount)]
                + tasks.flatMap { _ in [(size, columns), (1, taskCount)] })
        copy = arena.take(size, size)
        vectors = arena.take(size, size)
        diagonal = arena.take(1, size)
        offDiagonal = arena.take(1, size)
        scales = arena.take(1, size)
        work = arena.take(1, workCount)
        let arena = arena
        exactArena = Arena([(1, size), (1, size), (size, size), (1, exactCount)])
        exactDiagonal = exactArena.take(1, size)
        exactOffDiagonal = exactArena.take(1, size)
        exactVectors = exactArena.take(size, size)
        exactWork = exactArena.take(1, exactCount)
        coordinates = tasks.map { _ in arena.take(size, columns) }
        taskWork = tasks.map { _ in arena.take(1, taskCount) }
        integers = [Int32](repeating: 0, count: 3 + 5 * size)
        values = [Double](repeating: 0, count: size)
    }

    /// Only the values.
    func findValues(of matrix: MatrixView<Scalar>) throws(NumericalFailure) {
        try find(matrix, reflectors: copy, wantsVectors: false)
    }

    /// - Parameter reflectors: where H goes.
    func findVectors(of matrix: MatrixView<Scalar>, reflectors: MutableMatrixView<Scalar>) throws(NumericalFailure) {
        try find(matrix, reflectors: reflectors, wantsVectors: true)
        copy.copy(from: reflectors.view)
    }

    private func find(
        _ matrix: MatrixView<Scalar>, reflectors: MutableMatrixView<Scalar>, wantsVectors: Bool
    ) throws(NumericalFailure) {
        guard size > 0 else { return }
        reflectors.copy(from: matrix)
        // Above our diagonal is below LAPACK's.
        try check(
            Scalar.routines.sytrd(
                LAPACK_COL_MAJOR, letter("L"), Int32(size), reflectors.start, Int32(reflectors.stride), diagonal.start,
                offDiagonal.start, scales.start, work.start, Int32(work.columns)), "sytrd")
        exactDiagonal.convert(from: diagonal.view)
        exactOffDiagonal.convert(from: offDiagonal.view)
        try check(
            Double.routines.stedc(
                LAPACK_COL_MAJOR, letter(wantsVectors ? "I" : "N"), Int32(size), exactDiagonal.start,
                exactOffDiagonal.start, exactVectors.start, Int32(exactVectors.stride), exactWork.start,
                Int32(exactWork.columns), &integers, Int32(integers.count)), "stedc")
        for index in 0..<size { values[index] = exactDiagonal[0][index] }
        if wantsVectors { vectors.convert(from: exactVectors.view) }
    }

    /// `part ← H Zᵀ diag(f(values)) Z Hᵀ part`, where only the values from `first` on count.
    func apply(
        to part: MutableMatrixView<Scalar>, reflectors: MutableMatrixView<Scalar>, first: Int, task: Int,
        _ f: (Double) -> Double
    ) {
        guard first < size else { return part.fill(0) }
        let (kept, coordinates) = (vectors.view.rows(first..<size), coordinates[task])
        let some = coordinates.rows(0..<size - first).columns(0..<part.columns)
        let reflectors = task == 0 ? reflectors : copy
        multiply(part, byReflectors: reflectors, transposed: true, task: task)
        some.set(kept, times: part.view)
        for row in 0..<some.rows { some.rows(row..<row + 1).scale(by: Scalar(f(values[first + row]))) }
        part.set(kept.transposed, times: some.view)
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

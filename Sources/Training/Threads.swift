import LinearAlgebra

/// The threads that a run computes with.
public enum Threads {
    /// From now on BLAS uses so many, in the whole process.
    public static func use(_ count: Int) { BLASThreads.set(count) }
}

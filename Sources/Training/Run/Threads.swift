import LinearAlgebra

/// The threads that a run computes with.
public enum Threads {
    /// From now on so many compute, in the whole process; one where OpenBLAS was built without threads.
    ///
    /// - Returns: What to tell who asked for more than there will be.
    @discardableResult
    public static func use(_ count: Int) -> String? {
        BLASThreads.set(count)
        guard BLASThreads.count < count else { return nil }
        return """
            computing on 1 thread, not \(count): this OpenBLAS was built without threads, and gives wrong results when called \
            from several; its pthread build (Debian: libopenblas0-pthread) does not
            """
    }
}

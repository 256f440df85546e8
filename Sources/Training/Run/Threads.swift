import LinearAlgebra

/// The threads that a run computes with.
public enum Threads {
    /// Sets how many threads compute, in the whole process and from now on; one where OpenBLAS was built without
    /// threads.
    ///
    /// - Returns: a notice for the user where there will be fewer than `count`.
    ///
    ///     if let notice = Threads.use(4) { print(notice) }      // nothing is printed with the pthread build
    @discardableResult
    public static func use(_ count: Int) -> String? {
        BLASThreads.set(count)
        guard BLASThreads.count < count else { return nil }
        return """
            computing on 1 thread, not \(count): this OpenBLAS was built without threads, and gives wrong results \
            when called from several; its pthread build (Debian: libopenblas0-pthread) does not
            """
    }
}

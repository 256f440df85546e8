import Foundation

/// How much memory this process may address.
enum AddressSpace {
    /// In bytes. OpenBLAS and the runtime wait for ever for memory that they are not given.
    private static let needed: rlim_t = 1 << 30

    /// Checks that the limit suffices for the models of a sampler.
    ///
    ///     (ulimit -v 400000; revsweep run sweep.yaml)     // refused
    ///
    /// - Throws: `UserError` if it does not.
    static func requireEnough() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < needed else { return }
        throw UserError(
            message: "a sweep needs 1 GiB of address space, and \(limit.rlim_cur >> 20) MiB are allowed",
            help: "allow more: ulimit -v \(needed >> 10), or the job's limit of virtual memory (h_vmem)")
    }
}

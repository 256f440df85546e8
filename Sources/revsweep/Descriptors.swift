import Foundation

/// The open files that a process may have.
enum Descriptors {
    /// Raises the limit as far as it may be raised, and checks that it suffices to run so many trials at once.
    ///
    /// - Throws: `UserError` if it does not: trainers could then not be started, for no fault of theirs.
    static func provide(forTrials parallel: Int) throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(resource, &limit)
            getrlimit(resource, &limit)
        }
        // A running trial holds its pipes, its process and its logs; the database and the runtime hold the rest.
        let needed = rlim_t(64 + 8 * parallel)
        guard limit.rlim_cur >= needed else {
            throw UserError(
                message: "\(parallel) trials at once need \(needed) open files, and \(limit.rlim_cur) are allowed",
                help: "set resources.parallel lower, or raise the limit: ulimit -n \(needed)")
        }
    }
}

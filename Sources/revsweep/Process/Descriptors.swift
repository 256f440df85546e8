import Foundation

/// How many files this process may have open.
enum Descriptors {
    /// Raises the limit as far as the system allows, and checks that it suffices to run this many trials at once.
    ///
    /// - Throws: `UserError` if it does not. Otherwise trainers could not be started later, and would be blamed for
    ///   it.
    ///
    ///     try Descriptors.provide(forTrials: 64)      // needs 64 + 8·64 = 576 open files
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

import Foundation
import SweepModel

/// How much memory this process may address.
enum AddressSpace {
    /// In bytes: with less OpenBLAS and the runtime wait for ever for memory that they are not given. Measured with two
    /// cores; more take more.
    private static let least: rlim_t = 576 << 20

    /// Checks that the limit suffices for a process that predicts values, if there is one.
    ///
    ///     (ulimit -v 400000; revsweep run sweep.yaml)     // refused
    ///
    /// - Parameter sampler: which proposes the trials.
    /// - Throws: `UserError` if it does not.
    static func requireEnough(for sampler: SamplerSettings.Name = .gp) throws {
        switch sampler {
        case .auto, .gp: break
        case .tpe, .cmaes, .nsga2, .sobol, .random, .grid: return
        }
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < least else { return }
        throw UserError(
            message: "a sweep needs 1 GiB of address space, and \(limit.rlim_cur >> 20) MiB are allowed",
            help: "allow more: ulimit -v 1048576, or the job's limit of virtual memory (h_vmem)")
    }
}

import Foundation
import SweepStore

/// Which sweeps a view shows that follows many of them.
///
///     SweepFolders.all(in: "/data/results").directories      // ["/data/results/digits", "/data/results/mnist"]
public enum SweepFolders: Sendable, Hashable {
    /// These folders in this order, whether or not there are sweeps in them.
    case named([String])
    /// All in a folder, also those that are started later.
    case all(in: String)

    /// The folders of the sweeps, in the order in which they are shown.
    public var directories: [String] {
        switch self {
        case .named(let directories): return directories
        case .all(let folder): return ((try? SweepStore.names(in: folder)) ?? []).map { "\(folder)/\($0)" }
        }
    }
}

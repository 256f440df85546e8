import Foundation

/// Who owns a file and who may read and write it, for a file that takes its place.
///
///     let place = try Destination("results/best.csv")
///     try place.rights?.give(to: descriptor, path: "results/best.csv")
public struct FileRights: Sendable, Hashable {
    /// The nine bits of read, write and execute.
    public let mode: mode_t
    public let user: uid_t
    public let group: gid_t

    init(_ status: stat) {
        (mode, user, group) = (status.st_mode & 0o777, status.st_uid, status.st_gid)
    }

    /// Gives a new file these rights. Who may not give a file away keeps it.
    ///
    /// - Throws: `FileError` if the mode cannot be set.
    package func give(to descriptor: Int32, path: String) throws(FileError) {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_uid != user || status.st_gid != group {
            if fchown(descriptor, user, group) != 0 { _ = fchown(descriptor, uid_t.max, group) }
        }
        try checked(fchmod(descriptor, mode), .write, path)
    }
}

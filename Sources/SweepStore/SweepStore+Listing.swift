import Files
import Foundation

extension SweepStore {
    /// The names of the sweeps in a folder, sorted; none where there is no such folder.
    ///
    ///     try SweepStore.names(in: "results")         // ["digits", "mnist"]
    ///
    /// - Throws: `FileError` if the folder is there and cannot be read, or if it is a file. No sweep can be seen in it
    ///   then, which does not mean that there is none.
    public static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else {
            let code = errno
            if code == ENOENT { return [] }
            throw FileError(.read, path: folder, code: code)
        }
        closedir(stream)
        // Without this right names can be listed, and nothing below them can be looked at.
        guard access(folder, X_OK) == 0 else { throw FileError(.read, path: folder, code: errno) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { exists(in: "\(folder)/\($0)") }.sorted()
    }

    /// Why it cannot be told whether a folder holds a sweep; nil where that can be told, and where there is no such
    /// folder.
    public static func obstacle(to directory: String) -> FileError? {
        guard access("\(directory)/\(fileName)", F_OK) != 0, errno == EACCES else { return nil }
        return FileError(.read, path: directory, code: EACCES)
    }
}

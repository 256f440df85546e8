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
        defer { closedir(stream) }
        // Without this right names can be listed, and nothing below them can be looked at.
        guard access(folder, X_OK) == 0 else { throw FileError(.read, path: folder, code: errno) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", exists(in: "\(folder)/\(name)") { names.append(name) }
        }
        return names.sorted()
    }

    /// Why it cannot be told whether a folder holds a sweep; nil where that can be told, and where there is no such
    /// folder.
    public static func obstacle(to directory: String) -> FileError? {
        guard access("\(directory)/\(fileName)", F_OK) != 0, errno == EACCES else { return nil }
        return FileError(.read, path: directory, code: EACCES)
    }
}

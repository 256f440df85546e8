import Foundation

extension String {
    /// The path from the root on, without `.`, `..` and doubled slashes.
    ///
    /// `..` leads where the kernel would go: out of the folder that a symbolic link leads to, not out of the one that
    /// the link is in. All other links stay as they are written, the last one above all: what a program is called may
    /// decide what it does, as with the `python` of a virtual environment.
    ///
    ///     "../.venv/bin/python".absolutePath(in: "/home/ada/project/sweeps")
    ///         // /home/ada/project/.venv/bin/python, which is a link to /usr/bin/python3
    ///
    /// - Parameter directory: where a relative path begins; by default the current directory.
    package func absolutePath(in directory: String? = nil) -> String {
        let start = hasPrefix("/") ? "" : directory ?? FileManager.default.currentDirectoryPath
        var path = start.hasPrefix("/") || start.isEmpty ? start : start.absolutePath()
        var components: [Substring] = []
        for component in path.split(separator: "/") + split(separator: "/") {
            switch component {
            case ".": continue
            case "..":
                path = "/" + components.joined(separator: "/")
                if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil,
                    let target = Self.resolved(path)
                {
                    components = target.split(separator: "/")
                }
                _ = components.popLast()
            default: components.append(component)
            }
        }
        return "/" + components.joined(separator: "/")
    }

    /// The path without any links; nil if there is nothing.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

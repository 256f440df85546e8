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
        var components: [Substring] = []
        if unicodeScalars.first != "/" {
            let start = directory ?? FileManager.default.currentDirectoryPath
            components = (start.unicodeScalars.first == "/" ? start : start.absolutePath()).pathComponents
        }
        for component in pathComponents {
            switch component {
            case ".": continue
            case "..":
                let path = "/" + components.joined(separator: "/")
                if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil,
                    let target = Self.resolved(path)
                {
                    components = target.pathComponents
                }
                _ = components.popLast()
            default: components.append(component)
            }
        }
        return "/" + components.joined(separator: "/")
    }

    /// The relative path that leads from this folder to another path; empty if they are the same.
    ///
    ///     "/home/ada/sweeps".way(to: "/home/ada/configs/b.yaml")      // ../configs/b.yaml
    ///
    /// - Precondition: both are absolute, and this folder has no links in it: the way out of a folder that a link leads
    ///   to begins where that folder is.
    package func way(to path: String) -> String {
        let (start, end) = (pathComponents, path.pathComponents)
        let shared = zip(start, end).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: start.count - shared) + end[shared...]).joined(separator: "/")
    }

    /// The names between the slashes, by code points, as the kernel reads them: to Swift a slash with an accent behind
    /// it is another character.
    private var pathComponents: [Substring] { unicodeScalars.split(separator: "/").map(Substring.init) }

    /// The path without any links; nil if there is nothing.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

import Files

/// Why a file could not be fetched. What had arrived is kept where it can be used: the next attempt continues from
/// there.
public enum FetchError: Error, Hashable, Sendable {
    /// The mirror is not an address with `http` or `https` and a host.
    case notAnAddress(String)
    /// No answer: no such host, connection refused.
    case unreachable(url: String, reason: String)
    /// An answer, but not the file.
    case refused(url: String, status: Int)
    /// More than ten times, or to something that is not HTTP.
    case redirectedTooOften(url: String)
    /// The connection ended before the file did.
    case truncated(url: String, expected: Int?, found: Int)
    /// Nothing came for so long.
    case stalled(url: String, seconds: Double, found: Int)
    /// The whole file came, and is not the published one.
    case corrupt(url: String, expected: String, found: String)
    /// Another process is fetching the same file.
    case inUse(path: String)
    /// A file on this machine, with the system's reason.
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
}

extension FetchError: CustomStringConvertible {
    /// What went wrong, with the file's address, and where it helps what to do next.
    public var description: String {
        switch self {
        case .notAnAddress(let text):
            "'\(text)' is not an address of the form http://host/path or https://host/path"
        case .unreachable(let url, let reason):
            "\(url): the server cannot be reached: \(reason)"
        case .refused(let url, let status):
            "\(url): the server answers with status \(status)\(Self.meaning(status))\(Self.mirrorHelp)"
        case .redirectedTooOften(let url):
            "\(url): the server redirects again and again, or to something that is not HTTP\(Self.mirrorHelp)"
        case .truncated(let url, let expected, let found):
            "\(url): the connection ended after \(found)" + (expected.map { " of \($0) bytes" } ?? " bytes")
                + Self.resumeHelp
        case .stalled(let url, let seconds, let found):
            "\(url): nothing came for \(seconds) seconds, after \(found) bytes\(Self.resumeHelp)"
        case .corrupt(let url, let expected, let found):
            "\(url): this is not the published file: its md5 is \(found) instead of \(expected)\(Self.mirrorHelp)"
        case .inUse(let path):
            "\(path): another process is fetching this file"
        case .cannotRead(let path, let reason):
            "\(path): cannot be read: \(reason)"
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written: \(reason)"
        }
    }

    private static let resumeHelp = "\n  = help: the same command goes on from there"
    private static let mirrorHelp = "\n  = help: --mirror URL fetches the files from elsewhere"

    /// The meaning of an HTTP status in words; empty for one without a common meaning.
    private static func meaning(_ status: Int) -> String {
        switch status {
        case 401, 403: ", forbidden"
        case 404, 410: ", not found"
        case 429: ", too many requests"
        case 500...: ", an error of its own"
        default: ""
        }
    }
}

extension FetchError {
    /// The error of an operation on a file of this machine.
    init(_ error: FileError) {
        self =
            switch error.operation {
            case .read: .cannotRead(path: error.path, reason: error.reason)
            case .write: .cannotWrite(path: error.path, reason: error.reason)
            }
    }
}

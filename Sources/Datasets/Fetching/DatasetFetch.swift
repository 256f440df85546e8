import Foundation

/// What happens while files are fetched.
public enum FetchEvent: Hashable, Sendable {
    /// The published file is there with the right check sum; nothing is transferred.
    case alreadyThere(path: String)
    /// A file of this name is there that is not the published one; it is replaced once the published one is complete.
    case differs(path: String)
    /// An earlier attempt left the first `at` bytes.
    case resumes(name: String, at: Int)
    /// `bytes` bytes are there, of `of` if the server has said how many there will be.
    case progress(name: String, bytes: Int, of: Int?)
    /// The file is complete and checked, and has its name.
    case fetched(path: String, bytes: Int)
}

/// Fetches files into a folder, each of them whole and checked, or not at all.
///
///     let fetch = DatasetFetch(DatasetName.mnist.files, from: "https://example.org/mnist", to: "data/mnist")
///     try fetch.run { event in print(event) }
///
/// What has come of a file lies in `.NAME.part` until it is complete and its check sum is right; an attempt that was
/// interrupted is continued, also by another process. So an attempt that fails never leaves a damaged file under
/// the proper name.
public struct DatasetFetch: Sendable {
    private let files: [PublishedFile]
    /// The address of the folder that has the files.
    private let mirror: String
    private let folder: String
    private let patience: Duration

    /// Nothing is transferred before `run(observe:)`.
    ///
    /// - Parameters:
    ///   - mirror: the address of the folder that has the files.
    ///   - patience: how long to wait for the next bytes before the attempt is given up.
    public init(_ files: [PublishedFile], from mirror: String, to folder: String, patience: Duration = .seconds(30)) {
        self.files = files
        self.mirror = mirror
        self.folder = folder
        self.patience = patience
    }

    /// Fetches what is missing.
    ///
    /// For a file whose first half is there already, the events are
    ///
    ///     resumes(name: "a.gz", at: 5000)
    ///     progress(name: "a.gz", bytes: 7500, of: 10000)
    ///     progress(name: "a.gz", bytes: 10000, of: 10000)
    ///     fetched(path: "data/a.gz", bytes: 10000)
    ///
    /// - Parameter observe: called on this thread, with each event as it happens.
    ///
    /// - Throws: `FetchError`; files that were complete stay.
    public func run(observe: (FetchEvent) -> Void) throws(FetchError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(path: folder, reason: error.localizedDescription)
        }
        for file in files { try fetch(file, observe) }
    }

    /// Fetches one file. If what was continued turns out to be wrong, the file is fetched once more from its beginning;
    /// if that is wrong too, it is given up.
    private func fetch(_ file: PublishedFile, _ observe: (FetchEvent) -> Void) throws(FetchError) {
        let base = URL(string: mirror)
        guard let base, ["http", "https"].contains(base.scheme?.lowercased() ?? ""), base.host?.isEmpty == false else {
            throw .notAnAddress(mirror)
        }
        let url = base.appendingPathComponent(file.name)
        let path = "\(folder)/\(file.name)"
        if fileExists(path) {
            if try MD5.digest(ofFile: path) == file.md5 {
                observe(.alreadyThere(path: path))
                return
            }
            observe(.differs(path: path))
        }
        let part = try PartialFile(folder: folder, name: file.name)
        var isResumed = part.size > 0
        if isResumed { observe(.resumes(name: file.name, at: part.size)) }
        while true {
            try transfer(url, into: part) { observe(.progress(name: file.name, bytes: $0, of: $1)) }
            let digest = try MD5.digest(ofFile: part.path)
            if digest == file.md5 { break }
            try part.empty()
            // The beginning may have been another server's, or of another time: once more from there.
            if !isResumed {
                part.discard()
                throw .corrupt(url: url.absoluteString, expected: file.md5, found: digest)
            }
            isResumed = false
        }
        try part.place(at: path)
        observe(.fetched(path: path, bytes: part.size))
    }

    /// Adds to a file what it lacks, or all if the server does not send parts.
    private func transfer(
        _ url: URL, into part: PartialFile, _ observe: (Int, Int?) -> Void
    ) throws(FetchError) {
        let transfer = HTTPTransfer(url, offset: part.size)
        let address = url.absoluteString
        var expected: Int?
        var isAnswered = false
        while true {
            let events = transfer.events(within: patience)
            if transfer.isLost { throw .redirectedTooOften(url: address) }
            if events.isEmpty {
                throw .stalled(url: address, seconds: patience / .seconds(1), found: part.size)
            }
            for event in events {
                switch event {
                case .answered(status: 206, let length, let start) where start == part.size:
                    isAnswered = true
                    // A length that no file can have says nothing.
                    let (size, overflows) = part.size.addingReportingOverflow(length ?? 0)
                    expected = length == nil || overflows ? nil : size
                case .answered(status: 200, let length, _):
                    isAnswered = true
                    try part.empty()
                    expected = length
                case .answered(status: 416, _, _) where part.size > 0:
                    // There is nothing after what is there: it is whole, or not this file.
                    return
                case .answered(let status, _, _):
                    throw .refused(url: address, status: status)
                case .received(let data):
                    try part.append(data)
                    observe(part.size, expected)
                case .ended(let reason):
                    guard isAnswered else { throw .unreachable(url: address, reason: reason ?? "no answer") }
                    if reason != nil || expected.map({ part.size < $0 }) == true {
                        throw .truncated(url: address, expected: expected, found: part.size)
                    }
                    return
                }
            }
        }
    }
}

import Files
import Foundation
import Synchronization

/// The right to write to one sweep: held by one process at a time, and released by the operating system when that
/// process ends, however it ends.
///
/// Two locks are taken: one on the file `planner.lock`, which also says which process holds it, and one on the folder,
/// which still protects the sweep when the file is removed or replaced.
///
///     let lock = try await SweepLock(directory: "results/digits")
///     defer { lock.release() }
public final class SweepLock: Sendable {
    /// What the sweep is held for.
    public enum Purpose: String, Sendable, Hashable {
        /// A planner runs the sweep, for hours or days.
        case run
        /// `revsweep ask` or `tell` changes it, which takes a moment: it is worth waiting for.
        case ask
    }

    /// The process that holds a sweep.
    public struct Holder: Sendable, Hashable {
        /// Nil if it is not known, as in the moment between taking the lock and writing the number.
        public var process: Int32?
        public var purpose: Purpose
        /// Where the process is, if its number means nothing here: `another container`, or the name of a computer that
        /// shares the folder.
        public var place: String?

        public init(process: Int32?, purpose: Purpose, place: String? = nil) {
            self.process = process
            self.purpose = purpose
            self.place = place
        }
    }

    /// Both locks, once they are taken.
    private struct Locks {
        var file: FileLock
        /// Nil where the file system cannot lock a folder.
        var folder: FileLock?
    }

    private let directory: String
    private let purpose: Purpose
    private let held: Mutex<Locks?>

    /// Takes the lock, or fails after a fifth of a second.
    ///
    /// - Throws: `SweepStoreError.locked` with the process that holds the sweep, or `notWritable` if the folder does
    ///   not allow a lock.
    public init(directory: String, purpose: Purpose = .run) async throws(SweepStoreError) {
        self.directory = directory
        self.purpose = purpose
        // Two holders go away by themselves: a reader, which finds out whether the lock is free by taking it for an
        // instant, and the trainer that a killed planner was just starting, which inherits the lock until it runs.
        for attempt in 0..<20 {
            if attempt > 0 { try? await Task.sleep(for: .milliseconds(10)) }
            do throws(FileLock.Failure) {
                held = Mutex(try Self.take(directory, purpose))
                return
            } catch {
                guard case .failed(let error) = error else { continue }
                throw SweepStoreError.notWritable(path: error.path, detail: error.reason)
            }
        }
        throw SweepStoreError.locked(directory: directory, by: Holder(Self.text(inFileOf: directory)))
    }

    deinit { release() }

    /// Releases the sweep; a second call does nothing.
    public func release() {
        held.withLock { held in
            guard let locks = held else { return }
            ftruncate(locks.file.descriptor, 0)
            held = nil
        }
    }

    /// Checks that the sweep is still held, and restores `planner.lock` if it was removed or replaced.
    ///
    /// - Throws: `SweepStoreError.locked` if another process has taken the sweep in the meantime, which is possible
    ///   only where the file system cannot lock a folder.
    public func requireHeld() throws(SweepStoreError) {
        let isHeld = held.withLock { held in
            guard let locks = held else { return false }
            if locks.file.isInPlace { return true }
            guard let file = try? FileLock(file: Self.path(directory)) else { return locks.folder != nil }
            Self.write(purpose, to: file)
            held = Locks(file: file, folder: locks.folder)
            return true
        }
        if isHeld { return }
        throw SweepStoreError.locked(directory: directory, by: Holder(Self.text(inFileOf: directory)))
    }

    /// The process that holds the sweep in `directory`; nil if none does. The text that a killed process has left in
    /// `planner.lock` is removed.
    public static func holder(ofSweepIn directory: String) -> Holder? {
        let unknown = Holder(process: nil, purpose: .run)
        var file: FileLock?
        do throws(FileLock.Failure) { file = try FileLock(sharing: path(directory)) } catch {
            if error == .busy { return Holder(text(inFileOf: directory)) ?? unknown }
        }
        let folder: FileLock?
        do throws(FileLock.Failure) { folder = try FileLock(sharing: directory) } catch {
            if error == .busy { return Holder(text(inFileOf: directory)) ?? unknown }
            folder = nil
        }
        // While this process shares the lock, no other can take it, so the text is not that of a new holder.
        if let file, text(in: file.descriptor) != "" { ftruncate(file.descriptor, 0) }
        withExtendedLifetime(folder) {}
        return nil
    }

    // MARK: The file and the folder

    private static func path(_ directory: String) -> String { "\(directory)/planner.lock" }

    /// Takes both locks, the folder's first: it decides.
    private static func take(_ directory: String, _ purpose: Purpose) throws(FileLock.Failure) -> Locks {
        let folder: FileLock?
        do throws(FileLock.Failure) { folder = try FileLock(folder: directory) } catch {
            if error == .busy { throw error }
            folder = nil
        }
        let file = try FileLock(file: path(directory))
        write(purpose, to: file)
        return Locks(file: file, folder: folder)
    }

    /// Writes which process holds the sweep and why, for messages and for `revsweep stop`.
    private static func write(_ purpose: Purpose, to file: FileLock) {
        let text = Array("\(getpid()) \(purpose.rawValue) \(ProcessPlace.here)\n".utf8)
        ftruncate(file.descriptor, 0)
        _ = pwrite(file.descriptor, text, text.count, 0)
    }

    /// What `planner.lock` says; nil if it cannot be read.
    private static func text(inFileOf directory: String) -> String? {
        let descriptor = open(path(directory), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return text(in: descriptor)
    }

    private static func text(in descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

extension SweepLock.Holder {
    /// Reads a text such as `12345 run node7 pid:[4026531836] 7ac2…`; earlier releases wrote less.
    fileprivate init?(_ text: String?) {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, let process = Int32(first), process > 0 else { return nil }
        let purpose = words.dropFirst().first.flatMap { SweepLock.Purpose(rawValue: $0) }
        let place =
            words.count >= 4
            ? ProcessPlace(computer: words[2], namespace: words[3], boot: words.count > 4 ? words[4] : nil) : nil
        self.init(process: process, purpose: purpose ?? .run, place: place?.words)
    }
}

/// Where the number of a process means that process: one computer, or one container on it.
private struct ProcessPlace: CustomStringConvertible {
    var computer: String
    /// As `/proc/self/ns/pid` names it: `pid:[4026531836]`.
    var namespace: String
    /// What the kernel was given when it was started. It tells computers apart, whose names may change.
    var boot: String?

    static let here = ProcessPlace(
        computer: computerName.filter { !$0.isWhitespace },
        namespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "?",
        boot: (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
            .filter { !$0.isWhitespace })

    /// Without asking the network, as `ProcessInfo.hostName` does.
    private static var computerName: String {
        var name = [CChar](repeating: 0, count: 257)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var description: String { "\(computer.isEmpty ? "?" : computer) \(namespace) \(boot ?? "")" }

    /// For messages; nil for this place.
    var words: String? {
        let isSameKernel = boot.map { $0 == Self.here.boot } ?? (computer == Self.here.computer)
        if !isSameKernel { return computer }
        return namespace == Self.here.namespace ? nil : "another container"
    }
}

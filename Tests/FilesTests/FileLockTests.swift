import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileLockTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private var path: String { "\(folder.path)/lock" }

    @Test func `one has it at a time, and the next one when it is gone`() throws {
        for _ in 0..<2 {
            let lock = try FileLock(file: path)
            #expect(throws: FileLock.Failure.busy) { try FileLock(file: path) }
            #expect(throws: FileLock.Failure.busy) { try FileLock(sharing: path) }
            withExtendedLifetime(lock) {}
        }
        let shared = try FileLock(sharing: path)
        #expect(throws: FileLock.Failure.busy) { try FileLock(file: path) }
        withExtendedLifetime((shared, try FileLock(sharing: path))) {}
    }

    @Test func `a folder is locked itself`() throws {
        let lock = try FileLock(folder: folder.path)
        let start = ContinuousClock.now
        #expect(throws: FileLock.Failure.busy) { try FileLock(folder: folder.path, patience: .milliseconds(50)) }
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(throws: FileLock.Failure.busy) { try FileLock(sharing: folder.path) }
        withExtendedLifetime(lock) {}
        try folder.write("", to: "lock")
        #expect(throws: FileLock.Failure.failed(FileError(.write, path: path, code: ENOTDIR))) {
            try FileLock(folder: path)
        }
    }

    @Test func `it is known when the file was removed or replaced`() throws {
        let lock = try FileLock(file: path)
        #expect(lock.isInPlace)
        unlink(path)
        #expect(!lock.isInPlace)
        try folder.write("another", to: "lock")
        #expect(!lock.isInPlace)
    }

    @Test func `a link in the place of a lock is not followed`() throws {
        try folder.write("", to: "elsewhere")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/elsewhere")
        #expect(throws: FileLock.Failure.failed(FileError(.write, path: path, code: ELOOP))) {
            try FileLock(file: path)
        }
    }
}

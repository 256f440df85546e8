import Foundation
import SweepStore
import TestSupport
import Testing

@Suite struct SweepLockTests {
    private static let mine = SweepLock.Holder(process: getpid(), purpose: .run)

    private static func text(_ directory: TemporaryDirectory) throws -> String {
        try directory.text(of: "planner.lock")
    }

    @Test func `a sweep has one planner at a time`() async throws {
        let directory = try TemporaryDirectory()
        #expect(SweepLock.holder(ofSweepIn: directory.path) == nil)
        let first = try await SweepLock(directory: directory.path)
        #expect(SweepLock.holder(ofSweepIn: directory.path) == Self.mine)
        await #expect(throws: SweepStoreError.locked(directory: directory.path, by: Self.mine)) {
            _ = try await SweepLock(directory: directory.path)
        }
        first.release()
        #expect(SweepLock.holder(ofSweepIn: directory.path) == nil)
        #expect(try Self.text(directory).isEmpty)
        let asker = try await SweepLock(directory: directory.path, purpose: .ask)
        #expect(SweepLock.holder(ofSweepIn: directory.path)?.purpose == .ask)
        withExtendedLifetime(asker) {}
    }

    /// The number of a process on another computer, or in another container, may be that of any process here.
    @Test(arguments: [
        ("7 run node9 pid:[1]\n", "node9"), ("7 run HERE pid:[1]\n", "another container"), ("7 run\n", nil),
    ])
    func `a planner elsewhere is known by its place`(text: String, place: String?) async throws {
        let directory = try TemporaryDirectory()
        let lock = try await SweepLock(directory: directory.path)
        let here = try Self.text(directory).split(separator: " ")
        let file = try #require(fopen("\(directory.path)/planner.lock", "r+"))
        ftruncate(fileno(file), 0)
        fputs(text.replacing("HERE", with: here[2]), file)
        fclose(file)
        #expect(
            SweepLock.holder(ofSweepIn: directory.path) == SweepLock.Holder(process: 7, purpose: .run, place: place))
        withExtendedLifetime(lock) {}
    }

    /// Tidying `*.lock`, an editor that replaces the file, a restored backup.
    @Test(arguments: ["", "4242 run\n", nil] as [String?])
    func `a lock file that is removed or replaced lets nobody in, and is put back`(replacement: String?) async throws {
        let directory = try TemporaryDirectory()
        let lock = try await SweepLock(directory: directory.path)
        unlink("\(directory.path)/planner.lock")
        if let replacement { try directory.write(replacement, to: "planner.lock") }
        #expect(SweepLock.holder(ofSweepIn: directory.path)?.purpose == .run)
        await #expect(throws: SweepStoreError.self) { _ = try await SweepLock(directory: directory.path) }
        try lock.requireHeld()
        #expect(try Self.text(directory).hasPrefix("\(getpid()) run "))
        #expect(SweepLock.holder(ofSweepIn: directory.path) == Self.mine)
        lock.release()
        #expect(try Self.text(directory).isEmpty)
    }

    @Test func `what a killed planner has left names nobody, and is taken away`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("\(getpid()) run\n", to: "planner.lock")
        #expect(SweepLock.holder(ofSweepIn: directory.path) == nil)
        #expect(try Self.text(directory).isEmpty)
        try directory.write("99999\n", to: "planner.lock")
        _ = try await SweepLock(directory: directory.path)
    }

    @Test func `what is no file is no lock`() async throws {
        let directory = try TemporaryDirectory()
        let elsewhere = try directory.write("precious", to: "elsewhere")
        symlink(elsewhere, "\(directory.path)/planner.lock")
        #expect(SweepLock.holder(ofSweepIn: directory.path) == nil)
        await #expect(throws: SweepStoreError.self) { _ = try await SweepLock(directory: directory.path) }
        #expect(try directory.text(of: "elsewhere") == "precious")
    }
}

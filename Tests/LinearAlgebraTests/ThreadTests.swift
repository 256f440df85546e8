import LinearAlgebra
import Synchronization
import Testing

/// In processes of their own: the number of threads holds for all of one, also for tests that run meanwhile.
@Suite struct ThreadTests {
    @Test func `as many threads compute as were asked for, or one where OpenBLAS allows no more`() async {
        await #expect(processExitsWith: .success) {
            for count in [1, 3, 2] {
                BLASThreads.set(count)
                precondition(BLASThreads.count == (BLASThreads.allowsSeveral ? count : 1))
            }
        }
        await #expect(processExitsWith: .failure) { BLASThreads.set(0) }
    }

    @Test func `every task runs once, also where several callers share tasks at the same time`() async {
        await #expect(processExitsWith: .success) {
            BLASThreads.set(3)
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<4 {
                    group.addTask {
                        for round in 0..<200 {
                            let count = (caller + round) % 9
                            let runs = Mutex([Int](repeating: 0, count: count))
                            inParallel(count) { task in runs.withLock { $0[task] += 1 } }
                            precondition(runs.withLock { $0 } == [Int](repeating: 1, count: count))
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [(0, 1), (1, 2), (15, 2), (16, 2), (1000, 3), (1000, 7)])
    func `the parts of a range follow one another without gap or overlap`(count: Int, parts: Int) {
        let ranges = (0..<parts).map { part($0, of: parts, in: count) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<count))
        #expect(ranges.dropLast().allSatisfy { $0.count % 16 == 0 })
    }
}

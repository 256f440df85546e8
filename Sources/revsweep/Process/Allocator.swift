import Foundation

/// The setting of the C library's memory allocator that this program changes.
enum Allocator {
    /// Makes all threads share two pools of memory.
    ///
    /// A planner works in many threads, one after the other. By default glibc keeps a pool for each of them, which
    /// never shrinks below what the largest suggestion needed for a moment. Over 50,000 trials these pools took more
    /// memory than everything else together.
    static func sharePools() {
        // No Swift module has `mallopt`, and other C libraries than glibc do not have it either.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        let arenaMax: CInt = -8
        _ = mallopt(arenaMax, 2)
    }
}

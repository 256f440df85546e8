import Foundation

/// The C library's allocator, as far as this program has something to say about it.
enum Allocator {
    /// Has all threads share two pools of memory.
    ///
    /// A planner works in many threads, one after the other. Left to itself, glibc keeps a pool for each of them, and in
    /// each what the largest suggestion needed for a moment: over 50,000 trials more than all the rest together.
    static func sharePools() {
        // No Swift module has `mallopt`, and other C libraries than glibc do not have it either.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        let arenaMax: CInt = -8
        _ = mallopt(arenaMax, 2)
    }
}

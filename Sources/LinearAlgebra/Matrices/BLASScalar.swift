/// The number types that BLAS and LAPACK compute with: `Float` and `Double`.
///
/// Everything numeric here is generic over it: training runs in `Float`, and tests compare the same code in `Double`
/// with reference numbers.
public protocol BLASScalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
    /// The single- or double-precision routines; opaque outside this module.
    static var routines: Routines<Self> { get }
}

extension Float: BLASScalar {}
extension Double: BLASScalar {}

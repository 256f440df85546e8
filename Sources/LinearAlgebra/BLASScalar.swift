/// The number types that BLAS and LAPACK compute with: `Float` and `Double`.
public protocol BLASScalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
    /// The single- or double-precision routines; opaque outside this module.
    static var routines: Routines<Self> { get }
}

extension Float: BLASScalar {}
extension Double: BLASScalar {}

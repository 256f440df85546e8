import COpenBLAS

/// The C routines of one precision, under their names without the precision's letter.
///
/// Everything that takes a pointer is internal: other modules pass this value on but cannot call it.
public struct Routines<Scalar: Sendable>: Sendable {
    typealias Pointer = UnsafeMutablePointer<Scalar>
    typealias ConstPointer = UnsafePointer<Scalar>
    typealias Size = Int32

    // BLAS. Sizes: rows, columns, inner length; every matrix is followed by the distance of its rows.
    let gemm:
        @Sendable (
            CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Size, Size, Size, Scalar, ConstPointer?, Size,
            ConstPointer?, Size, Scalar, Pointer?, Size
        ) -> Void
    let syrk:
        @Sendable (
            CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, Size, Size, Scalar, ConstPointer?, Size, Scalar, Pointer?, Size
        ) -> Void
    let trsm:
        @Sendable (
            CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Size, Size, Scalar, ConstPointer?, Size,
            Pointer?, Size
        ) -> Void
    let trmm:
        @Sendable (
            CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Size, Size, Scalar, ConstPointer?, Size,
            Pointer?, Size
        ) -> Void
    let axpy: @Sendable (Size, Scalar, ConstPointer?, Size, Pointer?, Size) -> Void
    let symv:
        @Sendable (
            CBLAS_ORDER, CBLAS_UPLO, Size, Scalar, ConstPointer?, Size, ConstPointer?, Size, Scalar, Pointer?, Size
        ) -> Void
    let dot: @Sendable (Size, ConstPointer?, Size, ConstPointer?, Size) -> Scalar
    let nrm2: @Sendable (Size, ConstPointer?, Size) -> Scalar

    // LAPACK. The first argument is the order, the result is `info`.
    let gesdd: @Sendable (Size, CChar, Size, Size, Pointer?, Size, Pointer?, Pointer?, Size, Pointer?, Size) -> Size
    let syevd: @Sendable (Size, CChar, CChar, Size, Pointer?, Size, Pointer?) -> Size
    let geqrf: @Sendable (Size, Size, Size, Pointer?, Size, Pointer?) -> Size
    let geqp3: @Sendable (Size, Size, Size, Pointer?, Size, UnsafeMutablePointer<Size>?, Pointer?) -> Size
    let orgqr: @Sendable (Size, Size, Size, Size, Pointer?, Size, ConstPointer?) -> Size
    let potrf: @Sendable (Size, CChar, Size, Pointer?, Size) -> Size
    let potri: @Sendable (Size, CChar, Size, Pointer?, Size) -> Size
    let potrs: @Sendable (Size, CChar, Size, Size, ConstPointer?, Size, Pointer?, Size) -> Size
    // With workspace from the caller.
    let sytrd: @Sendable (Size, CChar, Size, Pointer?, Size, Pointer?, Pointer?, Pointer?, Pointer?, Size) -> Size
    let sterf: @Sendable (Size, Pointer?, Pointer?) -> Size
    let stedc:
        @Sendable (
            Size, CChar, Size, Pointer?, Pointer?, Pointer?, Size, Pointer?, Size, UnsafeMutablePointer<Size>?, Size
        ) -> Size
    let ormtr:
        @Sendable (
            Size, CChar, CChar, CChar, Size, Size, ConstPointer?, Size, ConstPointer?, Pointer?, Size, Pointer?, Size
        ) -> Size
}

extension Float {
    public static let routines = Routines<Float>(
        gemm: { cblas_sgemm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) },
        syrk: { cblas_ssyrk($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        trsm: { cblas_strsm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
        trmm: { cblas_strmm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
        axpy: { cblas_saxpy($0, $1, $2, $3, $4, $5) },
        symv: { cblas_ssymv($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        dot: { cblas_sdot($0, $1, $2, $3, $4) },
        nrm2: { cblas_snrm2($0, $1, $2) },
        gesdd: { LAPACKE_sgesdd($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        syevd: { LAPACKE_ssyevd($0, $1, $2, $3, $4, $5, $6) },
        geqrf: { LAPACKE_sgeqrf($0, $1, $2, $3, $4, $5) },
        geqp3: { LAPACKE_sgeqp3($0, $1, $2, $3, $4, $5, $6) },
        orgqr: { LAPACKE_sorgqr($0, $1, $2, $3, $4, $5, $6) },
        potrf: { LAPACKE_spotrf($0, $1, $2, $3, $4) },
        potri: { LAPACKE_spotri($0, $1, $2, $3, $4) },
        potrs: { LAPACKE_spotrs($0, $1, $2, $3, $4, $5, $6, $7) },
        sytrd: { LAPACKE_ssytrd_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
        sterf: { LAPACKE_ssterf_work($0, $1, $2) },
        stedc: { LAPACKE_sstedc_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        ormtr: { LAPACKE_sormtr_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) })
}

extension Double {
    public static let routines = Routines<Double>(
        gemm: { cblas_dgemm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) },
        syrk: { cblas_dsyrk($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        trsm: { cblas_dtrsm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
        trmm: { cblas_dtrmm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
        axpy: { cblas_daxpy($0, $1, $2, $3, $4, $5) },
        symv: { cblas_dsymv($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        dot: { cblas_ddot($0, $1, $2, $3, $4) },
        nrm2: { cblas_dnrm2($0, $1, $2) },
        gesdd: { LAPACKE_dgesdd($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        syevd: { LAPACKE_dsyevd($0, $1, $2, $3, $4, $5, $6) },
        geqrf: { LAPACKE_dgeqrf($0, $1, $2, $3, $4, $5) },
        geqp3: { LAPACKE_dgeqp3($0, $1, $2, $3, $4, $5, $6) },
        orgqr: { LAPACKE_dorgqr($0, $1, $2, $3, $4, $5, $6) },
        potrf: { LAPACKE_dpotrf($0, $1, $2, $3, $4) },
        potri: { LAPACKE_dpotri($0, $1, $2, $3, $4) },
        potrs: { LAPACKE_dpotrs($0, $1, $2, $3, $4, $5, $6, $7) },
        sytrd: { LAPACKE_dsytrd_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
        sterf: { LAPACKE_dsterf_work($0, $1, $2) },
        stedc: { LAPACKE_dstedc_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
        ormtr: { LAPACKE_dormtr_work($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) })
}

import Testing

extension Tag {
    /// For tests that take more than one or two seconds.
    @Tag public static var slow: Self
}

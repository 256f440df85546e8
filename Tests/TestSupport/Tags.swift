import Testing

extension Tag {
    /// Takes more than a second or two.
    @Tag public static var slow: Self
}

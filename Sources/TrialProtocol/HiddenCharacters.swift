extension Unicode.Scalar {
    /// Whether a terminal may obey this character, or not show it, in place of printing it.
    ///
    /// Controls (C0, DEL, C1), the ones that turn the direction of text, joiners, tags and others that are not seen,
    /// and separators of lines.
    public var isHiddenOnTerminal: Bool {
        switch value {
        case 0x20..<0x7F: false
        default:
            switch properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
            default: false
            }
        }
    }
}

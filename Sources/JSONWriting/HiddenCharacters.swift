extension Unicode.Scalar {
    /// Whether a terminal may act on this character, or leave it invisible, instead of printing it.
    ///
    /// These are the control characters (C0, DEL, C1), those that change the direction of text, invisible ones such as
    /// joiners and tags, and line separators. Text that comes from a trainer or a file is escaped by this rule before
    /// it is shown, so that it can neither command the terminal nor look like something else.
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

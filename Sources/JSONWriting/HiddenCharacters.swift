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

    /// Whether this character is hidden where it follows another one: a joiner is not where it has its proper use.
    ///
    /// - Parameter last: the character before it; nil at the beginning of a text.
    public func isHidden(after last: Unicode.Scalar?) -> Bool {
        guard isHiddenOnTerminal else { return false }
        let isJoiner = self == "\u{200C}" || self == "\u{200D}"
        return !(isJoiner && (last?.takesJoiner ?? false))
    }

    /// Whether a joiner may follow this character, as it does in scripts with connected letters and in combined emoji.
    /// Elsewhere a joiner is invisible and makes two different names look alike.
    private var takesJoiner: Bool {
        switch value {
        case 0x0600...0x0DFF, 0xFE0F, 0x1F3FB...0x1F3FF: true
        default: properties.isEmojiPresentation || properties.isEmoji && value > 0x2000
        }
    }
}

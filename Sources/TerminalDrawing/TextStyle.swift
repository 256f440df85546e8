/// How text looks: its colour, bold or dim.
///
/// Colours are the first eight of the terminal, which its user has chosen to be readable on the background.
public struct TextStyle: Sendable, Hashable {
    /// The raw values are the terminal's numbers for the colour of text.
    public enum Color: Int, Sendable, Hashable, CaseIterable {
        case red = 31
        case green, yellow, blue, magenta, cyan
        case gray = 90
    }

    public var color: Color?
    public var isBold: Bool
    public var isDim: Bool
    /// Light text on dark for dark on light: the chosen row of a list.
    public var isInverse: Bool

    public init(_ color: Color? = nil, bold: Bool = false, dim: Bool = false, inverse: Bool = false) {
        self.color = color
        isBold = bold
        isDim = dim
        isInverse = inverse
    }

    public static let plain = TextStyle()
    public static let bold = TextStyle(bold: true)
    public static let dim = TextStyle(dim: true)
    public static let inverse = TextStyle(inverse: true)

    /// The numbers of the sequence that begins this style (SGR); empty for plain text.
    var codes: [Int] {
        (isBold ? [1] : []) + (isDim ? [2] : []) + (isInverse ? [7] : []) + (color.map { [$0.rawValue] } ?? [])
    }
}

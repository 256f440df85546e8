/// A key that a person has pressed.
public enum Key: Sendable, Hashable {
    case character(Character)
    case up, down, left, right, pageUp, pageDown, home, end
    case tab, backTab, enter, escape, backspace, delete
    /// A letter together with the control key: `control("c")` for Ctrl-C.
    case control(Character)
}

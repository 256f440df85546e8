/// A statement about the runs that numbers decide, beside what the paper says.
///
/// A check that fails is a result like any other: it says that the statement does not hold here.
public struct Check: Sendable {
    public enum Verdict: Sendable, Hashable {
        case holds, fails
        /// The runs that it takes are not there; which, in words.
        case missing(String)
    }

    /// What a statement that holds means for the paper.
    public enum Relation: String, Sendable, Hashable {
        case supports = "as the paper says"
        case contradicts = "against the paper"
        case adds = "not in the paper"
    }

    /// The numbers of one setup, one for each seed.
    public struct Row: Sendable, Hashable {
        public var setup: String
        public var quantity: String
        public var numbers: [String]
    }

    public var figure: PaperFigure
    public var statement: String
    public var relation: Relation
    public var verdict: Verdict
    public var rows: [Row]

    /// `holds`, `fails` or `not checked: …`, and what that means for the paper.
    public var verdictText: String {
        switch verdict {
        case .holds: "holds"
        case .fails: "fails"
        case .missing(let what): "not checked: \(what)"
        }
    }

    /// What the verdict means for the paper: a statement of the paper's that fails speaks against it, and one against
    /// it that fails speaks for it.
    public var meaning: String {
        switch (verdict, relation) {
        case (.missing, _): ""
        case (.holds, let relation): relation.rawValue
        case (.fails, .supports): Relation.contradicts.rawValue
        case (.fails, .contradicts): Relation.supports.rawValue
        case (.fails, .adds): "not so here"
        }
    }
}

/// What is wrong with a part of a file of another tool, and what would be right.
struct ForeignProblem: Error {
    var message: String
    var help: String?
}

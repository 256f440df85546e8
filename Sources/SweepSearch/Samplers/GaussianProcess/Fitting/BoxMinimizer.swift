/// Minimizes a smooth function of a few variables within a box, by L-BFGS with projection onto the box.
///
///     let minimizer = BoxMinimizer(lower: [0, 0], upper: [1, 1])
///     let (point, value) = minimizer.minimum(from: [0.5, 0.5]) { x in
///         (x[0] * x[0] + x[1], [2 * x[0], 1])
///     }                                           // near [0, 0], where both bounds hold it
///
/// A variable that is at a bound, and that the negative gradient would move outside, is held fixed for the iteration.
/// The others move along the quasi-Newton direction, clipped to the box, with a backtracking line search.
///
/// Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 (two-loop recursion) and 3.1
/// (backtracking, with Armijo's condition).
package struct BoxMinimizer {
    /// The bounds, one for each variable.
    let lower: [Double]
    let upper: [Double]
    /// Each iteration calls the function up to 20 times.
    package var maxIterations = 50
    /// The search ends when an iteration lowers the value by less than this.
    package var tolerance = 1e-9

    /// m, the number of past steps that the Hessian is approximated from.
    private static let memory = 8

    package init(lower: [Double], upper: [Double]) {
        precondition(lower.count == upper.count, "\(lower.count) lower and \(upper.count) upper bounds")
        self.lower = lower
        self.upper = upper
    }

    /// Searches for a local minimum: of several that there may be, one that lies downhill from the start.
    ///
    /// - Parameters:
    ///   - start: inside the box.
    ///   - function: the value and the gradient at a point. A point whose value is not finite is not moved to.
    /// - Returns: the best point that was found, and its value.
    package func minimum(
        from start: [Double], of function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (point: [Double], value: Double) {
        var point = start
        var (value, gradient) = function(point)
        guard value.isFinite else { return (point, value) }
        var history = [(step: [Double], change: [Double])]()
        for _ in 0..<maxIterations where !SuggestionRequest.isWithdrawn() {
            let isFree = point.indices.map { index in
                !(point[index] <= lower[index] && gradient[index] > 0)
                    && !(point[index] >= upper[index] && gradient[index] < 0)
            }
            var direction = direction(gradient, isFree, history)
            var slope = dot(direction, gradient)
            if !(slope < 0) {
                history = []
                direction = zip(gradient, isFree).map { $1 ? -$0 : 0 }
                slope = dot(direction, gradient)
                if !(slope < 0) { break }
            }
            // Without past steps the length of the direction means nothing: move by a tenth of the box at most.
            var scale = 1.0
            if history.isEmpty {
                let relative = point.indices.map { abs(direction[$0]) / max(upper[$0] - lower[$0], 1e-300) }
                scale = min(1, 0.1 / max(relative.max() ?? 1, 1e-300))
            }
            var accepted: (point: [Double], value: Double, gradient: [Double])?
            for _ in 0..<20 {
                let trial = point.indices.map { min(max(point[$0] + scale * direction[$0], lower[$0]), upper[$0]) }
                let (trialValue, trialGradient) = function(trial)
                let expected = dot(zip(trial, point).map { $0 - $1 }, gradient)
                if trialValue.isFinite, trialValue <= value + 1e-4 * expected {
                    accepted = (trial, trialValue, trialGradient)
                    break
                }
                scale *= 0.35
            }
            guard let accepted else { break }
            let step = zip(accepted.point, point).map { $0 - $1 }
            let change = zip(accepted.gradient, gradient).map { $0 - $1 }
            let gain = value - accepted.value
            (point, value, gradient) = accepted
            if dot(step, change) > 1e-12 * dot(change, change) {
                history.append((step, change))
                if history.count > Self.memory { history.removeFirst() }
            }
            if gain < tolerance { break }
        }
        return (point, value)
    }

    /// −H g over the free variables, where H approximates the inverse Hessian (two-loop recursion).
    private func direction(
        _ gradient: [Double], _ isFree: [Bool], _ history: [(step: [Double], change: [Double])]
    ) -> [Double] {
        var q = zip(gradient, isFree).map { $1 ? $0 : 0 }
        var pulls = [Double](repeating: 0, count: history.count)
        for (index, pair) in history.enumerated().reversed() {
            pulls[index] = dot(pair.step, q) / dot(pair.step, pair.change)
            for variable in q.indices { q[variable] -= pulls[index] * pair.change[variable] }
        }
        if let last = history.last {
            let scale = dot(last.step, last.change) / dot(last.change, last.change)
            for variable in q.indices { q[variable] *= scale }
        }
        for (index, pair) in history.enumerated() {
            let push = dot(pair.change, q) / dot(pair.step, pair.change)
            for variable in q.indices { q[variable] += (pulls[index] - push) * pair.step[variable] }
        }
        return zip(q, isFree).map { $1 ? -$0 : 0 }
    }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
}

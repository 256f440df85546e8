import RandomStreams

/// The mean of the groups' means, and an interval for it at the level of 95 %: percentiles of a bootstrap that draws
/// from each group as many numbers as it has.
///
/// - Parameter groups: not empty, and none of them is.
func bootstrap(_ groups: [[Double]], resamples: Int = 2000) -> (mean: Double, low: Double, high: Double) {
    var random = RandomStream(seed: 1, stream: 6)
    let means = (0..<resamples).map { _ in
        mean(
            groups.map { group in
                mean(group.map { _ in group[Int(random.integer(below: UInt64(group.count)))] })
            })
    }
    return (mean(groups.map(mean)), quantile(means, 0.025), quantile(means, 0.975))
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// A file as its publisher distributes it.
public struct PublishedFile: Hashable, Sendable {
    /// The name below the publisher's folder, which is also its name on disk.
    public var name: String
    /// 32 hexadecimal digits.
    public var md5: String

    public init(name: String, md5: String) {
        self.name = name
        self.md5 = md5
    }
}

extension DatasetName {
    /// The files that a data set was published in; none of those that need no fetching.
    ///
    /// The check sums are the publishers' own, as torchvision states them too.
    public var files: [PublishedFile] {
        switch self {
        case .mnist:
            [
                PublishedFile(name: "train-images-idx3-ubyte.gz", md5: "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                PublishedFile(name: "train-labels-idx1-ubyte.gz", md5: "d53e105ee54ea40749a09fcbcd1e9432"),
                PublishedFile(name: "t10k-images-idx3-ubyte.gz", md5: "9fb629c4189551a2d022fa330f9573f3"),
                PublishedFile(name: "t10k-labels-idx1-ubyte.gz", md5: "ec29112dd5afa0611ce80d1b7f02629c"),
            ]
        case .fashionMNIST:
            [
                PublishedFile(name: "train-images-idx3-ubyte.gz", md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                PublishedFile(name: "train-labels-idx1-ubyte.gz", md5: "25c81989df183df01b3e8a0aad5dffbe"),
                PublishedFile(name: "t10k-images-idx3-ubyte.gz", md5: "bef4ecab320f06d8554ea6380940ec79"),
                PublishedFile(name: "t10k-labels-idx1-ubyte.gz", md5: "bb300cfdad3c16e7a12a480ee83cd310"),
            ]
        case .cifar10:
            [PublishedFile(name: "cifar-10-binary.tar.gz", md5: "c32a1d4ab5d03f1284b67883e8d87530")]
        case .digits, .gaussian, .correlated: []
        }
    }

    /// The address of the folder that has the files; nil where there are none.
    public var mirror: String? {
        switch self {
        case .mnist: "https://ossci-datasets.s3.amazonaws.com/mnist"
        case .fashionMNIST: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
        case .cifar10: "https://www.cs.toronto.edu/~kriz"
        case .digits, .gaussian, .correlated: nil
        }
    }
}

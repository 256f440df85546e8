import argparse
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score
from sklearn.svm import SVC

parser = argparse.ArgumentParser()
parser.add_argument("--C", type=float)
parser.add_argument("--gamma", type=float)
parser.add_argument("--kernel")
arguments = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
images, labels = load_digits(return_X_y=True)
score = cross_val_score(SVC(**arguments), images / 16, labels, cv=3).mean()
print('{"accuracy": %r}' % float(score))

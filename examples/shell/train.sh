#!/bin/sh
# How many blocks, and which compressor? The metric is the size that is left, in bytes.
input="$REVSWEEP_TRIAL_DIR/input"
seq 1 20000 >"$input"
case $1 in
gzip) size=$(gzip -"$2" -c "$input" | wc -c) ;;
bzip2) size=$(bzip2 -"$2" -c "$input" | wc -c) ;;
esac
rm "$input"
echo "{\"bytes\": $size}"

"""The pages of prompt suites: lists, forms, runs, cells of the matrix, comparisons."""

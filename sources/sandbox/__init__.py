"""A made-up company behind real HTTP, deterministic from a seed: what tests, the first night and the UI read from.

It speaks the parts of GitHub, Jira and git that the connectors use, and writes the truth about itself without any
code of the pipeline. Nothing else of `sources` may import it, and it imports nothing of them.
"""

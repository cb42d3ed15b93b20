"""The rules, the context and the tickets are plain tables behind functions; Python never touches them.

The module exists because Django tells only apps with models that the migrations have run.
"""

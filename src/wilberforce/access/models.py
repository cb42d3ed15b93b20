"""The rules and the context are plain tables behind functions; Python never touches them.

The module exists because Django tells only apps with models that the migrations have run.
"""

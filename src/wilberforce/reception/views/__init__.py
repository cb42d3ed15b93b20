"""What people see: the board and the desk in ``centre``, what a person brings and leaves with in ``leaving``."""

"""Runs a submission inside the sandbox with two kernels: the student's and the examiner's.

__main__     one Job in, one Execution out
papermill    the engine that papermill uses inside a sandbox
notebook     runs the cells in order, each in the kernel it belongs to
kernel       a bounded connection to a kernel that may be hostile
outputs      kernel messages to notebook outputs, as data
grading      what a grade cell's outputs say, and what nbgrader shall see
answers      the examiner asks for a student's value
provisioner  starts each kernel as its own user, in its own namespaces
pausing      nothing of the student moves while a check runs
"""

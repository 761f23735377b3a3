"""Run a submission inside the sandbox with two kernels: the student's and the examiner's.

__main__         one Job in, one Execution out
papermill        the engine that papermill uses inside a sandbox
notebook_runner  runs the cells in order, each in the kernel it belongs to, and comes to a verdict
grade_cells      what a grade cell's outputs say, and what nbgrader shall see
kernel           a bounded connection to a kernel that may be hostile
provisioner      starts each kernel as its own user, in its own namespaces
quiet_kernel     the examiner's kernel
roles            the users that the kernels run as
outputs          kernel messages to notebook outputs, as data
answers          the examiner asks for a student's value
plain            strict JSON
pausing          nothing of the student moves while a check runs
gate_client      nothing that the student's side asks for reaches the Engine while a check runs
tags             the course's images keep their names
blame            finds a container that hangs whoever looks at it
timeline         what the student asked for and the Engine did, for the feedback page
"""

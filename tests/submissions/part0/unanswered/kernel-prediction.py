# Your lines go here, in place of `pass`.
pass

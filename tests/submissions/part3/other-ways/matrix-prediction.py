predict("only-cmd", f"hello {argument}")
predict("both", f"hello {default} {argument}")
predict("shell-form", f"hello {argument}")

# What makes the feedback page slow to render: colours, formulas, tags, and pictures, in outputs of every kind.
print("begins")
from IPython.display import HTML, Markdown, SVG, display
print("\x1b[" + "0;" * 60_000 + "m" + "\x1b[1m" * 30_000)
print("\r".join("x" * 20 for _ in range(5_000)))
for text in ("\\begin{a}" * 15_000, "$" * 60_000, "[" * 50_000, "*a_" * 20_000, "\n" * 90_000, "> " * 20_000):
    display(Markdown(text))
display(HTML("<div>" * 60_000))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'>" + "<g>" * 20_000 + "</g>" * 20_000 + "</svg>"))
raise ValueError("\x1b[31;" + "1;" * 60_000 + "m")

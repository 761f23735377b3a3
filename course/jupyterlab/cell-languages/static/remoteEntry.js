// A JupyterLab extension, written as JupyterLab loads it: nothing is built.
//
// A cell that begins with %%bash is shell, and one that begins with %%writefile is what its file's name says. JupyterLab
// shows every code cell in the kernel's language, unless somebody sets another one for the cell, as is done here.
"use strict";
(() => {
  const NAME = "docker-fundamentals-cell-languages";
  const BY_NAME = [
    [/^(.*\.)?(Docker|Container)file(\..*)?$/i, "text/x-dockerfile"],
    [/\.ya?ml$/i, "text/x-yaml"],
    [/\.sh$/i, "text/x-sh"],
    [/\.json$/i, "application/json"],
    [/\.sql$/i, "text/x-sql"],
    [/\.py$/i, "text/x-ipython"],
  ];

  /** Return the MIME type of a cell's language, or null for the kernel's. */
  function language(source) {
    const [magic, ...words] = source.slice(0, 1000).split("\n", 1)[0].trim().split(/\s+/);
    if (magic === "%%bash" || magic === "%%sh") return "text/x-sh";
    if (magic !== "%%writefile" && magic !== "%%file") return null;
    const file = words[words.length - 1] ?? "";
    const name = file.replace(/["']/g, "").split("/").pop();
    return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? "text/plain";
  }

  function activate(application, tracker) {
    const seen = new WeakSet();
    const follow = (notebook) => {
      const show = (model) => {
        const wanted = language(model.sharedModel.getSource()) ?? notebook.codeMimetype;
        if (model.mimeType !== wanted) model.mimeType = wanted;
        const editor = notebook.widgets.find((cell) => cell.model === model)?.editor;
        editor?.setOption("indentUnit", wanted === "text/x-yaml" ? "2" : "4");
      };
      const followAll = () => {
        for (const model of notebook.model?.cells ?? []) {
          if (model.type !== "code" || seen.has(model)) continue;
          seen.add(model);
          model.sharedModel.changed.connect((_, change) => change.sourceChange && show(model));
          model.mimeTypeChanged.connect(() => show(model)); // the notebook sets the kernel's language
          show(model);
        }
      };
      notebook.modelContentChanged.connect(followAll);
      notebook.modelChanged.connect(followAll);
      notebook.activeCellChanged.connect((_, cell) => cell?.model.type === "code" && show(cell.model));
      followAll();
    };
    tracker.widgetAdded.connect((_, panel) => panel.context.ready.then(() => follow(panel.content)));
    tracker.forEach((panel) => panel.context.ready.then(() => follow(panel.content)));
  }

  let shared;
  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB[NAME] = {
    language, // for the test
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const [notebook] = Object.values(shared["@jupyterlab/notebook"]);
      const { INotebookTracker } = (await notebook.get())();
      const plugin = { id: `${NAME}:plugin`, autoStart: true, requires: [INotebookTracker], activate };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();

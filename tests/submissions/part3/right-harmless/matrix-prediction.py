for question in ("only-cmd", "both", "shell-form"):
    predict(question, "no idea")

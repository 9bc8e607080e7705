GREETING = "from below"

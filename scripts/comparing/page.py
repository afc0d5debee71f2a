def make(results, before):
    return ""

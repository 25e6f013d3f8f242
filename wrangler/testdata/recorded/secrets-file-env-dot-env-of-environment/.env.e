A=of e

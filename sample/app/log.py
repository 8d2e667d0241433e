def add_line(line, lines=[]):
    lines.append(line)
    return lines

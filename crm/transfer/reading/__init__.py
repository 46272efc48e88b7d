"""Reading files of rows, whatever they are: text with delimiters, workbooks, address cards."""

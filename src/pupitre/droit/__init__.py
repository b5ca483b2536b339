"""The law, dated: values with their date and reference, rules as pure functions. No Django."""

"""The pages every record type has, whatever it is: list, record, form, search for one."""

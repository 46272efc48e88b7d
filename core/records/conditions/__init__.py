"""The filter language of lists: what pages, API, exports, bulk actions and saved views all speak."""

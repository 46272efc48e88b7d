"""Pages of a list: {"count", "next", "previous", "results"}."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Fifty to a page unless the caller asks otherwise, two hundred at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

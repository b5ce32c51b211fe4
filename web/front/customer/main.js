// A customer's page: times are made local by the base; the search answers as one types.
const search = document.querySelector(".customer-search input");
search?.setSelectionRange(search.value.length, search.value.length);

// CloudFront Function, viewer-request. The storefront is one page with addresses of its own, such
// as /orders/…: whatever has no file extension is that page. A name with one is a file or a 404.
function handler(event) {
  const request = event.request;
  const name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (!name.includes('.')) request.uri = '/index.html';
  return request;
}

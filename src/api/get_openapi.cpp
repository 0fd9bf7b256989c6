#include "openapi.h"
#include "route.h"

namespace vitals::api {

void get_openapi(Context&, const Call& call) {
  net::Response response;
  response.body = openapi_document();
  call.respond(std::move(response));
}

}  // namespace vitals::api

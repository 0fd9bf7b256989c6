#pragma once

#include <string_view>

namespace vitals::api {

/// The OpenAPI 3.1 document, as written in openapi.json beside this file.
std::string_view openapi_document();

}  // namespace vitals::api

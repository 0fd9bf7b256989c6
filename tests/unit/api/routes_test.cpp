#include <algorithm>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/api/api.h>

#include "api/openapi.h"

using namespace vitals;

TEST_CASE("the OpenAPI document and the routes are the same, both ways") {
  using Names = std::set<std::pair<std::string, std::string>>;
  Names documented;
  const auto document = nlohmann::json::parse(api::openapi_document());
  for (const auto& [path, operations] : document.at("paths").items()) {
    for (const auto& [method, operation] : operations.items()) {
      std::string name = method;
      std::transform(name.begin(), name.end(), name.begin(), ::toupper);
      documented.emplace(name, path);
    }
  }
  const auto routes = api::Api::routes();
  CHECK(Names(routes.begin(), routes.end()) == documented);
}

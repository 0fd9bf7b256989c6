#include <catch2/catch.hpp>
#include <malloc.h>
#include <nlohmann/json.hpp>

#include "api_house.h"

using namespace vitals;
using nlohmann::json;
using test::ApiHouse;

namespace {

constexpr const char* kExecutions = "/api/v1/executions";

/// The status of a call with one header more, or another one.
int status_with(const std::string& method, const std::string& target, const std::string& name,
                const std::string& value, api::Tokens tokens = {}) {
  ApiHouse house({}, std::move(tokens));
  net::Request request = ApiHouse::request(method, target, R"({"prompt":"p"})");
  std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  request.headers.emplace_back(name, value);
  return house.ask(std::move(request)).status;
}

json document(const net::Response& response) { return json::parse(response.body); }

std::uint64_t allocated_bytes() {
  const auto memory = ::mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

}  // namespace

TEST_CASE("without tokens, what a web page may have sent is refused") {
  const std::string erase = "/api/v1/admin/delete?from=0&to=now";
  CHECK(status_with("POST", erase, "x-any", "1") == 200);
  CHECK(status_with("POST", erase, "origin", "https://example.com") == 403);
  CHECK(status_with("POST", erase, "origin", "null") == 403);
  CHECK(status_with("POST", erase, "sec-fetch-site", "cross-site") == 403);
  CHECK(status_with("POST", erase, "sec-fetch-site", "none") == 200);
  CHECK(status_with("POST", kExecutions, "origin", "https://example.com") == 403);
  CHECK(status_with("GET", kExecutions, "origin", "https://example.com") == 200);
}

TEST_CASE("without tokens, a loopback listener answers to no foreign name") {
  CHECK(status_with("GET", kExecutions, "host", "example.com:8610") == 403);
  CHECK(status_with("GET", kExecutions, "host", "127.0.0.1.example.com") == 403);
  CHECK(status_with("GET", "/livez", "host", "example.com") == 200);
  for (const char* host :
       {"localhost:8610", "LOCALHOST", "[::1]:8610", "127.0.0.1", "127.0.0.9:1"}) {
    CAPTURE(host);
    CHECK(status_with("GET", kExecutions, "host", host) == 200);
  }
  ApiHouse house;
  net::Request elsewhere = ApiHouse::request("GET", kExecutions);
  elsewhere.loopback = false;
  elsewhere.headers = {{"host", "vitals.example.com"}};
  CHECK(house.ask(std::move(elsewhere)).status == 200);
}

TEST_CASE("a token is proof enough for any origin") {
  api::Token token{"t", api::sha256_hex("0123456789abcdef"), true, true, true, 0};
  ApiHouse house({}, api::Tokens({token}));
  net::Request request = ApiHouse::request("POST", kExecutions, R"({"prompt":"p"})");
  request.headers.emplace_back("authorization", "Bearer 0123456789abcdef");
  request.headers.emplace_back("origin", "https://example.com");
  CHECK(house.ask(std::move(request)).status == 200);
}

TEST_CASE("a query that waits holds no body") {
  ApiHouse house;
  constexpr std::uint64_t kBody = 20ULL << 20;
  net::Request request = ApiHouse::request("GET", kExecutions, std::string(kBody, 'x'));
  const std::uint64_t before = allocated_bytes();
  house.api.handle(std::move(request), [](const net::Response&) {});
  const std::uint64_t after = allocated_bytes();
  // The sanitizers' allocator counts nothing here, so it has nothing to say.
  if (before >= kBody) CHECK(after < before - kBody / 2);
}

TEST_CASE("a small groups_max bounds queries, labels and the exposition, and refuses none") {
  query::Options options;
  options.groups_max = 2;
  const auto ask = [&](const std::string& target) {
    ApiHouse house(options);
    house.store(R"([{"prompt":"a"},{"prompt":"b"},{"prompt":"c"}])");
    return house.ask(ApiHouse::request("GET", target));
  };
  const net::Response groups = ask("/api/v1/metrics/executions?group_by=prompt");
  REQUIRE(groups.status == 200);
  CHECK(document(groups)["groups"].size() == 2);
  CHECK(document(groups)["truncated"] == true);
  CHECK(ask("/api/v1/metrics/executions?group_by=prompt&limit=3").status == 400);
  const net::Response values = ask("/api/v1/labels/prompt/values");
  REQUIRE(values.status == 200);
  CHECK(document(values)["values"] == json({"a", "b"}));
  CHECK(ask("/metrics").body.find("# TYPE vitals_prompt_completion_time gauge") !=
        std::string::npos);
}

TEST_CASE("a groups_max beyond the default takes effect") {
  query::Options options;
  options.groups_max = 300'000;
  ApiHouse house(options);
  CHECK(house.ask(ApiHouse::request("GET", "/api/v1/metrics/executions?limit=200000")).status ==
        200);
}

TEST_CASE("parameters come back as they were sent") {
  ApiHouse house;
  const std::string sent =
      R"({"temperature":0.2,"top_k":5,"big":1e22,"json":true,"nested":{"a":[1,"x"]},)"
      R"("rev":"1.0","stop":"null","pad":" 5","quoted":"\"x\"","exp":"1e3","text":"v7"})";
  house.store(R"({"id":"e","prompt":"p","parameters":)" + sent + "}");
  const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/executions/e"));
  REQUIRE(answer.status == 200);
  CHECK(document(answer)["parameters"] == json::parse(sent));
}

TEST_CASE("a body sent under another type than its own says which one to send") {
  const auto [type, status] =
      GENERATE(table<std::string, int>({{"", 400},
                                        {"application/json", 400},
                                        {"application/x-www-form-urlencoded", 400},
                                        {"text/plain", 415}}));
  CAPTURE(type);
  ApiHouse house;
  net::Request request =
      ApiHouse::request("POST", kExecutions, "{\"prompt\":\"p\"}\n{\"prompt\":\"q\"}\n");
  if (!type.empty()) request.headers.emplace_back("content-type", type);
  const net::Response answer = house.ask(std::move(request));
  CHECK(answer.status == status);
  CHECK_THAT(document(answer)["detail"].get<std::string>(),
             Catch::Contains("application/x-ndjson"));
}

TEST_CASE("ignored fields are counted") {
  ApiHouse house;
  house.store(R"([{"prompt":"p","colour":1,"shape":2},{"prompt":"p","colour":3}])");
  CHECK(house.exposition().find("\nvitals_unknown_fields_total 3\n") != std::string::npos);
}

TEST_CASE("events are counted by what became of them") {
  ApiHouse house;
  house.store(R"([{"id":"a","prompt":"p"},{"id":"a","prompt":"p"},{"id":"b"},{"prompt":7}])");
  net::Request broken = ApiHouse::request("POST", kExecutions, "{");
  CHECK(house.ask(std::move(broken)).status == 400);
  const std::string text = house.exposition();
  CHECK_THAT(text, Catch::Contains("\nvitals_events_total{result=\"accepted\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("\nvitals_events_total{result=\"duplicate\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("\nvitals_events_total{result=\"rejected\"} 3\n"));
}

TEST_CASE("parameters that a call does not know, or has twice, are refused by name") {
  const auto [method, target] =
      GENERATE(table<std::string, std::string>({{"POST", "/api/v1/executions?backfil=1"},
                                                {"POST", "/api/v1/executions?backfill=yes"},
                                                {"GET", "/api/v1/alerts?state=firing"},
                                                {"GET", "/api/v1/deliveries?status=dead"},
                                                {"GET", "/api/v1/labels/prompt/values?max=1"},
                                                {"GET",
                                                 "/api/v1/metrics/executions?group_by=prompt&"
                                                 "group_by=version"}}));
  CAPTURE(target);
  ApiHouse house;
  const net::Response answer = house.ask(ApiHouse::request(method, target, R"({"prompt":"p"})"));
  CHECK(answer.status == 400);
  const std::size_t begin = target.find('?') + 1;
  const std::string name = target.substr(begin, target.find('=') - begin);
  CHECK(document(answer)["detail"].get<std::string>().find(name) == 0);
}

TEST_CASE("a backup has the name it was given, or the time") {
  const auto [target, name] = GENERATE(
      table<std::string, std::string>({{"?name=nightly", "nightly"}, {"", "20260921T141320Z"}}));
  ApiHouse house;
  house.clock.set(1'790'000'000'000);
  const net::Response answer =
      house.ask(ApiHouse::request("POST", "/api/v1/admin/backup" + target));
  CHECK(answer.status == 200);
  CHECK(document(answer) == json{{"backup", name}, {"bytes", 4096}});
  CHECK(house.backups == std::vector<std::string>{name});
}

TEST_CASE("a backup that is refused says why") {
  ApiHouse taken, unknown;
  CHECK(taken.ask(ApiHouse::request("POST", "/api/v1/admin/backup?name=taken")).status == 409);
  CHECK(unknown.ask(ApiHouse::request("POST", "/api/v1/admin/backup?nam=x")).status == 400);
  CHECK(unknown.backups.empty());
}

TEST_CASE("a rotated key says how many are kept") {
  ApiHouse house, refused;
  house.clock.set(1'790'000'000'000);
  const auto rotated = house.ask(ApiHouse::request("POST", "/api/v1/admin/rotate-key"));
  CHECK(rotated.status == 200);
  CHECK(document(rotated) == json{{"rotated_at", "2026-09-21T14:13:20.000Z"}, {"retired_keys", 1}});
  CHECK(refused.ask(ApiHouse::request("POST", "/api/v1/admin/rotate-key?now=1")).status == 400);
}

TEST_CASE("erasures that are not done are listed without whom they are about") {
  ApiHouse house, nothing;
  store::WriteBatch changes;
  house.erasures().put({"01a2", 1'790'000'000'000, 7, {{"00aa"}, {"00bb"}}, true, false}, changes);
  house.erasures().put({"01a3", 1'790'000'001'000, 9, {}, true, true}, changes);
  house.commit(changes);
  const auto answer = house.ask(ApiHouse::request("GET", "/api/v1/erasures"));
  CHECK(answer.status == 200);
  CHECK(
      document(answer) ==
      json{
          {"erasures",
           {{{"id", "01a2"}, {"asked_at", "2026-09-21T14:13:20.000Z"}, {"state", "rewriting"}},
            {{"id", "01a3"}, {"asked_at", "2026-09-21T14:13:21.000Z"}, {"state", "files_left"}}}}});
  CHECK(document(nothing.ask(ApiHouse::request("GET", "/api/v1/erasures"))) ==
        json{{"erasures", json::array()}});
}

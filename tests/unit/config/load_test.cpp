#include <filesystem>

#include <catch2/catch.hpp>

#include <vitals/config/config.h>

#include "config_files.h"

using namespace vitals;
using config::Overrides;
using config::test::Files;

namespace {

/// Of the first receiver.
const notify::WebhookTarget& webhook_of(const config::Config& config) {
  return std::get<notify::WebhookTarget>(config.notify.receivers.at(0).target);
}

}  // namespace

TEST_CASE("without a file the defaults of the contract hold") {
  const auto config = config::load(std::nullopt);
  REQUIRE(config.ok());
  CHECK(config->http.host == "127.0.0.1");
  CHECK(config->http.port == 8610);
  CHECK(config->otlp_listen == config::Address{"127.0.0.1", 4318});
  CHECK(config->events.raw_retention_ms == 30LL * 86'400'000);
  CHECK(config->series.retention_ms[1] == 400LL * 86'400'000);
  CHECK(config->series.retention_ms[2] == events::kForever);
  CHECK(config->series.series_max == 100'000);
  CHECK(config->rules.empty());
  CHECK_FALSE(config->data_dir.empty());
}

TEST_CASE("the file sets every room's options") {
  Files files;
  const auto config = files.load(
      "listen: '[::1]:0'\n"
      "otlp_listen: off\n"
      "data_dir: data\n"
      "retention: {raw: forever, 1m: 7d, 1h: forever, 1d: 800d}\n"
      "dedup: {age: 1h, ids: 5}\n"
      "series: {dimensions: [prompt, tags.region], max: 10}\n"
      "metrics: {sentiment_weight: 0.5, efficiency: {time_budget: 1500ms}}\n"
      "pipeline: {queue_max: 1MiB}\n"
      "log: {format: json, level: debug}\n"
      "receivers:\n"
      "  - name: hook\n"
      "    webhook: {url: http://127.0.0.1:1/x, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}\n"
      "routes:\n"
      "  receiver: hook\n"
      "  routes:\n"
      "    - match: {severity: critical}\n"
      "      continue: true\n");
  REQUIRE(config.ok());
  CHECK(config->http.host == "::1");
  CHECK(config->http.port == 0);
  CHECK_FALSE(config->otlp_listen.has_value());
  CHECK(config->data_dir == files.path() / "data");
  CHECK(config->events.raw_retention_ms == events::kForever);
  CHECK(config->series.raw_retention_ms == events::kForever);
  CHECK(config->series.retention_ms[0] == 7LL * 86'400'000);
  CHECK(config->events.dedup_ids_max == 5);
  CHECK(config->series.dimensions == std::vector<std::string>{"prompt", "tags.region"});
  CHECK(config->metrics.efficiency.time_s == 1.5);
  CHECK(config->series.metrics.sentiment_weight == 0.5);
  CHECK(config->pipeline.queue_bytes_max == 1 << 20);
  CHECK(config->log.format == LogOptions::Format::json);
  REQUIRE(config->notify.receivers.size() == 1);
  CHECK(webhook_of(*config).url == "http://127.0.0.1:1/x");
  REQUIRE(config->notify.routes.routes.size() == 1);
  CHECK(config->notify.routes.routes[0].receiver == "hook");  // from its parent
  CHECK(config->notify.routes.routes[0].continue_matching);
}

TEST_CASE("flags win over the file") {
  Files files;
  const auto config =
      files.load("listen: 127.0.0.1:1\ndata_dir: a\n", {"/b", "127.0.0.1:2", "127.0.0.1:3"});
  REQUIRE(config.ok());
  CHECK(config->data_dir == "/b");
  CHECK(config->http.port == 2);
  CHECK(config->otlp_listen->port == 3);
  CHECK_FALSE(files.load("", {std::nullopt, "nonsense", std::nullopt}).ok());
}

TEST_CASE("all problems of all files are reported at once") {
  Files files;
  files.write("rules.d/a.yaml",
              "rules:\n  - {name: x, metric: executions, stat: p50, above: 5, fro: 1m}\n");
  CHECK(files.problems("listen: 127.0.0.1\n"
                       "retention: {raw: ever}\n"
                       "listn: 1\n"
                       "rules: [rules.d/*.yaml, rulez.d/*.yaml, none.yaml]\n"
                       "receivers: [{name: a, webhook: {url: ftp://x}}]\n"
                       "routes: {receiver: b}\n") ==
        "vitals.yaml:1: listen: '127.0.0.1' is not an address: expected HOST:PORT, as in "
        "127.0.0.1:8610 or [::1]:8610\n"
        "vitals.yaml:2: retention.raw: 'ever' is not a duration: expected a whole number and a "
        "unit, as in 30s, 5m, 1h, 7d\n"
        "vitals.yaml:5: receivers[0].webhook.url: must begin with http:// or https://\n"
        "vitals.yaml:6: routes.receiver: there is no receiver 'b'\n"
        "vitals.yaml:3: listn: unknown key; did you mean 'listen'?\n"
        "rules.d/a.yaml:2: rules[0].stat: executions is a defined metric and takes no stat\n"
        "rules.d/a.yaml:2: rules[0].fro: unknown key; did you mean 'for'?\n"
        "rulez.d/*.yaml: there is no such folder\n"
        "none.yaml: there is no such file");
}

TEST_CASE("cells have no dimension of persons") {
  for (const char* const field : {"user", "session", "id"}) {
    Files files;
    const auto config = files.load(std::string("series: {dimensions: [prompt, ") + field + "]}\n");
    REQUIRE_FALSE(config.ok());
    CHECK(config.error().message.find(std::string("'") + field + "' cannot be a dimension") !=
          std::string::npos);
  }
}

TEST_CASE("a missing configuration file is an error, not the defaults") {
  const auto config = config::load("/nowhere/vitals.yaml");
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().message == "/nowhere/vitals.yaml: there is no such file");
}

TEST_CASE("serving other hosts needs tokens and TLS, or insecure") {
  Files files;
  const auto refused = files.load("listen: 0.0.0.0:8610\notlp_listen: off\n");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("insecure: true") != std::string::npos);
  CHECK_FALSE(files.load("otlp_listen: '[::]:4318'\n").ok());
  CHECK_FALSE(config::load(std::nullopt, {std::nullopt, "10.0.0.1:80", std::nullopt}).ok());
  CHECK(files.load("listen: 0.0.0.0:8610\ninsecure: true\n").ok());
  files.write("tokens.yaml", "tokens: [{name: a, token: 0123456789abcdef, scopes: [read]}]\n");
  const std::string tokens = "listen: 0.0.0.0:8610\ntoken_file: tokens.yaml\n";
  CHECK_FALSE(files.load(tokens).ok());
  CHECK(files.load(tokens + "tls: {certificate: c.pem, key: k.pem}\n").ok());
}

TEST_CASE("a reload cannot take the tokens from a public listener, wherever the file moves it") {
  Files files;
  files.write("tokens.yaml", "tokens: [{name: a, token: 0123456789abcdef, scopes: [read]}]\n");
  const std::string guarded = "token_file: tokens.yaml\ntls: {certificate: c.pem, key: k.pem}\n";
  const auto open_to_all = files.load("listen: 0.0.0.0:8610\n" + guarded);
  const auto local = files.load("listen: 127.0.0.1:8610\n");
  REQUIRE(open_to_all.ok());
  REQUIRE(local.ok());
  CHECK(config::check_reload(*open_to_all, *local).error().code == Errc::invalid_argument);
  CHECK(config::check_reload(*open_to_all, *open_to_all).ok());
  CHECK(config::check_reload(*local, *local).ok());
  const auto insecure = files.load("listen: 0.0.0.0:8610\ninsecure: true\n" + guarded);
  REQUIRE(insecure.ok());
  CHECK(config::check_reload(*insecure, *local).ok());
}

TEST_CASE("problems can be told without the folders of this host") {
  CHECK(config::without_folders("/etc/vitals/a.yaml:3: x: '/tmp: y'\nb.yaml: z\n--listen: /: w") ==
        "a.yaml:3: x: '/tmp: y'\nb.yaml: z\n--listen: /: w");
}

TEST_CASE("a token file without a token is a mistake, not an open door") {
  Files files;
  const std::string text =
      GENERATE("", "# tokens:\n", "tokens:\n#  - {name: a, token: b}\n", "tokens: []\n");
  CAPTURE(text);
  files.write("tokens.yaml", text);
  CHECK(
      files.problems("insecure: true\ntoken_file: tokens.yaml\n").find("tokens: holds no token") !=
      std::string::npos);
}

TEST_CASE("tokens are read as hashes") {
  Files files;
  files.write("tokens.yaml",
              "tokens:\n"
              "  - {name: a, token: 0123456789abcdef, scopes: [ingest, read]}\n"
              "  - name: b\n"
              "    sha256: 9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f\n"
              "    scopes: [admin]\n"
              "    expires: 2027-01-01T00:00:00Z\n");
  const auto config = files.load("token_file: tokens.yaml\n");
  REQUIRE(config.ok());
  REQUIRE(config->tokens.size() == 2);
  CHECK(config->tokens[0].sha256_hex == config->tokens[1].sha256_hex);
  CHECK((config->tokens[0].ingest && config->tokens[0].read && !config->tokens[0].admin));
  CHECK(config->tokens[1].expires_at == 1'798'761'600'000);
}

TEST_CASE("secrets are refused where others can read them, and never printed") {
  Files files;
  const std::string path = files.write("tokens.yaml", "tokens: [{name: a, token: se cret}]\n");
  CHECK(files.problems("token_file: tokens.yaml\n") ==
        "tokens.yaml:1: tokens[0].token: expected at least 16 printable characters without "
        "blanks\ntokens.yaml:1: tokens[0].scopes: needs some of ingest, read, admin");
  std::filesystem::permissions(path, std::filesystem::perms{0644});
  CHECK(files.problems("token_file: tokens.yaml\n") ==
        "tokens.yaml: holds secrets, but everybody may access it: chmod o= it first");
  CHECK(files.problems("receivers: [{name: a, webhook: {url: http://x, secret: hush}}]\n")
            .find("hush") == std::string::npos);
  files.write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
  const auto config =
      files.load("receivers: [{name: a, webhook: {url: http://x, secret_file: secret}}]\n");
  REQUIRE(config.ok());
  CHECK(webhook_of(*config).secret == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  CHECK(config->notify.routes.receiver == "a");  // the only one gets everything
}

TEST_CASE("addresses") {
  CHECK(*config::parse_address("localhost:0") == config::Address{"localhost", 0});
  CHECK(*config::parse_address("[::]:80") == config::Address{"::", 80});
  const std::string bad =
      GENERATE("", "8610", ":8610", "h:", "h:65536", "h:-1", "::1:80", "[:80", "a b:80", "h:80x");
  CAPTURE(bad);
  CHECK_FALSE(config::parse_address(bad).ok());
}

TEST_CASE("a disk budget has minutes hold everything, and backups have a folder of their own") {
  Files files;
  const auto config = files.load(
      "retention: {disk_budget: 20GiB}\n"
      "store: {backup_dir: copies, io_rate: 0}\n");
  REQUIRE(config.ok());
  CHECK(config->pipeline.disk_budget_bytes == 20ULL << 30);
  CHECK(config->series.raw_retention_ms == 0);
  CHECK(config->events.raw_retention_ms == 30LL * 86'400'000);
  CHECK(config->backup_dir == files.path() / "copies");
  CHECK(config->store.io_bytes_per_second == 0);
  for (const auto& [text, key] :
       {std::pair{"retention: {disk_budget: 1MiB}\n", "retention.disk_budget"},
        std::pair{"store: {io_rate: 1KiB}\n", "store.io_rate"},
        std::pair{"data_dir: d\nstore: {backup_dir: d}\n", "store.backup_dir"}}) {
    const auto refused = files.load(text);
    REQUIRE_FALSE(refused.ok());
    CHECK_THAT(refused.error().message, Catch::Contains(key));
  }
}

TEST_CASE("the key file is the data folder's, or one named relative to the file") {
  config::Config config;
  config.data_dir = "/data";
  CHECK(config::key_file_of(config) == "/data/pseudonym.key");
  Files files;
  const auto loaded =
      files.load("privacy: {key_file: keys/../k, rotate_every: 90d, retention: 7d}\n");
  REQUIRE(loaded);
  CHECK(config::key_file_of(*loaded) == (files.path() / "k").string());
  CHECK(loaded->pipeline.rotate_key_every_ms == 90LL * 86'400'000);
  CHECK(loaded->pipeline.personal_retention_ms == 7LL * 86'400'000);
  CHECK(config.pipeline.personal_retention_ms == events::kForever);
  CHECK(files.load("privacy: {rotate_every: 0}\n"));
  CHECK_THAT(files.problems("privacy: {rotate_every: 59m}\n"),
             Catch::Contains("vitals.yaml:1: privacy.rotate_every: expected 0"));
}

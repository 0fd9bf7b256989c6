#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "cli/alert_commands.h"
#include "cli/key_commands.h"
#include "cli/query.h"
#include "cli/rule_commands.h"
#include "recorded_client.h"

using namespace vitals;
using namespace vitals::cli;
using vitals::test::CommandRig;

TEST_CASE("a query becomes a path") {
  QueryArguments arguments;
  arguments.metric = "duration_ms";
  CHECK(query_path(arguments) == "/api/v1/metrics/duration_ms");
  arguments.window = "5m";
  arguments.group_by = {"prompt,version", "tags.region"};
  arguments.filters = {"prompt:a*", "environment:!staging"};
  arguments.stat = "p95";
  arguments.csv = true;
  CHECK(query_path(arguments) ==
        "/api/v1/metrics/duration_ms?window=5m&group_by=prompt%2Cversion%2Ctags.region"
        "&filter=prompt%3Aa%2A&filter=environment%3A%21staging&stat=p95&format=csv");
}

TEST_CASE("a query prints a table") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"metric":"execution_success_rate","unit":"percent","stat":null,
    "from":1790000000000,"to":1790003600000,"step":null,"resolution":"1m","groups":[
    {"labels":{"prompt":"a","version":null},"value":93.25,"count":12345},
    {"labels":{"prompt":"longer","version":"2"},"value":null,"count":0}]})");
  QueryArguments arguments;
  arguments.metric = "execution_success_rate";
  arguments.group_by = {"prompt,version"};
  CHECK(query(rig.session, arguments) == kDone);
  CHECK(rig.out.str() ==
        "execution_success_rate in percent, 2026-09-21 14:13:20 to 2026-09-21 15:13:20 UTC, from "
        "1m data\n"
        "prompt  version  VALUE   COUNT\n"
        "a       -        93.25  12,345\n"
        "longer  2            -       0\n");
  CHECK(rig.client.asked.at(0).headers.at(0).second == "Bearer secret");
}

TEST_CASE("with a step every point is a line") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"metric":"rating","unit":"","stat":"mean",
    "from":1790000000000,"to":1790000120000,"step":60000,"resolution":"raw","groups":[
    {"labels":{},"value":4,"count":2,"points":[[1790000000000,4,2],[1790000060000,null,0]]}]})");
  QueryArguments arguments;
  arguments.metric = "rating";
  CHECK(query(rig.session, arguments) == kDone);
  CHECK(rig.out.str() ==
        "rating (mean), 2026-09-21 14:13:20 to 2026-09-21 14:15:20 UTC, from raw data\n"
        "TIME (UTC)           VALUE  COUNT\n"
        "2026-09-21 14:13:20      4      2\n"
        "2026-09-21 14:14:20      -      0\n");
}

TEST_CASE("on a terminal values are colored by target and alert bound") {
  CommandRig rig;
  rig.console.color = true;
  rig.client.will_answer(200, R"({"metric":"completion_time","unit":"seconds","stat":null,"from":0,
    "to":1,"step":null,"resolution":"1m","groups":[{"labels":{},"value":50,"count":1}]})");
  rig.client.will_answer(200, R"({"metrics":[{"name":"completion_time","target":30,"alert":45,
    "direction":"lower_is_better"}]})");
  QueryArguments arguments;
  arguments.metric = "completion_time";
  CHECK(query(rig.session, arguments) == kDone);
  CHECK(rig.out.str().find("\x1b[31m50\x1b[0m") != std::string::npos);
}

TEST_CASE("--json prints what the daemon said") {
  CommandRig rig;
  rig.session.json = true;
  rig.client.will_answer(200, "{\"alerts\":[ ]}\n");
  CHECK(show_alerts(rig.session, true, {}) == kDone);
  CHECK(rig.out.str() == "{\"alerts\":[ ]}\n");
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/alerts?status=all");
}

TEST_CASE("alerts and rules are listed") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"alerts":[{"id":"x1","rule":"slow","severity":"critical",
    "status":"firing","labels":{"prompt":"a","tags.region":"eu","team":"ops"},
    "annotations":{},"metric":"completion_time",
    "value":95.5,"threshold":90,"samples":1200,"pending_since":1790000000000,
    "firing_since":1790000060000,"resolved_at":null,"suppressed_by":null,
    "current":{"at":1790000125000,"value":97.25,"samples":1300},"duration_ms":null},
    {"id":"x2","rule":"slow","severity":"warning","status":"firing","labels":{"prompt":"b"},
    "value":95.5,"firing_since":1790000060000,"updated_at":1790000125000,
    "suppressed_by":"silence s","duration_ms":null}]})");
  CHECK(show_alerts(rig.session, false, {"team:ops"}) == kDone);
  CHECK(rig.out.str() ==
        "ID  SEVERITY  STATUS           FOR  VALUE  RULE  GROUP\n"
        "x1  critical  firing         1m 5s  97.25  slow  a eu\n"
        "x2  warning   firing, quiet  1m 5s  95.50  slow  b\n");
  rig.out.str("");
  rig.client.will_answer(200, R"({"rules":[{"name":"silent","severity":"warning","absent":"10m",
    "for":"0s","filter":[],"group_by":["prompt"]},{"name":"slow","severity":"critical",
    "metric":"duration_ms","stat":"p95","above":45000,"window":"5m","for":"1m",
    "filter":["environment:production"],"group_by":[]}]})");
  CHECK(show_rules(rig.session) == kDone);
  CHECK(
      rig.out.str() ==
      "RULE    SEVERITY  FIRES WHEN\n"
      "silent  warning   no event for 10m, per prompt\n"
      "slow    critical  p95 of duration_ms > 45,000 over 5m, for 1m, if environment:production\n");
}

TEST_CASE("status shows whatever the daemon reports") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"version":"1","uptime_ms":61000,"ready":false,
    "not_ready":["disk full"],"log":{"events":12345,"bytes":2048},"recovery":[]})");
  CHECK(show_status(rig.session) == kDone);
  const std::string text = rig.out.str();
  CAPTURE(text);
  CHECK(text.find("uptime     1m 1s") != std::string::npos);
  CHECK(text.find("not ready  disk full") != std::string::npos);
  CHECK(text.find("  events   12,345") != std::string::npos);
  CHECK(text.find("  bytes    2.0 KiB") != std::string::npos);
}

TEST_CASE("components without a fault are well") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"components":{"store":null,"disk":"nearly full"}})");
  CHECK(show_status(rig.session) == kDone);
  CHECK_THAT(rig.out.str(), Catch::Contains("  store     well\n"));
  CHECK_THAT(rig.out.str(), Catch::Contains("  disk      nearly full\n"));
}

TEST_CASE("no alert that matches is not the same as no open alert") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"alerts":[]})");
  rig.client.will_answer(200, R"({"alerts":[]})");
  CHECK(show_alerts(rig.session, false, {}) == kDone);
  CHECK(show_alerts(rig.session, false, {"team:ops"}) == kDone);
  CHECK(rig.out.str() == "No alert is open.\nNo open alert matches.\n");
}

TEST_CASE("without a daemon the message says how to start one") {
  CommandRig rig;
  CHECK(show_status(rig.session) == kUnreachable);
  CHECK(rig.err.str().find("no daemon answers at http://127.0.0.1:8610 (connection refused)") !=
        std::string::npos);
  CHECK(rig.err.str().find("systemctl start vitalsd") != std::string::npos);
}

TEST_CASE("what the daemon refuses is said in its words") {
  CommandRig rig;
  rig.client.will_answer(400, R"({"title":"Bad Request","detail":"window: '5x' is no duration"})");
  QueryArguments arguments;
  arguments.metric = "rating";
  CHECK(query(rig.session, arguments) == kFailed);
  CHECK(rig.err.str() ==
        "vitalsctl: the daemon answered 400 Bad Request: window: '5x' is no duration\n");
  rig.err.str("");
  rig.client.will_answer(200, R"({"metrics":[{"name":5}]})");
  CHECK(show_metrics(rig.session) == kFailed);
  CHECK(rig.err.str().find("unexpected shape") != std::string::npos);
  rig.client.will_answer(200, "<html>");
  CHECK(show_metrics(rig.session) == kFailed);
}

TEST_CASE("a backup is asked for, by name or without") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"backup":"nightly","bytes":3145728})");
  CHECK(make_backup(rig.session, "nightly") == kDone);
  CHECK(rig.out.str() == "backup nightly made: 3.0 MiB\n");
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/admin/backup?name=nightly");
  CHECK(rig.client.asked.at(0).method == "POST");
  rig.client.will_answer(422, R"({"title":"Unprocessable Content","detail":"no folder"})");
  CHECK(make_backup(rig.session, "") == kFailed);
  CHECK(rig.client.asked.at(1).url == "http://127.0.0.1:8610/api/v1/admin/backup");
  CHECK_THAT(rig.err.str(), Catch::Contains("422 Unprocessable Content: no folder"));
}

TEST_CASE("a rotation says how many keys are kept") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"rotated_at":"2026-12-01T10:00:00.000Z","retired_keys":1})");
  rig.client.will_answer(200, R"({"rotated_at":"2026-12-01T11:00:00.000Z","retired_keys":2})");
  CHECK(rotate_key(rig.session) == kDone);
  CHECK(rotate_key(rig.session) == kDone);
  const std::string told = "new names get pseudonyms of a new key; ";
  CHECK(rig.out.str() == told + "1 retired key is kept for what is stored\n" + told +
                             "2 retired keys are kept for what is stored\n");
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/admin/rotate-key");
  CHECK(rig.client.asked.at(0).method == "POST");
}

TEST_CASE("export pages until the cursor ends") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"executions":[{"id":"2"},{"id":"1"}],"next_cursor":"c/1"})");
  rig.client.will_answer(200, R"({"executions":[{"id":"0"}],"next_cursor":null})");
  ExportArguments arguments;
  arguments.filters = {"prompt:a"};
  CHECK(export_executions(rig.session, arguments) == kDone);
  CHECK(rig.out.str() == "{\"id\":\"2\"}\n{\"id\":\"1\"}\n{\"id\":\"0\"}\n");
  CHECK(rig.err.str() == "3 executions exported\n");
  CHECK(rig.client.asked.at(1).url ==
        "http://127.0.0.1:8610/api/v1/executions?filter=prompt%3Aa&limit=10000&cursor=c%2F1");
}

TEST_CASE("an export that breaks off says so") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"executions":[{"id":"2"}],"next_cursor":"c"})");
  CHECK(export_executions(rig.session, {}) == kUnreachable);
  CHECK(rig.err.str().find("the export is incomplete") != std::string::npos);
}

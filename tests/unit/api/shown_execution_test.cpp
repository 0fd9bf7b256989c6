#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/api/shown_execution.h>
#include <vitals/model/assessment.h>
#include <vitals/wire/json.h>

namespace vitals::api {
namespace {

TEST_CASE("evaluators are shown an execution without people and without opinions") {
  wire::Decoded decoded = wire::ExecutionDecoder().decode(
      R"({"id": "a", "time": 1790000000000, "prompt": "p", "status": "success", "user": "u",
          "session": "s", "tags": {"region": "eu"}, "duration_ms": 5, "quality": {"clarity": 3},
          "feedback": {"rating": 4, "comment": "so-so"}})",
      wire::Framing::json, {1'790'000'000'000});
  REQUIRE(decoded.batch.rows() == 1);
  const std::vector<model::AssessedRow> rows{{0, {{"other", {1, 1, 1, 1, 1}}}}};
  model::set_assessments(decoded.batch, rows);
  CHECK(nlohmann::json::parse(shown_to_evaluators(decoded.batch, 0)) ==
        nlohmann::json::parse(R"({"id": "a", "time": 1790000000000, "prompt": "p",
                                  "status": "success", "tags": {"region": "eu"},
                                  "duration_ms": 5})"));
}

}  // namespace
}  // namespace vitals::api

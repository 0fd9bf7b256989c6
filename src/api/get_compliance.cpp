#include <array>
#include <cmath>

#include <vitals/insight/compliance.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

using analytics::Doubt;
using analytics::Verdict;

constexpr std::uint32_t kVersionsDefault = 1'000;
constexpr std::uint32_t kVersionsMax = 10'000;

const char* verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::insufficient_data:
      return "insufficient_data";
  }
  return "";
}

Json reason_json(Doubt doubt) {
  switch (doubt) {
    case Doubt::none:
      return nullptr;
    case Doubt::no_data:
      return "no_data";
    case Doubt::too_few:
      return "too_few";
    case Doubt::too_close:
      return "too_close";
  }
  return nullptr;
}

/// Whose versions are asked about; those that are registered are asked for with their prompt.
Status read_versions(const net::Request& in, const Services& services,
                     insight::ComplianceRequest& out) {
  if (const std::string* version = in.parameter("version")) out.version = *version;
  const std::string* prompt = in.parameter("prompt");
  if (prompt == nullptr && out.version) {
    return Error{Errc::invalid_argument, "version: needs prompt"};
  }
  if (prompt == nullptr) return {};
  if (prompt->empty()) return Error{Errc::invalid_argument, "prompt: is empty"};
  out.prompt = *prompt;
  for (model::PromptVersion& version : services.prompts.versions(*prompt)) {
    out.also.push_back(std::move(version.version));
  }
  return {};
}

Result<insight::ComplianceRequest> compliance_request(const net::Request& in,
                                                      const Services& services) {
  if (auto known =
          only_parameters(in, {"prompt", "version", "window", "from", "to", "filter", "metrics",
                               "benchmark", "confidence", "min_count", "limit"});
      !known) {
    return known.error();
  }
  insight::ComplianceRequest out;
  auto subject = subject_parameters(in, services, "7d");
  if (!subject) return subject.error();
  out.period = {subject->range.from_ms, subject->range.to_ms};
  out.filters = std::move(subject->filters);
  if (auto read = read_versions(in, services, out); !read) return std::move(read).error();
  out.metrics = list_parameter(in, "metrics");
  out.benchmarks = services.benchmarks();
  if (const std::string* benchmark = in.parameter("benchmark")) {
    out.against_alert = *benchmark == "alert";
    if (!out.against_alert && *benchmark != "target") {
      return Error{Errc::invalid_argument, "benchmark: expected target or alert"};
    }
  }
  const auto confidence = confidence_parameter(in, 50);
  if (!confidence) return confidence.error();
  out.confidence = confidence->value_or(out.confidence);
  const auto count_min = integer_parameter(in, "min_count", 30, UINT32_MAX);
  if (!count_min) return count_min.error();
  out.count_min = *count_min;
  const auto limit = integer_parameter(in, "limit", kVersionsDefault, kVersionsMax);
  if (!limit) return limit.error();
  out.versions_max = *limit;
  out.deadline_ms = services.queries.options().deadline_ms;
  return out;
}

const char* whose(insight::BenchmarkOf of) {
  return of == insight::BenchmarkOf::prompt ? "prompt" : "metric";
}

Json check_json(const insight::Check& check) {
  const auto& margin = check.judgement.margin;
  const auto& benchmark = check.benchmark;
  const bool relative = margin.has_value() && benchmark->bound != 0;
  return {{"metric", check.info->name},
          {"unit", check.info->unit},
          {"direction", to_string(check.info->direction)},
          {"verdict", verdict_text(check.judgement.verdict)},
          {"reason", benchmark ? reason_json(check.judgement.doubt) : Json("no_benchmark")},
          {"value", or_null(check.value)},
          {"count", check.count},
          {"benchmark", benchmark ? Json(benchmark->bound) : Json()},
          {"benchmark_of", benchmark ? Json(whose(benchmark->of)) : Json()},
          {"margin", or_null(margin)},
          {"margin_relative", relative ? Json(*margin / std::abs(benchmark->bound)) : Json()},
          {"interval",
           check.interval ? Json::array({check.interval->low, check.interval->high}) : Json()}};
}

Json version_json(const insight::VersionCompliance& version) {
  Json checks = Json::array();
  Json failed = Json::array();
  Json undecided = Json::array();
  for (const insight::Check& check : version.checks) {
    checks.push_back(check_json(check));
    if (check.judgement.verdict == Verdict::fail) failed.push_back(check.info->name);
    if (check.judgement.verdict == Verdict::insufficient_data) {
      undecided.push_back(check.info->name);
    }
  }
  return {{"prompt", version.prompt},
          {"version", text_or_null(version.version)},
          {"verdict", verdict_text(version.verdict)},
          {"executions", version.executions},
          {"failed", std::move(failed)},
          {"undecided", std::move(undecided)},
          {"checks", std::move(checks)}};
}

}  // namespace

void get_compliance(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request = compliance_request(call.request, services);
  if (!request) return call.respond(problem(request.error()));
  const auto found =
      insight::check_compliance(services.queries, services.catalogue, services.clock, *request);
  if (!found) return call.respond(problem(found.error()));
  Json versions = Json::array();
  std::array<std::uint64_t, 3> counts{};
  for (const insight::VersionCompliance& version : found->versions) {
    ++counts.at(static_cast<std::size_t>(version.verdict));
    versions.push_back(version_json(version));
  }
  Json summary = Json::object();
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::insufficient_data}) {
    summary[verdict_text(verdict)] = counts.at(static_cast<std::size_t>(verdict));
  }
  Json answer = {{"from", request->period.from_ms},
                 {"to", request->period.to_ms},
                 {"benchmark", request->against_alert ? "alert" : "target"},
                 {"confidence", request->confidence},
                 {"interval_confidence", 2 * request->confidence - 100},
                 {"min_count", request->count_min},
                 {"verdict", verdict_text(found->verdict)},
                 {"summary", std::move(summary)},
                 {"versions", std::move(versions)}};
  if (found->truncated) answer["truncated"] = true;
  call.respond(json_answer(answer));
}

}  // namespace vitals::api

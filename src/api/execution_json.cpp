#include "execution_json.h"

#include <array>
#include <charconv>
#include <cmath>

#include <vitals/api/shown_execution.h>
#include <vitals/model/signal.h>

namespace vitals::api {
namespace {

void add_boolean(Json& object, const char* name, model::Tri value) {
  if (value != model::Tri::unknown) object[name] = value == model::Tri::yes;
}

Json number_json(const model::NumberField& field, double value) {
  if (field.integer || (std::floor(value) == value && std::abs(value) < model::kIntegerMax)) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

/// The text that a number or boolean among the parameters is kept as (src/wire).
std::string kept_text(const Json& scalar) {
  if (!scalar.is_number_float()) return scalar.dump();
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), scalar.get<double>()).ptr;
  return {buffer.data(), end};
}

/// Call parameters are kept as JSON, but texts without their quotes. What is kept differently from
/// how the value that it reads as would be ("1.0", " 5", "null") was a text.
Json parameter_json(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  const bool scalar = value.is_number() || value.is_boolean();
  const bool was_other = value.is_structured() || (scalar && kept_text(value) == text);
  return was_other ? value : Json(text);
}

void add_label(Json& event, const model::ExecutionBatch& batch, std::size_t row, model::Label label,
               const char* name) {
  const std::string_view text = batch[label].at(row);
  if (!text.empty()) event[name] = text;
}

void add_error(Json& event, const model::ExecutionBatch& batch, std::size_t row) {
  const model::Outcome outcome = batch.outcome_at(row);
  Json error = Json::object();
  add_label(error, batch, row, model::Label::error_type, "type");
  add_boolean(error, "detected", outcome.detected);
  add_boolean(error, "recovered", outcome.recovered);
  add_boolean(error, "degraded", outcome.degraded);
  if (!error.empty()) event["error"] = std::move(error);
}

void add_numbers(Json& event, const model::ExecutionBatch& batch, std::size_t row) {
  for (const model::NumberField& field : model::kNumberFields) {
    const double value = batch.number(field.number, row);
    if (std::isnan(value)) continue;
    Json& object = field.object.empty() ? event : event[std::string(field.object)];
    object[std::string(field.name)] = number_json(field, value);
  }
}

void add_attributes(Json& event, const model::ExecutionBatch& batch, std::size_t row) {
  for (const std::uint32_t code : batch.attributes.at(row)) {
    const std::string_view pair = batch.attributes.pairs.at(code);
    const std::string_view key = model::AttributeColumn::key_of(pair);
    if (model::is_assessment(key)) continue;
    const std::string_view value = model::AttributeColumn::value_of(pair);
    if (key == model::kCommentKey) {
      event["feedback"]["comment"] = value;
      continue;
    }
    const std::size_t dot = key.find('.');
    const std::string object(key.substr(0, dot));
    const std::string name(key.substr(dot + 1));
    event[object][name] = object == "parameters" ? parameter_json(value) : Json(value);
  }
}

Json scores_json(const model::Scores& scores) {
  Json object = Json::object();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) continue;
    const model::NumberField& field = model::kNumberFields[model::index(model::kQuality[i])];
    object[std::string(field.name)] = number_json(field, scores[i]);
  }
  return object;
}

/// What evaluators say, of the row that holds it.
void add_assessments(Json& event, const model::ExecutionBatch& batch, std::size_t row) {
  const std::vector<model::Assessment> assessments = model::assessments_at(batch, row);
  if (assessments.empty()) return;  // unscored, or taken out with the people
  const std::vector<bool> set_aside = model::set_aside(assessments);
  Json& list = event["assessments"] = Json::array();
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    const bool runner = assessments[i].evaluator.empty();
    Json json = {{"evaluator", runner ? Json() : Json(assessments[i].evaluator)}};
    json.update(scores_json(assessments[i].scores));
    json["set_aside"] = static_cast<bool>(set_aside[i]);
    list.push_back(std::move(json));
  }
}

/// What was said of an execution, without what it has of the execution.
Json signal_json(const model::ExecutionBatch& batch, std::size_t row) {
  Json signal = {{"id", model::own_id_of(batch.ids.at(row))}};
  for (const model::NumberField& field : model::kNumberFields) {
    const double value = batch.number(field.number, row);
    if (!std::isnan(value)) signal[std::string(field.name)] = number_json(field, value);
  }
  const std::string_view comment = batch.attributes.value(row, model::kCommentKey);
  if (!comment.empty()) signal["comment"] = comment;
  return signal;
}

Json execution_json(const model::ExecutionBatch& batch, std::size_t row) {
  Json event = {{"id", batch.ids.at(row)}, {"time", batch.time_ms[row]}};
  add_label(event, batch, row, model::Label::prompt, "prompt");
  add_label(event, batch, row, model::Label::version, "version");
  add_label(event, batch, row, model::Label::model, "model");
  add_label(event, batch, row, model::Label::provider, "provider");
  add_label(event, batch, row, model::Label::environment, "environment");
  const model::Tri success = batch.outcome_at(row).success;
  if (success != model::Tri::unknown) {
    event["status"] = success == model::Tri::yes ? "success" : "error";
  }
  add_error(event, batch, row);
  add_numbers(event, batch, row);
  add_label(event, batch, row, model::Label::user, "user");
  add_label(event, batch, row, model::Label::session, "session");
  add_attributes(event, batch, row);
  add_assessments(event, batch, row);
  return event;
}

/// What counts by itself because its execution never came: it names that, and has the time at which
/// it came itself.
Json unjoined_json(const model::ExecutionBatch& batch, std::size_t row) {
  return {{"id", model::execution_id_of(batch.ids.at(row))},
          {"time", batch.time_ms[row]},
          {"unjoined", true}};
}

}  // namespace

ExecutionsJson::ExecutionsJson(const query::ExecutionsPage& page) : page_(page) {
  for (std::size_t signal = 0; signal < page.about.size(); ++signal) {
    signals_.emplace(page.about[signal], signal);
  }
}

Json ExecutionsJson::at(std::size_t row) const {
  Json event = page_.rows.is_execution(row) ? execution_json(page_.rows, row)
                                            : unjoined_json(page_.rows, row);
  const auto [first, last] = signals_.equal_range(row);
  for (auto at = first; at != last; ++at) {
    if (page_.signals.kind(at->second) == model::RowKind::assessment) {
      event["quality"] = scores_json(model::scores_at(page_.signals, at->second));
      add_assessments(event, page_.signals, at->second);
    } else {
      event["late_feedback"].push_back(signal_json(page_.signals, at->second));
    }
  }
  return event;
}

std::string shown_to_evaluators(const model::ExecutionBatch& batch, std::size_t row) {
  Json event = execution_json(batch, row);
  for (const char* hidden : {"user", "session", "feedback", "quality", "assessments"}) {
    event.erase(hidden);
  }
  return to_text(event);
}

}  // namespace vitals::api

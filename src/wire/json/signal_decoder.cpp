#include <algorithm>
#include <cmath>
#include <optional>

#include <simdjson.h>

#include <vitals/base/digest.h>
#include <vitals/wire/signals.h>

#include "framed_body.h"
#include "values.h"

namespace vitals::wire {
namespace {

/// The fields of one item while it is read. Texts point into the parser's document.
struct Item {
  std::string_view execution_id, id, comment, user, session, action;
  double rating = model::kAbsent;
  double sentiment = model::kAbsent;
  model::Scores scores = model::kNoScores;
  TimeMs time_ms = 0;
  bool has_time = false;
};

/// Reads one field's value; if it is not good, says why.
using ReadField = bool (*)(json::Element value, const TimeLimits& limits, Item& item,
                           std::string& reason);

bool read_id(json::Element value, std::size_t bytes_max, std::string_view& id,
             std::string& reason) {
  if (!json::read_text(value, bytes_max, id, reason)) return false;
  if (id.empty()) reason = "must not be empty";
  return !id.empty();
}

bool read_execution_id(json::Element value, const TimeLimits& /*limits*/, Item& item,
                       std::string& reason) {
  return read_id(value, model::kIdBytesMax, item.execution_id, reason);
}

bool read_own_id(json::Element value, const TimeLimits& /*limits*/, Item& item,
                 std::string& reason) {
  return read_id(value, model::kIdBytesMax, item.id, reason);
}

bool read_rating(json::Element value, const TimeLimits& /*limits*/, Item& item,
                 std::string& reason) {
  constexpr auto kField = model::kNumberFields[model::index(model::Number::rating)];
  return json::read_number(value, kField, item.rating, reason);
}

bool read_sentiment(json::Element value, const TimeLimits& /*limits*/, Item& item,
                    std::string& reason) {
  constexpr auto kField = model::kNumberFields[model::index(model::Number::sentiment)];
  return json::read_number(value, kField, item.sentiment, reason);
}

template <std::size_t kPlace>
bool read_score(json::Element value, const TimeLimits& /*limits*/, Item& item,
                std::string& reason) {
  constexpr auto kField = model::kNumberFields[model::index(model::kQuality[kPlace])];
  return json::read_number(value, kField, item.scores[kPlace], reason);
}

bool read_comment(json::Element value, const TimeLimits& /*limits*/, Item& item,
                  std::string& reason) {
  if (value.get_string().get(item.comment) == simdjson::SUCCESS) return true;
  reason = "must be a string, is " + json::described(value);
  return false;
}

bool read_time(json::Element value, const TimeLimits& limits, Item& item, std::string& reason) {
  item.has_time = true;
  return json::read_time(value, limits, item.time_ms, reason);
}

bool read_user(json::Element value, const TimeLimits& /*limits*/, Item& item, std::string& reason) {
  return json::read_text(value, model::kLabelBytesMax, item.user, reason);
}

bool read_session(json::Element value, const TimeLimits& /*limits*/, Item& item,
                  std::string& reason) {
  return read_id(value, model::kLabelBytesMax, item.session, reason);
}

bool read_action(json::Element value, const TimeLimits& /*limits*/, Item& item,
                 std::string& reason) {
  if (!read_id(value, kActionBytesMax, item.action, reason)) return false;
  const bool name = std::all_of(item.action.begin(), item.action.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!name) {
    reason =
        "must be lower-case letters, digits and _, as in follow_up, is " + json::described(value);
  }
  return name;
}

struct Field {
  std::string_view name;
  ReadField read;
};

/// What items of one kind look like.
struct Shape {
  model::RowKind kind;
  std::vector<Field> fields;
  /// Field and reason of what an item lacks; nothing when it is whole.
  std::optional<Refusal> (*lacks)(const Item& item);
};

const Shape& feedback_shape() {
  static const Shape shape{
      model::RowKind::feedback,
      {{"execution_id", read_execution_id},
       {"id", read_own_id},
       {"rating", read_rating},
       {"sentiment", read_sentiment},
       {"comment", read_comment},
       {"time", read_time}},
      [](const Item& item) -> std::optional<Refusal> {
        if (item.execution_id.empty()) {
          return Refusal{0, "execution_id", "is required"};
        }
        if (!std::isnan(item.rating) || !std::isnan(item.sentiment) || !item.comment.empty()) {
          return std::nullopt;
        }
        return Refusal{0, "", "says nothing: a rating, a sentiment or a comment is required"};
      }};
  return shape;
}

std::optional<Refusal> lacks_scores(const Item& item) {
  if (model::is_scored(item.scores)) return std::nullopt;
  return Refusal{0, "",
                 "says nothing: one of clarity, accuracy, completeness, relevance and overall is "
                 "required"};
}

/// What an assessment is made of when it is known whose it is and of what.
const Shape& scores_shape() {
  static const Shape shape{model::RowKind::assessment,
                           {{"clarity", read_score<0>},
                            {"accuracy", read_score<1>},
                            {"completeness", read_score<2>},
                            {"relevance", read_score<3>},
                            {"overall", read_score<4>}},
                           lacks_scores};
  return shape;
}

const Shape& assessment_shape() {
  static const Shape shape = [] {
    Shape made = scores_shape();
    made.fields.insert(
        made.fields.end(),
        {{"execution_id", read_execution_id}, {"evaluator", read_own_id}, {"time", read_time}});
    made.lacks = [](const Item& item) -> std::optional<Refusal> {
      if (item.execution_id.empty()) return Refusal{0, "execution_id", "is required"};
      if (item.id.empty()) return Refusal{0, "evaluator", "is required"};
      return lacks_scores(item);
    };
    return made;
  }();
  return shape;
}

const Shape& interaction_shape() {
  static const Shape shape{model::RowKind::interaction,
                           {{"execution_id", read_execution_id},
                            {"id", read_own_id},
                            {"session", read_session},
                            {"user", read_user},
                            {"kind", read_action},
                            {"time", read_time}},
                           [](const Item& item) -> std::optional<Refusal> {
                             if (item.session.empty()) return Refusal{0, "session", "is required"};
                             if (item.action.empty()) return Refusal{0, "kind", "is required"};
                             return std::nullopt;
                           }};
  return shape;
}

/// The same text for the same content, whoever sends it: two hashes of all that was said.
std::string id_of_content(const Item& item) {
  std::string content(item.execution_id);
  const auto add = [&content](std::string_view part) { content.append(1, '\0').append(part); };
  add(json::number_text(item.rating));
  add(json::number_text(item.sentiment));
  add(item.has_time ? std::to_string(item.time_ms) : "");
  add(item.comment);
  add(item.user);
  add(item.session);
  add(item.action);
  const auto [first, second] = digest(content);
  return hex_of(first) + hex_of(second);
}

class SignalDecoding final : public json::ItemTaker {
 public:
  SignalDecoding(std::string_view body, const Shape& shape, const TimeLimits& limits,
                 simdjson::dom::parser& parser, const Comments& comments)
      : shape_(shape), limits_(limits), parser_(body, parser), comments_(comments) {}

  simdjson::error_code take(std::string_view text, std::uint64_t number) override {
    json::Element element;
    const simdjson::error_code error = parser_.parse(text, element);
    if (error != simdjson::SUCCESS) return error;
    Item item;
    if (auto problem = read(element, item)) {
      problem->item = number;
      refuse(*std::move(problem));
    } else {
      decoded_.signals.push_back(signal_of(item));
    }
    return simdjson::SUCCESS;
  }

  void refuse(Refusal refusal) override {
    ++decoded_.rejected;
    if (decoded_.refusals.size() < kRefusalsMax) decoded_.refusals.push_back(std::move(refusal));
  }

  DecodedSignals finish() { return std::move(decoded_); }

 private:
  std::optional<Refusal> read(json::Element element, Item& item) {
    simdjson::dom::object members;
    if (element.get_object().get(members) != simdjson::SUCCESS) {
      return Refusal{0, "", "must be a JSON object, is " + json::described(element)};
    }
    item.time_ms = limits_.now_ms;
    unsigned seen = 0;
    for (const auto member : members) {
      const auto field =
          std::find_if(shape_.fields.begin(), shape_.fields.end(),
                       [&member](const Field& known) { return known.name == member.key; });
      if (field == shape_.fields.end()) {
        count_unknown(member.key);
        continue;
      }
      const unsigned bit = 1U << static_cast<unsigned>(field - shape_.fields.begin());
      if ((seen & bit) != 0) return Refusal{0, std::string(field->name), "must not appear twice"};
      seen |= bit;
      std::string reason;
      if (member.value.is_null() || field->read(member.value, limits_, item, reason)) continue;
      return Refusal{0, std::string(field->name), std::move(reason)};
    }
    return shape_.lacks(item);
  }

  model::Signal signal_of(const Item& item) const {
    model::Signal signal;
    signal.kind = shape_.kind;
    signal.execution_id = item.execution_id;
    signal.id = item.id.empty() ? id_of_content(item) : std::string(item.id);
    signal.time_ms = item.time_ms;
    signal.action = item.action;
    signal.user = item.user;
    signal.session = item.session;
    if (!std::isnan(item.rating)) signal.numbers.emplace_back(model::Number::rating, item.rating);
    double sentiment = item.sentiment;
    if (std::isnan(sentiment) && !item.comment.empty() && comments_.sentiment_of != nullptr) {
      sentiment = comments_.sentiment_of(item.comment).value_or(model::kAbsent);
    }
    for (std::size_t i = 0; i < item.scores.size(); ++i) {
      if (!std::isnan(item.scores[i])) {
        signal.numbers.emplace_back(model::kQuality[i], item.scores[i]);
      }
    }
    if (!std::isnan(sentiment)) signal.numbers.emplace_back(model::Number::sentiment, sentiment);
    if (!item.comment.empty() && comments_.kept_of != nullptr) {
      signal.comment = comments_.kept_of(item.comment);
    }
    return signal;
  }

  void count_unknown(std::string_view key) {
    ++decoded_.unknown_fields;
    std::vector<std::string>& names = decoded_.unknown_names;
    if (names.size() >= kUnknownNamesMax) return;
    std::string name = json::printable(key);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }

  const Shape& shape_;
  const TimeLimits& limits_;
  json::ItemParser parser_;
  const Comments comments_;
  DecodedSignals decoded_;
};

DecodedSignals decode(std::string_view body, const Shape& shape, Framing framing,
                      const TimeLimits& limits, const Comments& comments) {
  simdjson::dom::parser parser;
  SignalDecoding decoding(body, shape, limits, parser, comments);
  auto whole = json::take_items(body, framing, decoding);
  if (!whole) return decoding.finish();
  DecodedSignals nothing;
  nothing.rejected = 1;
  nothing.refusals.push_back(*std::move(whole));
  return nothing;
}

}  // namespace

DecodedSignals decode_feedback(std::string_view body, Framing framing, const TimeLimits& limits,
                               const Comments& comments) {
  return decode(body, feedback_shape(), framing, limits, comments);
}

DecodedSignals decode_interactions(std::string_view body, Framing framing,
                                   const TimeLimits& limits) {
  return decode(body, interaction_shape(), framing, limits, {});
}

DecodedSignals decode_assessments(std::string_view body, Framing framing,
                                  const TimeLimits& limits) {
  return decode(body, assessment_shape(), framing, limits, {});
}

Result<std::vector<std::pair<model::Number, double>>> decode_scores(std::string_view body) {
  DecodedSignals decoded = decode(body, scores_shape(), Framing::json, {}, {});
  if (!decoded.refusals.empty()) {
    const auto& [item, field, reason] = decoded.refusals.front();
    return Error{Errc::invalid_argument, field.empty() ? reason : field + ": " + reason};
  }
  if (decoded.signals.size() != 1) {
    return Error{Errc::invalid_argument, "must be one JSON object with scores"};
  }
  return std::move(decoded.signals.front().numbers);
}

}  // namespace vitals::wire

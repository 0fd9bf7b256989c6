#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <vitals/wire/json.h>

namespace vitals::test {

/// What a decoder made of one event, as text. Ids as long as assigned ones, which differ, are left
/// out.
inline std::string told(const wire::Decoded& decoded) {
  std::string text;
  for (const wire::Refusal& refusal : decoded.refusals)
    text += refusal.field + ": " + refusal.reason;
  const model::ExecutionBatch& batch = decoded.batch;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    text += "time " + std::to_string(batch.time_ms[row]);
    if (batch.ids.at(row).size() != 36) text.append(" id ").append(batch.ids.at(row));
    text += " outcome " + std::to_string(batch.outcome[row]);
    for (const auto& label : batch.labels) text.append(" '").append(label.at(row)).append("'");
    for (const model::NumberField& field : model::kNumberFields) {
      const double number = batch.number(field.number, row);
      text += std::isnan(number) ? " -" : ' ' + std::to_string(std::hash<double>()(number));
      if (std::signbit(number) && number == 0) text += " -0";
    }
    for (const std::uint32_t code : batch.attributes.at(row)) {
      text.append(" ").append(batch.attributes.pairs.at(code));
    }
  }
  return text;
}

/// An unknown member sends an event to the full parser and changes nothing else. "" when that tells
/// the same of the line as the decoder does, or when the line is no object with members.
inline std::string difference_between_readers(wire::ExecutionDecoder& decoder,
                                              std::string_view line,
                                              const wire::TimeLimits& limits) {
  const std::size_t member = line.find_first_not_of(" \t\r", 1);
  if (line.empty() || line[0] != '{' || member == std::string_view::npos || line[member] == '}' ||
      line.find('\n') != std::string_view::npos) {
    return {};
  }
  const std::string other = "{\"?\":0," + std::string(line.substr(1));
  const wire::Decoded one = decoder.decode(line, wire::Framing::ndjson, limits);
  const wire::Decoded two = decoder.decode(other, wire::Framing::ndjson, limits);
  const std::string first = told(one), second = told(two);
  bool same = first == second && one.rejected == two.rejected;
  // A bad event may be refused before all its fields are counted, or with its line.
  if (one.rejected == 0) same = same && one.unknown_fields + 1 == two.unknown_fields;
  if (!one.batch.empty()) {
    const std::string array = '[' + std::string(line) + ']';
    same = same && told(decoder.decode(array, wire::Framing::json, limits)) == first;
  }
  return same ? std::string() : first + "\n but " + second;
}

}  // namespace vitals::test

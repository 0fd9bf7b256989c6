#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include <vitals/base/time_text.h>
#include <vitals/model/fields.h>
#include <vitals/wire/json.h>

namespace vitals::wire::json {

using Element = simdjson::dom::element;

/// Readers of single values. Each returns whether the value is good; if not, `reason` says what
/// was expected and what came.

bool read_text(Element value, std::size_t bytes_max, std::string_view& text, std::string& reason);
bool read_number(Element value, const model::NumberField& field, double& number,
                 std::string& reason);
bool read_bool(Element value, bool& flag, std::string& reason);
/// RFC 3339 or epoch milliseconds, within the limits.
bool read_time(Element value, const TimeLimits& limits, TimeMs& time_ms, std::string& reason);

/// A JSON number as the double nearest to it; nothing when the value is no number.
std::optional<double> number_of(Element value);

/// The shortest text that reads back as this number: 1, 0.7, 1e+21.
std::string number_text(double number);

/// What came instead, for a reason: `11`, `"abc"`, `a string`, `an object`.
std::string described(Element value);

/// A name from outside, cut short and without control characters, fit for logs and answers.
std::string printable(std::string_view name);

}  // namespace vitals::wire::json
